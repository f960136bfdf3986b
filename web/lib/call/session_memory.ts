/** What survives a reload of the tab: enough to come back as the same participant. */
export interface RememberedSession {
  room: string;
  name: string;
  resumeToken: string;
}

const KEY = "confab.session";

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** Kept in `sessionStorage`, so that it ends with the tab. Storage that is switched off is no error. */
export class SessionMemory {
  readonly #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  read(room: string): RememberedSession | null {
    try {
      const parsed: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "null");
      return isSession(parsed) && parsed.room === room ? parsed : null;
    } catch {
      return null;
    }
  }

  write(session: RememberedSession): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(session));
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

function isSession(value: unknown): value is RememberedSession {
  if (typeof value !== "object" || value === null) return false;
  const { room, name, resumeToken } = value as Record<string, unknown>;
  return typeof room === "string" && typeof name === "string" && typeof resumeToken === "string";
}
