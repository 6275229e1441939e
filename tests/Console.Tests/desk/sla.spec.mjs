import { connection, expect, test } from '../console.mjs';

const get = async (path) => {
  const { api, apiKey } = connection();
  const answer = await fetch(`${api}/api/v1/${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
  return answer.json();
};

test('an admin sets business hours and an SLA, and new tickets count down; in Japanese in the end', async ({ agent, customer }) => {
  const { page } = agent;
  await page.goto(`${connection().console}/settings/hours`);
  await page.getByTestId('schedule-add').click();
  await page.getByTestId('schedule-name').fill('Around the clock');
  for (const day of ['saturday', 'sunday']) await page.getByTestId(`day-${day}`).getByRole('button', { name: /Add/ }).click();
  await expect(page.getByTestId('schedule-preview')).toContainText('Culture Day');
  await page.getByTestId('schedule-save').click();
  await expect(page.getByTestId('schedule')).toContainText('Asia/Tokyo');

  await page.getByTestId('settings-sla').click();
  await page.getByTestId('sla-add').click();
  await page.getByTestId('sla-name').fill('Standard');
  await page.getByTestId('sla-normal-firstResponseMinutes').fill('45');
  await page.getByTestId('sla-save').click();
  await expect(page.getByText('Saved.')).toBeVisible();

  // It counts within moments: the ticket of the customer, given a priority anew, takes it up.
  await customer.writes('How long do I wait?');
  await page.goto(connection().console);
  await agent.opens(customer);
  const { api, apiKey } = connection();
  await expect(async () => {
    const { items } = await get(`threads?q=${customer.waId}`);
    for (const priority of ['high', 'normal'])
      await fetch(`${api}/api/v1/tickets/${items[0].ticket.id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ priority }),
      });
    expect((await get(`threads?q=${customer.waId}`)).items[0].ticket.sla).not.toBeNull();
  }).toPass({ timeout: 20_000 });
  await expect(page.getByTestId('sla-chip')).toContainText(/First answer due in \d+ min/);
  await expect(agent.row(customer).getByTestId('sla-badge')).toBeVisible();
  await agent.speaks('日本語');
  await expect(page.getByTestId('sla-chip')).toContainText('最初の返信');
  await agent.speaks('English');
  await agent.answers('Not long.');
  await expect(page.getByTestId('sla-chip')).toHaveCount(0);

  // The other stories promise nothing.
  const { version } = await get('sla');
  const ended = await fetch(`${api}/api/v1/sla`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version, policies: [] }),
  });
  expect(ended.ok).toBe(true);
});
