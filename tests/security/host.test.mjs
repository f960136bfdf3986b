// The Host of a request: whatever it says, no answer of the gateway leads there.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Raw } from "../nginx/support/raw.mjs";
import { Cluster } from "../services/support/cluster.mjs";

const EVIL = "evil.example";
const TARGETS = [
  "GET /",
  "GET /index.html",
  "GET /r/a",
  "GET /nowhere",
  "GET /api/docs",
  "GET /api/v1/openapi.json",
  "GET /api/v1/state",
  "POST /api/v1/rooms/a/guest-tokens",
  "GET /.well-known/jwks.json",
  "GET /healthz",
  "GET /socket.io/?EIO=4&transport=polling",
  "GET //evil.example/",
];
/** What differs from one answer to the next whoever asks. */
const OWN = /^(date|x-request-id):.*$|"(id|sid|token|credential|username)":"[^"]*"/gim;

let cluster;
before(async () => {
  cluster = await Cluster.start({ names: ["m1", "s1", "g1"] });
});
after(() => cluster?.stop());

/** All that is answered to a request with these header lines. */
async function say(line, fields) {
  const raw = await Raw.open(cluster.ports("g1").http);
  const lines = [`${line} HTTP/1.1`, ...fields, "Connection: close", "Content-Length: 0"];
  raw.write(`${lines.join("\r\n")}\r\n\r\n`);
  return raw.all();
}

const statusOf = (said) => Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]);

describe("a foreign one changes nothing in the answer and stands nowhere in it", () => {
  for (const target of TARGETS) {
    test(target, async () => {
      const usual = await say(target, ["Host: localhost"]);
      for (const fields of [
        [`Host: ${EVIL}`],
        [`Host: ${EVIL}:8443`],
        ["Host: localhost", `X-Forwarded-Host: ${EVIL}`, `X-Forwarded-Proto: ${EVIL}`],
        ["Host: localhost", `X-Host: ${EVIL}`, `Forwarded: host=${EVIL}`, `X-Original-URL: /x`],
      ]) {
        const said = await say(target, fields);
        assert.equal(said.replace(OWN, ""), usual.replace(OWN, ""), fields.join());
        if (!target.includes(EVIL)) assert.doesNotMatch(said, /evil\.example/);
        assert.doesNotMatch(said, /^location:/im);
      }
    });
  }
});

test("in the target it counts instead of the field, and stands nowhere either", async () => {
  const usual = await say("GET /healthz", ["Host: localhost"]);
  const said = await say(`GET http://${EVIL}/healthz`, ["Host: localhost"]);
  assert.equal(said.replace(OWN, ""), usual.replace(OWN, ""));
});

describe("refused, and not repeated in the refusal", () => {
  for (const [name, fields, target = "GET /"] of [
    ["none", []],
    ["two", ["Host: localhost", `Host: ${EVIL}`]],
    ["two that are the same", ["Host: localhost", "Host: localhost"]],
    ["two, one in small letters", ["Host: localhost", `host: ${EVIL}`]],
    ["an empty one", ["Host:"]],
    ["two in one field", [`Host: localhost, ${EVIL}`]],
    ["with a user name", [`Host: localhost@${EVIL}`]],
    ["with a path", [`Host: ${EVIL}/x`]],
    ["with markup", [`Host: "><script src=//${EVIL}>`]],
    ["with a port that is none", [`Host: localhost:${EVIL}`]],
    ["in the target, with a user name", ["Host: localhost"], `GET http://localhost@${EVIL}/`],
    ["in the target alone, without a path", ["Host: localhost"], `GET ${EVIL}:80`],
    ["CONNECT", ["Host: localhost"], `CONNECT ${EVIL}:443`],
  ]) {
    test(name, async () => {
      const said = await say(target, fields);
      assert.equal(statusOf(said), 400, said);
      assert.doesNotMatch(said, /evil\.example/);
    });
  }
});
