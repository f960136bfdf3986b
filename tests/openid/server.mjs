import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { io } from "socket.io-client";
import { ConfabServer } from "../e2e/support/confab_server.mjs";

const ANSWER_MS = 8000;

/** `confab serve` that trusts this issuer, in a folder of its own. Nobody looks at its pages. */
export async function startServer(folder, configuration) {
  process.env.CONFAB_WEB_DIR = join(folder, "pages");
  mkdirSync(process.env.CONFAB_WEB_DIR, { recursive: true });
  writeFileSync(join(process.env.CONFAB_WEB_DIR, "index.html"), "<!doctype html><title>-</title>");
  const file = join(folder, "confab.toml");
  writeFileSync(file, configuration);
  return ConfabServer.start(folder, ["--config", file, "--media-address", "127.0.0.1"]);
}

/** Asks as the holder of that token: { status, body }. */
export async function ask(server, method, path, token, body) {
  const response = await fetch(server.origin + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { "content-type": "application/json" } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

export const signIn = (server, token, room = "tea", body = undefined) =>
  ask(server, "POST", `/api/v1/rooms/${room}/user-tokens`, token, body);

/** Enters the room with a join token; what the join replies. The connection ends with it. */
export async function joinRoom(server, room, token) {
  const socket = io(server.origin, {
    auth: { protocol: { min: 1, max: 1 }, token },
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
  });
  try {
    await Promise.race([
      once(socket, "connect"),
      once(socket, "connect_error").then(([error]) => Promise.reject(error)),
    ]);
    const reply = await socket.timeout(ANSWER_MS).emitWithAck("joinRoom", { room, name: "Other" });
    if (reply.error) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply;
  } finally {
    socket.disconnect();
  }
}
