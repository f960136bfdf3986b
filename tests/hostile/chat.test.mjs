// Spiteful chat while a call is in progress: refused with a sentence, shown to nobody, and nothing of
// the call is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SocketIoClient } from "./support/socketio_client.mjs";
import { Target } from "./support/target.mjs";

const REFUSALS = "confab_signaling_refusals_total";
/** 20 at once, and 5 in each second that it takes. */
const WRITTEN_MOST = 60;
const THOUSAND = 1000;

let target;
before(async () => (target = await Target.start()));
after(() => target?.stop());

async function enter(room, name) {
  const client = await SocketIoClient.connect(target.pagePort, room);
  client.id = (await client.ask("joinRoom", { room, name })).participantId;
  return client;
}

/** The texts that a client was told of; its answer comes after the events. */
async function told(client) {
  await client.ask("getProducers", {});
  return client.events
    .filter(({ name }) => name === "message")
    .map(({ payload }) => payload.message);
}

test("a text of nearly a megabyte is refused, and the connection goes on", async () => {
  await target.whileCalling(
    async ({ room }) => {
      const [alice, mallory] = [await enter(room, "Alice"), await enter(room, "Mallory")];
      const { error } = await mallory.ask("sendMessage", { id: "1", text: "x".repeat(990_000) });
      assert.equal(error.code, "invalid_message");
      assert.match(error.message, /^text must be/);
      assert.ok((await mallory.ask("sendMessage", { id: "2", text: "short" })).message);
      assert.deepEqual(
        (await told(alice)).map(({ text }) => text),
        ["short"],
      );
      for (const client of [alice, mallory]) client.close();
    },
    { moved: { [REFUSALS]: 1 } },
  );
});

test("a thousand messages at once are mostly refused, and others hear no more than may be", async () => {
  await target.whileCalling(
    async ({ room }) => {
      const [alice, mallory] = [await enter(room, "Alice"), await enter(room, "Mallory")];
      const send = (_, i) => mallory.ask("sendMessage", { id: `${i}`, text: `${i}` });
      const answers = await Promise.all(Array.from({ length: THOUSAND }, send));
      const written = answers.filter(({ message }) => message);
      assert.ok(written.length >= 1 && written.length <= WRITTEN_MOST, `${written.length} written`);
      for (const { error } of answers.filter((each) => each.error)) {
        assert.equal(error.code, "rate_limited");
        assert.ok(error.retry_after_ms > 0);
      }
      assert.deepEqual(
        (await told(alice)).map(({ id }) => id),
        written.map(({ message }) => message.id),
      );
      for (const client of [alice, mallory]) client.close();
    },
    { moved: { [REFUSALS]: THOUSAND - WRITTEN_MOST } },
  );
});

test("nobody writes in another's name, whatever is sent along", async () => {
  await target.whileCalling(
    async ({ room }) => {
      const [alice, ben] = [await enter(room, "Alice"), await enter(room, "Ben")];
      const mallory = await enter(room, "Mallory");
      const forged = { from: ben.id, name: "Ben", participantId: ben.id, mine: false, number: 1 };
      await mallory.ask("sendMessage", { id: "1", text: "I am Ben", ...forged, sentAt: 1 });
      await mallory.ask("typing", { from: ben.id, participantId: ben.id });
      const [message, ...more] = await told(alice);
      assert.deepEqual(more, []);
      assert.equal(message.from, mallory.id);
      assert.equal(message.name, "Mallory");
      assert.ok(message.sentAt > 1);
      const typing = alice.events.filter(({ name }) => name === "typing");
      assert.deepEqual(
        [...new Set(typing.map(({ payload }) => payload.participantId))],
        [mallory.id],
      );
      for (const client of [alice, ben, mallory]) client.close();
    },
    { moved: {} },
  );
});

test("markup stays text, and overrides and control characters reach nobody", async () => {
  await target.whileCalling(
    async ({ room }) => {
      const [alice, mallory] = [await enter(room, "Alice"), await enter(room, "Mallory")];
      const markup = '<img src=x onerror="alert(1)"><script>1</script>';
      await mallory.ask("sendMessage", { id: "1", text: markup });
      await mallory.ask("sendMessage", {
        id: "2",
        text: "a\u202egpj.exe\u0000\u001b[31m\u2066b\u2069",
      });
      const texts = (await told(alice)).map(({ text }) => text);
      assert.deepEqual(texts, [markup, "agpj.exe[31mb"]);
      for (const client of [alice, mallory]) client.close();
    },
    { moved: {} },
  );
});

test("a private message to somebody who has left is refused, and goes to nobody", async () => {
  await target.whileCalling(
    async ({ room }) => {
      const [alice, ben] = [await enter(room, "Alice"), await enter(room, "Ben")];
      const mallory = await enter(room, "Mallory");
      await ben.ask("leaveRoom", {});
      const { error } = await mallory.ask("sendMessage", { id: "1", text: "psst", to: ben.id });
      assert.equal(error.code, "participant_not_found");
      assert.deepEqual(await told(alice), []);
      for (const client of [alice, ben, mallory]) client.close();
    },
    { moved: { [REFUSALS]: 1 } },
  );
});
