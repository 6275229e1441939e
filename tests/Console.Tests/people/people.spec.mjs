import { createHmac } from 'node:crypto';
import { api, connection, expect, test } from '../console.mjs';

// Signing in takes a person of the demo; all have the admin's password.
const misaki = 'misaki@demo.example';
const kenta = 'kenta@demo.example';
const emma = 'emma@demo.example';

async function signIn(page, email, code) {
  const { console: address, admin } = connection();
  await page.goto(`${address}/sign-in`);
  await page.getByTestId('sign-in-email').fill(email);
  await page.getByTestId('sign-in-password').fill(admin.password);
  await page.getByTestId('sign-in-submit').click();
  if (code) {
    await page.getByTestId('sign-in-code').fill(await code());
    await page.getByTestId('sign-in-submit').click();
  }
}

/** A code of an authenticator app (RFC 6238), `later` steps of 30 s from now. */
function codeOf(secret, later = 0) {
  const bits = [...secret.replace(/=/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('somebody invited by mail joins in Japanese, and the audit log tells', async ({ agent, browser }) => {
  const address = `haruka-${Date.now()}@demo.example`;
  const { page } = agent;
  await page.getByTestId('rail-settings').click();
  await page.getByTestId('settings-people').click();
  await page.getByTestId('invite').click();
  await page.getByTestId('invite-email').fill(address);
  await page.getByTestId('invite-submit').click();
  const link = await page.getByTestId('invite-link').inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('invitation').filter({ hasText: address })).toBeVisible();

  const { sandboxControl } = connection();
  let mail;
  await expect
    .poll(async () => {
      const { items } = await (await fetch(`${sandboxControl}/mails`)).json();
      mail = items.find((one) => one.to.includes(address));
      return mail?.text ?? '';
    })
    .toContain(link);

  const newcomer = await browser.newPage({ locale: 'ja-JP' });
  await newcomer.goto(link);
  await newcomer.getByTestId('language-switch').getByText('日本語').click();
  await newcomer.getByTestId('invitation-name').fill('山田 はるか');
  await newcomer.getByTestId('invitation-password').fill('短い');
  await newcomer.getByTestId('invitation-submit').click();
  await expect(newcomer.getByRole('alert')).toContainText('10文字以上');
  await newcomer.getByTestId('invitation-password').fill('ながい ながい あいことば');
  await newcomer.getByTestId('invitation-submit').click();
  await newcomer.getByTestId('thread-row').first().waitFor();
  await newcomer.getByTestId('rail-settings').click();
  await expect(newcomer.getByTestId('session')).toHaveCount(1);
  await newcomer.close();

  await page.getByTestId('settings-audit').click();
  await page.getByTestId('audit-action').selectOption('invitation.');
  await expect(page.locator('[data-action="invitation.accepted"]').first()).toContainText('山田 はるか');
});

test('a session that ends while somebody types keeps the draft, and they sign in over it', async ({ browser, customer }) => {
  await customer.writes('Is anybody there?');
  const page = await browser.newPage();
  await signIn(page, misaki);
  await page.getByTestId('thread-row').filter({ hasText: customer.name }).click();
  await page.getByTestId('composer-input').fill('お待たせいたしました');
  const { items } = await api('GET', 'people');
  await api('DELETE', `people/${items.find((one) => one.email === misaki).id}/sessions`);

  // Sending finds it out, unless something else has by now: then the sheet lies over the button.
  await page
    .getByTestId('composer-send')
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await expect(page.getByTestId('sign-in-sheet')).toBeVisible();
  await page.getByTestId('sign-in-password').fill(connection().admin.password);
  await page.getByTestId('sign-in-submit').click();

  await expect(page.getByTestId('sign-in-sheet')).toBeHidden();
  // What was handed over goes out by itself; what was still being written is still there.
  if ((await page.getByTestId('composer-input').inputValue()) !== '') await page.getByTestId('composer-send').click();
  await expect(page.getByTestId('message').filter({ hasText: 'お待たせいたしました' })).toHaveCount(1);
  await page.close();
});

test('a second factor is set up with an app and asked for at sign-in', async ({ browser }) => {
  const page = await browser.newPage();
  await signIn(page, emma);
  await page.getByTestId('rail-settings').click();
  await page.getByTestId('factor-begin').click();
  await page.getByTestId('factor-password').fill(connection().admin.password);
  await page.getByTestId('factor-next').click();
  const secret = await page.getByTestId('factor-secret').inputValue();
  await expect(page.getByRole('img', { name: /QR/ }).locator('path')).toHaveCount(1);
  await page.getByTestId('factor-code').fill(codeOf(secret));
  await page.getByTestId('factor-next').click();
  await expect(page.getByTestId('recovery-codes').locator('li')).toHaveCount(10);
  const recovery = await page.getByTestId('recovery-codes').locator('li').first().innerText();
  await page.getByTestId('factor-done').click();

  const other = await browser.newPage();
  // The code that set it up is used up; the next step's is taken already.
  await signIn(other, emma, async () => codeOf(secret, 1));
  await other.getByTestId('thread-row').first().waitFor();
  const third = await browser.newPage();
  await signIn(third, emma, async () => recovery);
  await third.getByTestId('thread-row').first().waitFor();

  const { items } = await api('GET', 'people');
  await api('DELETE', `people/${items.find((one) => one.email === emma).id}/second-factor`);
  for (const one of [page, other, third]) await one.close();
});

test('whoever is limited to other channels opens a link and is told in plain words', async ({ browser, customer }) => {
  await customer.writes('A secret');
  let thread;
  await expect
    .poll(async () => {
      thread = (await api('GET', `threads?q=${customer.waId}`)).items[0];
      return thread?.contact.name;
    })
    .toBe(customer.name);
  const { items } = await api('GET', 'people');
  const person = items.find((one) => one.email === kenta);
  await api('PATCH', `people/${person.id}`, { allChannels: false, channelIds: [] });

  const page = await browser.newPage();
  await signIn(page, kenta);
  await page.getByTestId('rail-settings').waitFor();
  await page.goto(`${connection().console}/inbox/all/${thread.id}`);
  await expect(page.getByRole('alert').filter({ hasText: '閲覧できないチャネル' })).toBeVisible();
  await expect(page.getByText(customer.name)).toHaveCount(0);

  await api('PATCH', `people/${person.id}`, { allChannels: true });
  await page.close();
});

test('the OpenID Connect provider signs in whom we know or invited, and nobody else', async ({ browser }) => {
  const { console: address } = connection();
  const arrive = async (email) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${address}/sign-in?returnTo=%2Fsettings%2Fsecurity`);
    await page.getByTestId('sign-in-provider').click();
    await page.locator('[name=login]').fill(email);
    await page.locator('[name=password]').fill('anything');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click(); // consent
    return page;
  };

  const known = await arrive(misaki);
  await expect(known.getByTestId('session').first()).toBeVisible();
  await known.context().close();
  const invited = `joiner-${Date.now()}@demo.example`;
  await api('POST', 'invitations', { email: invited, role: 'viewer' });
  const joined = await arrive(invited);
  await expect(joined.getByTestId('session').first()).toBeVisible();
  await joined.context().close();
  const stranger = await arrive('stranger@demo.example');
  await expect(stranger.getByRole('alert')).toContainText('invit');
  await stranger.context().close();
  const unverified = await arrive('unverified@demo.example');
  await expect(unverified.getByRole('alert')).toContainText('verified');
  await unverified.context().close();
});
