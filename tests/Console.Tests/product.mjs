import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Provider from 'oidc-provider';

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

/** A real OpenID Connect provider; whoever signs in there has the address they type, verified unless it begins with "unverified". */
async function startProvider(consolePort) {
  const server = createHttpServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'threadkeep',
        client_secret: 'a secret of these tests',
        redirect_uris: [`http://127.0.0.1:${consolePort}/api/v1/sign-in/provider/callback`],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified'), name: 'From the provider' }),
    }),
  });
  server.on('request', provider.callback());
  // Every test signs somebody in, all from this machine.
  process.env.SignIn__PerMinute = '300';
  process.env.Oidc__Authority = issuer;
  process.env.Oidc__ClientId = 'threadkeep';
  process.env.Oidc__ClientSecret = 'a secret of these tests';
  process.env.Oidc__Name = 'Test ID';
  return server;
}

/** Starts the product for all tests and ends it after them. */
export default async function product() {
  const data = mkdtempSync(join(tmpdir(), 'threadkeep-console-'));
  chmodSync(data, 0o755); // PostgreSQL runs under an account of its own
  const port = await freePorts();
  const provider = await startProvider(port);
  const run = (...args) => execFileSync(join(root, 'run'), [...args, '--data', data], { stdio: 'inherit' });
  run('--port', String(port), '--detach');
  process.env.THREADKEEP_CONNECTION = join(data, 'connection.json');
  return () => {
    run('stop');
    provider.close();
    rmSync(data, { recursive: true, force: true });
  };
}
