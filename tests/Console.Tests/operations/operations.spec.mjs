import { createHmac } from 'node:crypto';
import { connection, expect, test } from '../console.mjs';

/** A status of a message that nobody here has sent: a leftover of this account. */
async function leaveStatus(wamid) {
  const { webhook, wabaId, phoneNumberId } = connection();
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '81300000000', phone_number_id: phoneNumberId },
    statuses: [{ id: wamid, status: 'delivered', timestamp: String(Math.floor(Date.now() / 1000)), recipient_id: '819011112222' }],
  };
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: wabaId, changes: [{ field: 'messages', value }] }] });
  const signature = createHmac('sha256', webhook.appSecret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
  expect((await fetch(webhook.url, { method: 'POST', body, headers })).status).toBe(200);
}

test('an admin sees the silo work, what is left over, and tries it again; by keyboard, in both languages', async ({ agent, customer }) => {
  const { page } = agent;
  await leaveStatus(`wamid.left-${customer.waId}`);
  await page.getByTestId('rail-operations').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/operations$/);
  await expect(page.getByRole('heading', { name: 'Operations' })).toBeVisible();
  await expect(page.getByTestId('ops-silo')).toHaveAttribute('data-state', 'active');
  await expect(page.getByTestId('ops-api-host')).toHaveCount(1);

  // Figures move by themselves.
  await expect(async () => {
    await customer.writes('Hello');
    await expect(page.getByTestId('ops-webhooks').locator('b')).not.toHaveText('0', { timeout: 3_000 });
    await expect(page.getByTestId('ops-silo')).toContainText('ms /', { timeout: 3_000 });
  }).toPass({ timeout: 40_000 });
  await expect(page.getByTestId('ops-leftovers')).toHaveAttribute('data-level', 'warn');

  const leftover = page.getByTestId('leftover').first();
  await expect(leftover).toContainText('No message here has this id.');
  await leftover.getByTestId('leftover-replay').click();
  // The message is still unknown: it says so and stays.
  await expect(leftover.getByRole('alert')).toContainText('It still cannot be stored');

  await page.getByTestId('preferences-open').click();
  await page.getByTestId('language-switch').getByText('日本語').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: '運用' })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.getByTestId('operations').evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(overflow, 'nothing is wider than a phone').toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  await agent.speaks('English');
});

test('an operator sees the Meta app, and checks the whole way; the result is there after a reload', async ({ agent }) => {
  const { page } = agent;
  const { graph, console: address } = connection();
  await page.goto(new URL('/settings/meta-app', address).href);
  await expect(page.getByTestId('meta-app-appId')).toHaveValue(graph.appId);
  await expect(page.getByTestId('meta-app-appSecret')).toHaveValue('');
  await page.getByTestId('meta-app-check').click();
  const state = page.getByTestId('meta-app-check-state');
  await expect(state).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  await expect(page.getByTestId('meta-step-app')).not.toHaveAttribute('data-state', 'failed');
  await expect(page.getByTestId('meta-step-permissions')).toHaveAttribute('data-state', 'ok');
  await page.reload();
  await expect(state).toHaveAttribute('data-state', 'done');
});

test('an agent sees neither the page nor the figures', async ({ page }) => {
  const { console: address, admin } = connection();
  await page.goto(address);
  await page.getByTestId('sign-in-email').fill('emma@demo.example');
  await page.getByTestId('sign-in-password').fill(admin.password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('thread-row').first().waitFor();
  await expect(page.getByTestId('rail-operations')).toHaveCount(0);
  await page.goto(`${address}/operations`);
  await expect(page.getByRole('heading', { name: 'This page is for administrators' })).toBeVisible();
  for (const path of ['api/v1/operations', 'dashboard/']) {
    expect((await page.request.get(`${address}/${path}`)).status()).toBe(403);
  }
});

test('the page outlives the figures: what was seen last stays, with its time', async ({ agent }) => {
  const { page } = agent;
  await page.getByTestId('rail-operations').click();
  await page.getByTestId('ops-silo').waitFor();
  await page.route('**/api/v1/operations', (route) => route.fulfill({ status: 409, body: '{}' }));
  await expect(page.getByTestId('operations-time')).toContainText('No answer since');
  await expect(page.getByTestId('ops-silo')).toBeVisible();
  await page.unroute('**/api/v1/operations');
  await expect(page.getByTestId('operations-time')).toContainText('As of');
});
