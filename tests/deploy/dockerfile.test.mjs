// The Dockerfile: stages that exist, files that are there, users that are not root, commands, ports and
// variables that the program knows.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ROOT, readCompose } from "./support/compose.mjs";
import {
  copiedFrom,
  dockerfileText,
  environmentOf,
  ignored,
  readDockerfile,
  stagesUsed,
  stepsOf,
} from "./support/dockerfile.mjs";
import { commands, configProblems, defaultOf, KEYS } from "./support/program.mjs";

const stages = readDockerfile();
const stage = (name) => stages.find((each) => each.name === name);
const compose = readCompose();
/** What becomes an image: that nothing else is made from. */
const IMAGES = ["confab", "ui", "nginx", "turn", "setup"];

/** Stages and files that are named and are not there. */
function problemsOf(all) {
  const before = new Set();
  return all.flatMap((each) => {
    const problems = stagesUsed(each)
      .filter((name) => !before.has(name))
      .map((name) => `${each.name} takes from ${name}, which does not come before it`);
    for (const path of copiedFrom(each)) {
      if (!existsSync(`${ROOT}${path}`))
        problems.push(`${each.name} copies ${path}, which is not there`);
      if (ignored().includes(path))
        problems.push(`${each.name} copies ${path}, which .dockerignore hides`);
    }
    if (/:latest$|^[^:]+$/.test(each.base))
      problems.push(`${each.name} is from any version of ${each.base}`);
    before.add(each.name);
    return problems;
  });
}

/** An image that runs as root, or with a number that is not the one of compose.yaml. */
function userProblems(all) {
  return all
    .filter(({ name }) => IMAGES.includes(name) && name !== "setup")
    .flatMap((each) => {
      const [user] = stepsOf(each, "USER").slice(-1);
      if (!user || /^(root|0)\b/.test(user)) return [`${each.name} runs as root`];
      const asked = Object.values(compose.services).find(
        ({ image }) => image === `confab-${each.name}:local` || image === `${each.name}:local`,
      );
      if (/^\d/.test(user) && asked.user !== user)
        return [`${each.name} is ${user}, in compose.yaml ${asked.user}`];
      return [];
    });
}

test("stages and files are there, bases have versions", () =>
  assert.deepEqual(problemsOf(stages), []));

test("what is not there is noticed", () => {
  const broken = (from, to) =>
    problemsOf(readDockerfile(dockerfileText().replace(from, to))).join("\n");
  assert.match(broken("COPY cmake cmake", "COPY make make"), /copies make, which is not there/);
  assert.match(broken("--from=pages /src/web/out", "--from=page /src/web/out"), /takes from page,/);
  assert.match(broken("COPY docs docs", "COPY tests tests"), /tests, which .dockerignore hides/);
  assert.match(
    broken("FROM debian:12-slim AS turn", "FROM debian AS turn"),
    /any version of debian/,
  );
});

test("no image but setup's runs as root", () => assert.deepEqual(userProblems(stages), []));

test("root and another number are noticed", () => {
  const broken = (from, to) =>
    userProblems(readDockerfile(dockerfileText().replace(from, to))).join("\n");
  assert.match(broken("USER 900:900\n", ""), /confab runs as root/);
  assert.match(broken("USER 903:903", "USER 904:904"), /turn is 904:904/);
});

test("compose.yaml builds each image, and no other", () => {
  const built = Object.values(compose.services).flatMap(({ build }) =>
    build ? [build.target] : [],
  );
  assert.deepEqual([...new Set(built)].sort(), [...IMAGES].sort());
});

test("an argument that compose.yaml gives is one that the Dockerfile takes", () => {
  for (const { build } of Object.values(compose.services)) {
    for (const name of Object.keys(build?.args ?? {}))
      assert.match(dockerfileText(), new RegExp(`^ARG ${name}\\b`, "m"));
  }
});

test("confab's image runs a command that there is, with variables that are keys", () => {
  const image = stage("confab");
  assert.equal(stepsOf(image, "ENTRYPOINT")[0], '["/usr/bin/confab"]');
  const [command] = JSON.parse(stepsOf(image, "CMD")[0]);
  assert.ok(commands().has(command));
  const { DEBIAN_FRONTEND, ...environment } = environmentOf(image);
  const known = new Set(KEYS.map(({ variable }) => variable));
  for (const name of Object.keys(environment)) assert.ok(known.has(name), name);
  assert.equal(configProblems(environment), "");
});

test("confab's image exposes what the program listens on, and is asked there", () => {
  const image = stage("confab");
  const [page, media] = [defaultOf("gateway.port"), defaultOf("media.port")];
  assert.deepEqual(stepsOf(image, "EXPOSE")[0].split(" "), [
    `${page}/tcp`,
    `${media}/tcp`,
    `${media}/udp`,
  ]);
  assert.match(stepsOf(image, "HEALTHCHECK")[0], new RegExp(`127\\.0\\.0\\.1:${page}/healthz`));
});

test("the program is compiled from the list that ./dev installs", () => {
  const text = readFileSync(`${ROOT}tools/packages.txt`, "utf8");
  assert.match(text, /^\[build\]$/m);
  assert.match(dockerfileText(), /\$0 == "\[build\]"/);
});

test("the version of the label is the program's", () => {
  const [, version] = /project\(confab VERSION (\S+)/.exec(
    readFileSync(`${ROOT}CMakeLists.txt`, "utf8"),
  );
  assert.match(
    dockerfileText(),
    new RegExp(`ARG CONFAB_VERSION=${version.replaceAll(".", "\\.")}\\b`),
  );
});

test("Node is one that the pages accept", () => {
  const { engines } = JSON.parse(readFileSync(`${ROOT}web/package.json`, "utf8"));
  const least = Number(/\d+/.exec(engines.node)[0]);
  for (const { base } of stages.filter((each) => each.base.startsWith("node:"))) {
    assert.ok(Number(/\d+/.exec(base)[0]) >= least, base);
  }
});
