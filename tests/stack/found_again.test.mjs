// A service that is started late, or again, is found within three seconds. Here elapsed time is what
// is tested.
import { after, before, test } from "node:test";
import { until } from "../services/support/waiting.mjs";
import { homeOf } from "./support/rooms.mjs";
import { Stack } from "./support/stack.mjs";

const FOUND_WITHIN_MS = 3000;
/** Consul takes it off the list: a TTL check of 10 s, and what a busy machine adds. */
const FORGOTTEN_WITHIN_MS = 20_000;

let stack;
before(async () => {
  stack = await Stack.up("found-again");
});
after(() => stack?.down());

const answers = async (url) => (await fetch(url).catch(() => null))?.status === 200;

/** Starts what is missing; from when the service itself answers it has to be found by the others. */
async function assertFound(t, name, isFound) {
  const up = stack.up();
  await until(() => answers(`${stack.url(name)}/healthz`), `${name} to answer`);
  const begin = performance.now();
  await until(isFound, `${name} to be found`, FOUND_WITHIN_MS);
  t.diagnostic(`${name} was found after ${Math.round(performance.now() - begin)} ms`);
  await up;
}

async function untilForgotten(name) {
  const kind = name.split("-")[0];
  const list = `${stack.url("consul")}/v1/health/service/confab-${kind}?passing`;
  await until(
    async () => !(await (await fetch(list)).text()).includes(name),
    `Consul to forget ${name}`,
    FORGOTTEN_WITHIN_MS,
  );
}

/** A room that is there stays where it is, so a new one is asked for each time: it is a toss-up. */
async function getsRooms(name) {
  const home = await homeOf(stack, crypto.randomUUID()).catch(() => ({}));
  return Object.values(home).includes(name);
}

for (const [what, name, prepare] of [
  ["again", "signaling-2", async () => {}],
  ["late", "signaling-2", untilForgotten],
  ["again", "media-2", async () => {}],
  ["late", "media-2", untilForgotten],
]) {
  test(`${name}, started ${what}`, async (t) => {
    await stack.kill(name);
    await prepare(name);
    await assertFound(t, name, () => getsRooms(name));
  });
}

for (const what of ["again", "late"]) {
  test(`a gateway, started ${what}`, async (t) => {
    await stack.kill("gateway-1");
    if (what === "late") await untilForgotten("gateway-1");
    await assertFound(t, "gateway-1", async () => {
      const list = `${stack.url("consul")}/v1/health/service/confab-gateway?passing`;
      const isListed = (await (await fetch(list)).text()).includes("gateway-1");
      return isListed && (await answers(`${stack.url("gateway-1")}/readyz`));
    });
  });
}

test("everything, after Consul has lost all that it knew", async (t) => {
  await stack.kill("consul");
  const up = stack.up();
  const list = () =>
    fetch(`${stack.url("consul")}/v1/agent/services`)
      .then((response) => response.json())
      .catch(() => null);
  await until(async () => (await list()) !== null, "Consul to answer");
  const begin = performance.now();
  await until(
    async () => Object.keys((await list()) ?? {}).length === 6,
    "all six services",
    10_000,
  );
  t.diagnostic(`all were announced again after ${Math.round(performance.now() - begin)} ms`);
  await up;
});
