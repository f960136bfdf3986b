import { CallFailure } from "./errors";
import type { Direction } from "./media_session";

const RESTART_INTERVAL_MS = 2000;
const RESTARTS_BEFORE_REBUILD = 3;
const REBUILD_DELAY_MS = 500;
/** The server keeps who asks waiting until the room has a media instance: asking costs it little. */
const LONGEST_REBUILD_DELAY_MS = 5000;
/** So long connected: what breaks then is another incident. */
const CALM_MS = 2000;

export interface RecoveryActions {
  /** False while there is no signaling: recovery waits for it. */
  online(): boolean;
  restartIce(direction: Direction): Promise<void>;
  rebuild(): Promise<void>;
  changed(recovering: boolean): void;
}

/**
 * Brings media back: first by ICE restarts on the same transport, then by new transports.
 * Owned by the call client; one instance per joined call.
 */
export class Recovery {
  readonly #actions: RecoveryActions;
  readonly #states: Record<Direction, RTCPeerConnectionState> = { send: "new", recv: "new" };
  readonly #restarts: Record<Direction, number> = { send: 0, recv: 0 };
  readonly #timers: Record<Direction, ReturnType<typeof setTimeout> | null> = {
    send: null,
    recv: null,
  };
  #rebuildTimer: ReturnType<typeof setTimeout> | null = null;
  #calmTimer: ReturnType<typeof setTimeout> | null = null;
  #rebuildOwed = false;
  #rebuilding = false;
  #rebuilds = 0;
  #closed = false;

  constructor(actions: RecoveryActions) {
    this.#actions = actions;
  }

  get connected(): boolean {
    return this.#states.recv === "connected" || this.#states.send === "connected";
  }

  transportState(direction: Direction, state: RTCPeerConnectionState): void {
    this.#states[direction] = state;
    if (state === "connected") {
      this.#restarts[direction] = 0;
      this.#clear(direction);
      this.#calmDown();
    } else if (isBroken(state)) {
      this.#excite();
      this.#restart(direction);
    }
    this.#report();
  }

  /** The server closed a transport for good. */
  transportClosed(): void {
    this.#rebuild();
  }

  /** Signaling is back: whatever is still broken is tried at once. */
  online(): void {
    if (this.#rebuildOwed) {
      this.#rebuildOwed = false;
      this.#rebuild();
      return;
    }
    for (const direction of ["recv", "send"] as const) {
      if (!isBroken(this.#states[direction])) continue;
      this.#clear(direction);
      this.#restart(direction);
    }
  }

  close(): void {
    this.#closed = true;
    this.#clear("send");
    this.#clear("recv");
    if (this.#rebuildTimer !== null) clearTimeout(this.#rebuildTimer);
    this.#excite();
  }

  #restart(direction: Direction): void {
    if (this.#closed || this.#rebuilding || this.#timers[direction] !== null) return;
    if (!this.#actions.online()) return;
    this.#restarts[direction] += 1;
    if (this.#restarts[direction] > RESTARTS_BEFORE_REBUILD) {
      this.#rebuild();
      return;
    }
    this.#timers[direction] = setTimeout(() => {
      this.#timers[direction] = null;
      if (isBroken(this.#states[direction])) this.#restart(direction);
    }, RESTART_INTERVAL_MS);
    this.#actions.restartIce(direction).catch((error: unknown) => {
      const code = error instanceof CallFailure ? error.code : "";
      if (code === "transport_not_found") this.#rebuild();
    });
  }

  /** At once the first time; then less and less often, until media has flowed for a while. */
  #rebuild(): void {
    if (this.#closed || this.#rebuilding) return;
    this.#rebuilding = true;
    this.#clear("send");
    this.#clear("recv");
    this.#report();
    const delayMs =
      this.#rebuilds === 0
        ? 0
        : Math.min(LONGEST_REBUILD_DELAY_MS, REBUILD_DELAY_MS * 2 ** (this.#rebuilds - 1));
    this.#rebuilds += 1;
    this.#excite();
    if (delayMs === 0) void this.#rebuildNow();
    else this.#rebuildTimer = setTimeout(() => void this.#rebuildNow(), delayMs);
  }

  async #rebuildNow(): Promise<void> {
    let failed = false;
    try {
      await this.#actions.rebuild();
      this.#states.send = "new";
      this.#states.recv = "new";
      this.#restarts.send = 0;
      this.#restarts.recv = 0;
    } catch {
      failed = true;
    }
    this.#rebuilding = false;
    this.#report();
    // Without signaling it is owed until the connection is back.
    this.#rebuildOwed = failed;
    if (failed && this.#actions.online()) this.#rebuild();
  }

  #calmDown(): void {
    this.#calmTimer ??= setTimeout(() => {
      this.#calmTimer = null;
      this.#rebuilds = 0;
    }, CALM_MS);
  }

  #excite(): void {
    if (this.#calmTimer !== null) clearTimeout(this.#calmTimer);
    this.#calmTimer = null;
  }

  #report(): void {
    const broken = isBroken(this.#states.recv) || isBroken(this.#states.send);
    if (!this.#closed) this.#actions.changed(broken || this.#rebuilding);
  }

  #clear(direction: Direction): void {
    const timer = this.#timers[direction];
    if (timer !== null) clearTimeout(timer);
    this.#timers[direction] = null;
  }
}

function isBroken(state: RTCPeerConnectionState): boolean {
  return state === "disconnected" || state === "failed";
}
