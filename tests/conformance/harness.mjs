// Starts protocol_server on a free port and gives tests what they need to talk to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import WebSocket from "ws";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const build = process.env.CONFAB_BUILD ?? join(root, "build", "asan");
const program = join(build, "src", "socketio", "testing", "protocol_server");

// Options as the program's: { "ping-interval-ms": 100 }. The default heartbeat is slow enough to
// stay out of the way.
export async function startServer(options = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not built: ninja protocol_server`);
  const all = { port: 0, "ping-interval-ms": 5000, "ping-timeout-ms": 5000, ...options };
  const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const port = Number(line.split(" ")[1]);
  return new ServerUnderTest(child, port);
}

class ServerUnderTest {
  #child;
  #sockets = [];

  constructor(child, port) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    this.wsUrl = `ws://127.0.0.1:${port}`;
    this.port = port;
  }

  // A stock client that does not reconnect by itself.
  connect(namespace = "/", options = {}) {
    const socket = io(this.url + namespace, { reconnection: false, forceNew: true, ...options });
    this.#sockets.push(socket);
    return socket;
  }

  async connected(namespace, options) {
    const socket = this.connect(namespace, options);
    await event(socket, "connect");
    return socket;
  }

  // A bare WebSocket at the Socket.IO path (or the given one); its messages queue up in `next()`.
  async raw(query = "EIO=4&transport=websocket", path = "/socket.io/") {
    const socket = new WebSocket(`${this.wsUrl}${path}?${query}`);
    return new RawSocket(socket);
  }

  poll(sid, options) {
    const tail = sid ? `&sid=${sid}` : "";
    return fetch(`${this.url}/socket.io/?EIO=4&transport=polling${tail}`, options);
  }

  post(sid, body) {
    return this.poll(sid, { method: "POST", body });
  }

  async handshake() {
    const response = await this.poll();
    return JSON.parse((await response.text()).substring(1));
  }

  async stop() {
    for (const socket of this.#sockets) socket.disconnect();
    await this.end();
  }

  // Without disconnecting the clients first.
  async end() {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    if (this.#child.exitCode !== 0) throw new Error(`the server ended with ${this.#child.exitCode}`);
  }
}

class RawSocket {
  #queue = [];
  #waiting = [];

  constructor(socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", (code) => resolve(code));
      socket.on("error", () => resolve("error"));
    });
    socket.on("message", (data, isBinary) => {
      const message = isBinary ? data : data.toString();
      if (this.#waiting.length > 0) this.#waiting.shift()(message);
      else this.#queue.push(message);
    });
  }

  next() {
    if (this.#queue.length > 0) return Promise.resolve(this.#queue.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  send(data) {
    this.socket.send(data);
  }
}

// The next event of that name, as the array of its arguments.
export function event(emitter, name) {
  return new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));
}
