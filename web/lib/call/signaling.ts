import type {
  ClientEventName,
  PayloadOf,
  ReplyOf,
  ServerEventName,
  ServerEvents,
  WireError,
} from "../protocol/events";
import { CONNECTION_EVENTS, ROOM_EVENTS } from "../protocol/events";
import { reconnectDelayMs } from "./backoff";
import { CallFailure, LOCAL_CODES } from "./errors";

const REQUEST_TIMEOUT_MS = 10_000;

/** What is used of a socket.io-client socket. Its own reconnection is off: ours starts at once. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, handler: (...args: never[]) => void): unknown;
  emit(event: string, payload: unknown, acknowledge: (reply: unknown) => void): unknown;
}

export type ServerEvent = {
  [Name in ServerEventName]: { name: Name; payload: ServerEvents[Name] };
}[ServerEventName];

export interface SignalingHandlers {
  connected(): void;
  /** The connection is gone or an attempt failed; the next one comes in `delayMs`. */
  lost(attempts: number, delayMs: number): void;
  attempting(): void;
  /** The server does not want this client; no further attempt is made. */
  refused(failure: CallFailure): void;
  event(event: ServerEvent): void;
}

const FATAL_HANDSHAKE_CODES = new Set(["unsupported_protocol", "unauthorized", "forbidden"]);

/** One connection that keeps itself alive, and requests over it. */
export class Signaling {
  readonly #socket: SocketLike;
  readonly #handlers: SignalingHandlers;
  readonly #random: () => number;
  readonly #pending = new Set<(failure: CallFailure) => void>();
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running = false;
  #pauseMs = 0;

  constructor(socket: SocketLike, handlers: SignalingHandlers, random: () => number = Math.random) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#random = random;
    this.#listen();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt();
  }

  stop(): void {
    this.#running = false;
    this.#clearTimer();
    this.#failPending();
    this.#socket.disconnect();
  }

  /** Skips the rest of the current wait: the network came back, or a person pressed the button. */
  retryNow(): void {
    if (!this.#running || this.#socket.connected || this.#timer === null) return;
    this.#clearTimer();
    this.#attempt();
  }

  /** The server said goodbye: the next attempt waits so long. */
  delayNextAttempt(delayMs: number): void {
    this.#pauseMs = delayMs;
  }

  request<Name extends ClientEventName>(
    name: Name,
    payload: PayloadOf<Name>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<ReplyOf<Name>> {
    return new Promise((resolve, reject) => {
      if (!this.#socket.connected) {
        reject(new CallFailure(LOCAL_CODES.disconnected, "There is no connection."));
        return;
      }
      const settle = () => {
        clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (failure: CallFailure) => {
        settle();
        reject(failure);
      };
      const timer = setTimeout(() => {
        fail(new CallFailure(LOCAL_CODES.timeout, `The server did not answer ${name}.`));
      }, timeoutMs);
      this.#pending.add(fail);
      this.#socket.emit(name, payload, (reply: unknown) => {
        settle();
        const error = wireErrorOf(reply);
        if (error) reject(CallFailure.fromWire(error));
        else resolve(reply as ReplyOf<Name>);
      });
    });
  }

  #listen(): void {
    this.#socket.on("connect", () => {
      this.#attempts = 0;
      this.#handlers.connected();
    });
    this.#socket.on("disconnect", () => {
      this.#failPending();
      this.#scheduleAttempt();
    });
    this.#socket.on("connect_error", (error: Error & { data?: unknown }) => {
      this.#onConnectError(error);
    });
    for (const name of [...ROOM_EVENTS, ...CONNECTION_EVENTS]) {
      this.#socket.on(name, (payload: never) => {
        this.#handlers.event({ name, payload } as ServerEvent);
      });
    }
  }

  #onConnectError(error: Error & { data?: unknown }): void {
    const wire = wireErrorOf({ error: error.data });
    if (wire && FATAL_HANDSHAKE_CODES.has(wire.code)) {
      this.#running = false;
      this.#handlers.refused(CallFailure.fromWire(wire));
      return;
    }
    this.#attempts += 1;
    this.#scheduleAttempt();
  }

  #scheduleAttempt(): void {
    if (!this.#running) return;
    this.#clearTimer();
    const delayMs = Math.max(this.#pauseMs, reconnectDelayMs(this.#attempts, this.#random));
    this.#pauseMs = 0;
    this.#handlers.lost(this.#attempts, delayMs);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#attempt();
    }, delayMs);
  }

  #attempt(): void {
    this.#handlers.attempting();
    this.#socket.connect();
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #failPending(): void {
    for (const fail of [...this.#pending]) {
      fail(new CallFailure(LOCAL_CODES.disconnected, "The connection broke."));
    }
  }
}

function wireErrorOf(reply: unknown): WireError | null {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return null;
  const error = (reply as { error: unknown }).error;
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return error as WireError;
}
