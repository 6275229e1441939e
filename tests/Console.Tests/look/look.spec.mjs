import { expect, test } from '../console.mjs';
import { clipped, nothing, resized, sideways, untranslated, violations } from './checks.mjs';
import { facts, screens } from './screens.mjs';
import { visitor } from './visit.mjs';

const full = { width: 1440, height: 900 };

// Seventy sizes and themes each: a busy machine may be caught between two layouts, not twice at the same place.
test.describe.configure({ retries: 1 });

for (const language of ['en', 'ja']) {
  test(`every screen is accessible, whole and translated, light and dark, large and small: ${language}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const known = await facts();
    const found = [];
    for (const out of [true, false]) {
      const { page, ...visit } = await visitor(browser, language, { viewport: full });
      if (!out) await visit.signIn();
      for (const screen of screens.filter((one) => Boolean(one.out) === out)) {
        const say = (where, what) => found.push(...what.map((line) => `${screen.name}, ${where}: ${line}`));
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(full);
        const lost = await visit.show(screen, known).catch((error) => error.message.split('\n')[0]);
        if (lost) {
          say('not shown', [lost]);
          continue;
        }
        if (!screen.own) expect(await page.evaluate(() => document.documentElement.lang), screen.name).toBe(language);
        say('light', await violations(page));
        // A template's own words have such places.
        if (screen.name !== 'templates') say('words', await untranslated(page));
        await page.emulateMedia({ colorScheme: 'dark' });
        // Nothing but the colours is another, in either language.
        if (language === 'en') say('dark', await violations(page, ['color-contrast']));
        await resized(page, { width: full.width / 2, height: full.height / 2 });
        say('200 %', await clipped(page));
        await resized(page, { width: 390, height: 844 });
        say('390 px', [...(await sideways(page)), ...(await clipped(page))]);
      }
      await visit.leave();
    }
    nothing(found);
  });
}
