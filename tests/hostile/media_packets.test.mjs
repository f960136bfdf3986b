// Wrong packets at the media port while a call is in progress: nothing of the call is lost.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { after, before, test } from "node:test";
import { attack, Forbidden, startAttack } from "./support/attacker.mjs";
import { assertNothingLost, Call } from "./support/call.mjs";
import { dropped, Target } from "./support/target.mjs";
import { sleep } from "./support/waiting.mjs";

const MAX_PACKET = 1500;
/** So many, then the server gets a moment: this is no flood. */
const BURST = 50;
/** In which the second call has its handshakes and its first packets. */
const CAPTURE_MS = 2000;
const PATIENCE_MS = 20_000;
const MAX_CAPTURED = 6000;

let target;

before(async () => (target = await Target.start()));
after(() => target?.stop());

const media = () => `127.0.0.1:${target.mediaPort}`;

/** One of the attacker's own datagrams, to make worse ones of. */
async function sampleOf(command) {
  const socket = createSocket("udp4");
  await new Promise((done) => socket.bind(0, "127.0.0.1", done));
  const sample = new Promise((done) => socket.once("message", done));
  await attack(command, { to: `127.0.0.1:${socket.address().port}`, rate: 100, ms: 50 });
  const bytes = await sample;
  socket.close();
  return bytes;
}

/** RFC 3550 §5.1 with an extension (§5.3.1), and §6.4.1. */
const rtp = () =>
  Buffer.concat([
    Buffer.from("90e0", "hex"),
    randomBytes(10),
    Buffer.from("bede0002", "hex"),
    randomBytes(80),
  ]);
const rtcp = () => Buffer.concat([Buffer.from("80c80006", "hex"), randomBytes(24 + 14)]);

async function sendFromStranger(datagrams) {
  const socket = createSocket("udp4");
  for (const [i, datagram] of datagrams.entries()) {
    socket.send(datagram, target.mediaPort, "127.0.0.1");
    if (i % BURST === BURST - 1) await sleep(2);
  }
  await sleep(100);
  socket.close();
}

test("a stranger's packets, truncated at every length, oversized and of noise", async () => {
  const [stun, dtls] = [await sampleOf("stun"), await sampleOf("hello")];
  const kinds = { rtp: rtp(), rtcp: rtcp(), stun, dtls };
  const truncated = Object.values(kinds).flatMap((bytes) =>
    Array.from({ length: bytes.length + 1 }, (_, size) => bytes.subarray(0, size)),
  );
  const oversized = Object.values(kinds).flatMap((bytes) =>
    [MAX_PACKET + 1, 4000, 9000, 60_000].map((size) => Buffer.concat([bytes, randomBytes(size)])),
  );
  const noise = Array.from({ length: 2000 }, (_, i) =>
    Buffer.concat([Buffer.from([i & 0xff]), randomBytes(i % 1400)]),
  );
  await target.whileCalling(() => sendFromStranger([...truncated, ...oversized, ...noise]), {
    moved: {
      [dropped("too_large")]: oversized.length,
      [dropped("unknown_path")]: kinds.rtp.length + kinds.rtcp.length + kinds.dtls.length,
      [dropped("unknown_ufrag")]: kinds.stun.length / 2,
    },
  });
});

/** What goes over the loopback device while a second call begins, sent again in some shapes. */
async function replayed(t, each, moved) {
  const run = target.whileCalling(
    async () => {
      const time = { ms: CAPTURE_MS, patience: PATIENCE_MS, packets: MAX_CAPTURED };
      const attacks = each.map((options) =>
        startAttack("replay", { port: target.mediaPort, ...time, ...options }),
      );
      const replays = Promise.allSettled(attacks.map(({ result }) => result));
      await Promise.all(attacks.map(({ listening }) => listening));
      const second = await Call.start(target, { publishers: 1, subscribers: 1 });
      const results = await replays;
      assertNothingLost(await second.end());
      for (const { value, reason } of results) {
        if (reason) throw reason;
        for (const kind of ["stun", "dtls", "rtp", "rtcp", "sent"]) {
          assert.ok(value[kind] > 0, `${kind}: ${JSON.stringify(value)}`);
        }
      }
    },
    { moved },
  );
  try {
    await run;
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    t.skip(`packets of others can be captured by root only: ${error.message}`);
  }
}

test("packets of the participants, sent again from their own addresses", (t) =>
  replayed(t, [{ times: 3 }], { [dropped("replayed")]: 500 }));

test("packets of the participants, sent again from another address", (t) =>
  replayed(t, [{ times: 3, from: "stranger" }], {
    [dropped("unknown_path")]: 500,
    [dropped("stun")]: 1,
  }));

test("packets of the participants, forged, truncated and oversized, from their own addresses", (t) =>
  replayed(t, [{ shape: "forged" }, { shape: "truncated" }, { shape: "oversized" }], {
    [dropped("authentication")]: 200,
    [dropped("malformed")]: 10,
    [dropped("stun")]: 1,
    [dropped("unknown_ufrag")]: 50,
    [dropped("too_large")]: 200,
  }));

test("ClientHellos from elsewhere while participants are in their handshakes", async () => {
  const hellos = 10_000;
  await target.whileCalling(
    async () => {
      const flood = attack("hello", { to: media(), rate: 5000, ms: 2500, sockets: 8 });
      await sleep(100);
      const second = await Call.start(target);
      const { sent } = await flood;
      assert.ok(sent >= hellos, `${sent} were sent`);
      assertNothingLost(await second.end());
    },
    { moved: { [dropped("unknown_path")]: hellos } },
  );
});

test("RTP of ssrcs that nobody announced, by a participant who holds the keys", async () => {
  const ssrcs = 600;
  const { result } = await target.whileCalling(
    (call) => attack("member", { url: target.origin, room: call.room, ssrcs }),
    // A session remembers 64 ssrcs, and each has sent four packets.
    { moved: { [dropped("too_many_ssrcs")]: (ssrcs - 64) * 4 - 100, [dropped("unknown_ssrc")]: 1 } },
  );
  assert.equal(result.rtp, ssrcs * 4);
});

test("RTCP with absurd counts, by a participant who holds the keys", async () => {
  const { result } = await target.whileCalling(
    (call) => attack("member", { url: target.origin, room: call.room, rtcp: 3000 }),
    { moved: { [dropped("malformed")]: 400, [dropped("resend_gone")]: 1000 } },
  );
  assert.equal(result.rtcp, 3000);
  assert.ok(result.consumers > 0);
});
