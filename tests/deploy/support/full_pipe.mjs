// A pipe that nobody reads and that takes not one octet more: whoever writes to it waits for ever.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Fills a pipe with pieces of so many octets, which the system takes whole or not at all. */
function fill(descriptor, size) {
  const piece = Buffer.alloc(size);
  try {
    for (;;) writeSync(descriptor, piece);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
  }
}

export class FullPipe {
  #bothEnds;

  constructor(folder) {
    const path = join(folder, "full_pipe");
    execFileSync("mkfifo", [path]);
    // Of both ends, so that opening waits for nobody, and writing finds that somebody could read.
    this.#bothEnds = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    for (const size of [4096, 1]) fill(this.#bothEnds, size);
    /** For another process; writing to it blocks. */
    this.writeEnd = openSync(path, constants.O_WRONLY);
  }

  close() {
    closeSync(this.writeEnd);
    closeSync(this.#bothEnds);
  }
}
