// Floods from another machine while a call is in progress, on the very address and port of the call.
//
// The other machine is a network namespace. CONFAB_HOSTILE_SECONDS says how long a flood lasts
// (2 otherwise). What comes faster than the server reads fills the queue that strangers' packets
// wait in, and is dropped by the kernel; media has a queue of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { attack } from "./support/attacker.mjs";
import { NetworkNamespace } from "./support/network_namespace.mjs";
import { SocketIoClient } from "./support/socketio_client.mjs";
import { dropped, Target } from "./support/target.mjs";

const RATE = 100_000;
/** Of it, what a busy machine reaches at least: below, this is no flood. */
const LEAST_RATE = 20_000;
const SECONDS = Number(process.env.CONFAB_HOSTILE_SECONDS ?? 2);
const SOURCE_PORTS = 16;

let namespace;
let reason;
let target;

before(async () => {
  try {
    namespace = NetworkNamespace.create();
  } catch (error) {
    reason = `no network namespace can be made here (that needs root): ${error.message.trim()}`;
    return;
  }
  target = await Target.start({ flags: ["--media-address", namespace.address] });
});

after(async () => {
  await target?.stop();
  namespace?.remove();
});

/** A flood of one kind; how many of it the server has counted, in its queue or behind. */
async function flood(t, command, options, countedAs) {
  if (!namespace) return t.skip(reason);
  const overflows = 'confab_media_udp_overflows_total{queue="handshakes"}';
  const mediaOverflows = 'confab_media_udp_overflows_total{queue="media"}';
  let sent = 0;
  const { result, figures, grownKb } = await target.whileCalling(
    async (_call, before) => {
      const to = `${namespace.address}:${target.mediaPort}`;
      const bounds = { to, rate: RATE, ms: SECONDS * 1000, sockets: SOURCE_PORTS };
      const result = await attack(command, { ...bounds, ...options }, namespace.prefix);
      sent = result.sent;
      // All of them arrived: read and counted, or dropped before.
      const arrived = (now) =>
        [countedAs, overflows].reduce((sum, name) => sum + now.get(name) - before.get(name), 0);
      await target.until((now) => arrived(now) >= sent, `${sent} ${command} packets to arrive`);
      result.unread = (await target.metrics()).get(overflows) - before.get(overflows);
      return result;
    },
    { moved: { [countedAs]: 1000 } },
  );
  assert.equal((await target.metrics()).get(mediaOverflows), 0);
  const rate = Math.round(sent / result.seconds);
  t.diagnostic(
    `${sent} in ${result.seconds.toFixed(1)} s, ${rate}/s; ${result.unread} found the queue full; ` +
      `of the call ${figures.packetsReceived} packets came, ${figures.packetsMissing} are missing, ` +
      `${figures.packetsRecovered} were repeated; grown by ${grownKb} KB`,
  );
  assert.ok(rate >= LEAST_RATE, `${rate}/s is no flood`);
}

/** The name under which a session takes checks: somebody's who has joined and turned on it. */
async function userName() {
  const client = await SocketIoClient.connect(target.pagePort, "elsewhere");
  await client.ask("joinRoom", { room: "elsewhere", name: "Mallory" });
  const { iceParameters } = await client.ask("createWebRtcTransport", { direction: "send" });
  return { client, user: `${iceParameters.usernameFragment}:mallory` };
}

test("STUN requests with a wrong password for a session that exists", async (t) => {
  if (!namespace) return t.skip(reason);
  const { client, user } = await userName();
  await flood(t, "stun", { user }, dropped("stun"));
  client.close();
});

test("STUN requests for sessions that do not exist", (t) =>
  flood(t, "stun", { user: "nobodyknows1:mallory" }, dropped("unknown_ufrag")));

test("DTLS ClientHellos from an address that ICE has not validated", (t) =>
  flood(t, "hello", {}, dropped("unknown_path")));
