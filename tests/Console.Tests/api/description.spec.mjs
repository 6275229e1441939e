import { readFileSync } from 'node:fs';
import { connection, expect, test } from '../console.mjs';

test('the console is built from the description that the Api gives', async ({ request }) => {
  const { api } = connection();
  const { servers, ...given } = await (await request.get(`${api}/openapi/v1.json`)).json();
  const kept = JSON.parse(readFileSync(new URL('../../../Web/openapi.json', import.meta.url), 'utf8'));
  expect(given, 'Web/openapi.json is behind: fetch it anew and run `npm run generate` in Web').toEqual(kept);
});

test('metrics tell of the cluster, the database and the web server', async ({ request }) => {
  const metrics = await (await request.get(`${connection().api}/metrics`)).text();
  for (const name of ['orleans_', 'db_client_', 'http_server_']) expect(metrics).toContain(name);
});

test('built files come compressed and are kept; what differs between people is never compressed', async () => {
  const { console: address, api, apiKey } = connection();
  const headers = { 'accept-encoding': 'br, gzip' };
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(address)).text())[1];
  const built = await fetch(new URL(script, address), { headers });
  expect(built.headers.get('content-encoding')).toBe('br');
  expect(built.headers.get('cache-control')).toContain('immutable');
  const own = await fetch(`${api}/api/v1/threads`, { headers: { ...headers, authorization: `Bearer ${apiKey}` } });
  expect(own.ok).toBe(true);
  expect(own.headers.get('content-encoding')).toBeNull();
});
