import { expect, test } from '../console.mjs';

test('a view is made, counts, follows live, is shared, copied, deleted and taken back', async ({ agent, colleague, customer }) => {
  const { page } = agent;
  const word = `keyword${customer.waId}`;
  const name = `Key ${customer.waId}`;
  await page.getByTestId('view-create').click();
  await page.getByTestId('view-name').fill(name);
  await page.getByTestId('view-sharing').selectOption('everyone');
  await page.getByTestId('view-add-condition').click();
  await page.getByTestId('condition-property').selectOption('message.lastText');
  await page.getByTestId('condition-operator').selectOption('contains');
  await page.getByTestId('condition-values').fill(word);
  await page.getByTestId('view-add-condition').click();
  const source = page.getByTestId('view-condition').nth(1);
  await source.getByTestId('condition-property').selectOption('ticket.source');
  await source.locator('[data-value=whatsapp]').click();
  await page.getByTestId('view-save').click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  const links = page.getByTestId('view-link');
  await expect(links.nth(7)).toHaveAttribute('data-view', 'sent');
  await expect(links.filter({ hasText: name })).toBeVisible();
  await expect(page.getByTestId('thread-row')).toHaveCount(0);

  await customer.writes(`about ${word}`);
  await expect(agent.row(customer)).toBeVisible();
  await expect(links.filter({ hasText: name }).locator('b')).toHaveText('1');

  // By its link, in a colleague's browser.
  await colleague.page.goto(page.url());
  await expect(colleague.page.getByTestId('thread-row').filter({ hasText: customer.name })).toBeVisible();

  const act = async (label) => {
    await page.locator('div', { has: links.filter({ hasText: name }) }).last().getByTestId('view-more').click();
    await page.getByTestId('menu-option').filter({ hasText: label }).click();
  };
  await act('Delete');
  await expect(links.filter({ hasText: name })).toHaveCount(0);
  await page.getByTestId('toast-action').click();
  await expect(links.filter({ hasText: name })).toBeVisible();
  await act('Pin to the top');
  await act('Duplicate');
  await expect(page.getByRole('heading', { name: `${name} (copy)` })).toBeVisible();
});

test('everything is found from the search field, by keyboard, and opened at its place', async ({ agent, customer }) => {
  const { page } = agent;
  const word = `ｺｰﾋｰ${customer.waId}`;
  await customer.writes(`注文したのはコーヒー${customer.waId}です`);
  for (let n = 0; n < 3; n++) await customer.writes(`And more ${n}`);
  await expect(agent.row(customer)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  const hit = page.getByTestId('search-hit').filter({ hasText: customer.waId }).filter({ has: page.locator('mark') });
  await expect(async () => {
    // The index follows within two seconds: what is not there yet is asked for again.
    await page.getByTestId('search-direction').selectOption('inbound');
    await page.getByTestId('search-direction').selectOption('');
    await expect(hit.first()).toBeVisible({ timeout: 1_500 });
  }).toPass();
  await expect(hit.first().locator('mark')).toHaveText(`コーヒー${customer.waId}`);
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/message=/);
  await expect(agent.message('注文したのは')).toBeVisible();
  await page.getByTestId('search-direction').selectOption('outbound');
  await expect(page.getByText(/Nothing fits these words/)).toBeVisible();
});

test('the command bar goes to views and acts on the open thread', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('Palette please');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('assign to me');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-owner')).not.toContainText('Unassigned');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('Go to Assigned');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/inbox\/mine/);
  await expect(agent.row(customer)).toBeVisible();
});

test('several threads are changed at once, and taken back at once', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('One of many');
  await expect(agent.row(customer)).toBeVisible();
  const rows = page.getByTestId('thread-row');
  const names = [];
  for (const n of [0, 1]) {
    const row = rows.nth(n);
    names.push(await row.getAttribute('data-thread-id'));
    await row.focus();
    await page.keyboard.press('x');
  }
  await expect(page.getByTestId('bulk-bar')).toContainText('2 chosen');
  await page.getByTestId('bulk-bar').getByRole('button', { name: 'Status' }).click();
  await page.getByTestId('menu-option').filter({ hasText: 'Closed' }).click();
  for (const id of names) await expect(page.locator(`[data-thread-id="${id}"]`)).toHaveCount(0);
  await page.getByTestId('toast-action').click();
  for (const id of names) await expect(page.locator(`[data-thread-id="${id}"]`)).toBeVisible();
});
