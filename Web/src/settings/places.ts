import type { IconName } from '../shared/ui/Icon';

const everybody = ['admin', 'supervisor', 'agent', 'viewer'];

/** The pages of the settings, in their order. */
export const places = [
  {
    id: 'security',
    to: '/settings/security',
    title: 'settings.security.title',
    icon: 'person',
    for: everybody,
  },
  {
    id: 'notifications',
    to: '/settings/notifications',
    title: 'notifications.title',
    icon: 'bell',
    for: everybody,
  },
  {
    id: 'people',
    to: '/settings/people',
    title: 'settings.people.title',
    icon: 'people',
    for: everybody,
  },
  {
    id: 'assignment',
    to: '/settings/assignment',
    title: 'assignment.title',
    icon: 'inbox',
    for: ['admin', 'supervisor'],
  },
  {
    id: 'account',
    to: '/settings/account',
    title: 'settings.account.title',
    icon: 'sliders',
    for: ['admin'],
  },
  {
    id: 'ticket-properties',
    to: '/settings/ticket-properties',
    title: 'ownProperty.title',
    icon: 'tag',
    for: ['admin'],
  },
  { id: 'channels', to: '/settings/channels', title: 'channels.title', icon: 'chat', for: ['admin'] },
  {
    id: 'templates',
    to: '/settings/templates',
    title: 'templates.library.title',
    icon: 'template',
    for: ['admin', 'supervisor'],
  },
  {
    id: 'blocked',
    to: '/settings/blocked',
    title: 'block.page.title',
    icon: 'ban',
    for: everybody,
  },
  { id: 'usage', to: '/settings/usage', title: 'usage.title', icon: 'list', for: ['admin', 'supervisor'] },
  {
    id: 'content',
    to: '/settings/content',
    title: 'quarantine.page.title',
    icon: 'eyeOff',
    for: ['admin'],
  },
  { id: 'hours', to: '/settings/hours', title: 'settings.hours.title', icon: 'clock', for: ['admin'] },
  { id: 'sla', to: '/settings/sla', title: 'settings.sla.title', icon: 'flag', for: ['admin'] },
  {
    id: 'first-contact',
    to: '/settings/first-contact',
    title: 'settings.firstContact.title',
    icon: 'smile',
    for: ['admin'],
  },
  { id: 'meta-app', to: '/settings/meta-app', title: 'metaApp.title', icon: 'globe', for: ['admin'] },
  { id: 'audit', to: '/settings/audit', title: 'settings.audit.title', icon: 'shield', for: ['admin'] },
] as const satisfies readonly {
  id: string;
  to: string;
  title: string;
  icon: IconName;
  for: readonly string[];
}[];
