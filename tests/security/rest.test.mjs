// Every operation of the REST interface, with each kind of token.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Cluster } from "../services/support/cluster.mjs";
import { restDoors } from "../support/doors.mjs";
import { EXPIRED, TokenMaker } from "./support/tokens.mjs";

const ROOM = "quiet-harbor";
/** And not of guests, of who is in the call, or of who signed in. */
const isOfApiTokens = (scope) => scope.includes(":") || scope === "logs";
const SCOPES = [...new Set(restDoors.map(({ scope }) => scope).filter(isOfApiTokens))];

let cluster;
let tokens;

before(async () => {
  // The tests come from one address, and faster than people.
  const settings = (name) => (name === "g1" ? { gateway: { requests_per_second: 1000 } } : {});
  cluster = await Cluster.start({ names: ["m1", "s1", "g1", "l1"], settings });
  tokens = new TokenMaker(join(cluster.folder, "data"));
});
after(() => cluster?.stop());

async function statusOf({ method, path }, token, { room = ROOM, headers = {} } = {}) {
  const target = path.replace("{room}", room).replace("{participant}", "nobody");
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const init = { method, headers: { ...authorization, ...headers } };
  return (await fetch(cluster.url("g1") + target, init)).status;
}

/** None of them opens a door that asks for `scope`. */
function wrongTokens(scope) {
  const others = SCOPES.filter((each) => each !== scope);
  return {
    nothing: undefined,
    "no JSON Web Token": "x",
    "the token of a service": tokens.service("gateway"),
    "an API token without scopes": tokens.api([]),
    "an API token with all other scopes": tokens.api(others),
    "one with the scope's beginning": tokens.api([scope.slice(0, 3)]),
  };
}

test("the table has what the document of the running gateway has, and nothing else", async () => {
  const { paths } = await (await fetch(`${cluster.url("g1")}/api/v1/openapi.json`)).json();
  const offered = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${operation.operationId} ${method.toUpperCase()} /api/v1${path} ${operation["x-scope"]}`,
    ),
  );
  const listed = restDoors.map(
    (door) => `${door.operation} ${door.method} ${door.path} ${door.scope}`,
  );
  assert.deepEqual(listed.sort(), offered.sort());
});

for (const door of restDoors) {
  describe(`${door.operation} (${door.scope})`, () => {
    const { scope, path } = door;
    if (scope === "guest") {
      test("is open to programs and our own pages, to no page of another site", async () => {
        assert.equal(await statusOf(door), 201);
        const own = { origin: cluster.url("g1") };
        assert.equal(await statusOf(door, undefined, { headers: own }), 201);
        for (const headers of [{ origin: "https://elsewhere.example" }, { origin: "null" }]) {
          assert.equal(await statusOf(door, undefined, { headers }), 403, JSON.stringify(headers));
        }
      });
      return;
    }
    if (scope === "joined") {
      test("opens to who may enter a room or is in it, and to nobody else", async () => {
        for (const [name, token] of Object.entries(wrongTokens("x:y"))) {
          assert.equal(await statusOf(door, token), 401, name);
        }
        assert.equal(await statusOf(door, tokens.api(SCOPES)), 401, "an API token");
        assert.equal(await statusOf(door, tokens.join(ROOM, EXPIRED)), 401, "an old invitation");
        assert.equal(await statusOf(door, tokens.join(ROOM)), 201);
        assert.equal(await statusOf(door, tokens.resume(ROOM)), 201);
      });
      return;
    }
    if (scope === "signed-in") {
      // With an issuer: tests/openid.
      test("opens to nobody where no issuer is named", async () => {
        const wrong = {
          ...wrongTokens("x:y"),
          "an API token": tokens.api(SCOPES),
          "a join token": tokens.join(ROOM),
          "a resume token": tokens.resume(ROOM),
        };
        for (const [name, token] of Object.entries(wrong)) {
          assert.ok([401, 403].includes(await statusOf(door, token)), name);
        }
      });
      return;
    }
    assert.ok(isOfApiTokens(scope), `no case for the scope ${scope}`);

    test("opens to an API token with its scope, and to no other", async () => {
      const wrong = {
        ...wrongTokens(scope),
        "a join token": tokens.join(ROOM, { grants: { moderate: true } }),
        "a resume token": tokens.resume(ROOM),
        "one that has expired": tokens.api([scope], EXPIRED),
        "one that was changed": tokens.api([scope]).replace(/.{3}$/, "AAA"),
      };
      for (const [name, token] of Object.entries(wrong)) {
        assert.ok([401, 403].includes(await statusOf(door, token)), name);
      }
      assert.ok([200, 201, 204, 404].includes(await statusOf(door, tokens.api([scope]))));
    });

    test("takes no token of another room", async () => {
      assert.equal(await statusOf(door, tokens.api([scope], { room: "another" })), 403);
      const own = await statusOf(door, tokens.api([scope], { room: ROOM }));
      if (path.includes("{room}")) assert.notEqual(own, 403);
      else assert.equal(own, 403, "it is about all rooms");
    });
  });
}
