// Who may read the logs: each row of the table, with every kind of token that must not open it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { LiveClient } from "../logs/support/live_client.mjs";
import { hashedRoom, LogViewer, line } from "../logs/support/log_viewer.mjs";
import { until } from "../services/support/waiting.mjs";
import { logDoors } from "../support/doors.mjs";
import { EXPIRED, TokenMaker } from "./support/tokens.mjs";

let viewer;
let tokens;
before(async () => {
  viewer = await LogViewer.start({ withoutPages: true });
  viewer.write("media-m1.1.jsonl", line({ event: "secret.event" }));
  for (const name of ["a", "b"]) {
    const more = { room: hashedRoom(name), participant: `secret.event-${name}` };
    viewer.write("media-m1.1.jsonl", line({ event: "participant.joined", ...more }));
  }
  await viewer.untilFound(3);
  tokens = new TokenMaker(viewer.data);
});
after(() => viewer?.stop());

const wrongTokens = () => ({
  none: ["", 401],
  "no JSON Web Token": ["x", 401],
  "a join token": [tokens.join("a"), 401],
  "a resume token": [tokens.resume("a"), 401],
  "a service token": [tokens.service("logs"), 401],
  "one that has expired": [tokens.api(["logs"], EXPIRED), 401],
  "one without its end": [tokens.api(["logs"]).slice(0, -1), 401],
  "another scope": [tokens.api(["metrics:read", "rooms:read", "state:read", "logs:read"]), 403],
  "one room alone": [tokens.api(["logs"], { room: "a" }), 403],
});

/** What a row says of its readers, and what is tried. */
const CASES = {
  "an API token for all rooms with the scope `logs`": ([path]) => {
    test("by REST", async () => {
      for (const [name, [token, status]] of Object.entries(wrongTokens())) {
        const answer = await viewer.ask(path, token);
        assert.equal(answer.status, status, name);
        assert.doesNotMatch(answer.text, /secret\.event/, name);
      }
      const inAddress = await viewer.ask(`${path}?token=${tokens.api(["logs"])}`, "");
      assert.equal(inAddress.status, 401);
      const answer = await viewer.ask(path, tokens.api(["logs"]));
      assert.equal(answer.status, 200);
      assert.match(answer.text, /secret\.event/);
      assert.equal(answer.headers.get("cache-control"), "no-store");
    });
  },
  "an API token with the scope `logs` for all rooms or this one": ([path]) => {
    const pathOf = (room) => path.replace("{room}", room);
    for (const room of ["a", hashedRoom("a")]) {
      test(`by REST, as ${room}`, async () => {
        const { "one room alone": _, ...wrong } = wrongTokens();
        wrong["another room alone"] = [tokens.api(["logs"], { room: "b" }), 403];
        for (const [name, [token, status]] of Object.entries(wrong)) {
          const answer = await viewer.ask(pathOf(room), token);
          assert.equal(answer.status, status, name);
          assert.doesNotMatch(answer.text, /secret\.event/, name);
        }
        for (const token of [tokens.api(["logs"]), tokens.api(["logs"], { room: "a" })]) {
          const answer = await viewer.ask(pathOf(room), token);
          assert.equal(answer.status, 200);
          assert.match(answer.text, /secret\.event-a/);
          assert.doesNotMatch(answer.text, /secret\.event-b/);
          assert.equal(answer.headers.get("cache-control"), "no-store");
        }
      });
    }
    test("a name that looks like another room's hash opens nothing", async () => {
      const name = hashedRoom("a");
      const answer = await viewer.ask(pathOf(name), tokens.api(["logs"], { room: name }));
      assert.equal(answer.status, 404);
    });
  },
  "the same, in the first message of the WebSocket": () => {
    const codes = { 401: "unauthorized", 403: "forbidden" };
    const said = async (token) => {
      const client = await LiveClient.open(viewer.port, JSON.stringify({ token }));
      try {
        await until(() => client.messages.length > 0, "the first message");
        return client.messages[0];
      } finally {
        client.close();
      }
    };
    test("by WebSocket", async () => {
      for (const [name, [token, status]] of Object.entries(wrongTokens())) {
        const message = await said(token);
        assert.equal(message.error?.code, codes[status], name);
        assert.equal(message.lines, undefined, name);
      }
      assert.equal((await said(tokens.api(["logs"]))).lines.length, 3);
    });
  },
  "everyone: the page holds no lines": (paths) => {
    for (const path of paths) {
      test(path, async () => {
        const page = await viewer.ask(path, "");
        assert.ok([200, 404].includes(page.status), `${page.status}`);
        assert.doesNotMatch(page.text, /secret\.event/);
      });
    }
  },
};

for (const { paths, readers } of logDoors) {
  describe(`${paths.join(", ")}: ${readers}`, () => {
    test("has a case in this test", () => assert.ok(CASES[readers], readers));
    CASES[readers]?.(paths);
  });
}

test("the printed link opens the logs and nothing else", async () => {
  assert.equal((await viewer.ask("/api/v1/logs")).status, 200);
  const headers = { authorization: `Bearer ${viewer.token}`, "x-forwarded-for": "192.0.2.1" };
  assert.equal((await fetch(`${viewer.origin}/metrics`, { headers })).status, 403);
});

test("no path takes a method that it was not made for", async () => {
  const rest = ["/api/v1/logs", "/api/v1/logs/rooms/a", "/api/v1/logs/live"];
  for (const path of [...rest, "/healthz", "/metrics", "/"]) {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const { status } = await fetch(viewer.origin + path, { method });
      assert.equal(status, 405, `${method} ${path}`);
    }
  }
});
