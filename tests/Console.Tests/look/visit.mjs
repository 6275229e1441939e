import { connection } from '../console.mjs';
import { settled } from './checks.mjs';

/** A browser that reads one language. What the admin's own preference was is put back by `leave`. */
export async function visitor(browser, language, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  await context.addInitScript((code) => localStorage.setItem('threadkeep.language', JSON.stringify(code)), language);
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  let signedIn = false;
  let undo;
  return {
    page,
    async signIn() {
      const { console: address, admin } = connection();
      await page.goto(address);
      await page.getByTestId('sign-in-email').fill(admin.email);
      await page.getByTestId('sign-in-password').fill(admin.password);
      await page.getByTestId('sign-in-submit').click();
      await page.getByTestId('thread-row').first().waitFor();
      signedIn = true;
      if (language !== 'en') await speak(page, '日本語');
    },
    /** What a screen must take back when it has been looked at, it says as `undo`. */
    async show(screen, known) {
      await undo?.();
      undo = screen.undo;
      const path = typeof screen.path === 'function' ? screen.path(known) : screen.path;
      // What differs behind # alone is the same page to a browser.
      await page.goto('about:blank');
      await page.goto(`${connection().console}${path}`);
      await screen.ready(page);
      await screen.act?.(page);
      await settled(page);
    },
    async leave() {
      await undo?.();
      if (signedIn && language !== 'en') {
        await page.goto(`${connection().console}/inbox/open`);
        await speak(page, 'English');
      }
      await context.close();
    },
  };
}

async function speak(page, language) {
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/me') && answer.request().method() === 'PATCH');
  await page.getByTestId('preferences-open').click();
  await page.getByTestId('language-switch').getByText(language).click();
  await saved;
  await page.keyboard.press('Escape');
}
