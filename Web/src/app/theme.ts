import { readStored, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'threadkeep.theme';

function storedTheme(): Theme {
  const stored = readStored<string>(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export const theme = createStore<Theme>(storedTheme());

function apply(value: Theme) {
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

export function startTheme(): void {
  apply(theme.get());
  theme.subscribe(() => {
    apply(theme.get());
    writeStored(STORED, theme.get() === 'system' ? null : theme.get());
  });
}

/** From whatever is seen now to the other one. */
export function toggleTheme(): void {
  const chosen = theme.get();
  const dark = chosen === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  theme.set(dark ? 'light' : 'dark');
}
