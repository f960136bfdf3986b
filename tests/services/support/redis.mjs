import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "./waiting.mjs";

/** A real Redis on loopback that keeps nothing: started anew, it knows nothing. */
export class Redis {
  static async start() {
    const redis = new Redis();
    redis.port = await freePort();
    redis.folder = mkdtempSync(join(tmpdir(), "confab-redis-"));
    await redis.run();
    return redis;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  async run() {
    const settings = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.folder];
    const args = [...settings, "--save", "", "--appendonly", "no"];
    this.child = spawn("redis-server", args, { stdio: "ignore" });
    const onExit = () => this.child.kill("SIGKILL");
    process.once("exit", onExit);
    this.ended = new Promise((done) => {
      this.child.once("close", () => {
        process.off("exit", onExit);
        done();
      });
    });
    await until(() => this.#answers(), "an answer of Redis");
  }

  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #answers() {
    return new Promise((resolve) => {
      const socket = connect(this.port, "127.0.0.1");
      socket.once("connect", () => socket.write("PING\r\n"));
      socket.once("data", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }
}
