import type { ThreadFilter } from '../api/types';
import type { IconName } from '../shared/ui/Icon';

/** The views of the pane on the left, in order. */
export const views: { filter: ThreadFilter; icon: IconName }[] = [
  { filter: 'all', icon: 'inbox' },
  { filter: 'unread', icon: 'dot' },
  { filter: 'open', icon: 'clock' },
  { filter: 'closing', icon: 'alarm' },
  { filter: 'closed', icon: 'lock' },
];

export function isView(value: string): value is ThreadFilter {
  return views.some((view) => view.filter === value);
}
