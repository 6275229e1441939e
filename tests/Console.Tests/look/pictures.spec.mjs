import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import UPNG from 'upng-js';
import { connection, expect, test } from '../console.mjs';
import { openWindow } from '../signup.mjs';
import { facts, screens } from './screens.mjs';
import { visitor } from './visit.mjs';

// Pictures are taken by `./test screens` alone: docs/screens/<screen>.<language>.<theme>.png.
test.skip(!process.env.TK_SCREENS, 'only ./test screens takes pictures');

const folder = resolve(import.meta.dirname, '../../../docs/screens');
const COLOURS = 128;

test('pictures of every screen', async ({ browser }) => {
  test.setTimeout(600_000);
  const only = process.env.TK_SCREENS === 'all' ? screens : screens.filter(({ name }) => process.env.TK_SCREENS.split(',').includes(name));
  if (only.length === screens.length) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const known = await facts();
  for (const language of ['en', 'ja']) {
    for (const out of [true, false]) {
      const { page, ...visit } = await visitor(browser, language, { viewport: { width: 1280, height: 800 } });
      if (!out) await visit.signIn();
      for (const screen of only.filter((one) => Boolean(one.out) === out)) {
        await page.emulateMedia({ colorScheme: 'light' });
        await visit.show(screen, known);
        for (const theme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme: theme });
          writeFileSync(join(folder, `${screen.name}.${language}.${theme}.png`), small(await page.screenshot({ caret: 'hide' })));
        }
      }
      await visit.leave();
    }
  }
});

// What the windows of Meta's sign-up are, in their order; the Sandbox plays them.
const steps = ['login', 'start', 'permissions', 'business', 'waba', 'waba-ready', 'profile', 'number', 'code', 'done'];

test('pictures of connecting a number, step by step, and of what waits to leave', async ({ browser }) => {
  test.skip(!['all', 'connect'].some((name) => process.env.TK_SCREENS.split(',').includes(name)));
  test.setTimeout(300_000);
  for (const [language, end] of [
    ['en', '01'],
    ['ja', '02'],
  ]) {
    const { page, ...visit } = await visitor(browser, language, { viewport: { width: 1280, height: 800 }, locale: language === 'ja' ? 'ja-JP' : 'en-US' });
    const keep = async (of, name) => {
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        writeFileSync(join(folder, `${name}.${language}.${theme}.png`), small(await of.screenshot({ caret: 'hide' })));
      }
    };
    await visit.signIn();
    await page.goto(`${connection().console}/settings/channels/connect`);
    const popup = await openWindow(page);
    await popup.setViewportSize({ width: 520, height: 720 });
    for (const [n, step] of steps.entries()) {
      const next = popup.getByTestId('dialog-next');
      await next.waitFor();
      if (['business', 'waba', 'profile'].includes(step)) {
        await popup.getByTestId('dialog-new').check();
        await popup.getByTestId('dialog-name').fill('さくら雑貨店');
      }
      if (step === 'number') await popup.getByTestId('dialog-phoneNumber').fill(`+81 3 4567 88${end}`);
      if (step === 'code') await popup.getByTestId('dialog-code').fill(await popup.getByTestId('dialog-code-sent').innerText());
      const name = `connect-${String(n + 1).padStart(2, '0')}-${step}.${language}.light.png`;
      writeFileSync(join(folder, name), small(await popup.screenshot({ caret: 'hide' })));
      const title = await popup.locator('h1').innerText();
      await next.click();
      if (step !== 'done') await expect(popup.locator('h1')).not.toHaveText(title);
    }
    const number = page.getByTestId('ready-number');
    await number.waitFor();
    await number.getByTestId('channel-connect').click();
    await expect(number.getByTestId('channel-connect')).toHaveCount(0);
    await keep(page, 'connect-11-connected');
    await page.goto(`${connection().console}/settings/channels/${await waiting()}`);
    await page.locator('#queue').scrollIntoViewIfNeeded();
    await page.locator('#queue').evaluate((heading) => heading.scrollIntoView());
    await keep(page, 'queue');
    await visit.leave();
  }
});

/** Three messages that leave later, the same ones each time: the id of their channel. */
async function waiting() {
  const { api, apiKey } = connection();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const { items } = await (await fetch(`${api}/api/v1/threads?filter=open`, { headers })).json();
  const later = encodeURIComponent(new Date(Date.now() + 1_800_000).toISOString());
  for (const { id } of items.slice(0, 3)) {
    const body = JSON.stringify({ type: 'text', text: { body: '担当者より、後ほどご連絡いたします。' } });
    const sent = await fetch(`${api}/api/v1/threads/${id}/messages?sendAt=${later}`, { method: 'POST', headers: { ...headers, 'idempotency-key': `queue-${id}` }, body });
    // Said again with another time it is another message, and refused; so is one for a session that ends before.
    expect([202, 409, 422]).toContain(sent.status);
  }
  return items[0].channelId;
}

/** The same picture with a palette: a quarter of the size, and nobody sees the difference. */
function small(png) {
  const picture = UPNG.decode(png);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, COLOURS));
}
