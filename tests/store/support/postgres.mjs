import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PostgresFiles, postgresHealth, USER } from "../../../tools/stack/postgres.mjs";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "../../services/support/waiting.mjs";

const ADDRESS = "127.0.0.1";
const PASSWORD = "only for tests";
const START_MS = 30_000;

/** A PostgreSQL of the test's own, that can be stopped and started again. */
export class Postgres {
  #files;
  #server = null;

  constructor(folder) {
    this.#files = new PostgresFiles(join(folder, "postgres"));
    this.passwordFile = join(folder, "password");
    writeFileSync(this.passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  }

  static async start(folder) {
    const postgres = new Postgres(folder);
    postgres.#files.initialise(PASSWORD);
    postgres.port = await freePort();
    await postgres.start();
    return postgres;
  }

  get url() {
    return `postgresql://${USER}@${ADDRESS}:${this.port}/${USER}`;
  }

  /** Resolves when it takes connections. */
  async start() {
    const [command, ...args] = this.#files.command(ADDRESS, this.port);
    this.#server = spawn(command, args, { cwd: "/", stdio: "ignore" });
    const server = this.#server;
    process.once("exit", () => server.kill("SIGQUIT"));
    await until(() => postgresHealth(ADDRESS, this.port) === null, "PostgreSQL", START_MS);
  }

  /** At once, without a word to its clients. */
  async stop() {
    if (this.#server === null) return;
    const ended = once(this.#server, "close");
    this.#server.kill("SIGQUIT");
    await ended;
    this.#server = null;
  }

  async remove() {
    await this.stop();
    this.#files.remove();
  }

  /** The rows of the answer, each with its columns as text. */
  ask(sql) {
    const how = ["--no-psqlrc", "--tuples-only", "--no-align", "--field-separator=\t"];
    const env = { ...process.env, PGPASSWORD: PASSWORD };
    const text = execFileSync("psql", [...how, "-c", sql, this.url], { encoding: "utf8", env });
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => line.split("\t"));
  }
}
