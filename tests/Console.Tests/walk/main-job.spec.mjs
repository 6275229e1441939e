import { connection, expect, test } from '../console.mjs';

// Pictures of 2 x 2 pixels.
const red = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4IScHRAwQCgAfJgQRoo8irwAAAABJRU5ErkJggg==';
const blue = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGOQkzsBRAwQCgAZ1gQRShBSHAAAAABJRU5ErkJggg==';
const picture = (name, base64) => ({ name, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') });

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
  await agent.page.locator('input[type=file]').first().setInputFiles(picture('label.png', red));
  await agent.answers('Please stick this on the parcel');
  await phone.opens();
  await expect(phone.bubble('Please stick this on the parcel').locator('img')).toBeVisible();
});

test('pictures beside a draft outlive a reload, and text, pictures, text arrive in that order', async ({ agent, customer }) => {
  await customer.writes('Which one is it?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const tray = agent.page.getByRole('list', { name: 'Files to send' });
  const pictures = [picture('red.png', red), picture('blue.png', blue)];
  await agent.page.locator('input[type=file]').first().setInputFiles(pictures);
  await agent.page.getByTestId('composer-input').fill('One of these two');
  await expect(tray.getByText('Ready')).toHaveCount(2);

  await agent.page.reload();

  await expect(agent.page.getByTestId('composer-input')).toHaveValue('One of these two');
  await expect(tray.getByRole('listitem')).toContainText(['red.png', 'blue.png']);
  for (const thumbnail of await tray.locator('img').all())
    await expect.poll(() => thumbnail.evaluate((img) => img.naturalWidth)).toBe(2);
  await agent.page.getByTestId('composer-input').fill('One moment');
  await tray.getByRole('button', { name: 'Remove blue.png' }).click();
  await agent.page.reload();
  await expect(tray.getByRole('listitem')).toHaveCount(1);
  await agent.page.locator('input[type=file]').first().setInputFiles(pictures[1]);
  await expect(tray.getByText('Ready')).toHaveCount(2);
  await agent.answers('One of these two');
  await expect(tray).toHaveCount(0);
  await agent.answers('Or neither');

  await expect(agent.message('Or neither')).toHaveAttribute('data-status', /sent|delivered|read/);
  const { sandboxControl, phoneNumberId } = connection();
  const sent = await (await fetch(`${sandboxControl}/sent?phoneNumberId=${phoneNumberId}&to=${customer.waId}`)).json();
  expect(sent.items.map(({ type, body }) => [type, body?.image?.caption ?? body?.text?.body])).toEqual([
    ['image', 'One of these two'],
    ['image', undefined],
    ['text', 'Or neither'],
  ]);
  await agent.page.reload();
  await expect(agent.message('Or neither')).toBeVisible();
  await expect(tray).toHaveCount(0);
});
