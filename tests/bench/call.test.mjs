// Rooms of people without browsers: everything that is sent arrives, and what is lost is repeated.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConfabServer, whatIsTested } from "../e2e/support/confab_server.mjs";
import { writeNoiseClip } from "./ivf.mjs";

/** What may be sent in a room before all of its receivers are there. */
const BEFORE_ALL_JOINED = 250;

let folder;
let server;
let clip;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-bench-"));
  // Nobody looks at pages here but the server, once, when it starts.
  process.env.CONFAB_WEB_DIR = join(folder, "pages");
  mkdirSync(process.env.CONFAB_WEB_DIR);
  writeFileSync(join(process.env.CONFAB_WEB_DIR, "index.html"), "<!doctype html><title>-</title>");
  clip = join(folder, "clip.ivf");
  writeNoiseClip(clip);
  server = await ConfabServer.start(join(folder, "server"));
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `confab bench call`: its status, what it said, and its figures. */
function call(...flags) {
  const arguments_ = ["bench", "call", server.origin, "--clip", clip, ...flags];
  return new Promise((done) => {
    execFile(whatIsTested().binary, arguments_, (error, out, complaints) => {
      const line = out.trim().split("\n").at(-1);
      const figures = line.startsWith("{") ? JSON.parse(line) : undefined;
      done({ status: error?.code ?? 0, out, complaints, figures });
    });
  });
}

test("everyone receives all that the others of their room send", async () => {
  const file = join(folder, "call.json");
  const two = ["--rooms", "2", "--publishers", "2", "--subscribers", "2"];
  const pid = ["--server-pid", String(server.pid)];
  const ended = await call(...two, "--seconds", "3", "--json", file, ...pid);
  assert.equal(ended.status, 0, ended.complaints);
  const { all, rooms, server: load } = ended.figures;
  assert.equal(rooms.length, 2);
  for (const room of rooms) {
    assert.equal(room.consumers, 8);
    assert.equal(room.silentConsumers, 0);
    assert.equal(room.stoppedConsumers, 0);
    const wanted = room.packetsSent * room.subscribers - BEFORE_ALL_JOINED;
    assert.ok(room.packetsReceived >= wanted, JSON.stringify(room));
    assert.ok(room.framesDecodable > 0 && room.packetsSent > 0, JSON.stringify(room));
    assert.equal(room.framesIncomplete, 0, JSON.stringify(room));
  }
  assert.ok(load.residentKb > 0, JSON.stringify(load));
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), ended.figures);
  assert.match(ended.out, /^all +\d+/m);
});

test("what is lost is asked for and repeated", async () => {
  const ended = await call("--room", "lossy", "--seconds", "3", "--lose", "50");
  assert.equal(ended.status, 0, ended.complaints);
  const { all } = ended.figures;
  assert.ok(all.packetsThrownAway > 0, JSON.stringify(all));
  assert.ok(all.packetsRecovered > 0, JSON.stringify(all));
  assert.ok(all.nackedByReceivers >= all.packetsRecovered, JSON.stringify(all));
});

/** A call that goes on until it is told to end, and what it says meanwhile. */
function crowd(room, ...flags) {
  const ask = ["bench", "call", server.origin, "--clip", clip, "--room", room, "--seconds", "0"];
  const child = spawn(whatIsTested().binary, [...ask, ...flags]);
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += text));
  child.stderr.on("data", (text) => (said.err += text));
  const ended = once(child, "close");
  const gone = ended.then(() => Promise.reject(new Error(`it ended: ${said.err}`)));
  gone.catch(() => {});
  return {
    said,
    /** Until what it has said on stdout fits. */
    async until(fits) {
      while (!fits(said.out)) await Promise.race([once(child.stdout, "data"), gone]);
    },
    /** Its status and its figures. */
    async end() {
      child.kill("SIGTERM");
      const [status] = await ended;
      const { all } = JSON.parse(said.out.trim().split("\n").at(-1));
      return { status, all };
    },
    kill: () => child.kill("SIGKILL"),
  };
}

const areIn = (out) => out.includes("participants are in");
const COME_BACK = ["--come-back", "60", "--max-missing", "100"];

test("who is cut off comes back, and says how long it heard nobody", async () => {
  const people = crowd("back", "--publishers", "1", "--subscribers", "2", ...COME_BACK);
  try {
    await people.until(areIn);
    await server.kill();
    await server.start();
    // Five seconds apart it says how many packets have come, of last stays alone, and who is away.
    const before = people.said.out.length;
    await people.until((out) => {
      const line = /(\d+) packets received[^\n]* frames\n$/.exec(out.slice(before));
      return Number(line?.[1] ?? 0) >= 100;
    });
    const { status, all } = await people.end();
    assert.equal(status, 0, people.said.err);
    assert.ok(all.soundGapsMs.length >= 2, JSON.stringify(all));
    assert.ok(all.packetsReceived > 0, JSON.stringify(all));
  } finally {
    people.kill();
  }
});

test("who is not back at the end is named, and the status is 1", async () => {
  const people = crowd("gone", "--publishers", "1", "--subscribers", "2", ...COME_BACK);
  try {
    await people.until(areIn);
    await server.kill();
    await people.until((out) => out.includes(", 3 away\n"));
    const { status, all } = await people.end();
    const names = "publisher 1 of gone-1, subscriber 1 of gone-1, subscriber 2 of gone-1";
    const sentence = `confab bench: 3 of 3 are not back at the end: ${names}\n`;
    assert.deepEqual([status, people.said.err], [1, sentence]);
    // The silence in which it ended is a gap for both who listen.
    assert.ok(all.soundGapsMs.length >= 2, JSON.stringify(all));
  } finally {
    people.kill();
    await server.start();
  }
});

test("what stops on the way is told, and the status is 1", async () => {
  const people = crowd("stopped", "--publishers", "1", "--subscribers", "1");
  try {
    await people.until(areIn);
    process.kill(server.pid, "SIGSTOP");
    // Five seconds after they were in it says how far it is.
    await people.until((out) => out.includes("packets received"));
    const told = people.end();
    await people.until((out) => out.includes('"stoppedConsumers"'));
    process.kill(server.pid, "SIGCONT");
    const { status, all } = await told;
    const sentence = "on 2 of 2 streams nothing came any more while it was sent";
    assert.deepEqual([status, people.said.err], [1, `confab bench: ${sentence}\n`]);
    assert.equal(all.stoppedConsumers, 2);
    // The numbers that came have no hole.
    assert.equal(all.packetsMissing, 0, JSON.stringify(all));
  } finally {
    process.kill(server.pid, "SIGCONT");
    people.kill();
  }
});

test("who cannot join is named, and the status is 1", async () => {
  const ended = await call("--room", "no room!");
  assert.equal(ended.status, 1);
  const sentence = "A room's name has 1 to 64 characters of A-Z a-z 0-9 _ -.";
  const expected = `confab bench: publisher 1 of no room!-1: no invitation: ${sentence}\n`;
  assert.equal(ended.complaints, expected);
});

test("who ends a call before everybody is there is told that nothing was measured", async () => {
  let child;
  let came = 0;
  const connections = [];
  // The publisher asks for an invitation, then it joins: nobody is there yet.
  const way = createServer((socket) => {
    if (++came === 2) child.kill("SIGINT");
    const onward = connect(Number(new URL(server.origin).port), "127.0.0.1");
    connections.push(socket, onward);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ]) {
      from.on("error", () => to.destroy());
      from.pipe(to);
    }
  });
  await once(way.listen(0, "127.0.0.1"), "listening");
  try {
    const origin = `http://127.0.0.1:${way.address().port}`;
    const ask = ["bench", "call", origin, "--clip", clip, "--room", "early"];
    child = spawn(whatIsTested().binary, ask);
    let complaints = "";
    child.stderr.on("data", (text) => (complaints += text));
    const [status] = await once(child, "close");
    const sentence = "confab bench: interrupted before everybody was there\n";
    assert.deepEqual([status, complaints], [1, sentence]);
  } finally {
    for (const each of connections) each.destroy();
    way.close();
  }
});

test("figures that cannot be written are told, at once where that is known", async () => {
  const full = await call("--room", "full", "--seconds", "1", "--json", "/dev/full");
  assert.deepEqual(
    [full.status, full.complaints],
    [1, "confab bench: /dev/full cannot be written\n"],
  );
  const nowhere = join(folder, "nowhere", "call.json");
  const refused = await call("--room", "nowhere", "--json", nowhere);
  const sentence = `confab bench: ${nowhere} cannot be written\n`;
  assert.deepEqual([refused.status, refused.complaints, refused.out], [2, sentence, ""]);
});

test("more than one process can carry is refused with what to do", async () => {
  const ended = await call("--rooms", "100", "--publishers", "10", "--subscribers", "10");
  assert.equal(ended.status, 2);
  assert.match(ended.complaints, /2000 participants .* start several/);
});
