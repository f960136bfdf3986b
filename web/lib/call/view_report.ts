import type { ViewTile } from "../protocol/events";
import type { Signaling } from "./signaling";

const DEBOUNCE_MS = 250;

/** Tells the server which tiles are drawn and how large: when they have settled, and once. */
export class ViewReport {
  readonly #signaling: Signaling;
  readonly #isJoined: () => boolean;
  #tiles: ViewTile[] = [];
  #sent = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signaling: Signaling, isJoined: () => boolean) {
    this.#signaling = signaling;
    this.#isJoined = isJoined;
  }

  set(tiles: ViewTile[]): void {
    this.#tiles = tiles;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, DEBOUNCE_MS);
  }

  /** A new participant: the server knows nothing yet. */
  forget(): void {
    this.#sent = "";
  }

  /** After a reconnect the last report may have been lost. */
  repeat(): void {
    this.#sent = "";
    this.#send();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #send(): void {
    const text = JSON.stringify(this.#tiles);
    if (!this.#isJoined() || !this.#signaling.connected) return;
    if (this.#tiles.length === 0 || text === this.#sent) return;
    this.#sent = text;
    this.#signaling.request("setView", { tiles: this.#tiles }).catch(() => undefined);
  }
}
