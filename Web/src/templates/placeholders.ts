/** What stands for something that is known of the customer: {contact.given_name}, or {contact.given_name|there}. */
const PLACEHOLDER = /\{((?:contact|company|deal|ticket|agent)\.[a-z_]+)(?:\|([^{}|]*))?\}/g;

/** By name; null: not known. */
export type Known = Record<string, string | null>;

/** A value as it will be sent, and the first thing in it that nobody knows and that has nothing in its stead. The server does it again. */
export function personalise(value: string, known: Known): { text: string; missing: string | null } {
  let missing: string | null = null;
  const text = value.replace(PLACEHOLDER, (whole, name: string, fallback: string | undefined) => {
    const found = known[name]?.trim().replace(/\s+/g, ' ') || (name in known ? fallback?.trim() : undefined);
    if (found !== undefined && found !== '') return found;
    missing ??= name;
    return whole;
  });
  return { text, missing };
}
