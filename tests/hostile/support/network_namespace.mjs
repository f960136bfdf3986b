import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

// RFC 2544 gives these addresses to measurements between two network interfaces. Tests that run
// beside each other have their own.
const NETWORK = `198.18.${process.pid % 256}`;
const HERE = `${NETWORK}.1`;
const THERE = `${NETWORK}.2`;

const ip = (...args) => execFileSync("ip", args, { stdio: ["ignore", "pipe", "pipe"] }).toString();

/** What is left of tests that were killed. */
function removeOrphans() {
  for (const [name, pid] of ip("netns", "list").matchAll(/^confab-(\d+)/gm)) {
    if (!existsSync(`/proc/${pid}`)) ip("netns", "delete", name);
  }
}

/**
 * Another machine, as far as the kernel's network is concerned: a namespace with one cable to here.
 * Whoever makes it removes it.
 */
export class NetworkNamespace {
  address = HERE;

  /** Throws where this may not be done here. */
  static create() {
    removeOrphans();
    const namespace = new NetworkNamespace();
    namespace.name = `confab-${process.pid}`;
    namespace.device = `cfb${process.pid}`.slice(0, 15);
    ip("netns", "add", namespace.name);
    try {
      namespace.#plugIn();
    } catch (error) {
      namespace.remove();
      throw error;
    }
    // Whatever ends the tests, it ends with them.
    process.once("exit", () => namespace.remove());
    return namespace;
  }

  #plugIn() {
    const { name, device } = this;
    ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("address", "add", `${HERE}/30`, "dev", device);
    ip("link", "set", device, "up");
    ip("-n", name, "address", "add", `${THERE}/30`, "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
  }

  /** What to put before a program's name to run it there. */
  get prefix() {
    return ["ip", "netns", "exec", this.name];
  }

  remove() {
    if (!this.name) return;
    try {
      ip("netns", "delete", this.name); // the cable goes with it
    } catch {
      // it was not there
    }
    this.name = undefined;
  }
}
