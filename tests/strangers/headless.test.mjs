// Strangers and confab's own participants without browsers (`confab bench call`) in one room.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeNoiseClip } from "../bench/ivf.mjs";
import { whatIsTested } from "../e2e/support/confab_server.mjs";
import { until } from "../e2e/support/until.mjs";
import { STRANGERS } from "./strangers/all.mjs";
import { Participant } from "./support/participant.mjs";
import { startServer } from "./support/server.mjs";

/** Of each who sends: a microphone and a camera. */
const STREAMS = 2;

let server;
let clip;

before(async () => {
  server = await startServer();
  clip = join(server.folder, "clip.ivf");
  writeNoiseClip(clip);
});

after(() => server?.stop());

/** One who sends and one who receives, until `leave`, which answers their figures. */
function benchCall(room) {
  const people = ["--publishers", "1", "--subscribers", "1", "--seconds", "0"];
  const arguments_ = ["bench", "call", server.origin, "--clip", clip, "--room", room, ...people];
  let child;
  const ended = new Promise((done) => {
    child = execFile(whatIsTested().binary, arguments_, (error, out, complaints) =>
      done({ error, out, complaints }),
    );
  });
  return async function leave() {
    child.kill("SIGTERM");
    const { error, out, complaints } = await ended;
    if (error) throw new Error(`confab bench: ${complaints || error.message}`);
    return JSON.parse(out.trim().split("\n").at(-1)).all;
  };
}

/** The server's own count of consumers; it is made once a second. */
function untilConsumers(count) {
  return until(`there are ${count} consumers`, async () => {
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    const [, there] = /^confab_media_consumers (\d+)$/m.exec(metrics);
    return Number(there) === count ? null : `there are ${there}`;
  });
}

test("strangers and headless participants receive all of each other", async (context) => {
  const options = { over: "udp", confabIs: "server" };
  const people = STRANGERS.map((stranger) => new Participant(stranger, options));
  let leave;
  try {
    await Promise.all(people.map((person) => person.join(server.origin, "headless-1")));
    leave = benchCall("headless");
    const forSubscriber = (people.length + 1) * STREAMS;
    await untilConsumers(forSubscriber);
    await Promise.all(people.map((person) => person.receive()));
    await Promise.all(people.map((person) => person.play()));
    for (const person of people) {
      await context.test(`${person.name} misses nothing of the publisher`, () =>
        person.untilWithoutGaps((participantId) => people.every(({ id }) => id !== participantId)),
      );
    }
    const figures = await leave();
    await context.test("the subscriber misses nothing of anyone", () => {
      const all = JSON.stringify(figures);
      assert.equal(figures.consumers, forSubscriber, all);
      assert.equal(figures.silentConsumers, 0, all);
      assert.equal(figures.packetsMissing + figures.soundPacketsMissing, 0, all);
      assert.equal(figures.framesIncomplete, 0, all);
      assert.equal(figures.framesDecodable, figures.framesComplete, all);
    });
  } finally {
    await leave?.().catch(() => undefined);
    for (const person of people) person.close();
  }
});
