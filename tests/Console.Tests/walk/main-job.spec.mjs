import { connection, expect, test } from '../console.mjs';

test('a customer writes on the phone, the agent sees it within a second and answers, the ticks turn', async ({
  agent,
  customer,
  phone,
}) => {
  await customer.writes('Good morning'); // so that the chat is on the phone
  await expect(agent.row(customer)).toBeVisible();
  await phone.opens();

  const written = Date.now();
  await phone.writes('Is my parcel on its way?');
  await expect(agent.row(customer)).toContainText('Is my parcel on its way?', { timeout: 5_000 });
  const seen = Date.now() - written;
  expect(seen, `on screen after ${seen} ms`).toBeLessThan(1_000);
  await expect(agent.row(customer).getByTestId('thread-unread')).toContainText('2');

  await agent.page.bringToFront();
  await agent.opens(customer);
  await agent.answers('It is: tomorrow before noon.');
  await expect(phone.bubble('It is: tomorrow before noon.')).toBeVisible();
  await expect(agent.message('It is: tomorrow before noon.')).toHaveAttribute('data-status', /delivered|read/);

  await phone.opens(); // the customer looks
  await phone.page.bringToFront();
  await expect(agent.message('It is: tomorrow before noon.')).toHaveAttribute('data-status', 'read');
  await expect(agent.row(customer).getByTestId('thread-unread')).toHaveCount(0);
});

test('the same over REST, with the key of connection.json', async ({ customer, request }) => {
  const { api, apiKey, sandboxControl, phoneNumberId } = connection();
  const headers = { authorization: `Bearer ${apiKey}` };
  await customer.writes('By REST please');
  let thread;
  await expect(async () => {
    const list = await (await request.get(`${api}/api/v1/threads?q=${customer.waId}`, { headers })).json();
    expect(list.items).toHaveLength(1);
    thread = list.items[0];
  }).toPass();
  const send = (key) =>
    request.post(`${api}/api/v1/threads/${thread.id}/messages`, {
      headers: { ...headers, 'idempotency-key': key },
      data: { type: 'text', text: { body: 'Of course.' } },
    });
  const first = await send(`rest-${customer.waId}`);
  expect(first.status()).toBe(202);
  const again = await send(`rest-${customer.waId}`);
  const { id } = await first.json();
  expect((await again.json()).id).toBe(id);
  await expect(async () => {
    const message = await (await request.get(`${api}/api/v1/threads/${thread.id}/messages/${id}`, { headers })).json();
    expect(message.status).toBe('delivered');
    expect(message.statusTimes.sent).not.toBeNull();
  }).toPass();
  const sent = await (await request.get(`${sandboxControl}/sent?phoneNumberId=${phoneNumberId}&to=${customer.waId}`)).json();
  expect(sent.count).toBe(1);
});

test('a picture goes out and comes in', async ({ agent, customer, phone }) => {
  await customer.writes('It arrived like this', { type: 'image', media: { sample: 'parcel' } });
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await expect(agent.message('It arrived like this').locator('img')).toBeVisible();
  // A picture of 2 x 2 pixels.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNkYPjPwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==',
    'base64',
  );
  await agent.page.locator('input[type=file]').first().setInputFiles({ name: 'label.png', mimeType: 'image/png', buffer: png });
  await agent.answers('Please stick this on the parcel');
  await phone.opens();
  await expect(phone.bubble('Please stick this on the parcel').locator('img')).toBeVisible();
});
