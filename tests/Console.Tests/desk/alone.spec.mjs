import { api, connection, expect, test } from '../console.mjs';

test('a ticket made by hand has notes and no editor, and goes over to WhatsApp with them', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Hello');
  await expect.poll(async () => (await api('GET', `threads?q=${customer.waId}`)).items.length).toBe(1);
  const { items } = await api('GET', `threads?q=${customer.waId}`);
  await api('PATCH', `tickets/${items[0].ticket.id}`, { status: 'closed' });

  // The contact is in lists a moment after the message.
  await expect.poll(async () => (await api('GET', `contacts?q=${customer.waId}`)).items.length).toBe(1);
  await page.goto(connection().console);
  await page.getByTestId('thread-row').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('New ticket');
  await expect(page.getByRole('option').first()).toContainText('New ticket');
  await page.keyboard.press('Enter');
  await page.getByTestId('ticket-new-subject').fill('棚卸しの確認');
  await page.getByTestId('ticket-new-description').fill('Count the shelf');
  await page.getByTestId('ticket-new-contact').fill(customer.waId);
  await page.getByTestId('ticket-contact').first().click();
  await page.getByTestId('ticket-new-save').click();

  await expect(page.getByRole('heading', { name: '棚卸しの確認' })).toBeVisible();
  await expect(page.getByTestId('desk-why')).toBeVisible();
  await expect(page.getByTestId('composer-input')).toHaveCount(0);
  await expect(page.getByTestId('message-list')).toContainText('Count the shelf');
  await expect(page.getByTestId('thread-row').filter({ hasText: 'Count the shelf' })).toBeVisible();
  await page.getByTestId('desk-write').click();
  // The conversation, with the ticket and its note in it.
  await expect(page).toHaveURL(new RegExp(items[0].id));
  await expect(page.getByTestId('message-list')).toContainText('Hello');
  await expect(page.getByTestId('message-list')).toContainText('Count the shelf');
  await expect(page.getByTestId('composer-input')).toBeVisible();
  const { ticket } = await api('GET', `threads/${items[0].id}`);
  expect(ticket.subject).toBe('棚卸しの確認');
});
