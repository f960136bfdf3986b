// What compose.yaml says to confab is what the program understands: commands, variables, ports. And
// that it ends when it is told to, whatever it waits for.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { confabServices, publishedPort, ROOT, readCompose } from "./support/compose.mjs";
import { FullPipe } from "./support/full_pipe.mjs";
import { commands, configProblems, defaultOf, KEYS, startLogs } from "./support/program.mjs";

const compose = readCompose();
const services = confabServices(compose);
const document = (name) => readFileSync(`${ROOT}docs/${name}.md`, "utf8");
const variables = new Set(KEYS.map(({ variable }) => variable));

for (const [name, service] of services) {
  test(`${name} runs a command that there is`, () => {
    assert.ok(commands().has(service.command[0]));
    assert.equal(service.command.length, 1);
  });

  test(`${name} has variables that are keys, and values that can be used`, () => {
    const { environment } = service;
    for (const variable of Object.keys(environment)) assert.ok(variables.has(variable), variable);
    assert.equal(configProblems(environment), "");
  });
}

test("a variable that is no key, or a value that cannot be, is noticed", () => {
  const { environment } = compose.services["media-1"];
  assert.match(configProblems({ ...environment, CONFAB_MEDIA_PORTS: "1" }), /CONFAB_MEDIA_PORT/);
  assert.match(configProblems({ ...environment, CONFAB_MEDIA_WORKERS: "many" }), /media.workers/);
  assert.match(
    configProblems({ ...environment, CONFAB_RPC_INSECURE: "false" }),
    /media.grpc_address/,
  );
});

test("there are two of each service, with a name and an address of their own", () => {
  for (const role of ["gateway", "signaling", "media"]) {
    const names = services.filter(([, { command }]) => command[0] === role).map(([name]) => name);
    assert.deepEqual(names, [`${role}-1`, `${role}-2`]);
    for (const name of names)
      assert.equal(compose.services[name].environment.CONFAB_INSTANCE_ID, name);
  }
});

test("every worker that may be asked for has a port that is published, for UDP and TCP", () => {
  for (const name of ["media-1", "media-2"]) {
    const { environment, ports } = compose.services[name];
    const first = Number(environment.CONFAB_MEDIA_PORT);
    for (const [text, protocol] of ports.map((each) => [each, each.split("/")[1]])) {
      const port = publishedPort(text);
      assert.equal(port.first, first, `${name}, ${protocol}`);
      assert.equal(port.last, first + 3, "the head of compose.yaml says 1 to 4");
    }
    assert.deepEqual(ports.map((each) => each.split("/")[1]).sort(), ["tcp", "udp"]);
  }
});

/** [service, key of its port, as docs/architecture.md has it] */
const ARCHITECTURE = [
  ["gateway-1", "gateway.port", /gateway {3}:(\d+)/],
  ["signaling-1", "signaling.port", /│ {2}:(5\d\d\d) :\d+ │/],
  ["signaling-1", "signaling.grpc_port", /│ {2}:5\d\d\d :(\d+) │/],
  ["media-1", "media.port", /media {3}:(\d+)/],
  ["media-1", "media.grpc_port", /│ {2}:(5\d{4}) │/],
];

for (const [name, key, drawing] of ARCHITECTURE) {
  test(`${name} has for ${key} the program's default, which docs/architecture.md draws`, () => {
    const variable = KEYS.find((each) => each.key === key).variable;
    assert.equal(compose.services[name].environment[variable], defaultOf(key));
    assert.equal(drawing.exec(document("architecture"))?.[1], defaultOf(key));
  });
}

test("docs/deployment.md lists what is published, and nothing else", () => {
  const [, section] = document("deployment").split("\n### What is where\n");
  // The first table of the section.
  const table = section.slice(section.indexOf("| service |")).split("\n\n")[0];
  const rows = table.matchAll(/^\| ([a-z0-9-]+(?:, [a-z0-9-]+)*) \| ([^|]+)\|/gm);
  const told = [...rows].filter(([, , ports]) => /\d/.test(ports));
  const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => `${name} ${publishedPort(port).outside}`),
  );
  const written = told.flatMap(([, names, ports]) => {
    const each = names.split(", ");
    const lists = ports.split(";");
    return each.flatMap((name, i) =>
      (lists[i] ?? lists[0]).match(/\d+(-\d+)?/g).map((port) => `${name} ${port}`),
    );
  });
  assert.deepEqual([...new Set(written)].sort(), [...new Set(published)].sort());
});

test("Grafana and the UI are on the ports that the documents name", () => {
  assert.equal(compose.services.grafana.environment.GF_SERVER_HTTP_PORT, "3001");
  assert.equal(compose.services.ui.environment.CONFAB_UI_PORT, "3000");
  const settings = readFileSync(`${ROOT}web/server/settings.mjs`, "utf8");
  for (const name of Object.keys(compose.services.ui.environment))
    assert.match(settings, new RegExp(name));
});

test("the program's own goodbyes fit into the time that Docker gives it", () => {
  const grace = Number.parseInt(compose.services["gateway-1"].stop_grace_period, 10);
  assert.ok(grace * 1000 > Number(defaultOf("shutdown.deadline_ms")) + 2000);
});

/** Bounds a test that fails; one that passes takes the deadline and two seconds. */
const LIMIT_MS = 60_000;

/**
 * How the program ends whose log goes into a pipe that is full and that nobody reads.
 * @returns {Promise<[number | null, string | null]>} its status, or the signal that it died of
 */
async function endWithUnreadLog(deadlineMs, signals) {
  const folder = mkdtempSync(join(tmpdir(), "confab-end-"));
  const log = new FullPipe(folder);
  const child = await startLogs(folder, { log: log.writeEnd, deadlineMs });
  try {
    const ended = once(child, "exit", { signal: AbortSignal.timeout(LIMIT_MS) });
    for (const signal of signals) child.kill(signal);
    return await ended;
  } finally {
    child.kill("SIGKILL");
    log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test("it is gone soon after its deadline though its log goes nowhere", async () => {
  assert.deepEqual(await endWithUnreadLog(1000, ["SIGTERM"]), [1, null]);
});

test("it is gone at the second signal though its log goes nowhere", async () => {
  const [status] = await endWithUnreadLog(600_000, ["SIGTERM", "SIGINT"]);
  // Of two that wait the system may hand out either first.
  assert.ok([130, 143].includes(status), `status ${status}`);
});
