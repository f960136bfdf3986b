import type { Recovery } from "./recovery";

/** A call that this page is in. */
export interface JoinedSession {
  /** Of the newest numbered event that was applied. */
  seq: number;
  recovery: Recovery;
}

/** The call that this page is in, if it is in one. Owned by the call client. */
export class Seat {
  #session: JoinedSession | null = null;

  get session(): JoinedSession | null {
    return this.#session;
  }

  get isTaken(): boolean {
    return this.#session !== null;
  }

  /** In the place of the one before, whose recovery ends. */
  take(session: JoinedSession): void {
    this.leave();
    this.#session = session;
  }

  leave(): void {
    this.#session?.recovery.close();
    this.#session = null;
  }

  /** A transport is gone: what it carried is set up anew. */
  transportClosed(): void {
    this.#session?.recovery.transportClosed();
  }
}
