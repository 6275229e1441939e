import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Two ports in a row that are free, as `./run` needs them. */
async function freePorts() {
  const isFree = (port) =>
    new Promise((done) => {
      const server = createServer();
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
  for (let port = 5900; port < 6400; port += 2) {
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error('No two free ports in a row between 5900 and 6400.');
}

/** Starts the product for all tests and ends it after them. */
export default async function product() {
  const data = mkdtempSync(join(tmpdir(), 'threadkeep-console-'));
  chmodSync(data, 0o755); // PostgreSQL runs under an account of its own
  const port = await freePorts();
  const run = (...args) => execFileSync(join(root, 'run'), [...args, '--data', data], { stdio: 'inherit' });
  run('--port', String(port), '--detach');
  process.env.THREADKEEP_CONNECTION = join(data, 'connection.json');
  return () => {
    run('stop');
    rmSync(data, { recursive: true, force: true });
  };
}
