import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { QuickClient, startServer, until, within } from "./harness.mjs";

const GRACE_MS = 5000;
let server;
before(async () => (server = await startServer(`--grace-ms=${GRACE_MS}`)));
after(() => server.stop());

const join = (room, extra) => new QuickClient(server).join(room, extra);

async function comeBack(lost, seq) {
  const again = await new QuickClient(server).prepare();
  const { resumeToken } = lost.reply;
  const reply = await again.request("resume", { resumeToken, seq });
  return { again, reply };
}

test("a broken connection is resumed without a second participant, and nothing is lost", async () => {
  const alice = await join("resume", { name: "Alice" });
  const bob = await join("resume", { name: "Bob" });
  await alice.produce("audio", "mic");
  const { seq } = await bob.next("newConsumers");
  bob.drop();
  const lost = await alice.next("participantUpdated");
  assert.deepEqual(lost, { seq: lost.seq, participantId: bob.id, connected: false });
  await alice.produce("video", "cam");
  await alice.request("pauseProducer", { producerId: "mic" });
  await until(async () => Object.keys((await server.media()).consumers).length >= 2, "consumers");

  const { again, reply } = await comeBack(bob, seq);
  assert.equal(reply.resumed, true);
  const names = reply.events.map(({ name }) => name).sort();
  assert.deepEqual(names, ["newConsumers", "producerAdded", "producerUpdated"]);
  const numbers = reply.events.map(({ payload }) => payload.seq);
  assert.deepEqual(numbers, [seq + 1, seq + 2, seq + 3]);
  assert.equal(reply.seq, seq + 3);
  const back = await alice.next("participantUpdated");
  assert.deepEqual(back, { seq: back.seq, participantId: bob.id, connected: true });
  assert.equal(alice.count("participantJoined") + alice.count("participantLeft"), 1);

  await alice.request("setName", { name: "Alicia" });
  assert.equal((await again.next("participantUpdated")).seq, reply.seq + 1);
  const consumers = reply.events.find(({ name }) => name === "newConsumers").payload.consumers;
  await again.request("consumersReady", { consumerIds: consumers.map(({ id }) => id) });
});

test("the numbers of the events rise by one for each participant", async () => {
  const alice = await join("numbers");
  const bob = await join("numbers");
  for (const name of ["a", "b", "c"]) await bob.request("setName", { name });
  await bob.produce("audio", "mic");
  await alice.next("newConsumers");
  await bob.request("leaveRoom");
  await alice.next("participantLeft", ({ seq }) => {
    assert.equal(seq, 8);
    return true;
  });
  const numbers = alice.events.map(({ payload }) => payload.seq).filter((seq) => seq !== undefined);
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 7]); // 6 and 8 were taken out above
});

// As often as the rate limit lets it.
async function rename(client, name) {
  for (;;) {
    try {
      return await client.request("setName", { name });
    } catch (error) {
      if (error.code !== "rate_limited") throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retry_after_ms));
    }
  }
}

test("who has missed too much gets the whole state", async () => {
  const alice = await join("state", { name: "Alice" });
  const bob = await join("state");
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  bob.drop();
  await alice.next("participantUpdated");
  for (let i = 0; i < 150; ++i) await rename(alice, `A${i}`);
  for (let i = 0; i < 150; ++i) await rename(alice, `B${i}`);
  const { reply } = await comeBack(bob, 1);
  assert.deepEqual(reply.events, []);
  assert.equal(reply.state.participants[0].name, "B149");
  assert.equal(reply.state.participants[0].producers.length, 1);
  assert.equal(reply.state.consumers.length, 1);
  assert.ok(reply.seq > 300);
});

test("after the grace period the participant has left, and there is nothing to resume", async () => {
  const alice = await join("grace");
  const bob = await join("grace");
  bob.drop();
  await alice.next("participantUpdated");
  const left = await alice.next("participantLeft");
  assert.equal(left.participantId, bob.id);
  assert.equal(left.reason, "timeout");
  const again = await new QuickClient(server).prepare();
  const resume = again.request("resume", { resumeToken: bob.reply.resumeToken, seq: 0 });
  await assert.rejects(resume, { code: "session_expired" });
  const media = await server.media();
  assert.equal(media.transports[bob.send.id], undefined);
});

test("a page that was reloaded is the same participant with new transports", async () => {
  const alice = await join("reload", { name: "Alice" });
  const bob = await join("reload", { name: "Bob" });
  await bob.produce("audio", "mic");
  const first = await alice.next("newConsumers");
  bob.drop();
  await alice.next("participantUpdated", ({ connected }) => connected === false);
  const again = await join("reload", { name: "Bob", resume: bob.reply.resumeToken });
  assert.equal(again.id, bob.id);
  assert.notEqual(again.send.id, bob.send.id);
  assert.deepEqual((await alice.next("consumersClosed")).consumerIds, [first.consumers[0].id]);
  await alice.next("producerRemoved");
  await alice.next("participantUpdated", ({ connected }) => connected === true);
  assert.equal(again.reply.participants.length, 1);
  assert.equal((await server.media()).transports[bob.send.id], undefined);
  await again.produce("audio", "mic");
  await alice.next("newConsumers");
  assert.equal(alice.count("participantLeft"), 0);
  assert.equal(alice.count("participantJoined"), 1);
});

test("the same participant from elsewhere replaces the connection", async () => {
  const alice = await join("replace");
  const bob = await join("replace");
  const ended = within(once(alice.socket, "disconnect"), "the end");
  const again = await join("replace", { resume: alice.reply.resumeToken });
  await alice.next("replaced");
  await ended;
  assert.equal(again.id, alice.id);
  assert.equal(bob.count("participantJoined"), 0);
  assert.equal(again.reply.participants.length, 1);
});

test("a token of another room leaves that room", async () => {
  const alice = await join("from");
  const bob = await join("from");
  const moved = await join("to", { resume: bob.reply.resumeToken });
  assert.notEqual(moved.id, bob.id);
  assert.equal((await alice.next("participantLeft")).participantId, bob.id);
});

test("a token that is changed in one place is worthless", async () => {
  const alice = await join("forge");
  const { resumeToken } = alice.reply;
  const client = await new QuickClient(server).prepare();
  for (const at of [0, 30, 60, resumeToken.length - 1]) {
    const letter = resumeToken[at] === "a" ? "b" : "a";
    const forged = resumeToken.slice(0, at) + letter + resumeToken.slice(at + 1);
    const resume = client.request("resume", { resumeToken: forged, seq: 0 });
    await assert.rejects(resume, { code: "session_expired" });
  }
  assert.equal(alice.count("replaced"), 0);
});

test("a connection that breaks during its join leaves nobody behind", async () => {
  const alice = await join("broken");
  const bob = await new QuickClient(server).prepare("broken");
  bob.socket.emit("joinRoom", bob.joinPayload("broken"), () => {});
  bob.socket.io.engine.once("drain", () => bob.drop());
  await until(async () => {
    const { connections } = await server.status();
    return connections === server.clients.filter(({ socket }) => socket.connected).length;
  }, "the end of the connection");
  await until(async () => {
    const { participants } = await alice.request("lookRoom", { room: "broken" });
    return participants.length === 1;
  }, "the one who never came");
});
