#!/usr/bin/env node
// in_network.mjs COMMAND…: runs a command on the client's machine of a small Internet that is made for
// it: three network namespaces and a router between them (addresses.mjs). The command finds their
// names in CONFAB_NETWORK. Where namespaces may not be made, it finds the reason in
// CONFAB_NO_NETWORK and runs here.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { HOSTS } from "./addresses.mjs";

const PREFIX = "confab-turn";
const ip = (...args) => execFileSync("ip", args, { stdio: ["ignore", "pipe", "pipe"] }).toString();
const nameOf = (host) => `${PREFIX}-${process.pid}-${host}`;

/** What is left of runs that were killed. */
function removeOrphans() {
  for (const [name, pid] of ip("netns", "list").matchAll(/^confab-turn-(\d+)-\w+/gm)) {
    if (!existsSync(`/proc/${pid}`)) ip("netns", "delete", name);
  }
}

function make() {
  removeOrphans();
  for (const host of ["router", ...Object.keys(HOSTS)]) {
    ip("netns", "add", nameOf(host));
    ip("-n", nameOf(host), "link", "set", "lo", "up");
  }
  for (const [host, { addresses, router }] of Object.entries(HOSTS)) {
    plugIn(host, addresses, router);
  }
  for (const key of ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]) {
    ip("netns", "exec", nameOf("router"), "sysctl", "-qw", key);
  }
}

function plugIn(host, addresses, router) {
  const [here, there] = [nameOf(host), nameOf("router")];
  ip("link", "add", "eth0", "netns", here, "type", "veth", "peer", "name", host, "netns", there);
  for (const { v4, v6 } of addresses) {
    ip("-n", here, "address", "add", `${v4}/24`, "dev", "eth0");
    ip("-n", here, "address", "add", `${v6}/64`, "dev", "eth0", "nodad");
  }
  ip("-n", there, "address", "add", `${router.v4}/24`, "dev", host);
  ip("-n", there, "address", "add", `${router.v6}/64`, "dev", host, "nodad");
  ip("-n", here, "link", "set", "eth0", "up");
  ip("-n", there, "link", "set", host, "up");
  ip("-n", here, "route", "add", "default", "via", router.v4);
  ip("-n", here, "-6", "route", "add", "default", "via", router.v6);
}

function remove() {
  for (const host of ["router", ...Object.keys(HOSTS)]) {
    try {
      ip("netns", "delete", nameOf(host)); // the cables go with it
    } catch {
      // it was not there
    }
  }
}

function run(command, env) {
  const child = spawn(command[0], command.slice(1), {
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(String(error));
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** What the command is told; makes the network where that is allowed. */
function network() {
  try {
    make();
    const names = Object.fromEntries(Object.keys(HOSTS).map((host) => [host, nameOf(host)]));
    return { CONFAB_NETWORK: JSON.stringify(names) };
  } catch (error) {
    remove();
    const reason = `network namespaces cannot be made here: ${error.stderr ?? error}`.trim();
    return { CONFAB_NO_NETWORK: reason };
  }
}

process.on("exit", remove);
const command = process.argv.slice(2);
const told = network();
const inside = told.CONFAB_NETWORK ? ["ip", "netns", "exec", nameOf("client")] : [];
run([...inside, ...command], told);
