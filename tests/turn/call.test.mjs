// Someone whose network lets nothing through but TURN is in the call all the same: by coturn as it is
// shipped, over UDP, TCP and TLS.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ConfabServer, whatIsTested } from "../e2e/support/confab_server.mjs";
import { Participant } from "../e2e/support/participant.mjs";
import { makeCertificate } from "../nginx/support/certificates.mjs";
import { MEDIA, TURN } from "./support/addresses.mjs";
import { credentials } from "./support/turn_client.mjs";
import { network, noNetwork, on, SECRET, TurnServer } from "./support/turn_server.mjs";

const skip = network ? false : noNetwork;
const { CONFAB_BINARY, HOME } = process.env;

let folder;
let turn;
let confab;
let origin;
let direct;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "confab-turn-"));
  turn = await TurnServer.start(join(folder, "turn"), { host: TURN[0] });
  await startConfab();
  trust({ turn: turn.certificates.ca, confab: join(folder, "confab", "ca.pem") });
  direct = await enter("Ole", 2);
});

after(async () => {
  restore({ CONFAB_BINARY, HOME });
  await direct?.close();
  await confab?.stop();
  await turn?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function restore(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** On the media machine, which is reached under its one address. */
async function startConfab() {
  const { certificate, key } = makeCertificate(join(folder, "confab"), [`IP:${MEDIA.v4}`]);
  const script = join(folder, "confab", "confab");
  writeFileSync(
    script,
    `#!/bin/sh\nexec ${on("media").join(" ")} '${whatIsTested().binary}' "$@"\n`,
  );
  chmodSync(script, 0o755);
  process.env.CONFAB_BINARY = script;
  const tls = ["--cert", certificate, "--key", key];
  const addresses = ["--address", MEDIA.v4, "--media-address", MEDIA.v4, "--announce", MEDIA.v4];
  confab = await ConfabServer.start(join(folder, "server"), [...tls, ...addresses]);
  origin = `https://${MEDIA.v4}:${new URL(confab.origin).port}`;
}

/** Browsers that are started from here on trust these authorities: by the home folder's database. */
function trust(authorities) {
  process.env.HOME = join(folder, "home");
  const database = join(process.env.HOME, ".pki", "nssdb");
  mkdirSync(database, { recursive: true });
  const certutil = (...args) => execFileSync("certutil", ["-d", `sql:${database}`, ...args]);
  certutil("-N", "--empty-password");
  for (const [name, file] of Object.entries(authorities)) {
    certutil("-A", "-n", name, "-t", "C,,", "-i", file);
  }
}

async function enter(name, id, servers) {
  const media = join(folder, "media");
  const one = await Participant.launch(name, id, { origin, folder: media });
  if (servers) await one.page.addInitScript(relayOnly, servers);
  return one;
}

/** Runs in the page before all else: every connection goes by TURN, or not at all. */
function relayOnly(iceServers) {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration, ...rest) {
      super({ ...configuration, iceServers, iceTransportPolicy: "relay" }, ...rest);
      window.__relayed ??= [];
      window.__relayed.push(this);
    }
  };
}

/** Runs in the page: how each connection goes, for example "relay by tls". */
async function waysInUse() {
  const ways = [];
  for (const connection of window.__relayed) {
    const stats = [...(await connection.getStats()).values()];
    const find = (id) => stats.find((each) => each.id === id);
    for (const { selectedCandidatePairId } of stats.filter((each) => each.type === "transport")) {
      const local = find(find(selectedCandidatePairId)?.localCandidateId);
      ways.push(`${local?.candidateType} by ${local?.relayProtocol}`);
    }
  }
  return ways;
}

describe("a call by nothing but TURN", { skip }, () => {
  for (const over of ["udp", "tcp", "tls"]) {
    test(`over ${over}`, async () => {
      const user = credentials(SECRET, { participant: `by-${over}` });
      const server = { urls: turn.url(over), username: user.username, credential: user.password };
      const relayed = await enter("Ida", 1, [server]);
      try {
        for (const one of [relayed, direct]) {
          await one.page.goto(`${origin}/r/by-${over}`);
          await one.join();
        }
        await relayed.untilTogether(direct);
        await direct.untilTogether(relayed);
        const ways = await relayed.page.evaluate(waysInUse);
        assert.deepEqual(new Set(ways), new Set([`relay by ${over}`]));
      } finally {
        await relayed.close();
      }
    });
  }
});
