// The JSON that ./run keeps and hands on. Each command prints what ./run reads, or writes a file of mode 600.
//
//   node deployment.mjs secrets DIR [--empty]   makes DIR/secrets.json once; prints its values as `name value` lines
//   node deployment.mjs setup DIR               prints the document for `Threadkeep.Api.dll setup`
//   node deployment.mjs connection DIR          writes DIR/connection.json from the environment (see below)
//   node deployment.mjs ports N                 prints N free ports; `ports N PORT…` exits 1 if one of PORT… is taken
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

// The Sandbox's number. Ids are digits only, as Meta's are.
const number = {
  phoneNumberId: "106540352242922",
  wabaId: "102290129340398",
  displayPhoneNumber: "+81 3-4567-8901",
  verifiedName: "Threadkeep Demo",
};

// The Sandbox takes any login configuration; with one, numbers can be connected in the console.
const signupConfiguration = "700800900100200";

// The people of the demo account; all sign in with the same generated password.
const people = [
  { name: "佐藤 美咲", email: "misaki@demo.example", language: "ja", role: "agent" },
  { name: "鈴木 健太", email: "kenta@demo.example", language: "ja", role: "agent" },
  { name: "Emma Clark", email: "emma@demo.example", language: "en", role: "agent" },
];
const adminEmail = "admin@demo.example";

const token = (bytes) => randomBytes(bytes).toString("hex");
const digits = (length) => Array.from({ length }, (_, i) => randomInt(i === 0 ? 1 : 0, 10)).join("");
// Words would need a list; five groups of letters that are not confused with digits are as easy to type.
const password = () => {
  const letters = "abcdefghijkmnpqrstuvwxyz";
  return Array.from({ length: 5 }, () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("")).join("-");
};

/** Whole or not at all: a reader never sees half a file. */
function write(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function read(directory) {
  const file = join(directory, "secrets.json");
  let secrets;
  try {
    secrets = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    fail(`${file} cannot be read (${error.message}): put back the one that was there, or move ${directory} away to begin anew`);
  }
  // Directories of older versions lack it; the migrator sets it at each start.
  if (secrets.postgresPassword && !secrets.runtimePassword) write(file, (secrets = { ...secrets, runtimePassword: token(16) }));
  for (const name of ["masterKey", "adminPassword", "apiKey", "appSecret", "verifyToken", "accessToken", "postgresPassword", "runtimePassword"])
    if (typeof secrets[name] !== "string" || !secrets[name])
      fail(`${file} has no ${name}: put back the one that was there, or move ${directory} away to begin anew`);
  return secrets;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

const commands = {
  secrets(directory, flag) {
    const file = join(directory, "secrets.json");
    if (!existsSync(file)) {
      if (existsSync(join(directory, "postgres", "PG_VERSION")))
        fail(`${directory} holds a database but not its secrets.json, which has the password and the master key: put it back, or move ${directory} away to begin anew`);
      write(file, {
        createdAt: new Date().toISOString(),
        demo: flag !== "--empty",
        masterKey: randomBytes(32).toString("base64"),
        adminPassword: password(),
        apiKey: `tk_${token(24)}`,
        appId: digits(15),
        appKey: `sandbox-${token(4)}`,
        appSecret: token(16),
        verifyToken: token(16),
        accessToken: `EAA${token(32)}`,
        postgresPassword: token(16),
        runtimePassword: token(16),
      });
    }
    const secrets = { ...read(directory), adminEmail, ...number };
    for (const [name, value] of Object.entries(secrets)) console.log(`${name} ${value}`);
  },

  setup(directory) {
    const secrets = read(directory);
    // The channel is as old as a full session history needs; the same document every time, so that repeating it changes nothing.
    const monthBefore = new Date(Date.parse(secrets.createdAt) - 30 * 24 * 3600 * 1000);
    const admin = { name: "Admin", email: adminEmail, language: "en", role: "admin" };
    const agents = secrets.demo ? [admin, ...people] : [admin];
    console.log(
      JSON.stringify({
        account: {
          name: secrets.demo ? "Demo" : "Threadkeep",
          timeZone: "Asia/Tokyo",
          country: "JP",
          startDate: monthBefore.toISOString().slice(0, 10),
          conversationLimit: 1000,
        },
        agents: agents.map((agent) => ({ ...agent, password: secrets.adminPassword })),
        apiKey: { name: "run", value: secrets.apiKey },
        app: { appKey: secrets.appKey, appId: secrets.appId, appSecret: secrets.appSecret, verifyToken: secrets.verifyToken, configId: signupConfiguration },
        channels: [
          {
            name: number.verifiedName,
            wabaId: number.wabaId,
            phoneNumberId: number.phoneNumberId,
            displayPhoneNumber: number.displayPhoneNumber,
            accessToken: secrets.accessToken,
            firstConnectedAt: monthBefore.toISOString(),
          },
        ],
      }),
    );
  },

  // From the environment: TK_PORT, TK_PG_URL and TK_PIDS, the last being `name=pid` words.
  connection(directory) {
    const secrets = read(directory);
    const host = (port) => `http://127.0.0.1:${port}`;
    const port = Number(process.env.TK_PORT);
    const pids = process.env.TK_PIDS.split(" ").map((word) => word.split("="));
    const pid = (name) => Number(pids.find(([key]) => key === name)?.[1] ?? 0);
    write(join(directory, "connection.json"), {
      console: host(port),
      api: host(port),
      sandbox: host(port + 1),
      sandboxControl: `${host(port + 1)}/control`,
      postgres: process.env.TK_PG_URL,
      apiKey: secrets.apiKey,
      admin: { email: adminEmail, password: secrets.adminPassword },
      webhook: { url: `${host(port)}/webhooks/whatsapp`, appSecret: secrets.appSecret, verifyToken: secrets.verifyToken },
      graph: { baseUrl: host(port + 1), accessToken: secrets.accessToken, appId: secrets.appId },
      phoneNumberId: number.phoneNumberId,
      wabaId: number.wabaId,
      processes: {
        postgres: pid("postgres"),
        api: pid("api"),
        silos: pids.filter(([key]) => key.startsWith("silo-")).map(([, value]) => Number(value)),
        sandbox: pid("sandbox"),
      },
    });
  },

  async ports(count, ...wanted) {
    const listen = (port) =>
      new Promise((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(port, "127.0.0.1", () => resolve(server));
      });
    const servers = [];
    for (const port of wanted) {
      try {
        servers.push(await listen(Number(port)));
      } catch {
        console.log(port);
        process.exit(1);
      }
    }
    // All are held open until all are found, so that none is named twice.
    const free = [];
    for (let i = 0; i < Number(count); i++) {
      const server = await listen(0);
      servers.push(server);
      free.push(server.address().port);
    }
    console.log(free.join(" "));
    for (const server of servers) server.close();
  },
};

const [, , command, ...args] = process.argv;
await commands[command](...args);
