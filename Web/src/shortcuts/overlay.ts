import { createStore } from '../shared/store';

/** What a shortcut has opened over the page. */
export const overlay = createStore<'map' | 'palette' | null>(null);
