import { createStore } from '../shared/store';

/** Asked for from anywhere (a key, the palette); the open thread answers by showing its templates. */
export const templateRequest = createStore<{ count: number; name: string | null }>({ count: 0, name: null });

/** @param name The template to begin with. */
export function requestTemplates(name: string | null = null): void {
  templateRequest.set(({ count }) => ({ count: count + 1, name }));
}
