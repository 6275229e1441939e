import { readFileSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';

export { expect };

/** How to reach the product. */
export const connection = () => JSON.parse(readFileSync(process.env.THREADKEEP_CONNECTION, 'utf8'));

let next = 100;

/** Tests get a customer of their own, an agent who is signed in, and fail on any error in the browser's console. */
export const test = base.extend({
  customer: async ({}, use) => {
    // The last three digits count: no two customers of a run have the same name.
    const waId = `8190${String(Date.now()).slice(-5)}${++next}`;
    const name = `Customer ${waId.slice(-5)}`;
    await use({
      waId,
      name,
      /** The customer writes, by the Sandbox's control door. */
      async writes(text, more = {}) {
        const { sandboxControl, phoneNumberId } = connection();
        const answer = await fetch(`${sandboxControl}/customers/${waId}/messages`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ phoneNumberId, type: 'text', text, name, ...more }),
        });
        expect(answer.status).toBe(200);
        return (await answer.json()).wamid;
      },
    });
  },
  agent: async ({ page }, use) => {
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      // A visitor who is not signed in yet is told so with 401; a refused send is an answer too.
      if (message.type() === 'error' && !/status of (401|409)/.test(message.text())) errors.push(message.text());
    });
    const { console: address, admin } = connection();
    await page.goto(address);
    await page.getByTestId('sign-in-email').fill(admin.email);
    await page.getByTestId('sign-in-password').fill(admin.password);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('thread-row').first().waitFor();
    await use({
      page,
      row: (customer) => page.getByTestId('thread-row').filter({ hasText: customer.name }),
      async opens(customer) {
        await page.getByTestId('thread-row').filter({ hasText: customer.name }).click();
        await page.getByTestId('message').first().waitFor();
      },
      message: (text) => page.getByTestId('message').filter({ hasText: text }),
      async speaks(language) {
        await page.getByTestId('preferences-open').click();
        await page.getByTestId('language-switch').getByText(language).click();
        await page.keyboard.press('Escape');
      },
      async answers(text) {
        await page.getByTestId('composer-input').fill(text);
        await page.getByTestId('composer-send').click();
      },
    });
    expect(errors).toEqual([]);
  },
  phone: async ({ context, customer }, use) => {
    const page = await context.newPage();
    await use({
      page,
      async opens() {
        const { sandbox, phoneNumberId } = connection();
        await page.goto(`${sandbox}/?chat=${customer.waId}&number=${phoneNumberId}`);
        await page.getByTestId('phone-input').waitFor();
      },
      async writes(text) {
        await page.getByTestId('phone-input').fill(text);
        await page.getByTestId('phone-send').click();
        await expect(page.getByTestId('phone-messages').locator('[data-wamid]').filter({ hasText: text })).toBeVisible();
      },
      bubble: (text) => page.getByTestId('phone-messages').locator('[data-wamid]').filter({ hasText: text }),
    });
  },
});
