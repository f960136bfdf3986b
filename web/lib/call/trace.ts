import type { Fetch } from "./api";

/** What is used of the browser's `crypto`. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

const TRACE_ID_SIZE = 16;
const PARENT_ID_SIZE = 8;

/**
 * By which the server's logs find what belongs to one join (W3C Trace Context): everything that the page
 * asks for on its way into the call, and afterwards until the next join begins, carries the same
 * trace id. One for a page.
 */
export class JoinTrace {
  readonly #random: RandomBytes;
  #traceId: string;
  #isSpent = false;

  constructor(random: RandomBytes = (bytes) => crypto.getRandomValues(bytes)) {
    this.#random = random;
    this.#traceId = this.#id(TRACE_ID_SIZE);
  }

  /** A join begins: anew, where the last one has led into a call. */
  begin(): void {
    if (!this.#isSpent) return;
    this.#isSpent = false;
    this.#traceId = this.#id(TRACE_ID_SIZE);
  }

  /** The join has led into a call. */
  entered(): void {
    this.#isSpent = true;
  }

  /** For one request. */
  get traceparent(): string {
    return `00-${this.#traceId}-${this.#id(PARENT_ID_SIZE)}-01`;
  }

  /** The same `fetch`, whose requests are part of the trace. */
  carriedBy(fetch: Fetch): Fetch {
    return (path, init) =>
      fetch(path, { ...init, headers: { ...init.headers, traceparent: this.traceparent } });
  }

  /** An id of zeros is none. */
  #id(size: number): string {
    const bytes = this.#random(new Uint8Array(size));
    if (bytes.every((byte) => byte === 0)) bytes[size - 1] = 1;
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
