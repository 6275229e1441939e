import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import UPNG from 'upng-js';
import { test } from '../console.mjs';
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

/** The same picture with a palette: a quarter of the size, and nobody sees the difference. */
function small(png) {
  const picture = UPNG.decode(png);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, COLOURS));
}
