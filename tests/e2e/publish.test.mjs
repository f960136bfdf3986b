// People without browsers send into a room, and who joins with the pages sees them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Publishers } from "./support/publishers.mjs";
import { Scene } from "./support/scene.mjs";
import { writeVp8Clip } from "./support/vp8_clip.mjs";

const ROOM = "publishers";
const CLIP_ID = 3;

let scene;
let guest;
let publishers;

before(async () => {
  scene = await Scene.set();
  guest = await scene.enter("Guest", 1);
});

after(() => scene?.strike());

const play = (body) => (context) => scene.play(body)(context);

test(
  "a page shows every publisher's pictures",
  play(async () => {
    const { origin } = scene.server;
    const clip = join(scene.folder, "clip.ivf");
    await writeVp8Clip(guest.browser, origin, clip, CLIP_ID);
    publishers = await Publishers.start(origin, { room: ROOM, count: 2, clip });
    await guest.page.goto(`${origin}/r/${ROOM}`);
    await guest.join();
    for (const name of ["Publisher 1", "Publisher 2"]) {
      await guest.untilPicture({ name, media: { id: CLIP_ID } });
    }
  }),
);

test(
  "they were asked for keyframes, and leave when they are told to",
  play(async () => {
    const sent = await publishers.stop();
    assert.equal(sent.publishers, 2);
    assert.ok(sent.videoPackets > 0 && sent.audioPackets > 0, JSON.stringify(sent));
    assert.ok(sent.keyframeRequests > 0, JSON.stringify(sent));
    await guest.untilHere();
  }),
);

test(
  "a room that cannot be joined is said in a sentence, and the status is 1",
  play(async () => {
    const clip = join(scene.folder, "clip.ivf");
    const start = Publishers.start(scene.server.origin, { room: "no room!", clip });
    const sentence = "A room's name has 1 to 64 characters of A-Z a-z 0-9 _ -.";
    await assert.rejects(start, {
      message: `confab bench ended with 1: confab bench: no invitation: ${sentence}\n`,
    });
  }),
);
