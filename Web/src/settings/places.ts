import type { IconName } from '../shared/ui/Icon';

/** The pages of the settings, in their order. */
export const places = [
  {
    id: 'security',
    to: '/settings/security',
    title: 'settings.security.title',
    icon: 'person',
    adminsOnly: false,
  },
  {
    id: 'people',
    to: '/settings/people',
    title: 'settings.people.title',
    icon: 'people',
    adminsOnly: false,
  },
  {
    id: 'account',
    to: '/settings/account',
    title: 'settings.account.title',
    icon: 'sliders',
    adminsOnly: true,
  },
  { id: 'audit', to: '/settings/audit', title: 'settings.audit.title', icon: 'shield', adminsOnly: true },
] as const satisfies readonly {
  id: string;
  to: string;
  title: string;
  icon: IconName;
  adminsOnly: boolean;
}[];
