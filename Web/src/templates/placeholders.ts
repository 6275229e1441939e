/** What stands for something that is known of the customer: {contact.given_name}, or {contact.given_name|there}. */
const PLACEHOLDER = /\{\s*((?:contact|company|deal|ticket|agent)\.[a-z_]+)\s*(?:\|([^{}|]*))?\}/gi;
/** What is meant as one, whether or not it is one: the server refuses what is not. */
const ATTEMPT =
  /[{｛]\s*((?:contact|company|deal|ticket|agent)\s*[.．][^\s{}|｛｝]*|[a-z_]+\s*[.．]\s*[a-z_]+(?=\s*[|}｝]))/gi;

/** By name; null: not known. */
export type Known = Record<string, string | null>;

/** A value as it will be sent, and the first thing in it that nobody knows and that has nothing in its stead. The server does it again. */
export function personalise(value: string, known: Known): { text: string; missing: string | null } {
  let missing = wrongIn(value, known);
  const text = value.replace(PLACEHOLDER, (whole, written: string, fallback: string | undefined) => {
    const name = written.toLowerCase();
    const found = known[name]?.trim().replace(/\s+/g, ' ') || (name in known ? fallback?.trim() : undefined);
    if (found !== undefined && found !== '') return found;
    missing ??= name;
    return whole;
  });
  return { text, missing };
}

function wrongIn(value: string, known: Known): string | null {
  const whole = new Map(
    [...value.matchAll(PLACEHOLDER)].map((match) => [match.index, match[1]?.toLowerCase() ?? '']),
  );
  for (const attempt of value.matchAll(ATTEMPT)) {
    const name = whole.get(attempt.index);
    if (name === undefined || !(name in known) || value[attempt.index - 1] === '{') return attempt[1] ?? null;
  }
  return null;
}
