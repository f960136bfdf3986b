import { type Fetch, iceServersOf, post } from "./api";

/** Credentials are good for 5 minutes to begin with; one is left for beginning. */
const FRESH_FOR_MS = 4 * 60_000;
/** Whoever waits for them wants to be back in a call: without them it is tried as well. */
const TIMEOUT_MS = 2000;

export interface RelaysParts {
  fetch: Fetch;
  now(): number;
  /** They are others than before. */
  changed(servers: readonly RTCIceServer[]): void;
}

/**
 * The TURN servers that this page may use, with credentials that are fresh enough to begin with.
 * Owned by the call's `Admission`. Where the server has none it is asked once and not again.
 */
export class Relays {
  readonly #parts: RelaysParts;
  #servers: readonly RTCIceServer[] = [];
  #at: number | null = null;
  #fetching: Promise<void> | null = null;

  constructor(parts: RelaysParts) {
    this.#parts = parts;
  }

  get servers(): readonly RTCIceServer[] {
    return this.#servers;
  }

  /** They came with something else. */
  accept(servers: readonly RTCIceServer[]): void {
    this.#at = this.#parts.now();
    if (servers.length === 0 && this.#servers.length === 0) return;
    this.#servers = servers;
    this.#parts.changed(servers);
  }

  /** Makes them fresh where that is needed. Takes at most two seconds, and a failure is no error. */
  async freshen(token: string | null): Promise<void> {
    if (token === null || !this.#areOld) return;
    this.#fetching ??= this.#fetch(token).finally(() => {
      this.#fetching = null;
    });
    await this.#fetching;
  }

  get #areOld(): boolean {
    if (this.#at === null) return true;
    return this.#servers.length > 0 && this.#parts.now() - this.#at >= FRESH_FOR_MS;
  }

  async #fetch(token: string): Promise<void> {
    try {
      const options = { token, timeoutMs: TIMEOUT_MS };
      const body = await post(this.#parts.fetch, "/api/v1/turn-credentials", options);
      this.accept(iceServersOf(body));
    } catch {
      // The old ones may still do, and there is a way without a relay for most.
    }
  }
}
