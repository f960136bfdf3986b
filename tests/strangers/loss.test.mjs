// Strangers whose ways to confab and back lose packets: what is lost is asked for and repeated on
// each of them (RFC 4585 §6.2.1, RFC 4588).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { STRANGERS } from "./strangers/all.mjs";
import { Participant } from "./support/participant.mjs";
import { startServer } from "./support/server.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(() => server?.stop());

test("what is lost on the way is repeated", async (context) => {
  const options = { over: "udp", confabIs: "server", loses: true };
  const people = STRANGERS.map((stranger) => new Participant(stranger, options));
  try {
    await Promise.all(people.map((person) => person.join(server.origin, "lossy")));
    await Promise.all(people.map((person) => person.receive()));
    await Promise.all(people.map((person) => person.play()));
    for (const person of people) {
      for (const other of people) {
        if (other === person) continue;
        await context.test(`${person.name} receives all that ${other.name} sends`, () =>
          person.untilAllHasComeOf(other),
        );
      }
      await context.test(`${person.name} ${person.loses ? "did lose" : "lost no"} packets`, () => {
        for (const lost of Object.values(person.lost)) assert.equal(lost > 0, person.loses);
      });
    }
  } finally {
    for (const person of people) person.close();
  }
});
