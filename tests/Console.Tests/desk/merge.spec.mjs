import { expect, test } from '../console.mjs';

test('an earlier ticket is taken in by the one that follows it, and let go again', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('The lamp is broken');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.getByTestId('ticket-add-tag').click();
  await page.getByTestId('menu-search').fill('lamp');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ticket-tag')).toContainText('lamp');
  await page.getByTestId('ticket-close').click();
  await expect(page.getByTestId('ticket-status')).toContainText('Closed');
  await customer.writes('It is broken again');
  await expect(page.getByTestId('ticket-status')).toContainText('New');
  await expect(page.getByTestId('ticket-tag')).toHaveCount(0);

  await page.getByTestId('ticket-merge').click();
  await page.getByTestId('menu-option').filter({ hasText: 'Take in #' }).click();
  await expect(page.getByTestId('ticket-tag')).toContainText('lamp');
  await expect(page.locator('[data-type=ticket_absorbed]')).toBeVisible();
  await page.getByTestId('toast-action').click();
  await expect(page.locator('[data-type=ticket_unmerged]')).toBeVisible();
  await expect(page.getByTestId('ticket-tag')).toHaveCount(0);
});
