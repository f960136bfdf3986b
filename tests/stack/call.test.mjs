// People in calls through nginx, two gateways, two signaling and two media, as one system. The tests
// are one story, told in order.
import assert from "node:assert/strict";
import { assertTheyAreTold, together } from "./support/people.mjs";
import { roomAt } from "./support/rooms.mjs";
import { Story } from "./support/story.mjs";

const story = new Story("call");
let three;
let two;

story.step(
  "three hold a call, and two of them another one at the same time",
  async ({ stack, people }) => {
    const room = await roomAt(stack, { signaling: "signaling-1", media: "media-1" });
    const other = await roomAt(stack, { signaling: "signaling-2", media: "media-2" });
    const names = ["Ada", "Ben", "Cleo"];
    three = await Promise.all(names.map((name, at) => people.enter(name, at + 1, room)));
    two = await Promise.all(three.slice(0, 2).map((one) => people.enterToo(one, other)));
    await together(...three);
    await together(...two);
  },
);

story.step("both of signaling and both of media have a part in it", async ({ stack }) => {
  for (const name of stack.both("signaling")) {
    assert.equal(await stack.metric(name, "confab_rooms"), 1, name);
  }
  const [participants1, participants2] = await Promise.all(
    stack.both("signaling").map((name) => stack.metric(name, "confab_participants")),
  );
  assert.deepEqual([participants1, participants2], [3, 2]);
  for (const name of stack.both("media")) {
    assert.equal(await stack.metric(name, "confab_media_routers"), 1, name);
    for (const way of ["received", "sent"]) {
      assert.ok((await stack.metric(name, `confab_media_${way}_packets_total`)) > 100, name);
    }
  }
});

story.step("kill -9 of either gateway asks nothing of anybody", async ({ stack }) => {
  for (const gateway of stack.both("gateway")) {
    assert.ok((await stack.metric(gateway, "confab_proxy_tunnels")) > 0, `${gateway} is not used`);
    await stack.kill(gateway);
    await Promise.all(
      [three, two].map(async (room) => {
        for (const one of room)
          await assertTheyAreTold(one, ...room.filter((each) => each !== one));
      }),
    );
    await stack.up();
  }
  await together(...three);
});

story.endsWithoutComplaint();
