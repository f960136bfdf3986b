import type {
  ClientEventName,
  PayloadOf,
  ReplyOf,
  ServerEventName,
  ServerEvents,
} from "../protocol/events";
import { CONNECTION_EVENTS, PROTOCOL_RANGE, ROOM_EVENTS } from "../protocol/events";
import { wellFormed } from "../protocol/well_formed";
import { wireErrorOf } from "./api";
import { reconnectDelayMs } from "./backoff";
import { CallFailure, LOCAL_CODES } from "./errors";

const REQUEST_TIMEOUT_MS = 10_000;
/**
 * Of what gives a seat or its media. Where something is slow, the server's own limits for one of these
 * add up to 20 s, and it begins only when it has answered what came before on this connection: giving
 * up earlier would leave a seat behind of which this page knows nothing.
 */
const SEAT_TIMEOUT_MS = 30_000;
const SEAT_REQUESTS: ReadonlySet<ClientEventName> = new Set<ClientEventName>([
  "joinRoom",
  "resume",
  "recreateTransports",
]);
/** A page may hold a remembered session and the link's token, both worth nothing by now. */
const DISCARDS_IN_A_ROW = 2;

/** What is used of a socket.io-client socket. Its own reconnection is off: ours starts at once. */
export interface SocketLike {
  readonly connected: boolean;
  /** What the next handshake carries. */
  auth: unknown;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, handler: (...args: never[]) => void): unknown;
  emit(event: string, payload: unknown, acknowledge: (reply: unknown) => void): unknown;
}

export type ServerEvent = {
  [Name in ServerEventName]: { name: Name; payload: ServerEvents[Name] };
}[ServerEventName];

export interface SignalingHandlers {
  /** The token for an attempt: at once where there is one. May reject with a `CallFailure`. */
  credentials(): string | Promise<string>;
  /** The server takes the last ones no more: others are asked for. */
  discardCredentials(): void;
  connected(): void;
  /**
   * The connection is gone or an attempt failed; the next one comes in `delayMs`. `cause`: what the
   * server said where it gave no credentials.
   */
  lost(attempts: number, delayMs: number, cause: CallFailure | null): void;
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
  #discards = 0;
  /** Numbers the attempts: credentials that come for an earlier one are late. */
  #attempt = 0;

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
    this.#discards = 0;
    this.#makeAttempt();
  }

  stop(): void {
    this.#running = false;
    this.#attempt += 1;
    this.#clearTimer();
    this.#failPending();
    this.#socket.disconnect();
  }

  /** Skips the rest of the current wait: the network came back, or a person pressed the button. */
  retryNow(): void {
    if (!this.#running || this.#socket.connected || this.#timer === null) return;
    this.#clearTimer();
    this.#makeAttempt();
  }

  /** The server said goodbye: the next attempt waits so long. */
  delayNextAttempt(delayMs: number): void {
    this.#pauseMs = delayMs;
  }

  /**
   * After a failed request for a seat or its media. Without an answer the server may still grant it:
   * the connection goes, so that the seat counts as lost, and the next try is made over another one.
   */
  dropUnanswered(error: unknown): void {
    const isUnanswered = error instanceof CallFailure && error.code === LOCAL_CODES.timeout;
    if (isUnanswered) this.#socket.disconnect();
  }

  request<Name extends ClientEventName>(
    name: Name,
    payload: PayloadOf<Name>,
    timeoutMs = SEAT_REQUESTS.has(name) ? SEAT_TIMEOUT_MS : REQUEST_TIMEOUT_MS,
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
      this.#socket.emit(name, wellFormed(payload), (reply: unknown) => {
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
      this.#discards = 0;
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
    if (wire?.code === "unauthorized" && this.#running && this.#discards < DISCARDS_IN_A_ROW) {
      this.#discards += 1;
      this.#handlers.discardCredentials();
      this.#makeAttempt();
      return;
    }
    this.#onAttemptFailed(wire && CallFailure.fromWire(wire));
  }

  #onAttemptFailed(failure: CallFailure | null): void {
    if (!this.#running) return;
    if (failure && FATAL_HANDSHAKE_CODES.has(failure.code)) {
      this.#running = false;
      this.#handlers.refused(failure);
      return;
    }
    this.#attempts += 1;
    this.#pauseMs = Math.max(this.#pauseMs, failure?.retryAfterMs ?? 0);
    this.#scheduleAttempt(failure);
  }

  #scheduleAttempt(cause: CallFailure | null = null): void {
    if (!this.#running) return;
    this.#clearTimer();
    const delayMs = Math.max(this.#pauseMs, reconnectDelayMs(this.#attempts, this.#random));
    this.#pauseMs = 0;
    this.#handlers.lost(this.#attempts, delayMs, cause);
    if (!this.#running) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#makeAttempt();
    }, delayMs);
  }

  #makeAttempt(): void {
    this.#handlers.attempting();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const token = this.#handlers.credentials();
    if (typeof token === "string") {
      this.#connect(token);
      return;
    }
    token.then(
      (given) => {
        if (attempt === this.#attempt) this.#connect(given);
      },
      (error: unknown) => {
        if (attempt === this.#attempt) this.#onAttemptFailed(asFailure(error));
      },
    );
  }

  #connect(token: string): void {
    this.#socket.auth = { protocol: PROTOCOL_RANGE, token };
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

function asFailure(error: unknown): CallFailure {
  return error instanceof CallFailure ? error : new CallFailure("internal", String(error));
}
