import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
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

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when a program that was started has said these words on its standard output. */
function saying(child, words) {
  return new Promise((done, fail) => {
    let said = "";
    child.stdout.on("data", (bytes) => {
      said += bytes;
      if (said.includes(words)) done();
    });
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(new Error(`ended with ${code ?? signal}: ${said}`)));
  });
}

/** A `confab logs` that has started, with all that is its own in a folder, and its log in `log`. */
export async function startLogs(folder, { log, deadlineMs }) {
  const [pages, logs, data] = ["pages", "logs", "data"].map((name) => join(folder, name));
  mkdirSync(pages);
  for (const name of ["logs.html", "rooms.html"])
    writeFileSync(join(pages, name), "<!doctype html><title>-</title>");
  const places = ["--log-folder", logs, "--data-dir", data, "--web-dir", pages];
  const child = spawn(PROGRAM, ["logs", ...places], {
    env: {
      CONFAB_LOGS_PORT: String(await freePort()),
      CONFAB_SHUTDOWN_DEADLINE_MS: String(deadlineMs),
    },
    stdio: ["ignore", "pipe", log],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  await saying(child, "has started\n");
  return child;
}
