/** localStorage as JSON. It may be full, blocked or filled by an older version: then it is as if empty. */
export function readStored<T>(key: string): T | null {
  try {
    return parsed<T>(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** What an item holds; null: nothing, or what is no JSON. */
export function parsed<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // What could not be kept is still in memory; there is nothing better to do.
  }
}

export function storedKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
