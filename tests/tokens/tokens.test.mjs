// `confab token` as a process: the examples of docs/tokens.md, and many at the same moment.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const binary = process.env.CONFAB_BINARY ?? "build/asan/src/app/confab";
const AT_ONCE = 8;

let dataDir;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "confab-tokens-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function token(...args) {
  const { stdout } = await run(binary, ["token", ...args, "--data-dir", dataDir]);
  return stdout.trim();
}

async function newKey(...scopes) {
  const text = await token("key", "new", ...scopes.flatMap((scope) => ["--scope", scope]));
  return {
    id: text.match(/^id +(\S+)$/m)[1],
    secret: text.match(/^secret +(\S+)$/m)[1],
  };
}

async function example(language) {
  const page = await readFile("docs/tokens.md", "utf8");
  return page.split(`\`\`\`${language}\n`)[1].split("```")[0];
}

const atOnce = (make) => Promise.all(Array.from({ length: AT_ONCE }, make));

test("the example in Python makes a join token that verifies", async () => {
  const { id, secret } = await newKey("tokens:join");
  const program = `${await example("python")}\nprint(join_token("${id}", "${secret}", "tea", "Ada"))`;
  const { stdout } = await run("python3", ["-c", program]);
  const shown = await token("show", stdout.trim());
  assert.match(shown, /It verifies\.$/);
  assert.match(shown, /name +"Ada"/);
});

test("the example in a shell makes an API token that verifies", async () => {
  const { id, secret } = await newKey("rooms:read");
  const env = { ...process.env, KEY_ID: id, KEY_SECRET: secret };
  const { stdout } = await run("sh", ["-c", await example("sh")], { env });
  assert.match(await token("show", stdout.trim()), /It verifies\.$/);
});

test("a token that does not verify ends with status 1 and says why", async () => {
  const good = await token("join", "tea");
  await rm(join(dataDir, "keys"), { recursive: true });
  await assert.rejects(token("show", good), (failure) => {
    assert.equal(failure.code, 1);
    assert.match(failure.stdout, /It does not verify\. The token was not signed by this server/);
    return true;
  });
});

test("processes that start at the same moment make one key and know each other's tokens", async () => {
  const tokens = await atOnce(() => token("join", "tea"));
  assert.deepEqual(await readdir(join(dataDir, "keys")), ["key-000001.jwk"]);
  for (const each of tokens) assert.match(await token("show", each), /It verifies\.$/);
  assert.equal(new Set(tokens).size, AT_ONCE);
});

test("processes that make API keys at the same moment lose none", async () => {
  const keys = await atOnce(() => newKey("rooms:read"));
  const listed = await token("key", "list");
  for (const { id } of keys) assert.ok(listed.includes(id), id);
  const { mode } = await stat(join(dataDir, "api-keys.json"));
  assert.equal(mode & 0o777, 0o600);
});
