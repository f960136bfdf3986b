// confab behind nginx: pages, API, Socket.IO both ways, and a gateway that is killed.
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { Agent } from "node:https";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ConfabServer } from "../e2e/support/confab_server.mjs";
import { until } from "../hostile/support/waiting.mjs";
import { NAME, Nginx, temporaryFolder } from "./support/nginx.mjs";
import { exchange } from "./support/raw.mjs";

const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { io } = require("socket.io-client");
const WAIT_MS = 30_000;

let folder;
let servers;
let nginx;

const portOf = (server) => Number(new URL(server.origin).port);

before(async () => {
  folder = temporaryFolder();
  const config = join(folder, "confab.toml");
  writeFileSync(
    config,
    '[log]\nlevel = "debug"\n[gateway]\nmetrics = "all"\ntrusted_proxies = ["127.0.0.1"]\n',
  );
  const flags = ["--config", config, "--media-address", "127.0.0.1"];
  const first = await ConfabServer.start(join(folder, "a"), flags);
  // Each takes the invitations of the other.
  cpSync(join(folder, "a/data/keys"), join(folder, "b/data/keys"), { recursive: true });
  servers = [first, await ConfabServer.start(join(folder, "b"), flags)];
  // The second only where the first fails: a Socket.IO session belongs to one `confab serve`.
  const settings = { trusted_proxies: "127.0.0.1" };
  nginx = await Nginx.start(join(folder, "nginx"), servers.slice(0, 1).map(portOf), settings);
});
after(async () => {
  await nginx?.stop();
  await Promise.all(servers?.map((server) => server.stop()) ?? []);
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A guest's invitation into a room. */
async function invitation(to, room) {
  const answer = await to.ask(`/api/v1/rooms/${room}/guest-tokens`, { method: "POST" });
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text).token;
}

/** A client of the service, by an unmodified socket.io-client; ends with the test. */
function participant(t, to, room, transports) {
  // As in the service's zone: its name is this machine.
  const lookup = (_, { all }, done) =>
    all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
  const agent = new Agent({ ca: to.authority, lookup });
  const socket = io(`https://${NAME}:${to.ports.https}`, {
    transports,
    agent,
    auth: async (give) => give({ protocol: { min: 1, max: 1 }, token: await invitation(to, room) }),
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
  });
  t.after(() => {
    socket.close();
    agent.destroy();
  });
  return socket;
}

const joinRoom = (socket, room) =>
  socket.timeout(WAIT_MS).emitWithAck("joinRoom", { room, name: "Ada" });

describe("through nginx", () => {
  test("the pages come, by HTTP/2, with their policy", async () => {
    const session = connectHttp2(`https://localhost:${nginx.ports.https}`, {
      ca: nginx.authority,
      servername: NAME,
    });
    const stream = session.request({ ":path": "/r/quiet-harbor", ":authority": NAME });
    const [headers, text] = await new Promise((resolve, reject) => {
      let head;
      let body = "";
      stream.setEncoding("utf8");
      stream.on("response", (got) => {
        head = got;
      });
      stream.on("data", (part) => {
        body += part;
      });
      stream.on("end", () => resolve([head, body]));
      stream.on("error", reject);
    });
    session.close();
    assert.equal(headers[":status"], 200);
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.match(text, /<html/i);
  });

  test("the API answers, and keeps its numbers to itself", async () => {
    assert.equal((await nginx.ask("/readyz")).status, 200);
    assert.equal((await nginx.ask("/metrics")).status, 404);
    const missing = await nginx.ask("/api/v1/state", { method: "DELETE" });
    assert.ok(missing.status >= 400 && missing.status < 500, `${missing.status}`);
  });

  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
    test(`one joins by ${transports.join(", then ")}`, async (t) => {
      const room = `by-${transports.join("-")}`;
      const socket = participant(t, nginx, room, transports);
      const reply = await joinRoom(socket, room);
      assert.ok(reply.participantId, JSON.stringify(reply));
      const last = transports.at(-1);
      const name = () => socket.io.engine.transport.name === last;
      await until(name, { ms: WAIT_MS }, last);
    });
  }

  test("no address leads out of the pages", async () => {
    for (const target of [
      "/../../../../etc/passwd",
      "/..%2f..%2f..%2f..%2fetc/passwd",
      "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
      "/_next/..%5c..%5c..%5cetc/passwd",
      "/_next/%252e%252e/%252e%252e/etc/passwd",
      "//etc/passwd",
      "/r/..%2f..%2f..%2f..%2fetc%2fpasswd",
      "/index.html%00.txt",
    ]) {
      const request = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const { said } = await exchange(nginx.ports.http, request);
      assert.doesNotMatch(said, /root:/, target);
    }
  });

  test("the gateway knows each client's own address", async () => {
    /** In its log: a word that is the same for the same address. */
    const peerOf = async (address) => {
      const { headers } = await nginx.ask("/healthz", { headers: { "X-Forwarded-For": address } });
      const log = () => readFileSync(join(folder, "a", "server-1.log"), "utf8").split("\n");
      let line;
      const logged = () => {
        line = log().find((each) => each.includes(headers["x-request-id"]));
        return line;
      };
      await until(logged, { ms: WAIT_MS }, "the request in the log");
      return /"peer":"([^"]+)"/.exec(line)[1];
    };
    const one = await peerOf("198.51.100.7");
    assert.equal(await peerOf("198.51.100.7"), one);
    assert.notEqual(await peerOf("198.51.100.8"), one);
  });
});

test("a gateway that is killed needs nobody's hand", async (t) => {
  const both = await Nginx.start(join(folder, "both"), servers.map(portOf));
  t.after(() => both.stop());
  const sockets = Array.from({ length: 4 }, () => participant(t, both, "survivors", ["websocket"]));
  for (const socket of sockets) await joinRoom(socket, "survivors");
  const disconnects = [];
  for (const socket of sockets) socket.once("disconnect", () => disconnects.push(socket));
  await servers[0].kill();
  for (let i = 0; i < 20; ++i) assert.equal((await both.ask("/healthz")).status, 200);
  await until(() => disconnects.length > 0, { ms: WAIT_MS }, "someone to notice");
  const together = () => sockets.every((socket) => socket.connected);
  await until(together, { ms: WAIT_MS }, "everyone to be connected again");
  for (const socket of disconnects) {
    const reply = await joinRoom(socket, "survivors");
    assert.ok(reply.participantId, JSON.stringify(reply));
  }
  await servers[0].start();
});
