// A call goes on when a signaling or a media service dies, and nobody has to do anything.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../e2e/support/until.mjs";
import { assertTheyAreTold, People, together } from "./support/people.mjs";
import { homeOf, roomAt } from "./support/rooms.mjs";
import { Stack } from "./support/stack.mjs";

const HOME = { signaling: "signaling-1", media: "media-1" };

let stack;
let people;
let room;
let two;

before(async () => {
  stack = await Stack.up("deaths");
  people = new People(stack);
  room = await roomAt(stack, HOME);
  two = [await people.enter("Ada", 1, room), await people.enter("Ben", 2, room)];
  await together(...two);
});
after(async () => {
  await people?.leave();
  await stack?.down();
});

for (const kind of ["media", "signaling"]) {
  test(`kill -9 of the ${kind} that holds the call`, async () => {
    try {
      await stack.kill(HOME[kind]);
      await until("the room is elsewhere", async () => {
        const home = await homeOf(stack, room);
        return home[kind] === HOME[kind] ? JSON.stringify(home) : null;
      });
      await together(...two);
      await assertTheyAreTold(...two);
      await stack.up();
      await together(...two);
    } catch (error) {
      await people.report(`kill ${kind}`);
      throw error;
    }
  });
}

test("no page has complained", () => assert.deepEqual(people.complaints, []));
