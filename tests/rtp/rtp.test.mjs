// ffmpeg in a room: a file is played into it, a participant is recorded.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { ConfabServer, whatIsTested } from "../e2e/support/confab_server.mjs";
import { Publishers } from "../e2e/support/publishers.mjs";
import { examine, makeClip, makeFilm, toneBelowAll } from "./ffmpeg.mjs";
import { RtpProgram } from "./rtp_program.mjs";

const TONE = 440;
const RECORDED_MS = 4000;
/** Of 15 a second: a busy machine loses none, but starts late. */
const FRAMES = 20;

let folder;
let server;
let film;
let clip;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-rtp-"));
  process.env.CONFAB_WEB_DIR = join(folder, "pages");
  mkdirSync(process.env.CONFAB_WEB_DIR);
  writeFileSync(join(process.env.CONFAB_WEB_DIR, "index.html"), "<!doctype html><title>-</title>");
  film = join(folder, "film.mkv");
  clip = join(folder, "clip.ivf");
  await Promise.all([makeFilm(film, { seconds: "12", tone: TONE }), makeClip(clip)]);
  server = await ConfabServer.start(join(folder, "server"), [
    "--plain-rtp-networks",
    "127.0.0.0/8",
  ]);
});

after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const play = (room, ...flags) => new RtpProgram(["play", server.origin, room, film, ...flags]);
const record = (room, whom, file, ...flags) =>
  new RtpProgram(["record", server.origin, room, whom, file, ...flags]);

async function isTheFilm(path) {
  const { streams, complaints } = await examine(path);
  assert.equal(complaints, "");
  const { video, audio } = streams;
  assert.deepEqual([video.codec, video.width, video.height], ["vp8", 320, 240]);
  assert.ok(video.frames >= FRAMES, `${video.frames} frames`);
  assert.equal(audio.codec, "opus");
  assert.ok((await toneBelowAll(path, TONE)) < 1, "the tone is nearly all that is heard");
  assert.ok((await toneBelowAll(path, 3 * TONE)) > 20, "and another is not heard");
}

for (const flags of [[], ["--srtp"]]) {
  test(`a file that is played comes out as it went in ${flags}`, async () => {
    const room = `screening${flags.join("")}`;
    const copy = join(folder, `${room}.mkv`);
    const player = await play(room, ...flags).begun();
    assert.match(player.out, /^film is in the room/);
    const recorder = await record(room, "film", copy, ...flags).begun();
    await pause(RECORDED_MS);
    assert.equal(await recorder.stop(), 0, recorder.complaints);
    assert.equal(await player.stop(), 0, player.complaints);
    await isTheFilm(copy);
  });
}

test("a participant without ffmpeg receives the file", async () => {
  const player = await play("watched-1").begun();
  const flags = ["--room", "watched", "--publishers", "0", "--subscribers", "2", "--seconds", "3"];
  const ask = ["bench", "call", server.origin, "--clip", clip, ...flags];
  const { stdout } = await promisify(execFile)(whatIsTested().binary, ask);
  const { all } = JSON.parse(stdout.trim().split("\n").at(-1));
  assert.equal(all.consumers, 4);
  assert.equal(all.silentConsumers, 0);
  assert.equal(all.framesIncomplete, 0);
  assert.ok(all.framesDecodable >= FRAMES, JSON.stringify(all));
  assert.equal(await player.stop(), 0, player.complaints);
});

test("a WebRTC participant is recorded until it leaves", async () => {
  const publisher = await Publishers.start(server.origin, { room: "talk", clip });
  const copy = join(folder, "talk.mkv");
  const recorder = await record("talk", "Publisher 1", copy).begun();
  await pause(RECORDED_MS);
  await publisher.stop();
  assert.equal(await recorder.ended(), 0, recorder.complaints);
  const { streams, complaints } = await examine(copy);
  assert.equal(complaints, "");
  assert.equal(streams.video.codec, "vp8");
  assert.ok(streams.video.frames >= FRAMES, `${streams.video.frames} frames`);
});

test("what to run is printed where that is asked for", async () => {
  const player = await play("printed", "--print").begun();
  await pause(100);
  assert.equal(await player.stop(), 0);
  assert.match(
    player.out,
    /ffmpeg .*-ssrc \d+ -payload_type 101 'rtp:\/\/127\.0\.0\.1:\d+\?rtcpport=\d+/,
  );
});

test("who is not there is named, with those who are", async () => {
  const player = await play("names").begun();
  const recorder = record("names", "Ann", join(folder, "ann.mkv"));
  assert.equal(await recorder.ended(), 1);
  const sentence = "nobody in the room names is called Ann; there is: film";
  assert.equal(recorder.complaints, `confab rtp: ${sentence}\n`);
  await player.stop();
});

test("a recording takes no other file's place", async () => {
  const recorder = record("names", "Ann", film);
  assert.equal(await recorder.ended(), 1);
  assert.match(recorder.complaints, /film\.mkv exists already: give the recording another name/);
});

test("a session description takes no other file's place, and is its owner's alone", async () => {
  const player = await play("described").begun();
  const copy = join(folder, "described.mkv");
  const description = `${copy}.sdp`;
  writeFileSync(description, "mine");
  const refused = record("described", "film", copy);
  assert.equal(await refused.ended(), 1);
  assert.match(refused.complaints, /described\.mkv\.sdp exists already: give the recording/);
  assert.equal(readFileSync(description, "utf8"), "mine");
  rmSync(description);
  const printed = await record("described", "film", copy, "--srtp", "--print").begun();
  assert.equal(statSync(description).mode & 0o777, 0o600);
  assert.match(readFileSync(description, "utf8"), /a=crypto:/);
  assert.equal(await printed.stop(), 0, printed.complaints);
  await player.stop();
});

test("an ffmpeg that ends before it listens is told with its status", async () => {
  const player = await play("broken").begun();
  const tools = join(folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "ffmpeg"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
  const copy = join(folder, "broken.mkv");
  const ask = ["record", server.origin, "broken", "film", copy];
  const recorder = new RtpProgram(ask, { PATH: `${tools}:${process.env.PATH}` });
  assert.equal(await recorder.ended(), 1);
  assert.equal(recorder.complaints, "confab rtp: ffmpeg ended with status 3\n");
  assert.equal(existsSync(`${copy}.sdp`), false);
  await player.stop();
});

test("a file without sound and picture, and a machine without ffmpeg, are told", async () => {
  const text = join(folder, "text.txt");
  writeFileSync(text, "no film");
  const nothing = new RtpProgram(["play", server.origin, "room", text]);
  assert.equal(await nothing.ended(), 1);
  const without = new RtpProgram(["play", server.origin, "room", film], { PATH: folder });
  assert.equal(await without.ended(), 1);
  assert.match(without.complaints, /ffprobe cannot be started: it is not installed/);
});

test("a server whose operator has not allowed plain RTP says how to", async () => {
  const strict = await ConfabServer.start(join(folder, "strict"));
  try {
    const player = new RtpProgram(["play", strict.origin, "room", film]);
    assert.equal(await player.ended(), 1);
    assert.match(player.complaints, /plain_rtp_networks/);
  } finally {
    await strict.stop();
  }
});
