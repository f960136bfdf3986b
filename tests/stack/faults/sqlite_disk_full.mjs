// The disk under `confab serve`'s SQLite is full.
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConfabServer } from "../../e2e/support/confab_server.mjs";
import { askSqlite } from "../../store/support/sqlite.mjs";
import { visitOnce } from "./support/visitors.mjs";

const DISK = "2m";
const ROOM = "small";
const FEW = 5;
/** What is left of SQLite's own files takes some more. */
const MOST_UNTIL_FULL = 200;
const BACK_MS = 30_000;

export default {
  name: "disk full under SQLite",
  isAlone: true,

  async run(trial) {
    if (process.getuid() !== 0) return trial.note("left out: only root can make a small disk");
    const folder = join(process.env.CONFAB_STACKS, "small-disk");
    const disk = new SmallDisk(join(folder, "disk"));
    const config = join(folder, "confab.toml");
    const database = join(disk.path, "confab.db");
    writeFileSync(config, `[store]\nurl = "sqlite:${database}"\n`);
    const server = await ConfabServer.start(folder, ["--config", config]);
    try {
      await fillAndEmpty(trial, { server, disk, database });
    } finally {
      await server.stop();
      disk.remove();
      rmSync(folder, { recursive: true });
    }
  },
};

async function fillAndEmpty(trial, { server, disk, database }) {
  const visit = (token) => visitOnce(server.origin, ROOM, "Visitor", token);
  const letIn = [];
  const refused = [];
  const come = async () => {
    const one = await visit();
    (one.outcome === "let in" ? letIn : refused).push(one);
  };
  while (letIn.length < FEW && refused.length === 0) await come();
  trial.expect(refused.length === 0, `before it was full: ${refused[0]?.outcome}`);
  disk.fill();
  for (let i = 0; i < MOST_UNTIL_FULL && refused.length < FEW; ++i) await come();
  trial.expect(refused.length === FEW, "joins go on although nothing can be stored");
  const unclear = refused.filter(({ outcome }) => outcome !== "unavailable");
  trial.expect(unclear.length === 0, `joins were refused with ${unclear[0]?.outcome}`);
  disk.empty();
  const begin = performance.now();
  while ((await visit(refused[0].token)).outcome !== "let in") {
    if (performance.now() - begin > BACK_MS) break;
  }
  trial.took("joins again", performance.now() - begin, 5000);
  await server.kill();
  await server.start();
  for (const { token } of letIn) {
    const { outcome } = await visit(token);
    trial.expect(outcome === "unauthorized", `a used invitation a second time: ${outcome}`);
  }
  const [[wrong]] = askSqlite(
    database,
    "SELECT count(*) FROM (SELECT id FROM sessions GROUP BY id HAVING count(*) > 1)",
  );
  trial.expect(wrong === 0, `${wrong} stays are recorded twice`);
  trial.note(`${letIn.length} joins kept, ${refused.length} refused`);
}

/** A file system in memory, which is full soon. */
class SmallDisk {
  #filler;

  constructor(path) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.path = path;
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK},mode=700`, "confab-test", path]);
    this.#filler = join(path, "filler");
    this.#unmount = () => execFileSync("umount", ["--lazy", path], { stdio: "ignore" });
    process.once("exit", this.#unmount);
  }

  #unmount;

  fill() {
    const file = openSync(this.#filler, "w");
    try {
      const page = Buffer.alloc(4096);
      for (;;) writeSync(file, page);
    } catch (error) {
      if (error.code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  empty() {
    rmSync(this.#filler);
  }

  remove() {
    process.off("exit", this.#unmount);
    this.#unmount();
  }
}
