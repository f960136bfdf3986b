import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const build = process.env.CONFAB_BUILD ?? join(root, "build", "asan");
const program = join(build, "src", "client", "testing", "attacker");
const FORBIDDEN_STATUS = 3;
const LISTENING = "listening\n";

/** It may not: rights are missing. */
export class Forbidden extends Error {}

/**
 * Runs a command of the attacker, for example attack("stun", { to: "127.0.0.1:40000" }), and answers
 * with what it did.
 * @param {string[]} prefix what runs it, for example in a network namespace
 */
export function attack(command, options, prefix) {
  return startAttack(command, options, prefix).result;
}

/** The same, with the moment from which it listens: `listening` resolves then, or with its end. */
export function startAttack(command, options, prefix = []) {
  if (!existsSync(program)) throw new Error(`${program} is not built: ninja attacker`);
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const [file, ...rest] = [...prefix, program, command, ...flags];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "pipe"] });
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  let said = "";
  let complaints = "";
  const listening = new Promise((resolve) => {
    child.stdout.on("data", (bytes) => {
      said += bytes;
      if (said.startsWith(LISTENING)) resolve();
    });
    child.once("close", resolve);
    child.once("error", resolve);
  });
  child.stderr.on("data", (bytes) => (complaints += bytes));
  const result = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      process.off("exit", onExit);
      if (status === 0) return resolve(JSON.parse(said.replace(LISTENING, "")));
      const Kind = status === FORBIDDEN_STATUS ? Forbidden : Error;
      reject(new Kind(complaints.trim() || `the attacker ended with ${status ?? signal}`));
    });
  });
  return { listening, result };
}
