import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../../e2e/support/until.mjs";
import { ServerProcess } from "../../nginx/support/server_process.mjs";
import { CLASS } from "./stun_message.mjs";
import { credentials, TurnClient } from "./turn_client.mjs";
import { on, SECRET, TurnServer } from "./turn_server.mjs";

const ECHO = fileURLToPath(new URL("echo.mjs", import.meta.url));
/** Where the echoes are. */
export const PORT = 40_000;

export const assertGiven = (answer) => assert.equal(answer?.kind, CLASS.success, `${answer?.code}`);
export const assertRefused = (answer, code) => {
  assert.equal(answer?.kind, CLASS.error, answer ? "it was given" : "no answer");
  assert.equal(answer.code, code);
};

/** A coturn as it is shipped, and who plays with it; all of it ends with strike(). */
export class Stage {
  #servers = [];
  #echoes = [];
  #participants = 0;

  static async set() {
    const stage = new Stage();
    stage.folder = mkdtempSync(join(tmpdir(), "confab-turn-"));
    stage.server = await stage.startServer({});
    return stage;
  }

  async startServer(options) {
    const folder = join(this.folder, String(this.#servers.length));
    const server = await TurnServer.start(folder, options);
    this.#servers.push(server);
    return server;
  }

  /** Sends back what comes to these addresses of a machine. */
  async echo(host, addresses) {
    const [ip, ...rest] = on(host);
    const program = [process.execPath, ECHO, String(PORT), ...addresses];
    const echo = new ServerProcess(ip, [...rest, ...program]);
    this.#echoes.push(echo);
    await until(`the echo on ${host}`, async () => {
      echo.assertAlive();
      return echo.lastWords.includes("ready") ? null : echo.lastWords;
    });
    return echo;
  }

  /** A client for one test, which ends with it. */
  async client(t, { to = this.server, over = "udp", family = "v4", user, realm } = {}) {
    this.#participants += 1;
    const client = await TurnClient.open({
      server: to.address(over, family),
      over,
      realm,
      user: user ?? credentials(SECRET, { participant: `p${this.#participants}` }),
      tls: { ca: readFileSync(to.certificates.ca) },
    });
    t.after(() => client.close());
    return client;
  }

  async strike() {
    await Promise.all([...this.#echoes, ...this.#servers].map((each) => each.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
