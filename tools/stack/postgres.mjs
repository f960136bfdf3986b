// A PostgreSQL of one's own, from Debian's programs: its files, and how it is started. It refuses to
// run as root; then it runs as the user postgres, whom Debian's package makes, and keeps its files
// where that user gets.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAMS = process.env.CONFAB_TEST_POSTGRES ?? "/usr/lib/postgresql/15/bin";
const RUNS_AS = "postgres";
const FOR_OWNER = 0o700;

/** Who may do everything in it; the database has the same name. */
export const USER = "confab";

export class PostgresFiles {
  /** @param {string} folder of the one who starts it; what is made for it stays until remove() */
  constructor(folder) {
    this.isRoot = process.getuid() === 0;
    const mark = createHash("sha256").update(folder).digest("hex").slice(0, 16);
    this.folder = this.isRoot ? join(tmpdir(), `confab-postgres-${mark}`) : folder;
    this.data = join(this.folder, "data");
  }

  /** Makes an empty database, where there is none yet. */
  initialise(password) {
    if (existsSync(join(this.data, "PG_VERSION"))) return;
    mkdirSync(this.folder, { recursive: true });
    chmodSync(this.folder, FOR_OWNER);
    const file = join(this.folder, "password");
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    if (this.isRoot) for (const path of [this.folder, file]) chownSync(path, ...ids());
    const how = ["--auth", "scram-sha-256", "--pwfile", file, "--no-sync", "-E", "UTF8"];
    const [command, ...args] = this.#as(
      "initdb",
      "-D",
      this.data,
      "-U",
      USER,
      ...how,
      "--locale=C",
    );
    execFileSync(command, args, { stdio: "pipe", cwd: "/" });
    rmSync(file);
    this.#createDatabase();
  }

  /** @returns {string[]} the server; for tests, that survive no power cut */
  command(address, port) {
    return this.#as(
      "postgres",
      ...["-D", this.data, "-c", `listen_addresses=${address}`, "-c", `port=${port}`],
      ...["-c", `unix_socket_directories=${this.folder}`, "-c", "fsync=off"],
    );
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Without a server (initdb makes none of that name). */
  #createDatabase() {
    const [command, ...args] = this.#as("postgres", "--single", "-D", this.data, "postgres");
    const input = `CREATE DATABASE ${USER}\n`;
    execFileSync(command, args, { input, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
  }

  #as(program, ...args) {
    const user = ["setpriv", "--reuid", RUNS_AS, "--regid", RUNS_AS, "--clear-groups"];
    return [...(this.isRoot ? user : []), join(PROGRAMS, program), ...args];
  }
}

/** Null, or why it takes no connections. */
export function postgresHealth(address, port) {
  try {
    execFileSync(join(PROGRAMS, "pg_isready"), ["-h", address, "-p", String(port), "-t", "2"], {
      stdio: "pipe",
    });
    return null;
  } catch (error) {
    return String(error.stdout ?? error.message).trim();
  }
}

export const hasPostgres = () => existsSync(join(PROGRAMS, "initdb"));

function ids() {
  const id = (flag) => Number(execFileSync("id", [flag, RUNS_AS], { encoding: "utf8" }));
  return [id("-u"), id("-g")];
}
