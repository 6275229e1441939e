import { readStored, writeStored } from '../shared/storage';
import { createStore } from '../shared/store';

export type Pane = 'views' | 'list' | 'context';

/** Widths in px: as it begins, and how far it may be pulled. */
export const paneLimits: Record<Pane, { initial: number; least: number; most: number }> = {
  views: { initial: 220, least: 168, most: 320 },
  list: { initial: 360, least: 280, most: 520 },
  context: { initial: 320, least: 260, most: 460 },
};

const STORED = 'threadkeep.panes';

export function clampWidth(pane: Pane, width: number): number {
  const { least, most } = paneLimits[pane];
  return Math.round(Math.max(least, Math.min(most, width)));
}

function storedWidths(): Record<Pane, number> {
  const stored = readStored<Partial<Record<Pane, unknown>>>(STORED) ?? {};
  const width = (pane: Pane) => {
    const value = stored[pane];
    return typeof value === 'number' ? clampWidth(pane, value) : paneLimits[pane].initial;
  };
  return { views: width('views'), list: width('list'), context: width('context') };
}

export const paneWidths = createStore(storedWidths());
paneWidths.subscribe(() => writeStored(STORED, paneWidths.get()));

export function setPaneWidth(pane: Pane, width: number): void {
  paneWidths.set((before) => ({ ...before, [pane]: clampWidth(pane, width) }));
}
