import { badRequest, HttpError } from "./http_error.mjs";

const MOST_BYTES = 512 * 1024;
const MOST_KEYS = 100_000;

/** The key-value store with its locks. */
export class KeyValues {
  #entries = new Map();
  // When a key was deleted: a query for it must not see an older index than before.
  #deleted = new Map();
  #delayedUntil = new Map();
  #clock;
  #journal;
  sessions;

  constructor({ clock, journal }) {
    this.#clock = clock;
    this.#journal = journal;
  }

  get(key) {
    return this.#entries.get(key);
  }

  /** Entries below a prefix, in the order of their keys. */
  below(prefix) {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
    return keys.sort().map((key) => this.#entries.get(key));
  }

  indexOf(key) {
    return (
      this.#entries.get(key)?.modifyIndex ?? this.#deleted.get(key) ?? this.#journal.of("kv-base")
    );
  }

  indexBelow(prefix) {
    const seen = [
      this.#journal.of("kv-base"),
      ...this.below(prefix).map((each) => each.modifyIndex),
    ];
    for (const [key, index] of this.#deleted) if (key.startsWith(prefix)) seen.push(index);
    return Math.max(...seen);
  }

  /** Whether it was done: a check-and-set or a lock may say no. */
  put(key, value, { flags, cas, acquire, release }) {
    if (value.length > MOST_BYTES) {
      throw new HttpError(413, `Value exceeds ${MOST_BYTES} byte limit`);
    }
    const entry = this.#entries.get(key);
    if (cas !== undefined && cas !== (entry?.modifyIndex ?? 0)) return false;
    if (acquire !== undefined && !this.#mayAcquire(key, entry, acquire)) return false;
    if (release !== undefined && (!entry || entry.session !== release)) return false;
    if (!entry && this.#entries.size >= MOST_KEYS) {
      throw new HttpError(500, `This fake holds ${MOST_KEYS} keys`);
    }
    const next = { key, value, flags, lockIndex: entry?.lockIndex ?? 0, session: entry?.session };
    if (acquire !== undefined && entry?.session !== acquire) next.lockIndex += 1;
    if (acquire !== undefined) next.session = acquire;
    if (release !== undefined) next.session = undefined;
    this.#write(key, next, entry);
    return true;
  }

  delete(key, { cas }) {
    const entry = this.#entries.get(key);
    if (cas !== undefined && (cas === 0 || (entry && cas !== entry.modifyIndex))) return false;
    if (entry) this.#drop(key);
    return true;
  }

  deleteBelow(prefix) {
    for (const { key } of this.below(prefix)) this.#drop(key);
    return true;
  }

  /** A session has ended. */
  giveBack({ id, behavior, lockDelayMs }) {
    for (const entry of [...this.#entries.values()]) {
      if (entry.session !== id) continue;
      if (lockDelayMs > 0) this.#delayedUntil.set(entry.key, this.#clock.now() + lockDelayMs);
      if (behavior === "delete") this.#drop(entry.key);
      else this.#write(entry.key, { ...entry, session: undefined }, entry);
    }
  }

  forget() {
    this.#entries.clear();
    this.#deleted.clear();
    this.#delayedUntil.clear();
  }

  #mayAcquire(key, entry, session) {
    if (!this.sessions.has(session)) throw new HttpError(500, `invalid session "${session}"`);
    if (entry?.session) return entry.session === session;
    return (this.#delayedUntil.get(key) ?? 0) <= this.#clock.now();
  }

  #write(key, next, before) {
    next.modifyIndex = this.#journal.touch("kv");
    next.createIndex = before?.createIndex ?? next.modifyIndex;
    this.#entries.set(key, next);
    this.#deleted.delete(key);
  }

  #drop(key) {
    this.#entries.delete(key);
    this.#deleted.set(key, this.#journal.touch("kv"));
  }
}

export const entryShape = (entry) => ({
  LockIndex: entry.lockIndex,
  Key: entry.key,
  Flags: entry.flags,
  Value: entry.value.length > 0 ? entry.value.toString("base64") : null,
  ...(entry.session ? { Session: entry.session } : {}),
  CreateIndex: entry.createIndex,
  ModifyIndex: entry.modifyIndex,
});

/** A whole number of a query, or undefined where it is not there. */
export function wholeNumber(query, name) {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid ${name}: ${JSON.stringify(text)}`);
  return Number(text);
}
