// Every method of every gRPC service, with each kind of token: only the right service comes in.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Cluster } from "../services/support/cluster.mjs";
import { grpcDoors } from "../support/doors.mjs";
import { grpcServices } from "./support/contracts.mjs";
import { grpcStatus, status } from "./support/grpc_call.mjs";
import { EXPIRED, TokenMaker } from "./support/tokens.mjs";

const HEALTH = "grpc.health.v1.Health";
/** Where a service of a contract is, and who may call it, by what the document says. */
const PLACES = {
  "confab.media.v1.Media": "m1",
  "confab.media.v1.State": "m1",
  "confab.rooms.v1.Rooms": "s1",
};
const CALLERS = {
  "signaling, with its service token": "signaling",
  "the gateway, with its service token": "gateway",
};
const SERVICES = ["gateway", "signaling", "media", "logs"];
/** Long enough for a refusal; a stream that was let in stays open. */
const OPEN_MS = 2000;

const services = grpcServices();
let cluster;
let tokens;

before(async () => {
  cluster = await Cluster.start({ names: ["m1", "s1", "g1"] });
  tokens = new TokenMaker(join(cluster.folder, "data"));
});
after(() => cluster?.stop());

const ask = (place, method, token, deadlineMs) =>
  grpcStatus(cluster.ports(place).grpc, method, { token, deadlineMs });
const isRefusal = (code) => [status.UNAUTHENTICATED, status.PERMISSION_DENIED].includes(code);

test("the document has a row for each service of the contracts, and no other", () => {
  const documented = grpcDoors.map(({ service }) => service).filter((name) => name !== HEALTH);
  assert.deepEqual(documented.sort(), Object.keys(services).sort());
  for (const [name, methods] of Object.entries(services)) assert.ok(methods.length > 0, name);
});

for (const { service, callers } of grpcDoors) {
  if (service === HEALTH) continue;
  describe(service, () => {
    const place = PLACES[service];
    const caller = CALLERS[callers];
    test("has a place and a caller in this test", () => assert.ok(place && caller, callers));

    for (const method of services[service] ?? []) {
      test(method, async () => {
        const path = `/${service}/${method}`;
        const wrong = {
          "no token": undefined,
          "an empty one": "Bearer ",
          "no JSON Web Token": "Bearer x",
          "another scheme": `Basic ${tokens.service(caller)}`,
          "without a scheme": tokens.service(caller),
          "a join token": `Bearer ${tokens.join("a")}`,
          "a resume token": `Bearer ${tokens.resume("a")}`,
          "an API token": `Bearer ${tokens.api(["rooms:read", "rooms:write"])}`,
          "one that has expired": `Bearer ${tokens.service(caller, EXPIRED)}`,
          "one without its end": `Bearer ${tokens.service(caller).slice(0, -1)}`,
        };
        for (const other of SERVICES.filter((each) => each !== caller)) {
          wrong[`the token of ${other}`] = `Bearer ${tokens.service(other)}`;
        }
        for (const [name, token] of Object.entries(wrong)) {
          const code = await ask(place, path, token);
          assert.ok(isRefusal(code), `${name}: ${code}`);
        }
        const code = await ask(place, path, `Bearer ${tokens.service(caller)}`, OPEN_MS);
        assert.ok(!isRefusal(code) && code !== status.UNIMPLEMENTED, `its own caller: ${code}`);
      });
    }
  });
}

test("each service takes its callers alone", async () => {
  for (const [service, methods] of Object.entries(services)) {
    const { callers } = grpcDoors.find((door) => door.service === service);
    const taken = [];
    for (const each of SERVICES) {
      const token = `Bearer ${tokens.service(each)}`;
      const code = await ask(PLACES[service], `/${service}/${methods[0]}`, token);
      if (!isRefusal(code)) taken.push(each);
    }
    assert.deepEqual(taken, [CALLERS[callers]], service);
  }
});

test("health is told to everyone", async () => {
  for (const place of Object.values(PLACES)) {
    assert.equal(await ask(place, `/${HEALTH}/Check`), status.OK, place);
  }
});

test("what nobody thought of is not there, whoever asks", async () => {
  for (const path of [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/grpc.channelz.v1.Channelz/GetServers",
    "/confab.media.v1.Media/Nothing",
    "/confab.rooms.v1.Rooms/Nothing",
  ]) {
    for (const place of Object.values(PLACES)) {
      const code = await ask(place, path, `Bearer ${tokens.service("signaling")}`);
      assert.equal(code, status.UNIMPLEMENTED, `${path} at ${place}`);
    }
  }
});

test("one service does not offer another's methods", async () => {
  for (const [service, methods] of Object.entries(services)) {
    for (const place of Object.values(PLACES).filter((each) => each !== PLACES[service])) {
      for (const caller of ["gateway", "signaling"]) {
        const code = await ask(
          place,
          `/${service}/${methods[0]}`,
          `Bearer ${tokens.service(caller)}`,
        );
        assert.equal(code, status.UNIMPLEMENTED, `${service} at ${place}`);
      }
    }
  }
});
