import { connection, expect, test } from '../console.mjs';

const card = (rows) => ({ name: 'card.csv', mimeType: 'text/csv', buffer: Buffer.from(`market,category,currency,price,valid from\n${rows.join('\n')}`) });

test('an admin sees what was sent, and what it costs once a rate card is there', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Do you ship to Osaka?');
  await agent.opens(customer);
  await agent.answers('Yes, the next day.');
  await expect(agent.message('Yes, the next day.')).toBeVisible();
  await page.goto(`${connection().console}/settings/usage`);

  await expect(page.getByTestId('usage-line').first()).toBeVisible();
  await expect(page.getByTestId('usage-no-prices')).toBeVisible();
  await page.getByTestId('usage-by').selectOption('agent');
  await expect(page.getByTestId('usage-table')).toBeVisible();

  // One wrong row, and nothing is taken.
  await page.getByTestId('prices-file').setInputFiles(card(['Japan,utility,JPY,2.1,2020-01-01', 'Atlantis,utility,JPY,1,2020-01-01']));
  await page.getByTestId('prices-import').click();
  await expect(page.getByTestId('prices-faults')).toContainText('Atlantis');
  await expect(page.getByTestId('usage-no-prices')).toBeVisible();
  await page.getByTestId('prices-file').setInputFiles(card(['Japan,utility,JPY,2.1,2020-01-01', 'Other,marketing,JPY,9.5,2020-01-01']));
  await page.getByTestId('prices-import').click();
  await expect(page.getByTestId('prices-card')).toContainText('JPY');
  await expect(page.getByTestId('usage-no-prices')).toHaveCount(0);

  const { api, apiKey } = connection();
  await fetch(`${api}/api/v1/prices`, { method: 'DELETE', headers: { authorization: `Bearer ${apiKey}` } });
});
