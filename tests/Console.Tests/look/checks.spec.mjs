import { expect, test } from '@playwright/test';
import { clipped, sideways, untranslated, violations } from './checks.mjs';

test('the checks of the look find what they are for', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.setContent('<html lang="en"><title>T</title><main><h1>Fine</h1><p style="background:#fff;color:#000">Words</p></main></html>');
  for (const check of [violations, untranslated, sideways, clipped]) expect(await check(page), check.name).toEqual([]);

  await page.setContent(`<html lang="en"><title>T</title><main>
    <p style="background:#fff;color:#ccc">Pale</p><button aria-label="ticket.assign"></button><p>Dear {{name}}</p>
    <p style="width:600px">Wide</p><p style="width:40px;overflow:hidden;white-space:nowrap">Longer than its box</p></main></html>`);
  expect((await violations(page)).join()).toContain('color-contrast');
  expect(await untranslated(page)).toEqual(['{{name}}', 'ticket.assign']);
  expect((await sideways(page)).join()).toContain('in 390');
  expect((await clipped(page)).join()).toContain('Longer than its box');
});
