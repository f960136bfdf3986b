import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { startOf } from "./part_process.mjs";

/**
 * Runs `act` while nobody else does so with the same file. A lock whose owner has ended counts as
 * none. Throws where another one has it.
 */
export async function withLock(file, act) {
  take(file);
  try {
    return await act();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const owner = Number(readFileSync(file, "utf8"));
    if (startOf(owner) !== undefined) {
      throw new Error(`./dev stack is at work there already (process ${owner}): wait for it`);
    }
    rmSync(file, { force: true });
    take(file);
  }
}
