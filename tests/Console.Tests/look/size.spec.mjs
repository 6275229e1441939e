import { connection, expect, test } from '../console.mjs';

/** Bytes of script, compressed as they come, headers and all, between an empty browser and the list of threads. */
const MOST = 200_000;

test('the first load brings no more script than it may', async ({ page }) => {
  const { console: address, admin } = connection();
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const scripts = new Map();
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, { name: new URL(response.url).pathname, encoding: response.headers['content-encoding'] ?? response.headers['Content-Encoding'], bytes: 0 });
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const script = scripts.get(requestId);
    if (script) script.bytes = encodedDataLength;
  });
  await page.goto(address);
  await page.getByTestId('sign-in-email').fill(admin.email);
  await page.getByTestId('sign-in-password').fill(admin.password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('thread-row').first().waitFor();
  // Whatever the workspace asks for next has begun by then: the live feed is the last of it.
  await expect(page.getByTestId('live-state')).toHaveAttribute('data-state', 'live');

  const fetched = [...scripts.values()];
  const bytes = fetched.reduce((sum, script) => sum + script.bytes, 0);
  test.info().annotations.push({ type: 'script', description: `${bytes} bytes in ${fetched.length} files` });
  // None of them came from somewhere else, and none uncompressed by an oversight.
  expect(fetched.filter((script) => script.bytes > 2_000 && !script.encoding)).toEqual([]);
  expect(bytes, fetched.map(({ name, bytes }) => `${name} ${bytes}`).join('\n')).toBeGreaterThan(50_000);
  expect(bytes, fetched.map(({ name, bytes }) => `${name} ${bytes}`).join('\n')).toBeLessThan(MOST);
});
