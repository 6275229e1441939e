import { readFileSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';

export { expect };

/** How to reach the product. */
export const connection = () => JSON.parse(readFileSync(process.env.THREADKEEP_CONNECTION, 'utf8'));

/** A program's call, which must be taken: its answer, null where it has none. */
export async function api(method, path, body) {
  const { api: address, apiKey } = connection();
  const answer = await fetch(`${address}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  expect(answer.ok, `${method} ${path}`).toBe(true);
  return answer.status === 204 ? null : answer.json();
}

let next = 100;

/** An agent who is signed in, and what they do. */
async function signIn(page, email) {
  const errors = [];
  let away = false;
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A visitor who is not signed in yet is told so with 401; a refused send is an answer too, and 404 says that a thread is in a view no more.
    const expected = away || /status of (401|404|409|422)/.test(message.text());
    if (message.type() === 'error' && !expected) errors.push(message.text());
  });
  const { console: address, admin } = connection();
  await page.goto(address);
  await page.getByTestId('sign-in-email').fill(email);
  await page.getByTestId('sign-in-password').fill(admin.password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('thread-row').first().waitFor();
  return {
    page,
    errors,
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
    /** The network is gone; the browser says so in its console. */
    loses() {
      away = true;
    },
    finds() {
      away = false;
    },
  };
}

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
    const person = await signIn(page, connection().admin.email);
    await use(person);
    expect(person.errors).toEqual([]);
  },
  /** Another agent, in a browser of their own. */
  colleague: async ({ browser }, use) => {
    const context = await browser.newContext();
    const person = await signIn(await context.newPage(), 'emma@demo.example');
    await use({ ...person, name: 'Emma Clark', email: 'emma@demo.example' });
    expect(person.errors).toEqual([]);
    await context.close();
  },
  /** Opens another browser of the same agent. */
  another: async ({ browser }, use) => {
    const contexts = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      return signIn(await context.newPage(), connection().admin.email);
    });
    for (const context of contexts) await context.close();
  },
  /** The customer's phone: a browser of its own, so that the agent's page stays in front. */
  phone: async ({ browser, customer }, use) => {
    const context = await browser.newContext();
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
    await context.close();
  },
});
