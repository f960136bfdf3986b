import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";

/**
 * Runs `act` while nobody else does so with the same folder, which need not be there. The lock is the
 * name of a Unix socket outside the file system: the kernel gives it to one process at a time, and
 * takes it back however that one ends. Throws where another one has it.
 */
export async function withLock(folder, act) {
  const lock = createServer();
  lock.listen(`\0confab-stack-${createHash("sha256").update(resolve(folder)).digest("hex")}`);
  try {
    await once(lock, "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`./dev stack is at work in ${folder} already: wait for it`);
  }
  try {
    return await act();
  } finally {
    lock.close();
  }
}
