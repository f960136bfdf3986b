// Someone whose network lets no UDP through is in the call all the same: by TCP.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Scene } from "./support/scene.mjs";

const ROOM = "no-udp";
// Chromium then leaves UDP alone unless a proxy carries it, and there is none.
const NO_UDP = ["--webrtc-ip-handling-policy=disable_non_proxied_udp"];

let scene;
let inside;
let outside;

before(async () => {
  scene = await Scene.set();
  inside = await scene.enter("Ida", 1, { switches: NO_UDP });
  outside = await scene.enter("Ole", 2);
});

after(() => scene?.strike());

const play = (body) => (context) => scene.play(body)(context);

test(
  "one by TCP and one by UDP see and hear each other",
  play(async () => {
    for (const one of [inside, outside]) {
      await one.page.goto(`${scene.server.origin}/r/${ROOM}`);
      await one.join();
    }
    await inside.untilTogether(outside);
    await outside.untilTogether(inside);
    assert.deepEqual(new Set(await inside.protocols()), new Set(["tcp"]));
    assert.deepEqual(new Set(await outside.protocols()), new Set(["udp"]));
  }),
);

test("neither page has complained", () => {
  assert.deepEqual([...inside.complaints, ...outside.complaints], []);
});
