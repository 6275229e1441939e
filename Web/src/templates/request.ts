import { createStore } from '../shared/store';

/** Asked for from anywhere (a key, the palette); the open thread answers by showing its templates. */
export const templateRequest = createStore(0);

export function requestTemplates(): void {
  templateRequest.set((count) => count + 1);
}
