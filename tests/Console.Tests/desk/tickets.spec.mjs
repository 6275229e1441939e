import { expect, test } from '../console.mjs';

test('an agent takes a ticket with one key, closes it, takes that back, and every step is on the timeline', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('My order has not arrived');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await expect(page.getByTestId('ticket-status')).toContainText('New');
  await page.getByTestId('message-list').focus();

  await page.keyboard.press('i');
  await expect(page.getByTestId('ticket-owner')).not.toContainText('Unassigned');
  await expect(page.getByTestId('message-list')).toContainText(/assigned to/);

  await page.keyboard.press('e');
  await expect(page.getByTestId('ticket-status')).toContainText('Closed');
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('ticket-status')).toContainText('New');

  await page.getByTestId('ticket-priority').click();
  await page.getByTestId('menu-option').filter({ hasText: 'Urgent' }).click();
  await expect(page.getByTestId('ticket-priority')).toContainText('Urgent');
  await page.getByTestId('ticket-add-tag').click();
  await page.getByTestId('menu-search').fill('返品 🎁');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-tag')).toContainText('返品 🎁');
  await page.getByTestId('ticket-subject-edit').click();
  await page.getByTestId('ticket-subject').fill('Missing order');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Missing order' })).toBeVisible();

  await agent.answers('We look into it');
  await expect(page.getByTestId('ticket-status')).toContainText('Waiting on contact');
  await customer.writes('Thank you');
  await expect(page.getByTestId('ticket-status')).toContainText('Waiting on us');

  // Put off, it leaves the list of what is open and comes back when the customer writes.
  await page.getByTestId('message-list').focus();
  await page.keyboard.press('s');
  await page.getByTestId('menu-option').filter({ hasText: 'Tomorrow' }).click();
  await page.locator('[data-view=snoozed]').click();
  await expect(agent.row(customer)).toBeVisible();
  await customer.writes('Any news?');
  await page.locator('[data-view=open]').click();
  await expect(agent.row(customer)).toBeVisible();
});

test('a ticket is handed to a team from the owner menu, by keyboard, and back; in Japanese', async ({ agent, customer }) => {
  const { page } = agent;
  const team = `請求 ${customer.waId.slice(-6)}`;
  const made = await page.evaluate(
    (name) =>
      fetch('/api/v1/teams', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-threadkeep': 'console' },
        body: JSON.stringify({ name }),
      }).then((answer) => answer.status),
    team,
  );
  expect(made).toBe(201);
  await customer.writes('Who sends the invoice?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await agent.speaks('日本語');
  await page.reload();
  await page.getByTestId('message').first().waitFor();
  await page.getByTestId('message-list').focus();
  await page.keyboard.press('i');
  await expect(page.getByTestId('ticket-owner')).not.toContainText('担当者未設定');

  await page.keyboard.press('a');
  await expect(page.getByRole('option', { name: team })).toHaveAccessibleDescription('チーム');
  await page.getByTestId('menu-search').fill(team);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-owner')).toContainText(team);
  await expect(page.getByTestId('message-list')).toContainText(`チームを「${team}」に変更`);
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('ticket-owner')).not.toContainText(team);
  await agent.speaks('English');
});

test('a note names a colleague, is in their Mentions at once and never reaches the phone; in Japanese for them', async ({
  agent,
  colleague,
  customer,
  phone,
}) => {
  await customer.writes('Can I pay later?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await agent.page.getByTestId('message-list').focus();
  await agent.page.keyboard.press('n');
  await agent.page.getByTestId('note-input').pressSequentially('Please check, @');
  await agent.page.getByTestId('menu-search').fill(colleague.name.slice(0, 3));
  await agent.page.keyboard.press('Enter');
  await expect(agent.page.getByTestId('note-input')).toHaveValue(`Please check, @${colleague.name} `);
  await agent.page.getByTestId('note-add').click();
  await expect(agent.page.locator('[data-direction=note]')).toContainText('Please check');

  await colleague.page.locator('[data-view=mentions]').click();
  await expect(colleague.page.getByTestId('thread-row').filter({ hasText: customer.name })).toBeVisible();
  await colleague.speaks('日本語');
  await colleague.page.getByTestId('thread-row').filter({ hasText: customer.name }).click();
  await expect(colleague.page.locator('[data-direction=note]')).toContainText('社内メモ');
  await colleague.speaks('English');

  await agent.page.keyboard.press('Escape');
  await agent.page.keyboard.press('r');
  await agent.answers('Yes, within 30 days.');
  await phone.opens();
  await expect(phone.bubble('Yes, within 30 days.')).toBeVisible();
  await expect(phone.bubble('Please check')).toHaveCount(0);
});

test('S13: two agents at one thread see each other, and an answer given meanwhile is seen before the old draft can go', async ({
  agent,
  colleague,
  customer,
}) => {
  await customer.writes('Who helps me?');
  for (const who of [agent, colleague]) {
    await expect(who.page.getByTestId('thread-row').filter({ hasText: customer.name })).toBeVisible();
    await who.opens(customer);
  }
  await expect(agent.page.getByTestId('colleagues')).toBeVisible();
  await expect(colleague.page.getByTestId('colleagues')).toBeVisible();
  await agent.page.getByTestId('composer-input').pressSequentially('I will');
  await expect(colleague.page.getByTestId('collision')).toBeVisible();

  await colleague.page.getByTestId('composer-input').fill('My own answer');
  await colleague.page.context().setOffline(true);
  await colleague.loses();
  await agent.answers('I do.');
  await expect(agent.message('I do.')).toBeVisible();
  await expect(colleague.page.getByTestId('composer-input')).not.toBeEditable();
  await colleague.page.context().setOffline(false);
  await colleague.finds();

  await expect(colleague.page.getByTestId('answered-meanwhile')).toBeVisible();
  await expect(colleague.page.getByTestId('message').filter({ hasText: 'I do.' })).toBeVisible();
  await expect(colleague.page.getByTestId('composer-input')).toBeEditable();
  await expect(colleague.page.getByTestId('composer-input')).toHaveValue('My own answer');
});

test('a draft begun in one browser is ended in another', async ({ agent, another, customer }) => {
  await customer.writes('A long question');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const saved = agent.page.waitForResponse((answer) => answer.url().includes('/api/v1/drafts/') && answer.ok());
  await agent.page.getByTestId('composer-input').fill('下書きの返信 🙂');
  await saved;
  const second = await another();
  await second.page.getByTestId('thread-row').filter({ hasText: customer.name }).click();
  await expect(second.page.getByTestId('composer-input')).toHaveValue('下書きの返信 🙂');
});
