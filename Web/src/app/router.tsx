import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ProblemError } from '../api/problem';
import type { SearchFilters } from '../api/types';
import { meQuery } from '../people/queries';
import { safeReturnTo } from '../people/returnTo';
import { SignInPage } from '../people/SignInPage';
import { HOME, isDefaultView } from '../threads/views';
import { NotFoundPage, PageError } from './PageStates';
import { queryClient } from './queryClient';

/** Every place has an address: /inbox/<view>/<thread>?message=<message>&q=<search>, /contacts/<contact>, /team, /operations, /settings/<page>. */
const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (
    search: Record<string, unknown>,
  ): { returnTo?: string; expired?: boolean; changed?: boolean; problem?: string } => ({
    returnTo: safeReturnTo(search.returnTo),
    expired: search.expired === true || undefined,
    changed: search.changed === true || undefined,
    problem: typeof search.problem === 'string' ? search.problem : undefined,
  }),
  component: SignInPage,
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: '/forgotten',
  component: lazyRouteComponent(() => import('../people/ForgottenPage'), 'ForgottenPage'),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  component: lazyRouteComponent(() => import('../people/LinkPages'), 'NewPasswordPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../people/LinkPages'), 'InvitationPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  async beforeLoad({ context, location }) {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      // The account wants a second factor: nothing else is answered before it is set up.
      if (me.secondFactorMissing && location.pathname !== '/settings/security')
        throw redirect({ to: '/settings/security' });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'not_signed_in') {
        const returnTo = location.pathname === '/' ? undefined : location.href;
        throw redirect({ to: '/sign-in', search: { returnTo } });
      }
      throw error;
    }
  },
  errorComponent: PageError,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad() {
    throw redirect({ to: '/inbox/$view', params: { view: HOME } });
  },
});

/** The id of a view that somebody made. */
const MADE = /^[0-9a-f]{32}$/;

interface InboxSearch extends SearchFilters {
  q?: string;
  message?: string;
}

const view = createRoute({
  getParentRoute: () => signedIn,
  path: '/inbox/$view',
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    q: text(search.q),
    message: text(search.message),
    channelId: text(search.channelId),
    ownerId: text(search.ownerId),
    status: text(search.status),
    direction: text(search.direction),
    hasMedia: text(search.hasMedia),
    source: text(search.source),
    since: text(search.since),
    until: text(search.until),
  }),
  beforeLoad({ params, location }) {
    // Addresses of before, such as /inbox/all: a thread in them is still shown.
    if (isDefaultView(params.view) || MADE.test(params.view)) return;
    throw redirect({ href: location.href.replace(`/inbox/${params.view}`, `/inbox/${HOME}`), replace: true });
  },
  // The sign-in page does not wait for the rest of the console.
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
});

const operations = createRoute({
  getParentRoute: () => signedIn,
  path: '/operations',
  component: lazyRouteComponent(() => import('../operations/OperationsPage'), 'OperationsPage'),
});

const records = createRoute({
  getParentRoute: () => signedIn,
  id: 'records',
  component: lazyRouteComponent(() => import('../records/RecordsPage'), 'RecordsPage'),
});

const contactList = createRoute({
  getParentRoute: () => records,
  path: '/contacts',
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import('../records/ContactsPage'), 'ContactsPage'),
});

const contactRecord = createRoute({
  getParentRoute: () => records,
  path: '/contacts/$contactId',
  component: lazyRouteComponent(() => import('../records/ContactPage'), 'ContactPage'),
});

const companyList = createRoute({
  getParentRoute: () => records,
  path: '/companies',
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import('../records/RecordList'), 'CompaniesPage'),
});

const companyRecord = createRoute({
  getParentRoute: () => records,
  path: '/companies/$recordId',
  component: lazyRouteComponent(() => import('../records/RecordPage'), 'CompanyPage'),
});

const dealList = createRoute({
  getParentRoute: () => records,
  path: '/deals',
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import('../records/RecordList'), 'DealsPage'),
});

const dealRecord = createRoute({
  getParentRoute: () => records,
  path: '/deals/$recordId',
  component: lazyRouteComponent(() => import('../records/RecordPage'), 'DealPage'),
});

const approvals = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals',
  component: lazyRouteComponent(() => import('../approvals/ApprovalsPage'), 'ApprovalsPage'),
});

const team = createRoute({
  getParentRoute: () => signedIn,
  path: '/team',
  component: lazyRouteComponent(() => import('../assignment/TeamPage'), 'TeamPage'),
});

const design = createRoute({
  getParentRoute: () => signedIn,
  path: '/design',
  component: lazyRouteComponent(() => import('../design/DesignPage'), 'DesignPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad() {
    throw redirect({ to: '/settings/security' });
  },
});

const settingsPeople = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  component: lazyRouteComponent(() => import('../settings/PeoplePage'), 'PeoplePage'),
});

const settingsSecurity = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(() => import('../settings/SecurityPage'), 'SecurityPage'),
});

const settingsNotifications = createRoute({
  getParentRoute: () => settings,
  path: '/notifications',
  component: lazyRouteComponent(() => import('../settings/NotificationsPage'), 'NotificationsPage'),
});

const settingsAccount = createRoute({
  getParentRoute: () => settings,
  path: '/account',
  component: lazyRouteComponent(() => import('../settings/AccountPage'), 'AccountPage'),
});

const settingsTicketProperties = createRoute({
  getParentRoute: () => settings,
  path: '/ticket-properties',
  component: lazyRouteComponent(() => import('../settings/TicketPropertiesPage'), 'TicketPropertiesPage'),
});

const settingsChannels = createRoute({
  getParentRoute: () => settings,
  path: '/channels',
  component: lazyRouteComponent(() => import('../channels/ChannelsPage'), 'ChannelsPage'),
});

const settingsConnect = createRoute({
  getParentRoute: () => settings,
  path: '/channels/connect',
  component: lazyRouteComponent(() => import('../channels/ConnectPage'), 'ConnectPage'),
});

const settingsChannel = createRoute({
  getParentRoute: () => settings,
  path: '/channels/$channelId',
  component: lazyRouteComponent(() => import('../channels/ChannelPage'), 'ChannelPage'),
});

const settingsTemplates = createRoute({
  getParentRoute: () => settings,
  path: '/templates',
  component: lazyRouteComponent(() => import('../templates/TemplatesPage'), 'TemplatesPage'),
});

const settingsTemplate = createRoute({
  getParentRoute: () => settings,
  path: '/templates/$templateId',
  component: lazyRouteComponent(() => import('../templates/TemplateEditorPage'), 'TemplateEditorPage'),
});

const settingsBlocked = createRoute({
  getParentRoute: () => settings,
  path: '/blocked',
  component: lazyRouteComponent(() => import('../settings/BlockedPage'), 'BlockedPage'),
});

const settingsUsage = createRoute({
  getParentRoute: () => settings,
  path: '/usage',
  component: lazyRouteComponent(() => import('../usage/UsagePage'), 'UsagePage'),
});

const settingsContent = createRoute({
  getParentRoute: () => settings,
  path: '/content',
  component: lazyRouteComponent(() => import('../settings/ContentPage'), 'ContentPage'),
});

const settingsMetaApp = createRoute({
  getParentRoute: () => settings,
  path: '/meta-app',
  component: lazyRouteComponent(() => import('../settings/MetaAppPage'), 'MetaAppPage'),
});

const settingsHours = createRoute({
  getParentRoute: () => settings,
  path: '/hours',
  component: lazyRouteComponent(() => import('../settings/HoursPage'), 'HoursPage'),
});

const settingsSla = createRoute({
  getParentRoute: () => settings,
  path: '/sla',
  component: lazyRouteComponent(() => import('../settings/SlaPage'), 'SlaPage'),
});

const settingsFirstContact = createRoute({
  getParentRoute: () => settings,
  path: '/first-contact',
  component: lazyRouteComponent(() => import('../settings/FirstContactPage'), 'FirstContactPage'),
});

const settingsAssignment = createRoute({
  getParentRoute: () => settings,
  path: '/assignment',
  component: lazyRouteComponent(() => import('../settings/AssignmentPage'), 'AssignmentPage'),
});

const settingsAudit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(() => import('../settings/AuditPage'), 'AuditPage'),
});

const thread = createRoute({
  getParentRoute: () => view,
  path: '/$threadId',
});

/** Search values are parsed as JSON by the router: a number typed into the search field is one. */
function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    forgotten,
    newPassword,
    invitation,
    signedIn.addChildren([
      home,
      operations,
      records.addChildren([contactList, contactRecord, companyList, companyRecord, dealList, dealRecord]),
      approvals,
      team,
      settings.addChildren([
        settingsHome,
        settingsSecurity,
        settingsNotifications,
        settingsPeople,
        settingsAssignment,
        settingsAccount,
        settingsTicketProperties,
        settingsChannels,
        settingsConnect,
        settingsChannel,
        settingsTemplates,
        settingsTemplate,
        settingsBlocked,
        settingsUsage,
        settingsContent,
        settingsMetaApp,
        settingsHours,
        settingsSla,
        settingsFirstContact,
        settingsAudit,
      ]),
      design,
      view.addChildren([thread]),
    ]),
  ]),
  context: { queryClient },
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
