import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dtlsParameters, QuickClient, startServer, until } from "./harness.mjs";

let server;
before(async () => (server = await startServer("--media=3")));
after(() => server.stop());

const join = (room) => new QuickClient(server).join(room);
const home = (id) => server.homes().then((homes) => homes[id]);

/** One client in each of so many rooms; the rooms' names by the instance that has them. */
async function fill(prefix, count) {
  const clients = new Map();
  for (let i = 0; i < count; i++) {
    const before = await server.homes();
    const client = await join(`${prefix}-${i}`);
    const now = await server.homes();
    const [id] = Object.keys(now).filter((each) => now[each].rooms > before[each].rooms);
    clients.set(client, id);
  }
  return clients;
}

async function recreate(client) {
  const send = { dtlsParameters: dtlsParameters() };
  const reply = await client.request("recreateTransports", { transports: { send, recv: send } });
  client.useTransports(reply.transports);
}

test("rooms are spread over all media services, and a room stays together", async () => {
  const clients = await fill("spread", 12);
  assert.deepEqual([...new Set(clients.values())].sort(), ["m1", "m2", "m3"]);
  const before = await server.homes();
  const alice = await join("spread-0");
  assert.deepEqual(await server.homes(), before, "no room more");
  await alice.produce("audio", "mic");
  const [bob] = clients.keys();
  await bob.consume((await bob.next("newConsumers")).consumers);
});

test("when one dies its rooms alone lose media, and go on elsewhere", async () => {
  const clients = await fill("dies", 12);
  await server.tell("away?media=m2");
  const lost = [...clients].filter(([, id]) => id === "m2").map(([client]) => client);
  assert.ok(lost.length > 0);
  for (const client of lost) {
    assert.equal((await client.next("transportClosed")).reason, "media-lost");
    await recreate(client);
    assert.deepEqual(await client.produce("audio", "mic"), { id: "mic" });
  }
  assert.equal((await home("m2")).rooms, 0);
  for (const [client, id] of clients) {
    if (id !== "m2") assert.equal(client.count("transportClosed"), 0);
  }
  await join("dies-anew");
  await server.tell("return?media=m2");
  await until(async () => (await home("m2")).isUp, "the return");
  const abandoned = await server.media();
  assert.ok(
    lost.every((client) => abandoned.transports[client.send.id]),
    "the new ones",
  );
});

test("a media service that is new under its address loses its own rooms", async () => {
  const clients = await fill("new", 12);
  await server.tell("restart?media=m3");
  for (const [client, id] of clients) {
    if (id !== "m3") continue;
    await client.next("transportClosed");
    await recreate(client);
  }
  for (const [client, id] of clients) {
    if (id !== "m3") assert.equal(client.count("transportClosed"), 0);
  }
});

test("one that comes late gets rooms, one that is not listed gets none but keeps what it has", async () => {
  await server.tell("list?media=m1");
  const early = await fill("early", 6);
  assert.deepEqual([...new Set(early.values())], ["m1"]);
  await server.tell("list?media=m1,m2,m3");
  await until(async () => (await home("m2")).isUp, "m2");
  const late = await fill("late", 12);
  assert.equal(new Set(late.values()).size, 3);
  await server.tell("list?media=m2,m3");
  const [client] = early.keys();
  assert.deepEqual(await client.produce("audio", "mic"), { id: "mic" });
  assert.equal(client.count("transportClosed"), 0);
  await server.tell("list?media=m1,m2,m3");
});

test("where none is up a join is refused, and a room finds one that comes back", async () => {
  const alice = await join("none");
  for (const id of ["m1", "m2", "m3"]) await server.tell(`away?media=${id}`);
  await until(async () => !(await server.status()).mediaIsUp, "the break");
  const bob = await new QuickClient(server).prepare("none");
  const refused = bob.request("joinRoom", bob.joinPayload("none"));
  await assert.rejects(refused, { code: "media_unavailable" });
  assert.equal(alice.count("transportClosed"), 0);
  await server.tell("return?media=m1");
  await until(async () => (await server.status()).mediaIsUp, "the return");
  await until(async () => (await server.homes()).m2.rooms === 0, "the rooms of m2");
  await until(async () => (await server.homes()).m3.rooms === 0, "the rooms of m3");
  if (alice.count("transportClosed") > 0) await recreate(alice);
  assert.deepEqual(await alice.produce("audio", "mic"), { id: "mic" });
  for (const id of ["m2", "m3"]) await server.tell(`return?media=${id}`);
});
