// Starts the signaling service over a fake media service, and speaks to it with the real
// socket.io-client and mediasoup-client.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { Device } from "mediasoup-client";
import * as fakeParameters from "mediasoup-client/fakeParameters";
import { FakeHandler } from "mediasoup-client/handlers/FakeHandler";
import { io } from "socket.io-client";
import { invitation } from "../support/invitation.mjs";

const WAIT_MS = 8000;
const PROGRAM =
  process.env.CONFAB_SIGNALING_TEST_SERVER ??
  fileURLToPath(
    new URL(
      "../../build/asan/src/services/signaling/testing/signaling_test_server",
      import.meta.url,
    ),
  );

export async function startServer(...options) {
  const child = spawn(PROGRAM, options, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (bytes) => (log += bytes));
  const [line] = await within(once(createInterface(child.stdout), "line"), "the server's ports");
  const { signaling, control } = JSON.parse(line);
  const at = `http://127.0.0.1:${control}`;
  const clients = [];
  // Clients of one signaling instance, where there are several.
  const instances = signaling.map((port) => ({ url: `http://127.0.0.1:${port}`, clients }));
  const server = {
    url: instances[0].url,
    clients,
    instances,
    child,
    log: () => log,
    async tell(path) {
      const response = await fetch(`${at}/${path}`, { method: "POST" });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
    },
    // What the fake media service holds, all routers in one.
    async media() {
      const routers = Object.values(await (await fetch(`${at}/media`)).json());
      return {
        routers: routers.length,
        transports: Object.assign({}, ...routers.map((router) => router.transports)),
        producers: Object.assign({}, ...routers.map((router) => router.producers)),
        consumers: Object.assign({}, ...routers.map((router) => router.consumers)),
      };
    },
    // Each media service by its id: { isUp, rooms }.
    homes: async () => (await fetch(`${at}/homes`)).json(),
    status: async (number = 1) => (await fetch(`${at}/status?signaling=${number}`)).json(),
    async stop() {
      for (const client of server.clients) client.socket.disconnect();
      if (child.exitCode !== null) return child.exitCode;
      child.kill("SIGTERM");
      const [code] = await within(once(child, "exit"), "the end of the server");
      if (code !== 0) throw new Error(`the server ended with ${code}:\n${log}`);
      return code;
    },
  };
  for (const number of instances.keys()) {
    await until(async () => (await server.status(number + 1)).mediaIsUp, "the media service");
  }
  return server;
}

export class Client {
  events = [];
  #waiting = [];

  // `room`: the one that its invitation is for.
  constructor(server, options = {}) {
    const { auth = { protocol: { min: 1, max: 1 } }, transports = ["websocket"] } = options;
    this.server = server;
    this.room = options.room ?? "lobby";
    const show = async (give) => give({ ...auth, token: await invitation(server.url, this.room) });
    this.socket = io(server.url, { auth: show, transports, forceNew: true, reconnection: false });
    this.socket.onAny((name, payload) => {
      this.events.push({ name, payload });
      this.#waiting = this.#waiting.filter((look) => !look());
    });
    server.clients.push(this);
  }

  async connected() {
    if (!this.socket.connected) await within(once(this.socket, "connect"), "the connection");
    return this;
  }

  // The answer, or an Error with the protocol's fields where it is {"error"}.
  async request(name, payload) {
    const reply = await this.raw(name, payload);
    if (reply?.error) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply;
  }

  raw(name, ...payload) {
    return this.socket.timeout(WAIT_MS).emitWithAck(name, ...payload);
  }

  // The first event of that name (from the beginning, taken out) that fits.
  next(name, fits = () => true) {
    const take = () => {
      const at = this.events.findIndex((event) => event.name === name && fits(event.payload));
      return at < 0 ? undefined : this.events.splice(at, 1)[0].payload;
    };
    const found = take();
    if (found) return Promise.resolve(found);
    return within(
      new Promise((resolve) => {
        this.#waiting.push(() => {
          const later = take();
          if (later) resolve(later);
          return later !== undefined;
        });
      }),
      () => `${name}; seen: ${this.events.map((event) => event.name).join(", ")}`,
    );
  }

  count(name) {
    return this.events.filter((event) => event.name === name).length;
  }

  // The connection breaks without a word.
  drop() {
    this.socket.io.engine.close();
  }
}

// A participant with the quick join.
export class QuickClient extends Client {
  // The invitation is asked for when the connection is there, so that the room can be named here.
  async prepare(room = this.room) {
    this.room = room;
    await this.connected();
    const welcome = await this.next("welcome");
    this.device = new Device({ handlerFactory: FakeHandler.createFactory(fakeParameters) });
    await this.device.load({ routerRtpCapabilities: welcome.routerRtpCapabilities });
    return this;
  }

  joinPayload(room, extra = {}) {
    const dtlsParameters = fakeParameters.generateLocalDtlsParameters();
    return {
      room,
      rtpCapabilities: this.device.rtpCapabilities,
      transports: { send: { dtlsParameters }, recv: { dtlsParameters } },
      ...extra,
    };
  }

  // Asks for what a join will need; `more` is what the client has already.
  async prepareJoin(room, more = {}) {
    const { rtpCapabilities, transports } = this.joinPayload(room);
    const payload = { room, rtpCapabilities, transports: { recv: transports.recv }, ...more };
    return this.request("prepareJoin", payload);
  }

  async join(room, extra) {
    await this.prepare(room);
    this.reply = await this.request("joinRoom", this.joinPayload(room, extra));
    this.id = this.reply.participantId;
    this.useTransports(this.reply.transports);
    return this;
  }

  useTransports({ send, recv }) {
    this.send = this.device.createSendTransport(send);
    this.recv = this.device.createRecvTransport(recv);
    for (const transport of [this.send, this.recv]) {
      transport.on("connect", (_, done) => done());
    }
    this.send.on("produce", ({ kind, rtpParameters, appData }, done) => {
      done({ id: appData.id });
      this.produced = this.raw("produce", {
        id: appData.id,
        transportId: this.send.id,
        kind,
        source: appData.source,
        rtpParameters,
      });
    });
  }

  // Returns the acknowledgement.
  async produce(kind, id = crypto.randomUUID(), source = undefined) {
    const track = new FakeMediaStreamTrack({ kind });
    await this.send.produce({ track, stopTracks: false, appData: { id, source } });
    return this.produced;
  }

  // As a browser does: all at once.
  consume(entries) {
    return Promise.all(
      entries.map(({ id, producerId, kind, rtpParameters, streamId }) =>
        this.recv.consume({ id, producerId, kind, rtpParameters, streamId }),
      ),
    );
  }
}

export const rtpParametersOf = (kind) => ({
  mid: "0",
  codecs: [
    kind === "audio"
      ? { mimeType: "audio/opus", payloadType: 100, clockRate: 48000, channels: 2 }
      : { mimeType: "video/VP8", payloadType: 101, clockRate: 90000 },
  ],
  encodings: [{ ssrc: 1234 }],
  rtcp: { cname: "x" },
});

export const dtlsParameters = () => fakeParameters.generateLocalDtlsParameters();

export async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const name = typeof what === "function" ? what() : what;
      reject(new Error(`waited ${WAIT_MS} ms for ${name}`));
    }, WAIT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function until(condition, what) {
  const end = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${WAIT_MS} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
