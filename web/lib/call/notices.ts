import type { Notice } from "./types";

const NOTICE_MS = 8000;
/** More would cover the picture: the oldest goes. */
const MOST = 4;

/** Sentences about single things; they go by themselves. */
export class Notices {
  readonly #changed: (notices: readonly Notice[]) => void;
  #notices: readonly Notice[] = [];
  #next = 1;

  constructor(changed: (notices: readonly Notice[]) => void) {
    this.#changed = changed;
  }

  /** The same words again only stay longer. `errorId`: by which a failure is found in the log. */
  add(tone: Notice["tone"], title: string, message: string, errorId: string | null = null): void {
    const id = this.#next++;
    const others = this.#notices.filter(
      (notice) => notice.title !== title || notice.message !== message,
    );
    this.#set([...others, { id, tone, title, message, errorId }].slice(-MOST));
    setTimeout(() => this.dismiss(id), NOTICE_MS);
  }

  dismiss(id: number): void {
    if (this.#notices.some((notice) => notice.id === id)) {
      this.#set(this.#notices.filter((notice) => notice.id !== id));
    }
  }

  clear(): void {
    if (this.#notices.length > 0) this.#set([]);
  }

  #set(notices: readonly Notice[]): void {
    this.#notices = notices;
    this.#changed(notices);
  }
}
