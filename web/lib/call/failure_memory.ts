/** A failure that the server has not been told of yet. */
export interface ShownFailure {
  id: string;
  code: string;
  message: string;
  /** Unix ms. */
  at: number;
}

const KEY = "confab.failures";

/** What waits to be told survives a reload of the tab, for the room that it is about. */
export class FailureMemory {
  readonly #storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  #room = "";

  constructor(storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null) {
    this.#storage = storage;
  }

  open(room: string): readonly ShownFailure[] {
    this.#room = room;
    try {
      const value: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "null");
      const { room: of, failures } = value as { room?: unknown; failures?: unknown };
      return of === room && Array.isArray(failures) ? failures.filter(isFailure) : [];
    } catch {
      return [];
    }
  }

  write(failures: readonly ShownFailure[]): void {
    try {
      if (failures.length === 0) this.#storage?.removeItem(KEY);
      else this.#storage?.setItem(KEY, JSON.stringify({ room: this.#room, failures }));
    } catch {
      // A full or forbidden storage: what waits is lost with the page.
    }
  }
}

function isFailure(value: unknown): value is ShownFailure {
  if (typeof value !== "object" || value === null) return false;
  const { id, code, message, at } = value as Record<string, unknown>;
  const isText = [id, code, message].every((text) => typeof text === "string");
  return isText && typeof at === "number";
}
