import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FakeConsul } from "./fake/server.mjs";
import { runProgram } from "./support/run_program.mjs";

/** The Python that sees Debian's packages. */
const PYTHON = "/usr/bin/python3";
const PROGRAM = fileURLToPath(new URL("./python_client.py", import.meta.url));
const LIMIT_MS = 60_000;

test("python3-consul registers, waits, stores and locks", async () => {
  const fake = await FakeConsul.start();
  const guarded = await FakeConsul.start({ token: "t" });
  try {
    const args = [PROGRAM, "127.0.0.1", String(fake.port), String(guarded.port)];
    const { code, out, err } = await runProgram(PYTHON, args, { ms: LIMIT_MS });
    assert.equal(code, 0, err);
    const passed = "services\nblocking\nkeys\nsessions\nstatus\ntokens\n";
    assert.equal(out, passed);
  } finally {
    await fake.stop();
    await guarded.stop();
  }
});
