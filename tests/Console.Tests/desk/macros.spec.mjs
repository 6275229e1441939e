import { expect, test } from '../console.mjs';

test('a macro is made once and does its acts with one key; what goes to the customer is sent by hand', async ({ agent, customer }) => {
  const { page } = agent;
  const name = `Refund ${customer.waId}`;
  await customer.writes('I want my money back');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.getByTestId('macro-open').click();
  await page.getByTestId('menu-option').filter({ hasText: 'Manage macros' }).click();
  await page.getByTestId('macro-new').click();
  await page.getByTestId('macro-name').fill(name);
  await page.getByTestId('macro-status').selectOption('waiting_on_contact');
  await page.getByTestId('macro-snippet').fill('We send you the form.');
  await page.getByTestId('macro-save').click();
  await expect(page.getByRole('button', { name })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByTestId('message-list').focus();

  await page.keyboard.press('m');
  await page.getByTestId('menu-search').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-status')).toContainText('Waiting on contact');
  await expect(page.getByTestId('composer-input')).toHaveValue('We send you the form.');
});
