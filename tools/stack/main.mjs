#!/usr/bin/env node
// ./dev stack up, status and down: the whole system on this machine. See docs/deployment.md.
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { StackFolder } from "./folder.mjs";
import { withLock } from "./lock.mjs";
import { documentedPorts, freePorts } from "./ports.mjs";
import { say, statusTable, urls } from "./report.mjs";
import { Stack } from "./stack.mjs";

const USAGE = `./dev stack up [--folder DIR] [--free-ports] [--gates WAY,…] [--plain-rtp]
                   [--announce MEDIA=ADDRESS] [--at-once]
./dev stack status [--folder DIR]
./dev stack down [--folder DIR] [--keep]`;
const COMMANDS = { up, status, down };
const DEFAULT_FOLDER = "build/stack";
const [FAILED, MISUSED] = [1, 2];

/** Starts what is missing and prints where everything is. */
async function up(folder, options) {
  await withLock(folder.path, async () => {
    const ports = await portsFor(folder, options);
    const announce = announced(options.announce);
    folder.adopt({ ports, binary: options.binary, webDir: options["web-dir"], announce });
    const stack = new Stack(folder);
    const missing = stack.missing();
    if (missing.length === 0) say("the stack is up already");
    else if (missing.length < stack.parts.length) {
      say(`missing: ${missing.map(({ name }) => name).join(", ")}`);
    }
    if (options["at-once"]) return void (await stack.begin());
    await stack.start(say);
    if (missing.length > 0) say("the stack is up");
    console.log(urls(stack, shown(folder), options));
  });
}

/** While any part runs the ports stay as they are: the others know them. */
async function portsFor(folder, options) {
  const plan = folder.plan();
  if (plan !== null) {
    const stack = new Stack(folder);
    if (stack.missing().length < stack.parts.length) return plan.ports;
  }
  const extras = { ways: options.gates?.split(","), plainRtp: options["plain-rtp"] };
  return options["free-ports"] ? freePorts(extras) : documentedPorts(extras);
}

/** The address that a media part tells clients in place of its own: for tests, which want a wrong one. */
function announced(text) {
  if (!text) return {};
  const [media, address] = text.split("=");
  return { [media]: address };
}

/** A table; status 1 unless everything is healthy. */
async function status(folder) {
  if (folder.plan() === null) {
    console.log(`There is no stack in ${shown(folder)}: ./dev stack up starts one.`);
    process.exitCode = FAILED;
    return;
  }
  const rows = await new Stack(folder).status();
  console.log(statusTable(rows));
  if (rows.some(({ problem }) => problem)) process.exitCode = FAILED;
}

/** Ends everything, and removes the folder. */
async function down(folder, { keep }) {
  if (folder.plan() === null) {
    console.log(`There is no stack in ${shown(folder)}.`);
    return;
  }
  await withLock(folder.path, async () => {
    await new Stack(folder).end(say);
    folder.remove({ logs: keep });
  });
  say(keep ? `the stack is down; its logs are in ${shown(folder)}/logs` : "the stack is down");
}

function shown({ path }) {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}

function given() {
  const [text, flag] = [{ type: "string" }, { type: "boolean" }];
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      folder: { ...text, default: DEFAULT_FOLDER },
      "free-ports": flag,
      gates: text,
      "plain-rtp": flag,
      announce: text,
      "at-once": flag, // waits for nothing
      keep: flag,
      binary: text,
      "web-dir": text,
    },
  });
  const [command, ...more] = positionals;
  if (!Object.hasOwn(COMMANDS, command ?? "") || more.length > 0)
    throw new Error("no such command");
  return { command: COMMANDS[command], options: values };
}

let asked;
try {
  asked = given();
} catch (error) {
  console.error(`dev stack: ${error.message}. There are:\n${USAGE}`);
  process.exit(MISUSED);
}
// Secrets, keys and logs are nobody else's.
process.umask(0o077);
try {
  await asked.command(new StackFolder(asked.options.folder), asked.options);
} catch (error) {
  console.error(`dev stack: ${error.message}`);
  process.exitCode = FAILED;
}
