import { connection, expect, test } from '../console.mjs';

test('24 hours after the last message only a template can be sent, and its answer opens the session again', async ({
  agent,
  customer,
  phone,
}) => {
  await customer.writes('Are you open on Monday?', { at: new Date(Date.now() - 25 * 3_600_000).toISOString() });
  // In the list it lies where its day is, below all that is newer: a link leads to it.
  const { api, apiKey, console: address } = connection();
  let thread;
  await expect
    .poll(async () => {
      const answer = await fetch(`${api}/api/v1/threads?q=${customer.waId}`, { headers: { authorization: `Bearer ${apiKey}` } });
      thread = (await answer.json()).items[0]?.id;
      return thread;
    })
    .toBeTruthy();
  await agent.page.goto(`${address}/inbox/all/${thread}`);
  await agent.page.getByTestId('message').first().waitFor();
  await expect(agent.page.getByTestId('session-chip')).toHaveAttribute('data-state', 'closed');
  await expect(agent.page.getByTestId('composer-locked')).toBeVisible();

  await agent.page.getByTestId('template-open').first().click();
  await agent.page.getByTestId('template-item').first().click();
  for (const field of await agent.page.getByTestId('template-variable').all()) await field.fill('Monday');
  await agent.page.getByTestId('template-send').click();
  await expect(agent.page.getByTestId('message').last()).toHaveAttribute('data-status', /sent|delivered|read/);

  await phone.opens();
  await phone.writes('Thank you, see you then');
  await agent.page.bringToFront();
  await expect(agent.message('Thank you, see you then')).toBeVisible();
  await expect(agent.page.getByTestId('session-chip')).toHaveAttribute('data-state', 'open');
  await expect(agent.page.getByTestId('composer-locked')).toHaveCount(0);
});

test('S10: at 24:00:00 an open tab locks its editor, keeps the draft and offers templates; REST refuses before any call', async ({ agent, customer }) => {
  const { api, apiKey, sandboxControl } = connection();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  // It ends while the agent writes.
  await customer.writes('Is my order on its way?', { at: new Date(Date.now() - 24 * 3_600_000 + 20_000).toISOString() });
  let thread;
  await expect
    .poll(async () => {
      thread = (await (await fetch(`${api}/api/v1/threads?q=${customer.waId}`, { headers })).json()).items[0]?.id;
      return thread;
    })
    .toBeTruthy();
  const { page } = agent;
  await page.goto(`${connection().console}/inbox/all/${thread}`);
  await page.getByTestId('composer-input').fill('It left our warehouse on');
  await expect(page.getByTestId('session-chip')).not.toHaveAttribute('data-state', 'closed');
  await page.evaluate(() => {
    window.sameTab = true;
  });

  await expect(page.getByTestId('composer-locked')).toContainText('It left our warehouse on', { timeout: 30_000 });
  await expect(page.getByTestId('composer-input')).toHaveCount(0);
  await expect(page.getByTestId('session-chip')).toHaveAttribute('data-state', 'closed');
  await expect(page.getByTestId('template-open').first()).toBeVisible();
  expect(await page.evaluate(() => window.sameTab)).toBe(true);

  const refused = await fetch(`${api}/api/v1/threads/${thread}/messages`, {
    method: 'POST',
    headers: { ...headers, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ type: 'text', text: { body: 'too late' } }),
  });
  expect([refused.status, (await refused.json()).code]).toEqual([409, 'session_closed']);
  const sent = await (await fetch(`${sandboxControl}/sent?to=${customer.waId}`)).json();
  expect(sent.items).toEqual([]);
});

test('what a customer sends is text, never page', async ({ agent, customer }) => {
  const hostile = '<img src=x onerror="document.title=1"> *bold* javascript:alert(1)';
  await customer.writes(hostile);
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await expect(agent.message('<img src=x onerror=')).toBeVisible();
  expect(await agent.page.getByTestId('message-list').locator('img[src="x"]').count()).toBe(0);
});

test('the console speaks Japanese', async ({ agent, customer }) => {
  await customer.writes('こんにちは。注文番号4711の荷物はいつ届きますか？');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await agent.speaks('日本語');
  await expect(agent.page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(agent.page.getByText(/返信可能/).first()).toBeVisible();
  await agent.speaks('English');
  await expect(agent.page.locator('html')).toHaveAttribute('lang', 'en');
});
