// What people write reaches everybody it is for, once and in one order, whichever signaling instances
// die under it. The tests are one story, told in order.
import assert from "node:assert/strict";
import { until } from "../e2e/support/until.mjs";
import { together } from "./support/people.mjs";
import { Story } from "./support/story.mjs";

const ROUNDS = 4;

let ada;
let ben;
const everyone = () => [ada, ben];

const story = new Story("chat", async ({ people }) => {
  ada = await people.enter("Ada", 1, "chat");
  ben = await people.enter("Ben", 2, "chat");
  await together(...everyone());
});

/** Both write while one signaling instance after the other dies. @returns what they have written */
async function writeUnderKills(word) {
  const { stack } = story;
  const written = [];
  const say = async (one, round, when) => {
    const text = `${word} ${one.name} ${round} ${when}`;
    written.push(text);
    await one.write(text);
  };
  for (let round = 0; round < ROUNDS; ++round) {
    for (const one of everyone()) await say(one, round, "before");
    await stack.kill(stack.both("signaling")[round % 2]);
    for (const one of everyone()) await say(one, round, "after");
    await stack.up();
  }
  return written;
}

const readBy = (one) => one.page.getByTestId("message").allInnerTexts();

/** Both read the same, in one order, and that is all of these, each once. @returns it */
async function untilBothRead(written) {
  const sorted = [...written].sort().join("|");
  await until("both read the same", async () => {
    const [first, second] = await Promise.all(everyone().map(readBy));
    if ([...first].sort().join("|") !== sorted) return `Ada reads [${first.join(" | ")}]`;
    return first.join("|") === second.join("|") ? null : `Ben reads [${second.join(" | ")}]`;
  });
  return readBy(ada);
}

const openPrivate = (one, other) =>
  one.page.getByRole("button", { name: new RegExp(`Private with ${other.name}`) }).click();

let toAll;
let toOne;

story.step(
  "messages to everybody are read once, in one order, under kill -9 of signaling",
  async () => {
    for (const one of everyone()) await one.press("chat");
    toAll = await untilBothRead(await writeUnderKills("all"));
  },
);

story.step("and private ones", async () => {
  await ada.press("chat"); // It may lie upon a picture.
  await ada.writePrivatelyTo(ben);
  await ada.write("Between us");
  await openPrivate(ben, ada);
  await until("the first one", async () => ((await readBy(ben)).length === 1 ? null : "nothing"));
  toOne = await untilBothRead(["Between us", ...(await writeUnderKills("private"))]);
});

story.step("a page that is loaded again shows the same", async () => {
  for (const one of everyone()) {
    await one.page.reload();
    await one.page.getByTestId("call").waitFor();
  }
  await together(...everyone());
  for (const one of everyone()) await one.press("chat");
  assert.deepEqual(await untilBothRead(toAll), toAll);
  for (const one of everyone()) await openPrivate(one, one === ada ? ben : ada);
  assert.deepEqual(await untilBothRead(toOne), toOne);
});

story.endsWithoutComplaint();
