import type { IconName } from '../shared/ui/Icon';

/** The pages of the settings, in their order. */
export const places = [
  {
    id: 'people',
    to: '/settings/people',
    title: 'settings.people.title',
    icon: 'people',
    adminsOnly: false,
  },
] as const satisfies readonly {
  id: string;
  to: string;
  title: string;
  icon: IconName;
  adminsOnly: boolean;
}[];
