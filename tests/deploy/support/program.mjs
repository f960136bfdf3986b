import { execFileSync, spawnSync } from "node:child_process";
import { ROOT } from "./compose.mjs";

/** The program under test. */
export const PROGRAM = process.env.CONFAB_BINARY ?? `${ROOT}build/asan/src/app/confab`;

const run = (...args) => execFileSync(PROGRAM, args, { encoding: "utf8", env: {} });

/** Its commands, by --help. */
export function commands() {
  const [, block] = run("--help").split("Subcommands:\n");
  return new Set([...block.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name));
}

/** The flags of a command. */
export const flagsOf = (...command) => new Set(run(...command, "--help").match(/--[a-z-]+/g));

/** Every key: { key, flag, variable, value } with its default. */
export const KEYS = run("config", "document")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
  .map(([, key, flag, variable, value]) => ({ key, flag, variable, value }));

export const defaultOf = (key) => KEYS.find((each) => each.key === key)?.value;

/** What `confab config check` says against variables and a file; empty where they can be used. */
export function configProblems(environment, file) {
  const args = ["config", "check", ...(file ? ["--config", file] : [])];
  const { status, stderr, stdout } = spawnSync(PROGRAM, args, {
    env: environment,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}` || `status ${status}`;
}
