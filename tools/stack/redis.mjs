import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { wayTo } from "./gates.mjs";
import { ADDRESS } from "./ports.mjs";

const ANSWER_MS = 2000;

export const redisUrl = (port) => `redis://${ADDRESS}:${port}`;

/** What a service is told of it: its keys of the section `bus`. */
export const busKeys = ({ ports, secrets }, service) => ({
  redis_url: redisUrl(wayTo(ports, service, "redis", "redis")),
  redis_password_file: secrets.redisPassword,
});

/** Debian's redis-server, with a password, in memory alone: what it knew is gone with it. */
export function redis(name, { ports, folder, secrets }) {
  const { redis: port } = ports[name];
  const password = () => readFileSync(secrets.redisPassword, "utf8").trim();
  return {
    name,
    ports: ports[name],
    title: "Redis",
    command() {
      const state = join(folder.state, name);
      mkdirSync(state, { recursive: true });
      const file = join(folder.conf, `${name}.conf`);
      const lines = [
        `bind ${ADDRESS}`,
        `port ${port}`,
        `dir "${state}"`,
        `requirepass ${password()}`,
        'save ""',
        "appendonly no",
        "daemonize no",
      ];
      writeFileSync(file, `${lines.join("\n")}\n`);
      return ["redis-server", file];
    },
    health: () => redisHealth(port, password()),
  };
}

/** Null, or why it takes no commands. */
function redisHealth(port, password) {
  return new Promise((resolve) => {
    const socket = connect({ host: ADDRESS, port, timeout: ANSWER_MS });
    const finish = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    let said = "";
    socket.on("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (text) => {
      said += text;
      if (said === "+OK\r\n+PONG\r\n") finish(null);
      else if (/^-|\r\n-/.test(said)) finish(said.trim());
    });
    socket.on("timeout", () => finish(`no answer to PING in ${ANSWER_MS} ms`));
    socket.on("error", (error) => finish(error.message));
    socket.on("close", () => finish("it hangs up"));
  });
}
