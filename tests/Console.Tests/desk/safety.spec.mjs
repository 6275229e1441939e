import { expect, test } from '../console.mjs';

test('a customer is blocked with a reason, stays out of the lists, and is let in again from the settings', async ({ agent, customer }) => {
  const { page } = agent;
  await customer.writes('You are all thieves');
  await agent.opens(customer);
  await page.getByTestId('thread-menu').click();
  await page.getByTestId('menu-option').filter({ hasText: 'Block customer' }).click();
  await expect(page.getByTestId('block-save')).toBeDisabled();
  await page.getByTestId('block-reason').fill('Insults');
  await page.getByTestId('block-save').click();
  // The phone has written within 24 hours, so WhatsApp blocks it as well.
  await expect(page.getByTestId('composer-blocked')).toContainText('Insults');
  await expect(page.getByTestId('composer-blocked')).toContainText('WhatsApp blocks them as well');
  await expect(page.getByTestId('ticket-status')).toContainText('Closed');

  await page.goto(new URL('/settings/blocked', page.url()).href);
  const blocked = page.getByTestId('blocked').filter({ hasText: customer.name });
  await expect(blocked).toContainText('Insults');
  await blocked.getByTestId('blocked-undo').click();
  await expect(blocked).toHaveCount(0);
  await customer.writes('I am sorry');
  await page.goto(new URL('/inbox/open', page.url()).href);
  await expect(agent.row(customer)).toContainText('I am sorry');
});

test('a phishing link is quarantined, looked at with a reason and released; a card is shown in one click', async ({ agent, customer }) => {
  const { page } = agent;
  const link = 'https://paypal.com.check.example/login';
  await customer.writes(`Click ${link}`);
  await customer.writes('My card: 4111 1111 1111 1111');
  await page.locator('[data-view=quarantined]').click();
  await agent.opens(customer);
  const [hidden, masked] = [page.getByTestId('message').filter({ hasText: 'Quarantined' }), agent.message('My card')];
  await expect(hidden).toContainText('a link that pretends');
  await expect(page.getByTestId('message-list')).not.toContainText('paypal');
  await expect(masked).toContainText('•••• •••• •••• 1111');
  await masked.getByTestId('hidden-show').click();
  await expect(masked.getByTestId('hidden-content')).toContainText('4111 1111 1111 1111');

  await hidden.getByTestId('hidden-show').click();
  await page.getByTestId('reason').fill('Is it ours?');
  await page.getByTestId('reason-save').click();
  await expect(hidden.getByTestId('hidden-content')).toContainText(link);
  await hidden.getByTestId('hidden-release').click();
  await page.getByTestId('reason').fill('A test of ours');
  await page.getByTestId('reason-save').click();
  await expect(agent.message(link)).toBeVisible();
  await expect(page.getByTestId('message').filter({ hasText: 'Quarantined' })).toHaveCount(0);
});
