/** What survives a reload of the tab: enough to come back as the same participant. */
export interface RememberedSession {
  room: string;
  name: string;
  resumeToken: string;
}

const KEY = "confab.session";
/**
 * A browser that is started again may bring the tab back, hours later: nobody expects to be seen and
 * heard then without a click. A resume token lives as long.
 */
const KEPT_MS = 15 * 60_000;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

interface StoredSession extends RememberedSession {
  /** When the resume token came, Unix ms. */
  at: number;
}

/** Kept in `sessionStorage`, so that it ends with the tab. Storage that is switched off is no error. */
export class SessionMemory {
  readonly #storage: Storage | null;
  readonly #now: () => number;

  constructor(storage: Storage | null, now: () => number = Date.now) {
    this.#storage = storage;
    this.#now = now;
  }

  read(room: string): RememberedSession | null {
    try {
      const parsed: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "null");
      if (!isSession(parsed) || parsed.room !== room) return null;
      const { at, ...session } = parsed;
      return this.#now() - at < KEPT_MS ? session : null;
    } catch {
      return null;
    }
  }

  write(session: RememberedSession): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify({ ...session, at: this.#now() }));
    } catch {
      // A full or forbidden storage only means that a reload asks for the preview again.
    }
  }

  forget(): void {
    try {
      this.#storage?.removeItem(KEY);
    } catch {
      // See write().
    }
  }
}

function isSession(value: unknown): value is StoredSession {
  if (typeof value !== "object" || value === null) return false;
  const { room, name, resumeToken, at } = value as Record<string, unknown>;
  const isNamed = typeof room === "string" && typeof name === "string";
  return isNamed && typeof resumeToken === "string" && typeof at === "number";
}
