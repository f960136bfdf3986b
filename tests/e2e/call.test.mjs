// Three people, three browsers, one server: everything that they do and see goes through the pages.
// The tests are one story, told in order.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Scene } from "./support/scene.mjs";
import { until } from "./support/until.mjs";

const ENDING_LIMIT_MS = 10_000;

let scene;
let ada;
let ben;
let cleo;
let link;

before(async () => {
  scene = await Scene.set();
  ada = await scene.enter("Ada", 1);
  ben = await scene.enter("Ben", 2);
  cleo = await scene.enter("Cleo", 3);
});

after(() => scene?.strike());

/** Steps build on each other: after a failure the rest of the story makes no sense. */
let failed = false;
function step(name, body) {
  test(name, async (context) => {
    if (failed) {
      context.skip("a step before it failed");
      return;
    }
    failed = true;
    await scene.play(body)(context);
    failed = false;
  });
}

function everyone() {
  return [ada, ben, cleo];
}

function othersOf(one) {
  return everyone().filter((other) => other !== one);
}

async function allTogether() {
  for (const one of everyone()) await one.untilTogether(...othersOf(one));
}

step("one opens a new room, and the others come in by its link", async () => {
  await ada.page.goto(scene.server.origin);
  await ada.press("new-room");
  await ada.page.waitForURL(/\/r\/[a-z]+-[a-z]+-[a-z0-9]{26}$/);
  link = ada.page.url();
  await ada.join();
  await ada.page.getByText("You are the first one here").waitFor();

  await ben.page.goto(scene.server.origin);
  await ben.page.getByLabel("Room name or link").fill(link);
  await ben.page.getByLabel("Enter the room").click();
  await ben.page.getByText("Ada").first().waitFor(); // The preview says who is inside.
  await ben.join();

  await cleo.page.goto(link);
  await cleo.join();
  for (const one of everyone()) await one.untilHere(...othersOf(one));
});

step("everyone sees the others' moving pictures", async () => {
  for (const one of everyone()) {
    for (const other of othersOf(one)) await one.untilPicture(other);
  }
});

step("everyone hears each of the others", async () => {
  for (const one of everyone()) {
    await Promise.all(othersOf(one).map((other) => one.untilTone(other)));
  }
});

step("who mutes is heard no more, and the others see it", async () => {
  await ben.press("microphone");
  for (const one of [ada, cleo]) {
    await one.untilTile(ben, "muted", (tile) => tile.mutedIcon && tile.label.includes(", muted"));
    await one.untilSilence(ben);
    await one.untilPicture(ben);
  }
  await ada.untilTone(cleo);
  await ben.press("microphone");
  for (const one of [ada, cleo]) {
    await one.untilTile(ben, "unmuted", (tile) => !tile.mutedIcon && !tile.label.includes("muted"));
    await one.untilTone(ben);
  }
});

step("a camera that is switched off leaves no picture, and comes back", async () => {
  await cleo.press("camera");
  for (const one of [ada, ben]) {
    await one.untilTile(
      cleo,
      "without a picture",
      (tile) => !tile.picture && tile.label.includes(", camera off"),
    );
  }
  await ada.untilTone(cleo);
  await cleo.press("camera");
  for (const one of [ada, ben]) await one.untilPicture(cleo);
});

step("they write to everybody, and what is written to one is seen by nobody else", async () => {
  await ada.press("chat");
  await ada.write("Hello everyone <b>x</b>");
  for (const one of [ben, cleo]) {
    await one.page.getByTestId("unread").first().waitFor();
    await one.press("chat");
    await one.untilWritten("Hello everyone <b>x</b>");
  }
  await cleo.write("Hello Ada");
  for (const one of everyone()) await one.untilWritten("Hello everyone <b>x</b>", "Hello Ada");

  await ben.press("chat"); // It may lie upon a picture.
  await ben.writePrivatelyTo(ada);
  await ben.write("Between us");
  await ben.untilWritten("Between us");
  await ada.page.getByRole("button", { name: /Private with Ben/ }).click();
  await ada.untilWritten("Between us");
  // Cleo is told of what was written after it, and of it she is told nothing.
  await ada.page.getByRole("button", { name: /Everyone/ }).click();
  await ada.write("Last one");
  await cleo.untilWritten("Hello everyone <b>x</b>", "Hello Ada", "Last one");
  assert.equal(await cleo.page.getByRole("button", { name: /Private with/ }).count(), 0);
});

step("a reloaded page comes back by itself as the same person", async () => {
  const before = await ada.tileOf(cleo);
  await Promise.all([ada, ben].map(forgetMostTiles));
  await cleo.page.reload();
  await cleo.page.getByTestId("call").waitFor();
  await allTogether();
  assert.equal((await ada.tileOf(cleo)).id, before.id);
  for (const one of [ada, ben]) {
    assert.equal(await mostTiles(one), 2, `${one.name} saw somebody twice`);
  }
  await cleo.press("chat");
  await cleo.untilWritten("Hello everyone <b>x</b>", "Hello Ada", "Last one");
  for (const one of everyone()) await one.press("chat");
});

step("a server that was killed and restarted is found again by everyone", async () => {
  await scene.server.kill();
  for (const one of everyone()) {
    await one.page.getByText("Connection lost. Reconnecting").waitFor();
  }
  await scene.server.start();
  await allTogether();
});

step("who leaves is gone for the others", async () => {
  await cleo.press("leave");
  await cleo.page.getByText("You left the call").waitFor();
  await ada.untilHere(ben);
  await ben.untilHere(ada);
  await ada.untilPicture(ben);
  await scene.exit(cleo);
});

step("someone whose camera is refused joins all the same", async () => {
  const dora = await scene.enter("Dora", 4, { permissions: ["microphone"] });
  await dora.page.goto(link);
  await dora.page.getByText(/camera is blocked/i).waitFor();
  await dora.join();
  await dora.untilTogether(ada, ben);
  for (const one of [ada, ben]) {
    await one.untilTile(
      dora,
      "without a picture",
      (tile) => !tile.picture && tile.label.includes(", camera off"),
    );
    await one.untilTone(dora);
  }
});

step("a server that is told to end says goodbye and ends in time", async () => {
  const { milliseconds } = await scene.server.stop();
  assert.ok(milliseconds < ENDING_LIMIT_MS, `it took ${milliseconds} ms`);
  await until("Ada is told", async () => {
    const lost = await ada.page.getByText("Connection lost. Reconnecting").isVisible();
    return lost ? null : "nothing is shown";
  });
});

step("no page has complained", () => {
  assert.deepEqual(
    scene.participants.flatMap((participant) => participant.complaints),
    [],
  );
});

function forgetMostTiles(one) {
  return one.page.evaluate(() => {
    window.__probe.rosterSizes.most = 0;
  });
}

function mostTiles(one) {
  return one.page.evaluate(() => window.__probe.rosterSizes.most);
}
