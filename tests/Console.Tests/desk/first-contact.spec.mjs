import { api, connection, expect, test } from '../console.mjs';

test('a new customer is greeted by itself with the ticket number and chooses by a button', async ({ agent, customer, phone }) => {
  const { page } = agent;
  await page.goto(`${connection().console}/settings/first-contact`);
  await page.getByTestId('greeting-on').check();
  await page.getByTestId('greeting-text').fill('ようこそ！ {ticket.number}');
  await page.getByTestId('menu-on').check();
  await page.getByTestId('menu-text').fill('What is it about?');
  const button = page.getByTestId('menu-button').locator('input');
  await button.nth(0).fill('Returns');
  await button.nth(1).fill('returns');
  await expect(page.getByTestId('first-contact-preview')).toContainText('ようこそ！ 4711');
  await page.getByTestId('first-contact-save').click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const { items } = await api('GET', 'channels');
  const path = `channels/${items[0].id}/first-contact`;
  try {
    // It counts within moments, for whoever begins to write then.
    await expect(async () => {
      const waId = `8170${String(Date.now()).slice(-8)}`;
      const { sandboxControl, phoneNumberId } = connection();
      await fetch(`${sandboxControl}/customers/${waId}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phoneNumberId, type: 'text', text: 'Hi', name: `Early ${waId.slice(-4)}` }),
      });
      const found = await api('GET', `threads?q=${waId}`);
      const { items: messages } = await api('GET', `threads/${found.items[0].id}/messages`);
      expect(messages.length).toBe(3);
    }).toPass({ timeout: 20_000 });
    await customer.writes('Good morning');
    await phone.opens();
    await expect(phone.bubble('ようこそ！')).toBeVisible();
    await expect(phone.bubble('What is it about?')).toBeVisible();
    await page.goto(connection().console);
    await agent.opens(customer);
    await expect(agent.message('ようこそ！')).toContainText('Automatic');
    await expect(page.getByTestId('ticket-status')).toContainText('New');
  } finally {
    const { version } = await api('GET', path);
    const off = { enabled: false, text: '' };
    await api('PUT', path, { version, greeting: off, outOfHours: off, menu: { ...off, buttons: [] } });
  }
});
