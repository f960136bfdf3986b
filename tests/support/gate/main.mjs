#!/usr/bin/env node
// Gates that are told over HTTP what to do, for systems whose processes outlive their tests.
//
//   node main.mjs --control PORT --gates FILE    FILE: [{ "name", "kind"?: "tcp" | "udp", "listen", "target" }]
//
//   GET /gates             each by its name: { rules, counters, connections? }
//   PUT /gates/NAME        rules (rules.mjs); what is left out is as in PASS
//   POST /gates/NAME/cut   ends the connections that are there
//   DELETE /gates          all of them pass everything again
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { TcpGate } from "./tcp_gate.mjs";
import { UdpGate } from "./udp_gate.mjs";

const MOST_BODY = 4096;
const KINDS = { tcp: TcpGate, udp: UdpGate };

const text = { type: "string" };
const { values } = parseArgs({ options: { control: text, gates: text } });
const gates = new Map();
for (const { name, kind = "tcp", ...ports } of JSON.parse(readFileSync(values.gates, "utf8"))) {
  gates.set(name, await KINDS[kind].open(ports));
}

async function bodyOf(request) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MOST_BODY) throw new Error("that is too much: rules are short");
  }
  return JSON.parse(body || "{}");
}

function state() {
  const entries = [...gates].map(([name, { rules, counters, connections }]) => [
    name,
    { rules, counters, connections },
  ]);
  return Object.fromEntries(entries);
}

async function answer(request) {
  const [, top, name, action] = request.url.split("/").map(decodeURIComponent);
  if (top !== "gates") throw new Error(`there is no ${request.url}`);
  if (name === undefined) {
    if (request.method === "DELETE") await Promise.all([...gates.values()].map((it) => it.set({})));
    return state();
  }
  const gate = gates.get(name);
  if (!gate) throw new Error(`there is no gate "${name}"`);
  if (request.method === "PUT") await gate.set(await bodyOf(request));
  else if (request.method === "POST" && action === "cut") gate.cut();
  else throw new Error(`a gate does not understand ${request.method} ${request.url}`);
  return { rules: gate.rules };
}

const server = createServer(async (request, response) => {
  const send = (status, json) => response.writeHead(status).end(JSON.stringify(json));
  try {
    send(200, await answer(request));
  } catch (error) {
    send(400, { error: error.message });
  }
});
server.listen(Number(values.control), "127.0.0.1");
await once(server, "listening");
console.log(`${gates.size} gates are open`);
