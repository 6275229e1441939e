import { api, connection, expect, test } from '../console.mjs';

const box = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: Math.round(x), y: Math.round(y), right: Math.round(x + width), bottom: Math.round(y + height) };
};

const choose = async (page, button, text) => {
  await page.getByTestId(button).click();
  await page.getByTestId('menu-option').filter({ hasText: text }).click();
};

test('what a ticket is said to be moves no button, and what is told of it lies over nothing one writes in', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Where is my parcel?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);

  const buttons = ['ticket-status', 'ticket-priority', 'macro-open', 'ticket-snooze', 'ticket-close'].map((id) => page.getByTestId(id));
  for (const width of [1440, 1200]) {
    await page.setViewportSize({ width, height: 900 });
    const places = async () => Promise.all(buttons.map(box));
    await choose(page, 'ticket-status', 'New');
    await choose(page, 'ticket-priority', 'Normal');
    const before = await places();
    await choose(page, 'ticket-status', 'Waiting on contact');
    await choose(page, 'ticket-priority', 'Urgent');
    await expect(page.getByTestId('ticket-status')).toContainText('Waiting on contact');
    expect(await places()).toEqual(before);
    // Closed, the one to snooze is gone, and its place is kept.
    const close = page.getByTestId('ticket-close');
    await close.click();
    await expect(close).toContainText('Reopen');
    expect(await box(close)).toEqual(before[4]);
    expect(await box(page.getByTestId('macro-open'))).toEqual(before[2]);
    await close.click();
    await expect(close).toContainText('Close');
  }

  for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 760 }]) {
    await page.setViewportSize(size);
    await choose(page, 'ticket-priority', 'High');
    const toast = page.locator('[role=status]', { has: page.getByTestId('toast-action') }).locator('> *');
    const shown = await box(toast);
    // All that one writes in, with its buttons above the field.
    const writing = await box(page.locator('main#thread > div', { has: page.locator('[data-composer]') }));
    expect(shown.bottom <= writing.y, JSON.stringify({ shown, writing })).toBe(true);
    await page.getByTestId('toast-action').click();
  }
});

test('a ticket is snoozed to a time of one’s own, by keyboard', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Call me next month');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.getByTestId('message-list').focus();
  await page.keyboard.press('s');
  await expect(page.getByRole('listbox', { name: 'Snooze' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const field = page.getByTestId('snooze-at');
  await expect(field).toBeFocused();
  await field.fill('2020-01-01T10:00');
  await expect(page.getByTestId('snooze-set')).toBeDisabled();
  const day = new Date(Date.now() + 30 * 86_400_000);
  const two = (value) => String(value).padStart(2, '0');
  await field.fill(`${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T10:05`);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-snooze')).toContainText('10:05');
  await field.waitFor({ state: 'detached' });
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('ticket-snooze')).not.toContainText('10:05');
});

test('the second of two who change a subject, or a team, is told and keeps what they typed', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('A question');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const { items } = await api('GET', `threads?q=${customer.waId}`);
  const ticket = items[0].ticket.id;

  await page.getByTestId('ticket-subject-edit').click();
  await page.getByTestId('ticket-subject').fill('Mine');
  await api('PATCH', `tickets/${ticket}`, { subject: 'Theirs' });
  await expect(page.getByRole('heading', { name: 'Theirs' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-subject-changed')).toContainText('Theirs');
  await expect(page.getByTestId('ticket-subject')).toHaveValue('Mine');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Mine' })).toBeVisible();
  // What the program did is told by the name of its key.
  await expect(page.getByTestId('message-list')).toContainText(/API key .+: subject “Theirs”/);

  const name = `Team ${customer.waId}`;
  const team = await api('POST', 'teams', { name });
  await page.getByTestId('rail-settings').click();
  await page.getByTestId('settings-people').click();
  await page.getByTestId('team').filter({ hasText: name }).getByRole('button').click();
  await page.getByTestId('team-name').fill(`${name} b`);
  await api('PATCH', `teams/${team.id}`, { name: `${name} a` });
  await page.getByTestId('team-save').click();
  await expect(page.getByRole('alert')).toContainText('changed this while you were editing');
  await expect(page.getByTestId('team-name')).toHaveValue(`${name} b`);
  await page.getByTestId('team-save').click();
  await expect(page.getByText(`${name} b`)).toBeVisible();
});

test('on a phone the tabs of records share a line with the bell; a row has no line for what is not there any more', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Hello');
  await expect(agent.row(customer)).toBeVisible();
  const property = await api('POST', 'ticket-properties', { label: `Size ${customer.waId}`, type: 'text' });
  const view = await api('POST', 'views', { name: `View ${customer.waId}`, columns: [`property.${property.id}`] });
  const height = async () => {
    await page.goto(`${connection().console}/inbox/${view.id}`);
    await page.getByTestId('thread-row').first().waitFor();
    return (await box(page.getByTestId('thread-row').first())).bottom - (await box(page.getByTestId('thread-row').first())).y;
  };
  const before = await height();
  await api('PATCH', `ticket-properties/${property.id}`, { version: property.version, archived: true });
  expect(await height()).toBeLessThan(before);

  await page.setViewportSize({ width: 390, height: 760 });
  await page.goto(`${connection().console}/contacts`);
  const tabs = page.getByRole('navigation', { name: 'Records' }).getByRole('link');
  await tabs.last().waitFor();
  const [first, last] = [await box(tabs.nth(1)), await box(tabs.last())];
  const bell = await box(page.getByTestId('bell'));
  expect(last.y).toBe(first.y);
  expect(bell.x >= last.right && bell.y < last.bottom && bell.bottom > last.y, JSON.stringify({ last, bell })).toBe(true);
});
