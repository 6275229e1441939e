import { connection, expect, test } from '../console.mjs';

test('two conversations of one person become one for everybody, and two again', async ({ agent, colleague, customer }) => {
  const { page } = agent;
  const waId = `${customer.waId.slice(0, -3)}${String(Number(customer.waId.slice(-3)) + 500).slice(-3)}`;
  const other = { waId, name: `Twin ${waId.slice(-5)}` };
  const writes = async (text) => {
    const { sandboxControl, phoneNumberId } = connection();
    const answer = await fetch(`${sandboxControl}/customers/${other.waId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumberId, type: 'text', text, name: other.name }),
    });
    expect(answer.status).toBe(200);
  };
  await customer.writes('My old number');
  await writes('My new number');
  const second = (person) => person.page.getByTestId('thread-row').filter({ hasText: other.name });
  const first = (person) => person.row(customer);
  await expect(second(colleague)).toContainText('My new number');
  await first(agent).click();
  await page.getByTestId('thread-menu').click();
  await page.getByTestId('menu-option').filter({ hasText: 'Merge into' }).click();
  await page.getByTestId('record-search').fill(other.name);
  await page.getByTestId('thread-merge-candidate').filter({ hasText: other.name }).getByRole('button').click();

  // The one that goes on is open; every list shows it alone.
  await expect(page.getByTestId('message').filter({ hasText: 'merged the conversation' })).toBeVisible();
  await expect(first(agent)).toHaveCount(0);
  await expect(first(colleague)).toHaveCount(0);
  await customer.writes('It is me');
  await expect(agent.message('It is me').getByTestId('message-via')).toBeVisible();
  await expect(page.getByText('which the customer wrote from last')).toBeVisible();

  await page.getByTestId('merge-other').first().click();
  await expect(page.getByTestId('composer-merged')).toContainText('goes on in another one');
  await page.getByTestId('thread-unmerge').click();
  await expect(page.getByTestId('composer-input')).toBeVisible();
  await expect(page.getByTestId('message').filter({ hasText: 'stays in the other conversation' })).toBeVisible();
  await customer.writes('Not me after all');
  await expect(agent.message('Not me after all')).toBeVisible();
  await expect(first(colleague)).toContainText('Not me after all');
});
