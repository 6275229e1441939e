/** What somebody has begun to write that something can be offered for. */
export interface Trigger {
  kind: 'emoji' | 'snippet' | 'value';
  /** Where the sign stands that began it. */
  from: number;
  /** What was written after the sign. */
  query: string;
}

const patterns: { kind: Trigger['kind']; pattern: RegExp }[] = [
  // Two letters at least: ":D" and ":)" are meant as they stand.
  { kind: 'emoji', pattern: /(?:^|\s):([\p{L}\p{N}_]{2,30})$/u },
  { kind: 'snippet', pattern: /(?:^|\n)\/([^\s/]{0,30})$/u },
  { kind: 'value', pattern: /\{([\p{L}.]{0,30})$/u },
];

/** What is begun where the caret stands; null: nothing. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret);
  for (const { kind, pattern } of patterns) {
    const query = pattern.exec(before)?.[1];
    if (query !== undefined) return { kind, from: caret - query.length - 1, query };
  }
  return null;
}
