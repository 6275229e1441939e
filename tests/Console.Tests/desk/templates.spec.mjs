import { connection, expect, test } from '../console.mjs';

test('a supervisor makes a template, sees it approved, and an agent can send it', async ({ agent, another, customer }) => {
  await customer.writes('Is it ready?');
  const { page } = agent;
  const name = `ready_${String(Date.now()).slice(-8)}`;
  await page.goto(`${connection().console}/settings/templates`);
  await page.getByTestId('template-new').click();
  await page.getByTestId('template-submit').click();
  await expect(page.getByText('Use small letters, digits and underscores only')).toBeVisible();
  await page.getByTestId('template-name').fill(name);
  await page.getByTestId('template-body').fill('Hello');
  await page.getByTestId('template-insert').click();
  // A variable at the end, and without a sample: WhatsApp would refuse both, and is not asked.
  await page.getByTestId('template-submit').click();
  await expect(page.getByText('A variable may stand neither at the beginning nor at the end')).toBeVisible();
  await page.getByTestId('template-body').fill('こんにちは {{value_1}} さん、ご用意できました。');
  await page.getByTestId('template-sample-value_1').fill('Rita');
  await expect(page.getByTestId('template-preview')).toContainText('こんにちは Rita さん');
  await page.getByTestId('template-submit').click();
  const row = page.getByTestId('template-row').filter({ hasText: name });
  await expect(row.getByTestId('template-state')).toHaveAttribute('data-state', 'PENDING');
  // Nobody reloads: Meta's webhook tells.
  await expect(row.getByTestId('template-state')).toHaveAttribute('data-state', 'APPROVED');

  const colleague = await another();
  await colleague.opens(customer);
  await colleague.page.getByTestId('message-list').focus();
  await colleague.page.keyboard.press('w');
  await colleague.page.getByTestId('template-item').filter({ hasText: name }).click();
  await colleague.page.getByTestId('template-variable').fill("O'Brien <b>");
  await colleague.page.getByTestId('template-send').click();
  await expect(colleague.message("O'Brien <b>")).toBeVisible();

  await row.getByRole('link').click();
  await page.getByTestId('template-delete').click();
  await page.getByTestId('template-delete-sure').click();
  await expect(page.getByTestId('templates-search')).toBeVisible();
  await expect(row).toHaveCount(0);
});
