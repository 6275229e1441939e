import { connection, expect, test } from '../console.mjs';

test('a menu gives the focus back to what opened it, by Escape and by a choice', async ({ agent, customer }) => {
  await customer.writes('Hello');
  await agent.opens(customer);
  const { page } = agent;
  const owner = page.getByTestId('ticket-owner');
  await owner.focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('menu-search').waitFor();
  await page.keyboard.press('Escape');
  await expect(owner).toBeFocused();
  const priority = page.getByTestId('ticket-priority');
  await priority.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(priority).toBeFocused();
});

test('R leads from a note into the reply: what is typed then is text', async ({ agent, customer }) => {
  await customer.writes('Can you help?');
  await agent.opens(customer);
  const { page } = agent;
  await page.getByTestId('composer-input').press('Escape');
  await page.keyboard.press('n');
  await expect(page.getByTestId('note-input')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await expect(page.getByTestId('composer-input')).toBeFocused();
  await page.keyboard.type('Yes, we can');
  await expect(page.getByTestId('composer-input')).toHaveValue('Yes, we can');
  await expect(page.getByTestId('ticket-status')).toContainText('New');
});

test('while one writes: emoji after a colon, what is known of the customer after a brace, and T tags', async ({ agent, customer }) => {
  await customer.writes('Thanks!');
  await agent.opens(customer);
  const { page } = agent;
  const input = page.getByTestId('composer-input');
  await input.click();
  await page.keyboard.type(':thumbs');
  await expect(page.getByTestId('suggestion').first()).toContainText('👍');
  await page.keyboard.press('Enter');
  await expect(input).toHaveValue('👍');
  await page.keyboard.type(' dear {');
  await expect(page.getByTestId('suggestion').filter({ hasText: customer.name }).first()).toBeVisible();
  await page.keyboard.type('contact.name');
  await page.keyboard.press('Tab');
  await expect(input).toHaveValue(`👍 dear ${customer.name}`);
  // What is meant as it stands is sent as it stands.
  await page.keyboard.type(' :)');
  await expect(page.getByTestId('suggestion')).toHaveCount(0);
  await input.fill('');
  await page.keyboard.press('Escape');

  await page.keyboard.press('t');
  await page.getByTestId('menu-search').fill('vip');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-tag').filter({ hasText: 'vip' })).toBeVisible();
});

test('Tab comes to the list once, and the arrows go from row to row', async ({ agent, customer }) => {
  await customer.writes('Anybody there?');
  await expect(agent.row(customer)).toBeVisible();
  const rows = agent.page.getByTestId('thread-row');
  expect(await rows.count()).toBeGreaterThan(2);
  expect(await rows.evaluateAll((all) => all.filter((row) => row.tabIndex === 0).length)).toBe(1);
  await rows.first().focus();
  await agent.page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  expect(await rows.evaluateAll((all) => all.map((row) => row.tabIndex).indexOf(0))).toBe(1);
});

test('what a button does can be read when it is pointed at', async ({ agent, customer }) => {
  await customer.writes('Hello');
  await agent.opens(customer);
  await agent.page.getByTestId('composer-attach').hover();
  const tip = agent.page.getByRole('tooltip');
  await expect(tip).toBeVisible();
  const { color, backgroundColor } = await tip.evaluate((one) => {
    const { color, backgroundColor } = getComputedStyle(one);
    return { color, backgroundColor };
  });
  expect(color).not.toBe(backgroundColor);
});

test('a viewer reads along and is offered nothing that would be refused', async ({ browser, customer }) => {
  await customer.writes('Who reads this?');
  const { api, apiKey } = connection();
  const invited = await fetch(`${api}/api/v1/invitations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: `viewer-${Date.now()}@demo.example`, role: 'viewer' }),
  });
  const { link } = await invited.json();
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByTestId('invitation-name').fill('Vera Viewer');
  await page.getByTestId('invitation-password').fill('a long enough pass phrase');
  await page.getByTestId('invitation-submit').click();
  await page.getByTestId('thread-row').filter({ hasText: customer.name }).click();
  await page.getByTestId('message').filter({ hasText: 'Who reads this?' }).waitFor();
  await expect(page.getByTestId('composer-read-only')).toBeVisible();
  await expect(page.getByTestId('composer-input')).toHaveCount(0);
  await expect(page.getByTestId('ticket-owner')).toBeDisabled();
  await expect(page.getByTestId('ticket-close')).toBeDisabled();
  // The keys do nothing either.
  await page.keyboard.press('e');
  await page.keyboard.press('r');
  await expect(page.getByTestId('ticket-status')).toContainText('New');
  await page.close();
});
