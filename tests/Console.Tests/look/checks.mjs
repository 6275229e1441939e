import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import axe from 'axe-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe-core finds against WCAG 2.2 AA: rule, what is wrong, where. */
export async function violations(page, rules) {
  // Not as a script of the page: its content policy lets none in.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    async ([tags, rules]) => {
      const options = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags };
      const { violations } = await window.axe.run(document, { runOnly: options, resultTypes: ['violations'] });
      return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`) }));
    },
    [tags, rules],
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.join(' | ')}`);
}

const catalogue = JSON.parse(readFileSync(new URL('../../../Web/src/i18n/en.json', import.meta.url), 'utf8'));
const keys = `\\b(?:${Object.keys(catalogue).join('|')})\\.[a-z]\\w+(?:\\.\\w+)*`;
const audited = '\\b[a-z]+(?:_[a-z]+)*\\.(?:[a-z]+_)*[a-z]+ed\\b';

/** Keys of the catalogue and names of audited acts that are shown instead of words, and places for words that nothing has filled. */
export const untranslated = (page) =>
  page.evaluate((codes) => {
    // What people wrote themselves is marked: braces may stand in it.
    const own = [...document.querySelectorAll('[translate=no]')].map((one) => one.innerText).filter(Boolean);
    const words = own.reduce((text, part) => text.replace(part, ''), document.body.innerText);
    const shown = [words, ...[...document.querySelectorAll('[aria-label],[placeholder],[title]')].flatMap((one) => ['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? ''))];
    return shown.flatMap((text) => text.match(new RegExp(codes, 'g')) ?? []);
  }, `\\{\\{\\w+\\}\\}|${keys}|${audited}`);

/** How many pixels the page, or a part of it that nobody means to scroll sideways, is wider than what is seen. */
export const sideways = (page) =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, aside, dialog[open], dialog[open] *, nav, form')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
      .filter((one) => one === document.documentElement || ['auto', 'scroll', 'hidden'].includes(getComputedStyle(one).overflowX))
      // An ellipsis is meant, and a row of chips or a table that scrolls by itself says so.
      .filter((one) => !one.matches('[data-scrolls]') && getComputedStyle(one).textOverflow !== 'ellipsis')
      .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`),
  );

/** Text that is cut off: by a box that neither scrolls nor shows an ellipsis, or that lies beside the page. */
export const clipped = (page) =>
  page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim();
      const box = node.parentElement;
      if (!text || box.closest('.visually-hidden, [aria-hidden=true], option, script, style, textarea, svg') || !box.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const at = range.getBoundingClientRect();
      if (at.width === 0) continue;
      for (let parent = box; parent && parent !== document.body; parent = parent.parentElement) {
        const style = getComputedStyle(parent);
        if (style.position === 'fixed' && parent !== box && getComputedStyle(box).position === 'fixed') break;
        const bounds = parent.getBoundingClientRect();
        // What scrolls or ends in an ellipsis is not lost.
        const sure = (axis) => ['hidden', 'clip'].includes(axis);
        if (sure(style.overflowX) && style.textOverflow !== 'ellipsis' && (at.right > bounds.right + 2 || at.left < bounds.left - 2)) {
          found.push(`"${text.slice(0, 40)}" is cut at the side of .${parent.className}`);
          break;
        }
        if (sure(style.overflowY) && style.webkitLineClamp === 'none' && style.textOverflow !== 'ellipsis' && (at.bottom > bounds.bottom + 3 || at.top < bounds.top - 3)) {
          found.push(`"${text.slice(0, 40)}" is cut at the foot of .${parent.className}`);
          break;
        }
        if (['auto', 'scroll'].includes(style.overflowY) || style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') break;
      }
    }
    return found;
  });

/** Another size, and what hangs on it has been drawn anew. */
export async function resized(page, size) {
  await page.setViewportSize(size);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await settled(page);
}

/** The page has settled: nothing moves, fonts and pictures are there. */
export async function settled(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined)));
  });
}

/** Fails with all that was found, not with the first of it. */
export function nothing(found) {
  expect(found.join('\n')).toBe('');
}
