import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { WhatsAppAPI } from 'whatsapp-api-js';
import {
  ActionButtons,
  ActionCTA,
  ActionList,
  Audio,
  Body,
  BodyComponent,
  BodyParameter,
  Button,
  Document,
  Image,
  Interactive,
  ListSection,
  Location,
  Reaction,
  Row,
  Template,
  Text,
} from 'whatsapp-api-js/messages';
import { expect, test } from '../console.mjs';

// A client that others wrote for Meta's API, with nothing changed but the host: what it can do there, it can do with the Sandbox. (Contact cards it
// wraps into an object, version 6.3.0, which Meta refuses as well.)

const root = resolve(import.meta.dirname, '../../..');
const [appSecret, verifyToken, token] = ['a secret of this test', 'a token of this test', 'bearer-of-this-test'];
const [number, customer] = ['551122334455667', '819055500017'];

/** @type {{ url: string, client: WhatsAppAPI, heard: object[], statuses: string[], end: () => Promise<void> }} */
let world;

test.beforeAll(async () => {
  const heard = [];
  const statuses = [];
  let client;
  const receiver = createServer((request, response) => {
    const query = new URL(request.url, 'http://receiver').searchParams;
    let raw = '';
    request.setEncoding('utf8');
    request.on('data', (part) => {
      raw += part;
    });
    request.on('end', async () => {
      try {
        if (request.method === 'GET') response.end(client.get(Object.fromEntries(query)));
        else {
          await client.post(JSON.parse(raw), raw, request.headers['x-hub-signature-256']);
          response.end();
        }
      } catch (refused) {
        response.statusCode = refused.httpStatus ?? 500;
        response.end();
      }
    });
  });
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  const sandbox = spawn(
    'dotnet',
    [resolve(root, `Sandbox/bin/${process.env.TK_PREBUILT || 'Debug'}/net10.0/Threadkeep.Sandbox.dll`)],
    {
      env: {
        ...process.env,
        Urls: 'http://127.0.0.1:0',
        Sandbox__WebhookUrl: `http://127.0.0.1:${receiver.address().port}/hook`,
        Sandbox__AppSecret: appSecret,
        Sandbox__VerifyToken: verifyToken,
        Sandbox__AccessToken: token,
      },
    },
  );
  const url = await new Promise((done, fail) => {
    sandbox.once('exit', (code) => fail(new Error(`The Sandbox ended with ${code}`)));
    sandbox.stdout.on('data', (text) => {
      const found = /Now listening on: (\S+)/.exec(text);
      if (found) done(found[1]);
    });
  });
  client = new WhatsAppAPI({
    token,
    appSecret,
    webhookVerifyToken: verifyToken,
    v: 'v25.0',
    ponyfill: { fetch: (target, init) => fetch(String(target).replace('https://graph.facebook.com', url), init) },
  });
  client.on.message = ({ message }) => {
    heard.push(message);
  };
  client.on.status = ({ id, status }) => {
    statuses.push(`${id} ${status}`);
  };
  const end = async () => {
    sandbox.removeAllListeners('exit');
    const ended = new Promise((done) => sandbox.once('exit', done));
    sandbox.kill();
    await ended;
    receiver.close();
  };
  world = { url, client, heard, statuses, end };
  // The handshake: Meta asks before it takes an address.
  expect((await control('PUT', 'webhooks/callback', { url: `http://127.0.0.1:${receiver.address().port}/hook` })).status).toBeLessThan(300);
});

test.afterAll(() => world?.end());

const control = (method, path, body) =>
  fetch(`${world.url}/control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });

const writes = async (message) =>
  (await (await control('POST', `customers/${customer}/messages`, { phoneNumberId: number, ...message })).json()).wamid;

test('a client made for Meta hears, answers in every type, and sees the ticks', async () => {
  const { client, heard, statuses } = world;
  const asked = await writes({ type: 'text', text: 'Ol\u00e1 😀 a/b@c' });
  await expect.poll(() => heard.map((m) => m.text?.body)).toContain('Ol\u00e1 😀 a/b@c');
  const messages = [
    new Text('Hello'),
    new Location(139.7671, 35.6812, 'Tokyo', 'Chiyoda'),
    new Interactive(new ActionButtons(new Button('yes', 'Yes'), new Button('no', 'No')), new Body('Is it good?')),
    new Interactive(new ActionList('Days', new ListSection(undefined, new Row('fri', 'Friday', '10:00'))), new Body('When?')),
    new Interactive(new ActionCTA('Open', 'https://x.example'), new Body('Look')),
    new Reaction(asked, '👍'),
    new Template('continue_conversation', 'en_US', new BodyComponent(new BodyParameter('Bruno', 'customer_name'))),
  ];
  for (const message of messages) {
    const answer = await client.sendMessage(number, customer, message);
    expect(answer.error, JSON.stringify(answer)).toBeUndefined();
    const id = answer.messages[0].id;
    expect(id).toMatch(/^wamid\./);
    await expect.poll(() => statuses).toContain(`${id} sent`);
    if (!(message instanceof Reaction)) await expect.poll(() => statuses).toContain(`${id} delivered`);
  }
  expect(await client.markAsRead(number, asked, 'text')).toEqual({ success: true });
});

test('files go up, out, in and away', async () => {
  const { client, heard } = world;
  await writes({ type: 'image', text: 'broken' });
  await expect.poll(() => heard.find((m) => m.type === 'image')?.image.caption).toBe('broken');
  const { image } = heard.find((m) => m.type === 'image');
  const described = await client.retrieveMedia(image.id);
  expect(described.mime_type).toBe(image.mime_type);
  const bytes = await (await client.fetchMedia(described.url)).arrayBuffer();
  expect(bytes.byteLength).toBe(Number(described.file_size));

  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', image.mime_type);
  form.set('file', new Blob([bytes], { type: image.mime_type }), 'again.jpg');
  const { id } = await client.uploadMedia(number, form);
  for (const message of [new Image(id, true, 'yours'), new Document('https://127.0.0.1:1/a.pdf', false, 'bill', 'bill.pdf')])
    expect((await client.sendMessage(number, customer, message)).messages[0].id).toMatch(/^wamid\./);
  expect(await client.deleteMedia(id)).toEqual({ success: true });
  expect((await client.sendMessage(number, customer, new Audio(id, true))).error.code).toBeGreaterThan(0);
});

test('customers are blocked and let in again, and what was not signed is not heard', async () => {
  const { client, heard } = world;
  expect((await client.blockUser(number, customer)).block_users.added_users[0].input).toBe(customer);
  await writes({ type: 'text', text: 'never heard' });
  const unblocked = (await client.unblockUser(number, customer)).block_users;
  expect((unblocked.removed_users ?? unblocked.added_users)[0].input).toBe(customer);
  await writes({ type: 'text', text: 'heard again' });
  await expect.poll(() => heard.map((m) => m.text?.body)).toContain('heard again');
  expect(heard.map((m) => m.text?.body)).not.toContain('never heard');
  await expect(client.post({ object: 'whatsapp_business_account' }, '{"object":"whatsapp_business_account"}', 'sha256=00')).rejects.toThrow();
  expect((await new WhatsAppAPI({ token: 'wrong', secure: false, v: 'v25.0', ponyfill: { fetch: (t, i) => fetch(String(t).replace('https://graph.facebook.com', world.url), i) } }).sendMessage(number, customer, new Text('x'))).error.code).toBe(190);
});
