import { connection, expect, test } from '../console.mjs';
import { faces } from '../faces.mjs';

// A microphone that is not there: Chromium plays a tone into it and asks nobody.
test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
  },
});

test('every type of message has a face, and what is said about one stands on it', async ({ agent, customer }) => {
  const { page } = agent;
  const first = await customer.writes('Is it open?');
  for (const [type, more] of faces) await customer.writes(undefined, { type, ...more });
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const list = page.getByTestId('message-list');
  /** Only what is near the part in sight is drawn: goes through the list until it is there. */
  const seek = (what, name) =>
    expect(async () => {
      if ((await what.count()) === 0)
        await list.evaluate((box) => {
          const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
          box.scrollTop = end ? 0 : box.scrollTop + box.clientHeight * 0.7;
        });
      await expect(what, name).toHaveCount(1, { timeout: 300 });
    }).toPass();
  for (const [type, , words] of faces.filter(([, , words]) => words))
    await seek(page.locator(`[data-type="${type}"]`).filter({ hasText: words }), type);
  await seek(page.getByTestId('sticker'), 'sticker');

  await customer.writes(undefined, { type: 'reaction', reaction: { message_id: first, emoji: '❤️' } });
  await expect(agent.row(customer)).toContainText('Reacted ❤️');
  await customer.writes(undefined, { type: 'edit', edit: { original_message_id: first, message: { type: 'text', text: { body: 'Is it open today?' } } } });
  await customer.writes(undefined, { type: 'revoke', revoke: { original_message_id: first } });
  const about = agent.message('Is it open today?');
  await seek(about, 'the first message');
  await expect(about.getByTestId('reaction')).toHaveText('❤️');
  await expect(about.getByTestId('deleted')).toBeVisible();
  await about.getByRole('button', { name: /Edited/ }).click();
  await expect(about.getByTestId('earlier')).toContainText('Is it open?');
  await expect(page.locator('[data-type=reaction]')).toHaveCount(0);
  // Somebody on a card becomes a contact.
  await seek(page.getByTestId('card-add'), 'the card');
  await page.getByTestId('card-add').click();
  await expect(page.getByTestId('cards')).toContainText(/Open the contact/);
});

test('what is answered is quoted, reactions go out, and whatever Insert offers arrives', async ({ agent, customer, phone }) => {
  const { page } = agent;
  await customer.writes('Which day suits you?');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  const theirs = page.locator('[data-direction=inbound]').filter({ hasText: 'Which day suits you?' });
  const menu = async (item) => {
    await theirs.hover();
    await theirs.getByTestId('message-actions').click();
    await page.getByTestId(item).click();
  };
  await menu('react-0');
  await expect(theirs.getByTestId('reaction')).toHaveText('👍');
  await menu('message-reply');
  await expect(page.getByTestId('reply-to')).toContainText('Which day suits you?');
  await agent.answers('Friday');
  await expect(agent.message('Friday').getByTestId('quote')).toContainText('Which day suits you?');
  await expect(page.getByTestId('reply-to')).toHaveCount(0);

  const insert = async (name) => {
    await page.getByTestId('insert-open').click();
    await page.getByRole('option', { name, exact: true }).click();
  };
  await insert('Reply buttons');
  await page.getByTestId('insert-body').fill('Shall we say Friday?');
  await expect(page.getByTestId('insert-send')).toBeDisabled();
  await page.getByLabel('Button 1', { exact: true }).fill('Yes');
  await page.getByTestId('insert-send').click();
  await expect(agent.message('Shall we say Friday?').getByTestId('tappable')).toContainText('Yes');
  await insert('Location');
  await page.getByLabel('Where').fill('35.6812, 139.7671');
  await page.getByLabel('Name', { exact: true }).fill('Our shop');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(agent.message('Our shop')).toHaveAttribute('data-status', /delivered|read/);
  await phone.opens();
  await expect(phone.bubble('Shall we say Friday?')).toBeVisible();
  await menu('message-details');
  await expect(page.getByTestId('details')).toContainText('wamid.');
});

test('a voice message is recorded, and one after the other plays on', async ({ agent, customer, request }) => {
  const { page } = agent;
  await customer.writes('Say it, please');
  await expect(agent.row(customer)).toBeVisible();
  await agent.opens(customer);
  await page.getByTestId('voice-record').click();
  await expect(page.getByTestId('voice-recording')).toContainText('0:01');
  await page.getByTestId('voice-done').click();
  await page.getByTestId('composer-send').click();
  const ours = page.locator('[data-direction=outbound][data-type=audio]');
  await expect(ours).toHaveAttribute('data-status', /delivered|read/);
  const { sandboxControl, phoneNumberId, api, apiKey } = connection();
  const sent = await (await request.get(`${sandboxControl}/sent?phoneNumberId=${phoneNumberId}&to=${customer.waId}`)).json();
  expect(sent.items.at(-1).body.audio.voice).toBe(true);

  // The same sound comes back, twice.
  const source = await ours.locator('audio').getAttribute('src');
  const file = await request.get(api + source, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(file.headers()['content-type']).toBe('audio/ogg');
  // What this browser recorded is drawn by the server from its samples.
  const wave = await request.get(`${api}${source}/waveform`, { headers: { authorization: `Bearer ${apiKey}` } });
  const { peaks } = await wave.json();
  expect(peaks.length).toBeGreaterThan(10);
  await expect(ours.locator('svg[viewBox="0 0 100 24"] rect')).toHaveCount(peaks.length);
  const media = { mimeType: 'audio/ogg; codecs=opus', base64: (await file.body()).toString('base64') };
  for (const _ of [1, 2]) await customer.writes(undefined, { type: 'audio', media });
  const theirs = page.locator('[data-direction=inbound][data-type=audio]');
  await expect(theirs.locator('audio')).toHaveCount(2);
  await theirs.first().getByRole('button', { name: /Speed/ }).click();
  await expect(theirs.first()).toContainText('1.5×');
  await theirs.first().getByRole('button', { name: /Play/ }).click();
  await expect(theirs.last().getByTestId('sound')).toHaveAttribute('data-playing', 'true');
});
