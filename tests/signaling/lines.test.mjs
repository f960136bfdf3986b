// What signaling writes into the log of a call, so that one call can be explained by its lines.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import { QuickClient, startServer, until, within } from "./harness.mjs";

let server;
before(async () => (server = await startServer("--participants=2", "--media=2")));
after(() => server.stop());

/** Every line that was written by now. */
const lines = () =>
  server
    .log()
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

/** What stands for a room's name: base32 of the first half of its SHA-256. */
function hashed(name) {
  const bits = [...createHash("sha256").update(name).digest().subarray(0, 16)]
    .map((octet) => octet.toString(2).padStart(8, "0"))
    .join("");
  const digits = "abcdefghijklmnopqrstuvwxyz234567";
  return bits.replace(/.{1,5}/g, (five) => digits[Number.parseInt(five.padEnd(5, "0"), 2)]);
}

/** The lines of that event in that room, as soon as there are so many. */
async function linesOf(event, room, count = 1) {
  const found = () =>
    lines().filter((line) => line.event === event && line.room === (room && hashed(room)));
  await until(() => found().length >= count, `${count} of ${event} in ${room}`);
  assert.equal(found().length, count, JSON.stringify(found()));
  return found();
}

const tokenFor = async (room, query = "") => {
  const url = `${server.url}/api/v1/rooms/${room}/guest-tokens${query}`;
  return (await (await fetch(url, { method: "POST" })).json()).token;
};
const join = (room, extra) => new QuickClient(server).join(room, extra);

/** The code with which a handshake is refused. */
async function refusal(auth) {
  const socket = io(server.url, { auth, transports: ["websocket"], forceNew: true });
  try {
    const [error] = await within(once(socket, "connect_error"), "a refusal");
    return error.data.code;
  } finally {
    socket.disconnect();
  }
}

test("a join says where its media is and how long each stage took", async () => {
  const alice = await join("join");
  const [line] = await linesOf("participant.joined", "join");
  assert.match(line.media, /^m[12]$/);
  assert.equal(line.participant, alice.id);
  assert.equal(line.prepared, false);
  const stages = ["reach_us", "token_us", "home_us", "transports_us", "consumers_us"];
  for (const key of [...stages, "took_us"]) {
    assert.ok(Number.isInteger(line[key]) && line[key] >= 0, key);
  }
  const sum = stages.reduce((total, key) => total + line[key], 0);
  assert.ok(sum <= line.took_us, JSON.stringify(line));
});

test("a prepared join says so", async () => {
  await join("prepared");
  const bob = await new QuickClient(server).prepare("prepared");
  const { transports, consumers } = await bob.prepareJoin("prepared");
  const prepared = {
    transportId: transports.recv.id,
    consumerIds: consumers.map(({ id }) => id),
  };
  await bob.request("joinRoom", bob.joinPayload("prepared", { prepared }));
  const [first, second] = await linesOf("participant.joined", "prepared", 2);
  assert.deepEqual([first.prepared, second.prepared], [false, true]);
});

test("a join that is refused is one warning, with the id that the client was told", async () => {
  await join("full");
  await join("full");
  const carol = await new QuickClient(server).prepare("full");
  const error = await carol.request("joinRoom", carol.joinPayload("full")).catch((each) => each);
  assert.equal(error.code, "room_full");
  const [line] = await linesOf("participant.refused", "full");
  assert.deepEqual(
    [line.level, line.code, line.message, line.error_id],
    ["warning", "room_full", error.message, error.id],
  );
  assert.ok(line.reach_us >= 0 && line.token_us >= 0, JSON.stringify(line));
  assert.equal(line.transports_us, undefined, "it did not come so far");
  assert.equal(line.reason, undefined, "the token was good");
  assert.equal(lines().filter(({ error_id }) => error_id === error.id).length, 1);
});

test("a join with a used or an expired token says so", async () => {
  const token = await tokenFor("used");
  await join("used", { token });
  for (const [again, reason] of [
    [token, "used"],
    [await tokenFor("used", "?expires_in_s=-60"), "expired"],
    [`${token.slice(0, -6)}AAAAAA`, "invalid"],
  ]) {
    const client = await new QuickClient(server).prepare("used");
    const payload = client.joinPayload("used", { token: again });
    const error = await client.request("joinRoom", payload).catch((each) => each);
    assert.equal(error.code, "unauthorized", reason);
    await until(() => lines().some(({ error_id }) => error_id === error.id), reason);
    const line = lines().find(({ error_id }) => error_id === error.id);
    assert.deepEqual([line.event, line.reason], ["participant.refused", reason]);
  }
});

test("a handshake that is refused says why, and the room where the token is ours", async () => {
  const expired = await tokenFor("late", "?expires_in_s=-60");
  assert.equal(await refusal({ token: expired }), "unauthorized");
  const [line] = await linesOf("connection.refused", "late");
  assert.deepEqual([line.level, line.reason], ["warning", "expired"]);
  const reasons = async (auth) => {
    const before = lines().filter(({ event }) => event === "connection.refused").length;
    await refusal(auth);
    const refused = () => lines().filter(({ event }) => event === "connection.refused");
    await until(() => refused().length > before, "a line");
    const { reason, room, message } = refused().at(-1);
    assert.ok(message.length > 0);
    return [reason, room];
  };
  assert.deepEqual(await reasons({}), ["none", undefined]);
  assert.deepEqual(await reasons({ token: "abc" }), ["invalid", undefined]);
  const forged = `${expired.slice(0, -6)}AAAAAA`;
  assert.deepEqual(await reasons({ token: forged }), ["invalid", undefined]);
  const protocol = { min: 7, max: 9 };
  const good = await tokenFor("late");
  assert.deepEqual(await reasons({ token: good, protocol }), ["protocol", undefined]);
  for (const token of [expired, good]) {
    assert.ok(!server.log().includes(token.slice(-20)), "a token is in the log");
  }
});

test("who mutes whom is told, once for each change", async () => {
  const alice = await join("mute");
  await alice.produce("audio", "mic");
  const moderator = await join("mute", { token: await tokenFor("mute", "?role=moderator") });
  await alice.request("pauseProducer", { producerId: "mic" });
  await alice.request("pauseProducer", { producerId: "mic" });
  await alice.request("resumeProducer", { producerId: "mic" });
  await moderator.request("muteParticipant", { participantId: alice.id });
  const paused = await linesOf("producer.paused", "mute", 2);
  assert.deepEqual(
    paused.map(({ by, source, participant }) => [by, source, participant]),
    [
      ["self", "microphone", alice.id],
      ["moderator", "microphone", alice.id],
    ],
  );
  const [added] = await linesOf("producer.added", "mute");
  const [resumed] = await linesOf("producer.resumed", "mute");
  assert.equal(resumed.by, "self");
  for (const line of [...paused, resumed]) assert.equal(line.producer, added.producer);
});

const REPORT = {
  phase: "running",
  stages: { reply: 40, frame: 300 },
  transports: [
    {
      direction: "send",
      state: "connected",
      pair: { localType: "relay", remoteType: "host", protocol: "udp", relayProtocol: "tls" },
      checksSent: 5,
      checksAnswered: 4,
      roundTripMs: 31,
    },
  ],
  relaysFailed: ["udp"],
  sent: { packets: 10, bytes: 1000, lost: 0, roundTripMs: 30 },
  received: { packets: 20, freezes: 1, freezeMs: 250 },
};

test("what a page reports is a line of its participant", async () => {
  const alice = await join("report");
  assert.deepEqual(await alice.request("report", REPORT), {});
  const [line] = await linesOf("client.report", "report");
  const { time, service, instance, session, trace, ...rest } = line;
  assert.ok(time && service && instance && session && trace);
  assert.deepEqual(rest, {
    level: "info",
    event: "client.report",
    room: hashed("report"),
    participant: alice.id,
    phase: "running",
    stage_reply_us: 40_000,
    stage_frame_us: 300_000,
    send_state: "connected",
    send_local_type: "relay",
    send_remote_type: "host",
    send_protocol: "udp",
    send_relay_protocol: "tls",
    send_checks_sent: 5,
    send_checks_answered: 4,
    send_round_trip_ms: 31,
    relays_failed: "udp",
    sent_packets: 10,
    sent_bytes: 1000,
    sent_lost: 0,
    sent_round_trip_ms: 30,
    received_packets: 20,
    received_freezes: 1,
    received_freeze_ms: 250,
  });
});

test("reports come no oftener than they may, and only of who is in the call", async () => {
  const alice = await join("often");
  const answers = await Promise.all(Array.from({ length: 20 }, () => alice.raw("report", REPORT)));
  const refused = answers.filter(({ error }) => error?.code === "rate_limited");
  assert.equal(refused.length, 16);
  assert.ok(refused.every(({ error }) => error.retry_after_ms > 0));
  await linesOf("client.report", "often", 4);
  const bob = await new QuickClient(server).prepare("often");
  assert.equal((await bob.raw("report", REPORT)).error.code, "not_joined");
});

test("a report with an unknown word or a broken number is refused, and is no line", async () => {
  const alice = await join("broken");
  for (const [change, field] of [
    [{ phase: "over" }, /^phase/],
    [{ stages: { reply: -1 } }, /^stages\.reply/],
    [{ stages: { reply: 1.5 } }, /^stages\.reply/],
    [{ transports: [{ direction: "up" }] }, /^transports\[0\]\.direction/],
    [{ transports: [{ direction: "send", state: "\u001b[31m" }] }, /^transports\[0\]\.state/],
    [{ relaysFailed: ["sctp"] }, /^relaysFailed/],
    [{ received: { frames: 2 ** 60 } }, /^received\.frames/],
  ]) {
    const { error } = await alice.raw("report", { ...REPORT, ...change });
    assert.equal(error.code, "invalid_message");
    assert.match(error.message, field);
  }
  assert.ok(
    !lines().some(({ event, room }) => event === "client.report" && room === hashed("broken")),
  );
});

test("what a page failed at is found by the id that it shows, before a join too", async () => {
  const alice = await new QuickClient(server).prepare("failure");
  const message = " Your camera\nis used by \u202eanother program. ";
  const failure = { id: "5f1a-77", code: "device_busy", message, agoMs: 1500 };
  assert.deepEqual(await alice.request("reportFailure", failure), {});
  const [line] = await linesOf("client.failed", "failure");
  assert.deepEqual(
    [line.level, line.error_id, line.code, line.message, line.ago_ms, line.participant],
    [
      "warning",
      "5f1a-77",
      "device_busy",
      "Your camera is used by another program.",
      1500,
      undefined,
    ],
  );
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => alice.raw("reportFailure", { ...failure, id: `f${i}` })),
  );
  assert.ok(answers.filter(({ error }) => error?.code === "rate_limited").length >= 12);
  const { error } = await alice.raw("reportFailure", { ...failure, message: "x".repeat(301) });
  assert.equal(error.code, "invalid_message");
});

test("a room that goes to another media instance says from which", async () => {
  const alice = await join("moving");
  const [{ media }] = await linesOf("participant.joined", "moving");
  await server.tell(`away?media=${media}`);
  await alice.next("transportClosed");
  const [moved] = await linesOf("room.moved", "moving");
  assert.deepEqual([moved.level, moved.from], ["warning", media]);
  assert.notEqual(moved.media, media);
  await server.tell(`return?media=${media}`);
});

test("no name, no message and no name of a room is in any line", async () => {
  const alice = await join("Secret-Garden", { name: "Ada Lovelace" });
  const bob = await join("Secret-Garden", { name: "Charles Babbage" });
  const texts = ["for everybody", "for Charles alone"];
  await alice.request("sendMessage", { id: "a", text: texts[0] });
  await alice.request("sendMessage", { id: "b", text: texts[1], to: bob.id });
  await alice.request("typing", { to: bob.id });
  await alice.raw("sendMessage", { id: "c", text: texts[1], to: "nobody" });
  await alice.request("leaveRoom");
  await linesOf("participant.left", "Secret-Garden");
  for (const secret of ["Ada", "Lovelace", "Babbage", "Secret-Garden", ...texts]) {
    assert.ok(!server.log().includes(secret), secret);
  }
});
