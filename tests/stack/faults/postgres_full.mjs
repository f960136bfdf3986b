// PostgreSQL has no connection left for confab.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PostgresFiles } from "../../../tools/stack/postgres.mjs";
import { until } from "../../services/support/waiting.mjs";
import { storedOnce } from "./postgres_stopped.mjs";
import { Visitors } from "./support/visitors.mjs";

const CONNECTIONS = 8;

export default {
  name: "PostgreSQL out of connections",
  // A silence of five seconds was heard in it, as long as a lease lasts.

  async run(trial) {
    const { world } = trial;
    const { stack, gates } = world;
    const visitors = new Visitors(world);
    await visitors.untilLetIn(performance.now());
    const settings = join(
      new PostgresFiles(join(stack.folder, "state", "postgres")).data,
      "postgresql.auto.conf",
    );
    const before = readFileSync(settings);
    appendFileSync(
      settings,
      `max_connections = ${CONNECTIONS}\nsuperuser_reserved_connections = 0\nmax_wal_senders = 0\n`,
    );
    let guests = [];
    try {
      await gates.set(">postgres", { door: "refuse" }, { cut: true });
      await stack.end("postgres", "SIGINT");
      await stack.up();
      guests = await occupy(stack);
      const full = performance.now();
      await gates.set(">postgres", { door: "open" });
      await trial.lasting(4000, 10_000);
      trial.expect(!visitors.letIn.some(({ at }) => at > full), "somebody was let in");
    } finally {
      for (const guest of guests) guest.kill("SIGKILL");
      writeFileSync(settings, before);
      await gates.open();
    }
    trial.took("joins again", await visitors.untilLetIn(performance.now()), 5000);
    await visitors.close();
    const unclear = visitors.refusals.filter((code) => code !== "unavailable");
    trial.expect(unclear.length === 0, `joins were refused with ${unclear.join(", ")}`);
    trial.heardAll();
    await stack.end("postgres", "SIGINT"); // with the settings of before: we want one, too
    await stack.up();
    await storedOnce(trial, visitors);
  },
};

/** Takes every connection that there is. */
async function occupy(stack) {
  const url = `postgresql://confab@127.0.0.1:${stack.ports.postgres.sql}/confab`;
  const env = { ...process.env, PGPASSWORD: stack.secret("postgres-password") };
  const guests = [];
  let refused = 0;
  while (refused === 0) {
    const guest = spawn("psql", ["--no-psqlrc", "-qAt", url], { env, stdio: "pipe" });
    let said = "";
    for (const stream of [guest.stdout, guest.stderr]) stream.on("data", (text) => (said += text));
    guest.stdin.on("error", () => {});
    guest.stdin.write("SELECT 'is in';\n");
    guest.once("close", () => (refused += 1));
    await until(() => said.includes("is in") || refused > 0, "a connection to PostgreSQL");
    if (refused === 0) guests.push(guest);
    if (guests.length > CONNECTIONS) throw new Error("PostgreSQL takes more than it is told to");
  }
  return guests;
}
