// Who comes in, and what they may do: tokens at the handshake, at the join and in the call.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { io } from "socket.io-client";
import { QuickClient, startServer, within } from "./harness.mjs";

let server;
let small;

before(async () => {
  server = await startServer("--renewal-ms=50");
  small = await startServer("--participants=1");
});
after(async () => {
  await server.stop();
  await small.stop();
});

/** A token as the gateway makes it. */
async function tokenFor(room, query = "", from = server) {
  const url = `${from.url}/api/v1/rooms/${room}/guest-tokens${query}`;
  return (await (await fetch(url, { method: "POST" })).json()).token;
}

/** What a handshake with this `auth` comes to: "connected", or the error's data. */
async function handshake(auth) {
  const socket = io(server.url, { auth, transports: ["websocket"], forceNew: true });
  try {
    const connected = once(socket, "connect").then(() => "connected");
    const refused = once(socket, "connect_error").then(([error]) => error.data);
    return await within(Promise.race([connected, refused]), "an answer to the handshake");
  } finally {
    socket.disconnect();
  }
}

const join = (room, extra, from = server) => new QuickClient(from).join(room, extra);

/** A participant whose token was made with this query. */
async function joinWith(room, query) {
  return join(room, { token: await tokenFor(room, query) });
}

test("a handshake without a token is refused, and so is one with something else", async () => {
  for (const auth of [{}, { token: "" }, { token: "abc" }, { token: 7 }, { token: null }]) {
    assert.equal((await handshake(auth)).code, "unauthorized", JSON.stringify(auth));
  }
  assert.equal(await handshake({ token: await tokenFor("a") }), "connected");
});

test("a token whose signature, payload or header was changed is refused", async () => {
  const parts = (await tokenFor("a")).split(".");
  for (const at of [0, 1, 2]) {
    const changed = [...parts];
    const middle = Math.floor(changed[at].length / 2);
    const other = changed[at][middle] === "A" ? "B" : "A";
    changed[at] = changed[at].slice(0, middle) + other + changed[at].slice(middle + 1);
    assert.equal((await handshake({ token: changed.join(".") })).code, "unauthorized", String(at));
  }
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
  assert.equal((await handshake({ token: `${none}.${parts[1]}.` })).code, "unauthorized");
});

test("a token opens its own room alone, on every event that names one", async () => {
  const client = await new QuickClient(server).prepare("mine");
  await assert.rejects(client.request("lookRoom", { room: "other" }), { code: "forbidden" });
  const { transports, rtpCapabilities } = client.joinPayload("other");
  const preparation = { room: "other", rtpCapabilities, transports: { recv: transports.recv } };
  await assert.rejects(client.request("prepareJoin", preparation), { code: "forbidden" });
  await assert.rejects(client.request("joinRoom", client.joinPayload("other")), {
    code: "forbidden",
  });
  assert.equal((await client.request("lookRoom", { room: "mine" })).exists, false);
});

test("a token lets one participant in", async () => {
  const token = await tokenFor("once");
  const first = await join("once", { token });
  await assert.rejects(join("once", { token }), { code: "unauthorized" });
  await first.request("leaveRoom", {});
  await assert.rejects(first.request("joinRoom", first.joinPayload("once", { token })), {
    code: "unauthorized",
  });
});

test("a join token gives nothing to who comes back, and is not used by it", async () => {
  const hosts = await tokenFor("raised", "?role=moderator&name=Host&identity=host");
  const guest = await join("raised", { name: "Mallory" });
  const comesBackTheSame = async (resume) => {
    const { reply } = await join("raised", { resume, token: hosts });
    const { participantId, name, role, grants } = guest.reply;
    assert.equal(reply.participantId, participantId);
    assert.deepEqual([reply.name, reply.role, reply.grants], [name, role, grants]);
    return reply.resumeToken;
  };
  const resume = await comesBackTheSame(guest.reply.resumeToken);
  assert.equal((await join("raised", { token: hosts })).reply.role, "moderator");
  await comesBackTheSame(resume);
});

test("a token's name is shown cleaned, and cut where it is too long", async () => {
  const shown = async (name) => {
    const query = `?name=${encodeURIComponent(name)}`;
    const token = await tokenFor("named", query);
    return (await join("named", { token, name: "Chosen" })).reply.name;
  };
  assert.equal(await shown("  Ada\u202e \n Lovelace\u0007"), "Ada Lovelace");
  assert.equal(await shown("é".repeat(65)), "é".repeat(64));
  assert.equal(await shown("\u200b"), "Chosen");
});

test("a token whose join failed lets its bearer in later", async () => {
  const first = await join("full", {}, small);
  const token = await tokenFor("full", "", small);
  const second = await new QuickClient(small).prepare("full");
  const ask = () => second.request("joinRoom", second.joinPayload("full", { token }));
  await assert.rejects(ask(), { code: "room_full" });
  await first.request("leaveRoom", {});
  assert.equal((await ask()).role, "guest");
});

test("who was removed is told, cannot resume, and others hear why", async () => {
  const host = await joinWith("hosted", "?role=moderator");
  const guest = await join("hosted");
  const ended = once(guest.socket, "disconnect");
  await host.request("removeParticipant", { participantId: guest.reply.participantId });
  assert.deepEqual(await guest.next("removed"), {});
  await within(ended, "the end of the connection");
  assert.equal((await host.next("participantLeft")).reason, "removed");
  const again = new QuickClient(server, { room: "hosted" });
  await again.connected();
  const { resumeToken } = guest.reply;
  await assert.rejects(again.request("resume", { resumeToken, seq: 0 }), {
    code: "session_expired",
  });
});

test("only a moderator removes and mutes, and only in the own room", async () => {
  const host = await joinWith("theirs", "?role=moderator");
  const guest = await join("ours");
  const other = await join("ours");
  const target = { participantId: other.reply.participantId };
  await assert.rejects(guest.request("removeParticipant", target), { code: "forbidden" });
  await assert.rejects(guest.request("muteParticipant", target), { code: "forbidden" });
  await assert.rejects(host.request("removeParticipant", target), {
    code: "participant_not_found",
  });
  await assert.rejects(host.request("muteParticipant", target), { code: "participant_not_found" });
});

test("who was muted is told, others see it, the media service pauses, and it may unmute", async () => {
  const host = await joinWith("quiet", "?role=moderator");
  const guest = await join("quiet");
  await guest.produce("audio", "mic");
  const { producer } = await host.next("producerAdded");
  await host.request("muteParticipant", { participantId: guest.reply.participantId });
  assert.deepEqual(
    await guest.next("producerUpdated").then(({ producerId, paused }) => [producerId, paused]),
    ["mic", true],
  );
  assert.equal((await host.next("producerUpdated")).paused, true);
  assert.equal((await server.media()).producers[producer.id].paused, true);
  await guest.request("resumeProducer", { producerId: "mic" });
  assert.equal((await host.next("producerUpdated")).paused, false);
});

test("what the token does not grant is not sent", async () => {
  const guest = await joinWith("listening", "?without=video");
  assert.equal(guest.reply.grants.video, false);
  await guest.produce("video", "cam"); // answered locally, as always
  assert.equal((await guest.next("producerRefused")).error.code, "forbidden");
  assert.deepEqual(await guest.produce("audio", "mic"), { id: "mic" });
});

test("the resume token is renewed, opens the handshake, and admits nobody new", async () => {
  const guest = await join("renewed");
  const { resumeToken } = await guest.next("resumeToken");
  assert.notEqual(resumeToken, guest.reply.resumeToken);
  assert.equal(await handshake({ token: resumeToken }), "connected");
  const stranger = await new QuickClient(server).prepare("renewed");
  const payload = stranger.joinPayload("renewed", { token: resumeToken });
  await assert.rejects(stranger.request("joinRoom", payload), { code: "unauthorized" });
  const back = new QuickClient(server, { room: "renewed" });
  await back.connected();
  const resumed = await back.request("resume", { resumeToken, seq: guest.reply.seq });
  assert.equal(resumed.resumed, true);
});
