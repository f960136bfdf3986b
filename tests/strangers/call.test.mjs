// WebRTC implementations that confab shares no code with call each other through it: over UDP and
// over TCP, with GCM and with AES-CM, as either side of DTLS.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { STRANGERS } from "./strangers/all.mjs";
import { Participant } from "./support/participant.mjs";
import { startServer } from "./support/server.mjs";

const CM = "AES_CM_128_HMAC_SHA1_80";

describe("where the server has its default configuration", () => {
  const server = ownServer();
  const asClient = ({ profiles }) => profiles.client;
  const asServer = ({ profiles }) => profiles.server;
  testCall("by-udp", server, { over: "udp", confabIs: "server", expected: asClient });
  testCall("by-tcp", server, { over: "tcp", confabIs: "server", expected: asClient });
  testCall("by-udp-as-client", server, { over: "udp", confabIs: "client", expected: asServer });
  testCall("by-tcp-as-client", server, { over: "tcp", confabIs: "client", expected: asServer });
});

describe("where the server allows AES_CM_128_HMAC_SHA1_80 alone", () => {
  const server = ownServer(`[media]\nsrtp_profiles = ["${CM}"]\n`);
  testCall("by-udp", server, { over: "udp", confabIs: "server", expected: () => CM });
  testCall("by-tcp", server, { over: "tcp", confabIs: "server", expected: () => CM });
});

function ownServer(configuration) {
  const own = {};
  before(async () => Object.assign(own, await startServer(configuration)));
  after(() => own.stop?.());
  return own;
}

/** @param {string} room @param {(stranger) => string} options.expected the SRTP profile */
function testCall(room, server, options) {
  const { over, confabIs, expected } = options;
  test(`a call over ${over} with confab as the ${confabIs} of DTLS`, async (context) => {
    const people = STRANGERS.map((stranger) => new Participant(stranger, options));
    try {
      await Promise.all(people.map((person) => person.join(server.origin, room)));
      await Promise.all(people.map((person) => person.receive()));
      await Promise.all(people.map((person) => person.play()));
      for (const person of people) await judge(context, person, people, expected);
    } finally {
      for (const person of people) person.close();
    }
  });
}

async function judge(context, person, people, expected) {
  for (const other of people) {
    if (other === person) continue;
    await context.test(`${person.name} receives all that ${other.name} sends`, () =>
      person.untilAllHasComeOf(other),
    );
  }
  const profile = expected(person.stranger);
  const { send, recv } = person.ways;
  const sentence = `${person.name} sends over ${send} and receives over ${recv} with ${profile}`;
  await context.test(sentence, async () => {
    const transports = await person.transports();
    assert.deepEqual(transports.map(({ protocol }) => protocol).sort(), [send, recv].sort());
    for (const { srtpProfile, drops } of transports) {
      assert.equal(srtpProfile, profile);
      assert.deepEqual(drops, {}, "confab understands all that comes, and loses nothing");
    }
  });
}
