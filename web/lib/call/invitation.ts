import { type Fetch, iceServersOf, post } from "./api";
import { CallFailure, LOCAL_CODES } from "./errors";

/** A join token is good for 10 minutes; two are left for the join itself. */
const STALE_AFTER_MS = 8 * 60_000;

export interface InvitationParts {
  room: string;
  fetch: Fetch;
  now(): number;
  /** The token of the link, made by a host. */
  linked?: string | null;
  /** The link's token is worth nothing any more. */
  linkSpent?(): void;
}

interface Held {
  token: string;
  from: "link" | "guest";
  /** `now()` when it was made. */
  at: number;
}

/**
 * The join token in hand: the link's first, after that a guest's, which the gateway gives to whoever
 * knows the room. It admits one participant. Owned by the call's `Admission`; one for a page.
 * A guest's is not used when it is older than 8 minutes. How long the link's lives only its maker
 * knows, so it is kept until the server refuses it.
 */
export class Invitation {
  readonly #parts: InvitationParts;
  #held: Held | null;
  #fetching: Promise<string> | null = null;
  #iceServers: RTCIceServer[] | null = null;

  constructor(parts: InvitationParts) {
    this.#parts = parts;
    this.#held = parts.linked ? { token: parts.linked, from: "link", at: parts.now() } : null;
  }

  /** Usable at once, or null. */
  get current(): string | null {
    const held = this.#held;
    if (!held) return null;
    const isStale = held.from === "guest" && this.#parts.now() - held.at >= STALE_AFTER_MS;
    return isStale ? null : held.token;
  }

  /** Whether this page was opened by a link that carried a token. */
  get hadLink(): boolean {
    return Boolean(this.#parts.linked);
  }

  /** Those that came with the newest guest's token; null when none came yet. Taken once. */
  takeIceServers(): RTCIceServer[] | null {
    const servers = this.#iceServers;
    this.#iceServers = null;
    return servers;
  }

  /**
   * One that can be used: at once where there is one, otherwise a guest's is asked for. Whoever asks
   * meanwhile waits for the same. Rejects with a `CallFailure`: `forbidden` where guests are
   * switched off, `rate_limited`, `unreachable`.
   */
  take(): string | Promise<string> {
    const { current } = this;
    if (current !== null) return current;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  /** It has admitted this page's participant. */
  used(token: string): void {
    this.#drop(token);
  }

  /** The server refused it. */
  discard(token: string): void {
    this.#drop(token);
  }

  /** Another one may have come meanwhile: that stays. */
  #drop(token: string): void {
    const held = this.#held;
    if (held?.token !== token) return;
    this.#held = null;
    if (held.from === "link") this.#parts.linkSpent?.();
  }

  async #fetch(): Promise<string> {
    const room = encodeURIComponent(this.#parts.room);
    const at = this.#parts.now();
    const body = await this.#ask(`/api/v1/rooms/${room}/guest-tokens`);
    const { token } = body;
    if (typeof token !== "string" || token === "") {
      throw new CallFailure(LOCAL_CODES.unreachable, "The server's answer has no token.");
    }
    this.#held = { token, from: "guest", at };
    this.#iceServers = iceServersOf(body);
    return token;
  }

  /** A refusal of guests means something else to whoever came by a host's link. */
  async #ask(path: string): Promise<Record<string, unknown>> {
    try {
      return await post(this.#parts.fetch, path);
    } catch (error) {
      if (!(error instanceof CallFailure) || error.code !== "forbidden") throw error;
      throw error.in(this.hadLink ? "invitation_spent" : "invitation_needed");
    }
  }
}
