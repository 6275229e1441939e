import { expect } from '@playwright/test';
import { api, connection } from '../console.mjs';
import { faces } from '../faces.mjs';
import { atNumber, newNumber, openWindow, withCode } from '../signup.mjs';

/** The demo's customers that the pictures show: one whose session is open, one whose has closed. */
const OPEN = '819012345678';
const CLOSED = '817034567890';
const HIDDEN = '818023456789';
/** One who has sent a message of every type. */
const EVERYTHING = '819088887777';
const INVITED = 'haruka@demo.example';

/** What the screens need beside the demo: a thread to open, one that is closed, a person who is invited. */
export async function facts() {
  const [open] = (await api('GET', `threads?q=${OPEN}`)).items;
  const [closed] = (await api('GET', `threads?q=${CLOSED}`)).items;
  const before = (await api('GET', 'invitations')).items.find((one) => one.email === INVITED);
  const { link } = before ? await api('POST', `invitations/${before.id}/renew`) : await api('POST', 'invitations', { email: INVITED, role: 'agent', language: 'ja' });
  const [channel] = (await api('GET', 'channels')).items;
  const [company] = await some('companies', { name: 'さくら雑貨店' });
  const [deal] = await some('deals', { name: 'マグカップ40個のご注文' });
  const desk = await alone(open.contact.id);
  const types = await everything();
  await held();
  const hidden = await hides();
  return { desk, hidden, types, open: open.id, closed: closed.id, contact: open.contact.id, channel: channel.id, company: company.id, deal: deal.id, invitation: link.slice(link.indexOf('/invitation')) };
}

/** A ticket without a conversation: the same one each time, by its key. */
async function alone(contactId) {
  const { api: address, apiKey } = connection();
  const answer = await fetch(`${address}/api/v1/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': 'the-screens' },
    body: JSON.stringify({ subject: '来店予約の変更', contactId, description: 'お電話で承りました。土曜の午後をご希望です。' }),
  });
  return (await answer.json()).id;
}

/** The thread that holds a message of every type: its id. */
async function everything() {
  const { sandboxControl, phoneNumberId } = connection();
  const found = async () => {
    const [thread] = (await api('GET', `threads?q=${EVERYTHING}`)).items;
    return thread && { id: thread.id, count: (await api('GET', `threads/${thread.id}/messages?limit=100`)).items.length };
  };
  if (!(await found()))
    for (const [type, more] of faces) {
      const answer = await fetch(`${sandboxControl}/customers/${EVERYTHING}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phoneNumberId, name: '山口 すべて', type, ...more }),
      });
      expect(answer.ok, type).toBe(true);
    }
  await expect(async () => expect((await found())?.count).toBeGreaterThanOrEqual(faces.length)).toPass();
  return (await found()).id;
}

/** A message of somebody in training that waits: the same one each time, by its key. */
async function held() {
  const { api: address, admin } = connection();
  const emma = (await api('GET', 'people')).items.find((one) => one.email === 'emma@demo.example');
  const [thread] = (await api('GET', 'threads?filter=open')).items.filter((one) => ![OPEN, EVERYTHING, HIDDEN].includes(one.customer.waId));
  await api('PATCH', `people/${emma.id}`, { inTraining: true });
  const headers = { 'content-type': 'application/json', 'x-threadkeep': 'console' };
  const signedIn = await fetch(`${address}/api/v1/sign-in`, { method: 'POST', headers, body: JSON.stringify({ email: emma.email, password: admin.password }) });
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const sent = await fetch(`${address}/api/v1/threads/${thread.id}/messages`, {
    method: 'POST',
    headers: { ...headers, cookie, 'idempotency-key': `the-screens-${thread.id}` },
    body: JSON.stringify({ type: 'text', text: { body: 'ご返金は3営業日ほどで完了いたします。' } }),
  });
  expect(sent.status).toBe(202);
  await api('PATCH', `people/${emma.id}`, { inTraining: false });
}

/** A conversation with a message that is quarantined and one that is masked: the same ones each time, by their ids. */
async function hides() {
  const { sandboxControl, phoneNumberId } = connection();
  const texts = { A: '荷物の再配達はこちら http://203.0.113.7/parcel', B: 'カード番号は 4111 1111 1111 1111 です' };
  for (const [id, text] of Object.entries(texts)) {
    const answer = await fetch(`${sandboxControl}/customers/${HIDDEN}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumberId, type: 'text', text, wamid: `wamid.SCREENS${id}` }),
    });
    expect(answer.status).toBe(200);
  }
  await expect.poll(async () => (await api('GET', 'quarantine')).items.length).toBeGreaterThan(0);
  return (await api('GET', `threads?q=${HIDDEN}`)).items[0].id;
}

/** What there is of a kind; where there is nothing, one is made. */
async function some(kind, one) {
  const { items } = await api('GET', kind);
  return items.length > 0 ? items : [await api('POST', kind, one)];
}

const thread = (id) => {
  expect(id, 'facts() says which thread').toMatch(/^[0-9a-f]{32}$/);
  return `/inbox/open/${id}`;
};
const opened = (page) => page.getByTestId('message').first().waitFor();
const settings = (id, ready) => ({ name: `settings-${id}`, path: `/settings/${id}`, ready });
const named = (id) => (page) => page.getByTestId(id).first().waitFor();
const dialog = (page) => page.getByRole('dialog').first().waitFor();

/**
 * Every screen of the console: its name, its address, how to see that it is there, what to do until it is seen. The checks
 * and the pictures go by this list: a new screen is a line here. What is `out` is seen before anybody has signed in.
 */
export const screens = [
  { name: 'sign-in', out: true, path: '/sign-in', ready: named('sign-in-email') },
  {
    name: 'sign-in-refused',
    out: true,
    path: '/sign-in',
    ready: named('sign-in-email'),
    async act(page) {
      await page.getByTestId('sign-in-email').fill('haruka@demo.example');
      await page.getByTestId('sign-in-password').fill('a wrong one');
      await page.getByTestId('sign-in-submit').click();
      await page.getByRole('alert').first().waitFor();
    },
  },
  { name: 'forgotten', out: true, path: '/forgotten', ready: named('forgotten-email') },
  { name: 'invitation', out: true, path: ({ invitation }) => invitation, ready: named('invitation-name'), own: true },
  { name: 'link-broken', out: true, path: '/new-password#none', ready: (page) => page.getByRole('alert').first().waitFor() },

  { name: 'inbox', path: '/inbox/open', ready: named('thread-row') },
  { name: 'inbox-empty', path: '/inbox/snoozed', ready: (page) => page.getByRole('heading').first().waitFor() },
  { name: 'thread', path: ({ open }) => thread(open), ready: opened },
  { name: 'thread-closed', path: ({ closed }) => thread(closed), ready: opened },
  { name: 'quarantine', path: ({ hidden }) => thread(hidden), ready: named('hidden-mark') },
  { name: 'thread-types', path: ({ types }) => thread(types), ready: opened },
  {
    name: 'thread-types-first',
    path: ({ types }) => thread(types),
    ready: opened,
    async act(page) {
      await page.getByTestId('message-list').evaluate((box) => box.scrollTo(0, 0));
      await page.locator('[data-type=sticker]').first().waitFor();
    },
  },
  {
    name: 'insert',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('insert-open').click();
      await page.getByRole('option').nth(2).click();
      await dialog(page);
    },
  },
  {
    name: 'note',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('note-open').click();
      await page.getByTestId('note-input').waitFor();
    },
  },
  { name: 'ticket-alone', path: ({ desk }) => thread(desk), ready: opened },
  {
    name: 'ticket-new',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      await page.getByTestId('ticket-new').click();
      await page.getByTestId('ticket-dialog').waitFor();
    },
  },
  {
    name: 'bulk',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      for (const n of [0, 1]) {
        await page.getByTestId('thread-row').nth(n).focus();
        await page.keyboard.press('x');
      }
      await page.getByTestId('bulk-bar').waitFor();
    },
  },
  { name: 'search', path: '/inbox/open?q=%E3%82%AE%E3%83%95%E3%83%88', ready: named('search-results') },
  {
    name: 'templates',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('message-list').focus();
      await page.keyboard.press('w');
      await page.getByTestId('template-item').first().click();
      await page.getByTestId('template-preview').waitFor();
    },
  },
  {
    name: 'view',
    path: '/inbox/open',
    ready: named('thread-row'),
    wide: true,
    async act(page) {
      await page.getByTestId('view-create').click();
      await page.getByTestId('view-add-condition').click();
      await page.getByTestId('view-condition').waitFor();
    },
  },
  {
    name: 'macros',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('macro-open').click();
      await page.getByTestId('menu-option').last().click();
      await page.getByTestId('macro-new').click();
      await page.getByTestId('macro-name').waitFor();
    },
  },
  {
    name: 'command-bar',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
    },
  },
  {
    name: 'keyboard',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      await page.getByTestId('thread-row').first().focus();
      await page.keyboard.press('?');
      await dialog(page);
    },
  },
  {
    name: 'preferences',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      await page.getByTestId('preferences-open').click();
      await page.getByTestId('language-switch').waitFor();
    },
  },
  {
    name: 'notices',
    path: '/inbox/open',
    ready: named('thread-row'),
    async act(page) {
      await page.getByTestId('bell').click();
      await page.getByTestId('notices-which').getByRole('radio').last().click();
      await page.getByTestId('notice-item').first().waitFor();
    },
  },
  { name: 'contacts', path: '/contacts', ready: named('contact-row') },
  { name: 'contact', path: ({ contact }) => `/contacts/${contact}`, ready: named('contact-title') },
  { name: 'companies', path: '/companies', ready: named('record-row') },
  { name: 'company', path: ({ company }) => `/companies/${company}`, ready: named('record-title') },
  { name: 'deals', path: '/deals', ready: named('record-row') },
  { name: 'deal', path: ({ deal }) => `/deals/${deal}`, ready: named('record-title') },
  { name: 'approvals', path: '/approvals', ready: named('approval') },
  {
    name: 'approval-change',
    path: '/approvals',
    ready: named('approval'),
    async act(page) {
      await page.getByTestId('waiting-change').first().click();
      await dialog(page);
    },
  },
  { name: 'team', path: '/team', ready: named('team-person') },
  { name: 'operations', path: '/operations', ready: named('ops-silo') },
  settings('security', named('session')),
  settings('notifications', named('notify-messages')),
  settings('people', named('person')),
  {
    name: 'settings-person',
    path: '/settings/people',
    ready: named('person'),
    async act(page) {
      await page.getByTestId('person').nth(1).getByRole('button').first().click();
      await dialog(page);
    },
  },
  {
    name: 'settings-invite',
    path: '/settings/people',
    ready: named('person'),
    async act(page) {
      await page.getByTestId('invite').click();
      await dialog(page);
    },
  },
  {
    name: 'settings-team',
    path: '/settings/people',
    ready: named('person'),
    async act(page) {
      await page.getByTestId('team-add').click();
      await dialog(page);
    },
  },
  settings('assignment', (page) => page.getByRole('heading', { level: 1 }).waitFor()),
  {
    name: 'settings-rule',
    path: '/settings/assignment',
    ready: named('rule-add'),
    async act(page) {
      await page.getByTestId('rule-add').click();
      await dialog(page);
    },
  },
  settings('account', named('account-name')),
  settings('ticket-properties', (page) => page.getByRole('heading', { level: 1 }).waitFor()),
  {
    name: 'ticket-property',
    path: '/settings/ticket-properties',
    ready: named('property-new'),
    async act(page) {
      await page.getByTestId('property-new').click();
      await page.getByTestId('property-type').selectOption('choice');
      await page.getByTestId('property-choice').waitFor();
    },
  },
  settings('channels', named('channel-row')),
  { name: 'channel', path: ({ channel }) => `/settings/channels/${channel}`, ready: named('channel-facts') },
  {
    name: 'channel-connect',
    path: '/settings/channels/connect',
    ready: named('connect-notice'),
    async act(page) {
      await page.getByTestId('manual-open').click();
      await page.getByTestId('manual-wabaId').waitFor();
    },
  },
  { name: 'channel-connect-begin', path: '/settings/channels/connect', ready: named('connect-notice') },
  {
    name: 'channel-connect-left',
    path: '/settings/channels/connect',
    ready: named('connect-notice'),
    async act(page) {
      const dialog = await openWindow(page);
      await atNumber(dialog, { name: 'さくら商店', number: newNumber(), trouble: 'personal' });
      await dialog.getByTestId('dialog-cancel').click();
      await page.getByTestId('connect-left').waitFor();
    },
  },
  {
    name: 'channel-connect-ready',
    path: '/settings/channels/connect',
    ready: named('connect-notice'),
    async act(page) {
      const dialog = await openWindow(page);
      await atNumber(dialog, { name: 'さくら商店', number: newNumber() });
      await withCode(dialog);
      await page.getByTestId('ready-number').waitFor();
    },
    // Left as it was found: the list of channels is a screen too.
    async undo() {
      for (const { id, state } of (await api('GET', 'channels')).items) {
        if (state === 'ready') await api('DELETE', `channels/${id}`);
      }
    },
  },
  settings('templates', named('template-row')),
  {
    name: 'settings-template',
    path: '/settings/templates/new',
    ready: named('template-name'),
    async act(page) {
      await page.getByTestId('template-body').fill('Hello {{first_name}}, your order is ready.');
      await page.getByTestId('template-add-button').click();
      await page.getByTestId('template-button').waitFor();
    },
  },
  settings('usage', named('usage-categories')),
  settings('blocked', (page) => page.getByRole('heading', { level: 1 }).waitFor()),
  settings('content', named('content-save')),
  {
    name: 'block-dialog',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('thread-menu').click();
      await page.getByTestId('menu-option').last().click();
      await page.getByTestId('block-dialog').waitFor();
    },
  },
  {
    name: 'thread-merge',
    path: ({ open }) => thread(open),
    ready: opened,
    async act(page) {
      await page.getByTestId('thread-menu').click();
      await page.getByTestId('menu-option').first().click();
      await page.getByTestId('record-search').waitFor();
    },
  },
  settings('hours', (page) => page.getByRole('heading', { level: 1 }).waitFor()),
  {
    name: 'settings-schedule',
    path: '/settings/hours',
    ready: named('schedule-add'),
    async act(page) {
      await page.getByTestId('schedule-add').first().click();
      await dialog(page);
    },
  },
  settings('sla', (page) => page.getByRole('heading', { level: 1 }).waitFor()),
  settings('first-contact', named('greeting-on')),
  {
    name: 'settings-meta-app',
    path: '/settings/meta-app',
    ready: named('meta-app-facts'),
    async act(page) {
      await page.getByTestId('meta-app-check').click();
      await page.locator('[data-testid=meta-app-check-state][data-state=done]').waitFor({ timeout: 60_000 });
    },
  },
  settings('audit', named('audit-entry')),
  { name: 'design', path: '/design', ready: named('design') },
  { name: 'not-found', path: '/nowhere', ready: (page) => page.getByRole('link').first().waitFor() },
];
