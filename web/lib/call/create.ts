import { Device } from "mediasoup-client";
import { io } from "socket.io-client";
import type { Fetch } from "./api";
import { CallClient } from "./call_client";
import { makeIdentity } from "./certificate";
import { FailureMemory } from "./failure_memory";
import { Invitation } from "./invitation";
import { SessionMemory } from "./session_memory";
import type { SocketLike } from "./signaling";
import { JoinTrace } from "./trace";

const CONNECT_TIMEOUT_MS = 5000;
/** The part of a link that holds an invitation. */
const TOKEN = "token";

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
  const trace = new JoinTrace();
  const fetch: Fetch = trace.carriedBy((path, init) => window.fetch(path, init));
  const invitation = new Invitation({
    room,
    fetch,
    now: Date.now,
    linked: new URLSearchParams(window.location.search).get(TOKEN),
    linkSpent: forgetToken,
  });
  const storage = sessionStorageOrNull();
  const client = new CallClient({
    createSocket: () => createSocket(room),
    createDevice: () => new Device(),
    makeIdentity,
    memory: new SessionMemory(storage),
    failures: new FailureMemory(storage),
    invitation,
    fetch,
    trace,
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
  });
  return socket as unknown as SocketLike;
}

/** Out of the address, so that nobody shares or reloads an invitation that is worth nothing. */
function forgetToken(): void {
  const address = new URL(window.location.href);
  address.searchParams.delete(TOKEN);
  const path = `${address.pathname}${address.search}${address.hash}`;
  const { state } = window.history;
  // The router keeps the address there as well.
  const kept = state && typeof state === "object" ? { ...state, as: path } : state;
  window.history.replaceState(kept, "", path);
}

function sessionStorageOrNull(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
