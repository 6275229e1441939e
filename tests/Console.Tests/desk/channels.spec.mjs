import { connection, expect, test } from '../console.mjs';
import { atNumber, begin, newNumber, withCode } from '../signup.mjs';

test('an admin connects a number step by step, and customers are heard on it', async ({ agent, customer }) => {
  const { page } = agent;
  const number = newNumber();
  const dialog = await begin(page);
  await atNumber(dialog, { name: 'Night shift', number });
  // A wrong code is said to be one; the right one goes on.
  const code = await dialog.getByTestId('dialog-code-sent').textContent();
  await dialog.getByTestId('dialog-code').fill(code === '000000' ? '111111' : '000000');
  await dialog.getByTestId('dialog-next').click();
  await expect(dialog.getByTestId('dialog-problem')).toContainText('wrong');
  await withCode(dialog);

  const ready = page.getByTestId('ready-number').filter({ hasText: 'Night shift' });
  await expect(ready).toBeInViewport();
  await expect(ready).toContainText('Ready');
  await ready.getByTestId('channel-connect').click();
  await expect(ready).toContainText('Connected');
  await ready.getByRole('link', { name: 'Night shift' }).click();
  await page.getByTestId('channel-check').click();
  for (const step of ['token', 'number', 'subscription', 'webhook', 'message']) {
    await expect(page.getByTestId(`check-${step}`)).toHaveAttribute('data-holds', 'true');
  }
  const facts = await page.getByTestId('channel-facts').textContent();
  const phoneNumberId = facts.match(/Phone number ID(\d+)/)[1];
  await page.getByTestId('profile-about').fill('毎日 9 時から');
  await page.getByTestId('profile-save').click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await customer.writes('Good evening', { phoneNumberId });
  await page.goto(connection().console);
  await agent.opens(customer);
  await expect(agent.message('Good evening')).toBeVisible();

  // Taken away again: the thread stays, and says why nothing can be sent.
  await page.goto(`${connection().console}/settings/channels`);
  await page.getByRole('link', { name: 'Night shift' }).click();
  await page.getByTestId('channel-end').click();
  await page.getByTestId('channel-end-sure').click();
  await expect(page.getByTestId('channel-connect')).toBeVisible();
});

test('what Meta refuses is said in its own words, and a closed window changes nothing', async ({ agent }) => {
  const { page } = agent;
  await page.goto(connection().console);
  await agent.speaks('日本語');
  const dialog = await begin(page);
  await atNumber(dialog, { name: 'Private', number: newNumber(), trouble: 'personal' });
  await expect(dialog.getByTestId('dialog-problem')).toBeVisible();
  await dialog.getByTestId('dialog-cancel').click();
  await expect(page.getByTestId('connect-left')).toContainText('先にそちらで解放して');

  const again = page.waitForEvent('popup');
  await page.getByTestId('continue-with-whatsapp').click();
  const second = await again;
  await second.getByTestId('dialog-role').selectOption('not_admin');
  // The window closes under the click.
  await second.getByTestId('dialog-next').click().catch(() => {});
  await expect(page.getByTestId('connect-left')).toContainText('管理者権限');

  await page.getByTestId('manual-open').click();
  for (const [field, value] of Object.entries({ wabaId: '1', phoneNumberId: '2', accessToken: 'wrong', appSecret: 'x' })) {
    await page.getByTestId(`manual-${field}`).fill(value);
  }
  await page.getByTestId('manual-add').click();
  await expect(page.getByRole('alert').filter({ hasText: 'アクセストークン' })).toBeVisible();
  await page.goto(connection().console);
  await agent.speaks('English');
});
