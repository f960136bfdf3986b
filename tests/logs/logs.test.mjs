// `confab logs` as operators run it: the real program over a real folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ConfabServer, whatIsTested } from "../e2e/support/confab_server.mjs";
import { until } from "../services/support/waiting.mjs";
import { LiveClient } from "./support/live_client.mjs";
import { LogViewer, line, TRACE, writeJoin } from "./support/log_viewer.mjs";

const FILE = "signaling-s1.20261129T064413.123456Z.jsonl";
const NEXT_FILE = "signaling-s1.20261129T074413.123456Z.jsonl";
const WAIT_MS = 20_000;
const eventsOf = ({ lines }) => lines.map(({ line: { event } }) => event);

describe("a folder of logs", () => {
  let viewer;
  before(async () => {
    viewer = await LogViewer.start();
  });
  after(() => viewer?.stop());

  test("is shown by the printed link, whose token stands behind #", async () => {
    const link = new URL(viewer.link);
    assert.equal(link.origin, viewer.origin);
    assert.match(link.hash, /^#token=[\w.-]+$/);
    assert.equal(link.search, "");
    assert.equal((await viewer.ask("/api/v1/logs")).status, 200);
    assert.equal((await viewer.ask("/api/v1/logs", "")).status, 401);
  });

  test("is followed over a rotation", async () => {
    viewer.write(FILE, line({ event: "a" }));
    await viewer.untilFound(1);
    viewer.write(FILE, line({ event: "b" }));
    viewer.write(NEXT_FILE, line({ event: "c" }));
    await viewer.untilFound(3);
    rmSync(join(viewer.logs, FILE));
    viewer.write(NEXT_FILE, line({ event: "d" }));
    assert.deepEqual(eventsOf(await viewer.untilFound(4)), ["d", "c", "b", "a"]);
  });

  test("is searched by field, level and words", async () => {
    writeJoin(viewer);
    await viewer.untilFound(8);
    const found = async (query) => eventsOf(await viewer.search(query));
    assert.deepEqual(await found("?service=media"), ["transport.closed", "transport.created"]);
    assert.deepEqual(await found("?level=error"), ["transport.closed"]);
    assert.deepEqual(await found("?event=participant.*"), ["participant.joined"]);
    assert.deepEqual(await found("?text=ICE+Checks"), ["transport.closed"]);
    assert.deepEqual(await found("?room=elsewhere"), []);
    const trace = await found(`?trace=${TRACE}`);
    assert.deepEqual(trace.reverse(), [
      "http.request",
      "participant.joined",
      "transport.created",
      "transport.closed",
    ]);
  });

  test("is told live, from what is there on, without a gap", async () => {
    const hello = JSON.stringify({ token: viewer.token, filter: { room: "live" } });
    viewer.write(FILE, line({ room: "live", event: "0" }));
    await viewer.untilFound(1, "?room=live");
    const client = await LiveClient.open(viewer.port, hello);
    try {
      for (let i = 1; i <= 500; i += 1)
        viewer.write(FILE, line({ room: "live", event: String(i) }));
      await until(
        () => client.lines.length >= 501,
        () => `${client.lines.length} lines`,
        WAIT_MS,
      );
      const events = client.lines.map(({ line: { event } }) => Number(event));
      assert.deepEqual(
        events,
        Array.from({ length: 501 }, (_, index) => index),
      );
      assert.equal(client.messages[0].first, true);
    } finally {
      client.close();
    }
  });

  test("lets an API token in that the command line has made", async () => {
    const make = (scope) => {
      const args = ["token", "api", "--scope", scope, "--data-dir", viewer.data];
      return execFileSync(whatIsTested().binary, args, { encoding: "utf8" }).trim();
    };
    assert.equal((await viewer.ask("/api/v1/logs", make("logs"))).status, 200);
    assert.equal((await viewer.ask("/api/v1/logs", make("metrics:read"))).status, 403);
  });

  test("has the pages of the logs and of each call, and no other", async () => {
    const page = await viewer.ask("/", "");
    assert.equal(page.status, 200);
    assert.match(page.text, />Logs · confab<\/title>/);
    const ofCall = await viewer.ask("/rooms/quiet-harbor?at=2026-11-29T06:44:13Z", "");
    assert.equal(ofCall.status, 200);
    assert.match(ofCall.text, />A call explained · confab<\/title>/);
    for (const { headers } of [page, ofCall, await viewer.ask("/api/v1/logs")]) {
      assert.match(headers.get("content-security-policy"), /default-src 'none'/);
      assert.equal(headers.get("x-frame-options"), "DENY");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
    }
    for (const path of [
      "/index.html",
      "/r/tea",
      "/r.html",
      "/404.html",
      "/socket.io/",
      "/api/docs",
    ]) {
      assert.equal((await viewer.ask(path, "")).status, 404, path);
    }
  });

  test("tells its health and its numbers", async () => {
    assert.equal((await viewer.ask("/healthz", "")).status, 200);
    assert.equal((await viewer.ask("/readyz", "")).status, 200);
    const { text } = await viewer.ask("/metrics", "");
    assert.match(text, /^confab_logs_read_lines_total\{state="whole"\} [1-9]/m);
    assert.match(text, /^confab_logs_live_readers 0$/m);
  });
});

describe("what is damaged", () => {
  let viewer;
  before(async () => {
    viewer = await LogViewer.start();
  });
  after(() => viewer?.stop());

  test("is shown as such, and the program goes on", async () => {
    viewer.write(FILE, line({ event: "first" }));
    viewer.write(
      FILE,
      "x".repeat(1024 * 1024),
      '{"time":"2026-',
      "no JSON",
      "\u001b[2J\u001b[31mred",
    );
    appendFileSync(join(viewer.logs, FILE), Buffer.from([0, 1, 2, 255, 254, 10]));
    viewer.write(FILE, line({ event: "last" }));
    const { lines, status } = await viewer.untilFound(7);
    const damages = lines.map(({ damage, line }) => damage ?? line.event).sort();
    assert.deepEqual(damages, [
      "binary",
      "binary",
      "first",
      "last",
      "oversized",
      "torn",
      "unreadable",
    ]);
    const oversized = lines.find(({ damage }) => damage === "oversized");
    assert.equal(oversized.octets, 1024 * 1024);
    assert.ok(oversized.text.length <= 4096);
    assert.deepEqual(status.lines, { whole: 2, torn: 1, binary: 2, oversized: 1, unreadable: 1 });
  });

  test("may be a file that is cut, or one that is none", async () => {
    truncateSync(join(viewer.logs, FILE), 0);
    mkdirSync(join(viewer.logs, "folder.jsonl"));
    writeFileSync(join(viewer.logs, "notes.txt"), "note\n");
    viewer.write(FILE, line({ event: "after the cut" }));
    await viewer.untilFound(1, "?event=after%20the%20cut");
    assert.equal((await viewer.search()).status.files, 1);
  });
});

test("a folder that is missing is waited for, and said", async () => {
  const viewer = await LogViewer.start({ isFolderMissing: true });
  try {
    const ready = await viewer.ask("/readyz", "");
    assert.equal(ready.status, 503);
    assert.match(ready.text, /log\.folder/);
    mkdirSync(viewer.logs);
    viewer.write(FILE, line());
    await viewer.untilFound(1);
    assert.equal((await viewer.ask("/readyz", "")).status, 200);
  } finally {
    await viewer.stop();
  }
});

test("without a folder it does not start, and says what to do", () => {
  const { binary } = whatIsTested();
  const folder = mkdtempSync(join(tmpdir(), "confab-logs-"));
  try {
    const env = { PATH: process.env.PATH, HOME: folder };
    execFileSync(binary, ["logs"], { env, cwd: folder, encoding: "utf8", stdio: "pipe" });
    assert.fail("it has started");
  } catch (error) {
    assert.equal(error.status, 1, error);
    assert.match(error.stderr, /log\.folder names none.*--log-folder/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("confab serve", () => {
  test("shows its logs on the next port where one is taken, and calls do not need it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "confab-logs-"));
    const taken = createServer();
    await new Promise((done) => taken.listen(0, "127.0.0.1", done));
    const { port } = taken.address();
    const config = join(folder, "confab.toml");
    writeFileSync(config, `[logs]\nport = ${port}\n`);
    const server = await ConfabServer.start(folder, ["--config", config]);
    try {
      const said = server.report;
      const link = new URL(/^ {2}logs {5}(\S+)$/m.exec(said)[1]);
      assert.notEqual(Number(link.port), port);
      const headers = { authorization: `Bearer ${link.hash.slice("#token=".length)}` };
      const answer = await fetch(`${link.origin}/api/v1/logs`, { headers });
      assert.equal(answer.status, 200);
      appendFileSync(join(folder, "data", "logs", FILE), `${JSON.stringify(line())}\n`);
      await until(
        async () => {
          const found = await fetch(`${link.origin}/api/v1/logs?service=signaling`, { headers });
          return (await found.json()).lines.length > 0;
        },
        "a line from below data_dir",
        WAIT_MS,
      );
    } finally {
      await server.stop();
      taken.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("shows none where its port is 0", async () => {
    const folder = mkdtempSync(join(tmpdir(), "confab-logs-"));
    const config = join(folder, "confab.toml");
    writeFileSync(config, "[logs]\nport = 0\n");
    const server = await ConfabServer.start(folder, ["--config", config]);
    try {
      assert.doesNotMatch(server.report, /^ {2}logs /m);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
