// compose.yaml without a container engine: what it starts runs here in namespaces, as it says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const WORLD = fileURLToPath(new URL("./support/as_composed.mjs", import.meta.url));
const NAMESPACES = [
  "--mount",
  "--net",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
  "--propagation",
  "private",
];
const LIMIT_MS = 240_000;

/** Root may not in every container. */
const mayMakeThem = spawnSync("unshare", [...NAMESPACES, "true"]).status === 0;

describe("as compose.yaml says", { skip: !mayMakeThem && "only root makes namespaces" }, () => {
  let folder;
  let found;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "confab-composed-"));
    const args = [...NAMESPACES, process.execPath, WORLD, folder];
    const { stdout, stderr, status } = spawnSync("unshare", args, {
      encoding: "utf8",
      timeout: LIMIT_MS,
    });
    assert.equal(status, 0, stderr);
    found = JSON.parse(stdout.trim().split("\n").at(-1));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every service is healthy, as its user and without capabilities", () => {
    const broken = Object.entries(found.health).filter(([, problem]) => problem !== null);
    assert.deepEqual(broken, []);
  });

  test("an invitation comes through nginx, gateway and signaling, with both TURN servers", () => {
    const invitation = JSON.parse(found.answers.invitation);
    const text = JSON.stringify(invitation);
    for (const port of [3478, 3479])
      assert.ok(text.includes(`turn:127.0.0.1:${port}`), text.slice(0, 500));
  });

  test("the metrics are not for the world", () => assert.equal(found.answers.metrics, "404"));

  test("a token for Prometheus is there, for it alone, and is taken", () => {
    assert.deepEqual(found.scrapes, { with: "200", without: "403", mode: "640", gid: 65_534 });
  });

  test("Prometheus finds and reaches all of them", () => {
    const both = (role) => [`${role}-1`, `${role}-2`];
    const expected = [...both("gateway"), "logs", ...both("media"), ...both("signaling")];
    assert.deepEqual(found.targets, expected);
  });

  test("coturn relays to media, and to nothing else inside", () => {
    assert.match(found.relays.media, /Total connect time/);
    assert.match(found.relays.consul, /error 403/);
  });
});
