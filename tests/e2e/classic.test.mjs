// A client written after the tutorials, with the classic events only, meets one who uses the pages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openClassicPage } from "./support/classic_page.mjs";
import { Scene } from "./support/scene.mjs";

const ROOM = "classic-and-quick";

let scene;
let guest;
let host;

before(async () => {
  scene = await Scene.set();
  host = await scene.enter("Host", 1);
  guest = await scene.enter("Guest", 2);
});

after(() => scene?.strike());

const play = (body) => (context) => scene.play(body)(context);

test(
  "a classic client joins someone who is there, and both see and hear each other",
  play(async () => {
    await host.page.goto(`${scene.server.origin}/r/${ROOM}`);
    await host.join();
    const { origin } = scene.server;
    await openClassicPage(guest.page, { origin, room: ROOM, name: guest.name });
    await host.untilTogether(guest);
    await guest.untilTogether(host);
  }),
);

test(
  "a classic client that was there first is told of who joins",
  play(async () => {
    await host.press("leave");
    await guest.untilHere();
    await host.press("ended-action");
    await host.untilTogether(guest);
    await guest.untilTogether(host);
  }),
);

test(
  "neither page has complained",
  play(() => {
    assert.deepEqual([...host.complaints, ...guest.complaints], []);
  }),
);
