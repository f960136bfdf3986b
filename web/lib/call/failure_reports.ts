import type { FailurePayload } from "../protocol/reports";
import { type CallError, CallFailure, describeFailure, LOCAL_CODES } from "./errors";
import type { FailureMemory, ShownFailure } from "./failure_memory";
import type { Signaling } from "./signaling";

/** More do not wait for a connection: the oldest go. */
export const MOST_WAITING = 8;
/** The server takes no more, nor longer ones, nor older ones. */
const INTERVAL_MS = 1000;
const LONGEST_MESSAGE = 300;
const OLDEST_MS = 3_600_000;

interface FailureReportParts {
  signaling: Signaling;
  memory: FailureMemory;
  now(): number;
}

/**
 * Every failure that a person is shown has an id. The server knows those that it has made; the others
 * it is told, as soon as there is a connection, so that each id finds its failure in the log. What
 * waits survives a reload, which is what many failures ask for. Owned by the call client.
 */
export class FailureReports {
  readonly #parts: FailureReportParts;
  #waiting: readonly ShownFailure[] = [];
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: FailureReportParts) {
    this.#parts = parts;
  }

  /** Finds what an earlier load of this page has left. */
  open(room: string): void {
    this.#set([...this.#parts.memory.open(room), ...this.#waiting]);
  }

  /** The sentences for a failure that is about to be shown. */
  shown(error: unknown): CallError {
    const failure = CallFailure.from(error);
    const described = describeFailure(failure);
    if (failure.origin === "page") this.#add(described, failure);
    return described;
  }

  /** There is a connection. */
  connected(): void {
    this.#pump();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #add({ id, code, title }: CallError, failure: CallFailure): void {
    if (this.#waiting.some((other) => other.id === id)) return;
    const words = failure.message ? `${title}: ${failure.message}` : title;
    const message = [...words].slice(0, LONGEST_MESSAGE).join("");
    this.#set([...this.#waiting, { id, code, message, at: this.#parts.now() }]);
    this.#pump();
  }

  #set(waiting: readonly ShownFailure[]): void {
    this.#waiting = waiting.slice(-MOST_WAITING);
    this.#parts.memory.write(this.#waiting);
  }

  #pump(): void {
    const { signaling, now } = this.#parts;
    const next = this.#waiting[0];
    if (!next || this.#isSending || this.#timer !== null || !signaling.connected) return;
    const agoMs = Math.max(0, Math.round(now() - next.at));
    if (agoMs > OLDEST_MS) {
      this.#forget(next);
      this.#pump();
      return;
    }
    const { id, code, message } = next;
    this.#isSending = true;
    void this.#send({ id, code, message, agoMs }).then((isSettled) => {
      this.#isSending = false;
      if (isSettled) this.#forget(next);
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#pump();
      }, INTERVAL_MS);
    });
  }

  /** False: it is worth another try. A server that does not want it is not asked again. */
  async #send(payload: FailurePayload): Promise<boolean> {
    try {
      await this.#parts.signaling.request("reportFailure", payload);
      return true;
    } catch (error) {
      return !WORTH_ANOTHER_TRY.has(CallFailure.from(error).code);
    }
  }

  #forget(failure: ShownFailure): void {
    this.#set(this.#waiting.filter(({ id }) => id !== failure.id));
  }
}

const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set([
  LOCAL_CODES.disconnected,
  LOCAL_CODES.timeout,
  "rate_limited",
]);
