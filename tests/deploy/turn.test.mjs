// deploy/compose/turn.sh: what coturn finds when it begins, in a folder that was empty.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const SCRIPT = new URL("../../deploy/compose/turn.sh", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "confab-turn-"));
after(() => rmSync(folder, { recursive: true }));

/** In coturn's place: says what it was given, and which tables were there before it. */
const STAND_IN = `#!/bin/sh
echo "$@"
sqlite3 -readonly "${folder}/turndb" "select name from sqlite_master where type = 'table' order by name"
`;

function start() {
  writeFileSync(join(folder, "turnserver"), STAND_IN);
  chmodSync(join(folder, "turnserver"), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const said = execFileSync(SCRIPT, [folder, "-c", "a.conf"], { env, encoding: "utf8" });
  const [given, ...tables] = said.trim().split("\n");
  return { given, tables };
}

test("coturn begins over tables that are there, at the first start and at the next", () => {
  for (const time of ["first", "next"]) {
    const { given, tables } = start();
    assert.equal(given, "-c a.conf", time);
    assert.ok(tables.includes("turnusers_lt"), `${time}: ${tables}`);
  }
});
