import { connection, expect, test } from '../console.mjs';

test('a company and a deal are made from a contact, changed on their pages, and stand in the panel of its thread', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('A quote, please');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const company = `Akebono ${customer.name}`;
  await page.getByTestId('link-companies').click();
  await page.getByTestId('menu-search').fill(company);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('linked-companies')).toContainText(company);
  await page.getByTestId('link-deals').click();
  await page.getByTestId('menu-search').fill(`Order ${customer.name}`);
  await page.keyboard.press('Enter');
  await page.getByTestId('linked-deals').getByRole('link').click();

  await expect(page.getByTestId('record-title')).toHaveText(`Order ${customer.name}`);
  await page.getByTestId('record-amount').click();
  await page.getByTestId('record-amount-input').fill('１,250,000');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('record-amount')).toHaveText('¥1,250,000');
  await page.getByTestId('record-stage').selectOption('won');
  await expect(page.getByTestId('record-stage')).toHaveValue('won');
  await page.getByTestId('record-contacts').getByRole('link').click();

  await expect(page.getByTestId('linked-deals')).toContainText('¥1,250,000 · Won');
  await expect(page.getByTestId('timeline').locator('[data-kind=company_added]')).toContainText(company);
  await page.getByTestId('linked-companies').getByRole('button').click();
  await expect(page.getByTestId('linked-companies')).not.toContainText(company);
  await page.getByTestId('toast-action').click();
  await expect(page.getByTestId('linked-companies')).toContainText(company);
});

test('two contacts become one on a page, and are two again', async ({ agent, customer }) => {
  const { page } = agent;
  for (const name of ['Kept', 'Twin']) {
    await page.goto(new URL('contacts', connection().console).href);
    await page.getByTestId('contact-new').click();
    await page.getByTestId('new-familyName').fill(`${name} ${customer.name}`);
    await page.getByTestId('contact-create').click();
    await expect(page.getByTestId('contact-title')).toHaveText(`${name} ${customer.name}`);
  }
  await page.getByTestId('contact-merge').click();
  await page.getByTestId('record-search').fill(`kept ${customer.name}`);
  await page.getByTestId('merge-candidate').filter({ hasText: 'Kept' }).getByRole('button').click();
  await expect(page.getByTestId('contact-title')).toHaveText(`Kept ${customer.name}`);
  await page.getByTestId('merge-undo').click();
  await expect(page.getByTestId('contact-merges')).toHaveCount(0);
});
