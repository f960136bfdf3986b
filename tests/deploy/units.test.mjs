// The units of deploy/systemd and what lies beside them, against the program and systemd itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "./support/compose.mjs";
import { commands, defaultOf, flagsOf, PROGRAM } from "./support/program.mjs";

const UNITS = ["confab-serve.service", "confab@.service"];
const at = (name) => readFileSync(`${ROOT}deploy/systemd/${name}`, "utf8");
const valuesOf = (text, key) =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value);

/** What a unit starts that the program does not know. */
function commandProblems(text) {
  return [...valuesOf(text, "ExecStart"), ...valuesOf(text, "ExecStartPre")].flatMap((line) => {
    const [program, ...words] = line.split(" ");
    const names = words.filter((word) => /^[a-z]+$/.test(word));
    const command = names[0] ?? "serve"; // %i is one of the services, which take the same flags
    const problems =
      program === "/usr/bin/confab" ? [] : [`${program} is not what the package brings`];
    if (names[0] && !commands().has(names[0])) return [`there is no confab ${names[0]}`];
    const known = flagsOf(command, ...names.slice(1));
    for (const flag of words.filter((word) => word.startsWith("--"))) {
      if (!known.has(flag)) problems.push(`confab ${command} has no ${flag}`);
    }
    return problems;
  });
}

const HARDENED = {
  ...{
    NoNewPrivileges: "yes",
    ProtectSystem: "strict",
    ProtectHome: "yes",
    PrivateTmp: "yes",
    PrivateDevices: "yes",
  },
  ...{
    CapabilityBoundingSet: "",
    ProtectKernelTunables: "yes",
    RestrictNamespaces: "yes",
    User: "confab",
  },
  ...{ MemoryDenyWriteExecute: "yes", StateDirectory: "confab", LimitNOFILE: "65536" },
};
const hardeningProblems = (text) =>
  Object.entries(HARDENED)
    .filter(([key, value]) => valuesOf(text, key)[0] !== value)
    .map(([key]) => key);

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-units-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
const withoutSystemd = !hasSystemd && "systemd-analyze is not installed";

/** What systemd says of a unit, with the program under test in the place of the installed one. */
function verify(name, text) {
  const file = join(folder, name.replace("@", "@media"));
  writeFileSync(file, text.replaceAll("/usr/bin/confab", PROGRAM));
  const { status, stderr } = spawnSync(
    "systemd-analyze",
    ["verify", "--man=no", "--recursive-errors=no", file],
    { encoding: "utf8" },
  );
  const words = stderr.split("\n").filter((line) => line.includes("confab"));
  return status === 0 && words.length === 0
    ? ""
    : words.join("\n") || `status ${status}: ${stderr}`;
}

for (const name of UNITS) {
  test(`${name} starts what the program knows`, () =>
    assert.deepEqual(commandProblems(at(name)), []));
  test(`systemd takes ${name}`, { skip: withoutSystemd }, () =>
    assert.equal(verify(name, at(name)), ""),
  );
  test(`${name} has the time for an end in order`, () => {
    const seconds = Number.parseInt(valuesOf(at(name), "TimeoutStopSec")[0], 10);
    assert.ok(seconds * 1000 > Number(defaultOf("shutdown.deadline_ms")) + 2000);
  });
}

test("every unit gives away what confab does not need", () => {
  for (const name of UNITS) assert.deepEqual(hardeningProblems(at(name)), [], name);
});

test("a command, a flag, a setting that is not there is noticed", () => {
  const unit = at(UNITS[0]);
  assert.match(
    commandProblems(unit.replace("confab serve", "confab start")).join(),
    /no confab start/,
  );
  assert.match(
    commandProblems(unit.replaceAll("--config", "--configuration")).join(),
    /no --configuration/,
  );
  assert.deepEqual(hardeningProblems(unit.replace("ProtectHome=yes\n", "")), ["ProtectHome"]);
  if (hasSystemd)
    assert.match(
      verify("broken.service", unit.replace("ProtectSystem=strict", "ProtectSystem=very")),
      /protect system/,
    );
});

test("the services that the template names are commands", () => {
  const names = at("confab@.service")
    .split("[Unit]")[0]
    .match(/(?<=confab@)[a-z]+/g);
  for (const role of ["gateway", "signaling", "media", "relay", "logs"])
    assert.ok(names.includes(role), role);
  for (const name of names) assert.ok(commands().has(name), name);
});

test("the ports of media are reserved", () => {
  const [, text] = /^net\.ipv4\.ip_local_reserved_ports = (.*)$/m.exec(
    at("sysctl.d/50-confab.conf"),
  );
  const ranges = text.split(",").map((range) => range.split("-").map(Number));
  const isReserved = (port) =>
    ranges.some(([first, last = first]) => first <= port && port <= last);
  for (const key of [
    "media.port",
    "media.plain_rtp_first_port",
    "media.plain_rtp_last_port",
    "media.grpc_port",
  ]) {
    assert.ok(isReserved(Number(defaultOf(key))), key);
  }
  assert.ok(isReserved(Number(defaultOf("media.port")) + 100));
  assert.ok(!isReserved(49152), "that is coturn's");
});

test("the user of the units is the one that is made", () => {
  assert.match(at("sysusers.d/confab.conf"), /^u confab /m);
  assert.match(at("tmpfiles.d/confab.conf"), /^d \/var\/lib\/confab 0750 confab confab$/m);
  assert.match(readFileSync(`${ROOT}deploy/debian/postinst`, "utf8"), /adduser .*\n.* confab$/m);
});
