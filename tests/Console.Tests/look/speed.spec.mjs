import { appendFileSync } from 'node:fs';
import { connection, expect, test } from '../console.mjs';

// A measurement, not a check: `bench/run ui` runs it and keeps what it says. Other programs on the machine would fail it.
test.skip(!process.env.TK_BENCH_UI, 'only bench/run ui measures');

const THREADS = 10_000;
const OPENINGS = 40;
const TEXT = 'Thank you for waiting: your order has left our warehouse and arrives on Friday. ';

/** The value below which 95 of 100 lie. */
const p = (share, values) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)];

test('opening a thread and typing with 10,000 threads in the list', async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // The first page of the list is as it is and repeated under other ids: what the console holds and draws is 10,000 rows.
  await page.route(/\/api\/v1\/views\/open\/threads/, async (route) => {
    const answer = await route.fetch();
    const page = await answer.json();
    const real = page.items;
    const items = Array.from({ length: THREADS }, (_, n) => (n < real.length ? real[n] : { ...real[n % real.length], id: `${n}`.padStart(32, '0') }));
    await route.fulfill({ response: answer, json: { ...page, items, nextCursor: null } });
  });
  const { console: address, admin } = connection();
  await page.goto(address);
  await page.getByTestId('sign-in-email').fill(admin.email);
  await page.getByTestId('sign-in-password').fill(admin.password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('thread-row').first().waitFor();
  // How long each interaction took until its next paint (Event Timing API).
  await page.evaluate(() => {
    window.taken = [];
    new PerformanceObserver((list) => {
      for (const { name, duration, interactionId } of list.getEntries()) if (interactionId) window.taken.push({ name, duration });
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
    // From the press to the frame in which the opened thread's messages are.
    window.opened = (row) =>
      new Promise((done) => {
        const begun = performance.now();
        row.click();
        const look = () => {
          const shown = location.pathname.endsWith(row.dataset.threadId) && document.querySelector('[data-testid=message]');
          if (shown) requestAnimationFrame(() => done(performance.now() - begun));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
  });

  // A hand moves to the row, rests for as long as it takes to press, and presses: its messages are on their way meanwhile.
  const RESTS_MS = 150;
  const real = 8;
  const [byHand, first, again] = [[], [], []];
  for (let n = 0; n < OPENINGS; n++) {
    const row = page.getByTestId('thread-row').nth(n % real);
    if (n < real / 2) {
      await row.hover();
      await page.waitForTimeout(RESTS_MS);
    }
    (n < real / 2 ? byHand : n < real ? first : again).push(await row.evaluate((element) => window.opened(element)));
  }
  await page.evaluate(() => {
    window.taken = [];
  });
  const input = page.getByTestId('composer-input');
  await input.click();
  await input.pressSequentially(TEXT.repeat(2), { delay: 30 });
  await expect(input).toHaveValue(TEXT.repeat(2));
  const keys = (await page.evaluate(() => window.taken)).filter(({ name }) => name === 'keydown').map(({ duration }) => duration);
  // What took under 16 ms is not told by the browser: it counts as 16.
  const typed = [...keys, ...Array(Math.max(0, TEXT.length * 2 - keys.length)).fill(16)];
  const line = (what, values) => `| ${what} | ${values.length} | ${p(0.5, values).toFixed(0)} | ${p(0.95, values).toFixed(0)} | ${Math.max(...values).toFixed(0)} |\n`;
  const report = line(`a thread opened for the first time, the pointer ${RESTS_MS} ms on its row before`, byHand) + line('a thread opened for the first time, from nowhere', first) + line('a thread opened again', again) + line('a key pressed in the composer, to the next paint', typed);
  process.stdout.write(report);
  appendFileSync(process.env.TK_BENCH_UI, report);
  await page.close();
});
