// One call explained by `confab logs`, over a folder of lines that the test writes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../services/support/waiting.mjs";
import { hashedRoom, LogViewer, line } from "./support/log_viewer.mjs";

const STAMP = "20261129T064413.1Z.jsonl";
const signalingFile = `signaling-s1.${STAMP}`;
const mediaFile = `media-m1.${STAMP}`;

let viewer;
before(async () => {
  viewer = await LogViewer.start({ withoutPages: true });
});
after(() => viewer?.stop());

const pathOf = (room) => `/api/v1/logs/rooms/${room}`;

/** The answer, once `isReady` holds of it: the folder is read four times a second. */
async function explained(room, isReady) {
  let answer;
  await until(
    async () => {
      const { status, text } = await viewer.ask(pathOf(room));
      answer = JSON.parse(text);
      return status === 200 && isReady(answer);
    },
    () => `the explanation of ${room}: ${JSON.stringify(answer)}`,
  );
  return answer;
}

/** Writers of the lines of one participant in a room, by signaling and by media. */
function writers(name, participant) {
  const of = { room: hashedRoom(name), participant, session: "s1-1", trace: `t-${participant}` };
  return {
    says: (event, fields = {}) => viewer.write(signalingFile, line({ ...of, event, ...fields })),
    media: (event, fields = {}) =>
      viewer.write(
        mediaFile,
        line({ ...of, service: "media", instance: "m1", event, transport: participant, ...fields }),
      ),
  };
}

function joins(name, participant, { protocol = "udp" } = {}) {
  const { says, media } = writers(name, participant);
  media("transport.created", { kind: "webrtc" });
  says("participant.joined", { media: "m1", took_us: 15_300, reach_us: 300 });
  const path = { protocol, local: "203.0.113.7:40000", remote: "private:a" };
  media("transport.connected", { ...path, after_us: 90_000 });
  says("transport.connected", { transport: participant, direction: "both", after_us: 91_000 });
  media("transport.report", { ...path, state: "connected", checks: 7, packets_received: 900 });
  return { says, media };
}

const causes = ({ findings }) => findings.map(({ cause }) => cause);

describe("the answer", () => {
  test("tells of a healthy call all that is known, and finds nothing", async () => {
    const { says } = joins("healthy", "ada");
    says("client.report", { phase: "joined", stage_reply_us: 20_000, received_packets: 800 });
    const told = await explained("healthy", ({ participants }) => participants[0]?.client);
    assert.equal(told.room, hashedRoom("healthy"));
    assert.equal(told.live, true);
    assert.equal(told.to, null);
    assert.equal(told.complete, true);
    assert.deepEqual(told.findings, []);
    assert.deepEqual(told.failures, []);
    assert.deepEqual(told.media, [{ instance: "m1", from: told.media[0].from, to: null }]);
    const [ada] = told.participants;
    assert.deepEqual(ada.stages, [
      { name: "reach", ms: 0.3 },
      { name: "all", ms: 15.3 },
      { name: "connect", ms: 91 },
      { name: "client-reply", ms: 20 },
    ]);
    assert.equal(ada.transports[0].protocol, "udp");
    assert.equal(ada.transports[0].direction, "both");
    assert.equal(ada.transports[0].figures.packets_received, 900);
    assert.equal(ada.client.phase, "joined");
    assert.equal(ada.client.received_packets, 800);
  });

  test("is found by the room's name and by what lines have in its place", async () => {
    joins("two-ways", "ada");
    const byName = await explained("two-ways", ({ participants }) => participants.length === 1);
    const byHash = await explained(hashedRoom("two-ways"), () => true);
    assert.deepEqual(byHash.participants, byName.participants);
  });

  test("names two causes, and those alone, with the lines that say so", async () => {
    joins("troubled", "ada", { protocol: "tcp" });
    const { says } = joins("troubled", "bo");
    says("connection.refused", {
      participant: "",
      level: "warning",
      reason: "expired",
      code: "unauthorized",
      message: "The token has expired: ask for a new link.",
      error_id: "e-77",
    });
    const told = await explained("troubled", ({ findings }) => findings.length === 2);
    assert.deepEqual(causes(told), ["token_expired", "udp_blocked"]);
    assert.equal(told.findings[1].participant, "ada");
    for (const { sentence, advice, lines } of told.findings) {
      assert.match(sentence, /^[A-Z0-9].*\.$/);
      assert.match(advice, /\.$/);
      assert.ok(lines.length > 0);
    }
    const [failure] = told.failures;
    assert.equal(failure.error_id, "e-77");
    assert.equal(failure.line, told.findings[0].lines[0]);
    const { lines } = await viewer.search(`?text=e-77`);
    assert.equal(lines[0].id, failure.line, "the id finds the line");
  });

  test("chooses a call by a time", async () => {
    joins("twice", "ada").says("participant.left", { reason: "left" });
    const first = await explained("twice", ({ live }) => !live);
    for (let ms = 0; ms < 61_000; ms += 1) line(); // a minute and more goes by
    joins("twice", "bo");
    const second = await explained("twice", ({ calls }) => calls.length === 2);
    assert.equal(second.participants[0].id, "bo");
    const { text } = await viewer.ask(`${pathOf("twice")}?at=${first.to}`);
    assert.equal(JSON.parse(text).participants[0].id, "ada");
  });
});

test("a room without lines is not found, a wrong time is refused, in sentences", async () => {
  const unknown = await viewer.ask(pathOf("nobody"));
  assert.equal(unknown.status, 404);
  assert.equal(JSON.parse(unknown.text).error.code, "room_not_found");
  const wrong = await viewer.ask(`${pathOf("nobody")}?at=noon`);
  assert.equal(wrong.status, 400);
  assert.match(JSON.parse(wrong.text).error.message, /^at is a UTC time/);
  assert.equal((await viewer.ask(pathOf("x".repeat(65)))).status, 400);
});

test("lines of somebody who means no good are read as far as they make sense", async () => {
  const { says, media } = joins("hostile", "ada");
  const many = "\u202e<img src=x onerror=alert(1)>\u0000".repeat(50);
  says("client.failed", { code: many, message: many, error_id: { a: 1 }, ago_ms: -5 });
  media("transport.report", { checks: 1e300, transport: ["x"], state: many });
  viewer.write(signalingFile, `{"room":"${hashedRoom("hostile")}","event":"participant.jo`);
  viewer.write(signalingFile, `{"room":"${hashedRoom("hostile")}","a":${"[".repeat(40)}`);
  says("participant.joined", { participant: "x".repeat(300) });
  const told = await explained("hostile", ({ failures }) => failures.length > 0);
  assert.deepEqual(
    told.participants.map(({ id }) => id),
    ["ada"],
  );
  assert.ok(told.failures[0].message.length < 500);
});
