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
