import { Device } from "mediasoup-client";
import { io } from "socket.io-client";
import { PROTOCOL_RANGE } from "../protocol/events";
import { CallClient } from "./call_client";
import { makeIdentity } from "./certificate";
import { SessionMemory } from "./session_memory";
import type { SocketLike } from "./signaling";

const CONNECT_TIMEOUT_MS = 5000;

declare global {
  interface Window {
    /** For the measuring script and the browser tests; nothing in the pages reads it. */
    __confab?: { client: CallClient; readonly stages: Record<string, number | undefined> };
  }
}

/**
 * The call client of a room's page with the real socket, the real device and the browser's network
 * events.
 */
export function createCallClient(room: string): CallClient {
  const client = new CallClient({
    createSocket: () => createSocket(room),
    createDevice: () => new Device(),
    makeIdentity,
    memory: new SessionMemory(sessionStorageOrNull()),
  });
  const { signal } = client.lifetime;
  window.addEventListener("online", () => client.retryNow(), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") client.retryNow();
    },
    { signal },
  );
  window.__confab = {
    client,
    get stages() {
      return client.stages.times;
    },
  };
  return client;
}

function createSocket(room: string): SocketLike {
  const token = new URLSearchParams(window.location.search).get("token");
  const socket = io({
    path: "/socket.io/",
    // By the room the gateway finds the signaling instance where everyone meets.
    query: { room },
    // WebSocket first: a round trip less than polling with an upgrade; polling where it is blocked.
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    autoConnect: false,
    reconnection: false,
    timeout: CONNECT_TIMEOUT_MS,
    auth: { protocol: PROTOCOL_RANGE, ...(token ? { token } : {}) },
  });
  return socket as unknown as SocketLike;
}

function sessionStorageOrNull(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
