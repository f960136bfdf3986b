import { Store } from "../../store";
import type { Refusal } from "../types";
import { readStory } from "./read_story";
import type { Story } from "./types";

const REFRESH_MS = 5000;
const RETRY_MS = 5000;

export type StoryPhase =
  /** Nobody has said who they are. */
  | "no-token"
  /** Asking for the first time, or for another call. */
  | "loading"
  | "shown"
  /** No line of this room is kept. */
  | "missing"
  /** The token is not good. */
  | "refused"
  /** Nothing answers; it is tried again. What was shown stays. */
  | "away";

export interface StoryState {
  phase: StoryPhase;
  room: string;
  /** The call of that time; "": the newest. */
  at: string;
  story: Story | null;
  refusal: Refusal | null;
}

/** What of the browser is used. */
export interface StoryWorld {
  ask(path: string, token: string): Promise<string>;
}

/** The explanation of one call, asked for again as long as the call goes on. */
export class StoryClient extends Store<StoryState> {
  readonly #world: StoryWorld;
  #token = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** An answer to an earlier question is late. */
  #question = 0;

  constructor(world: StoryWorld) {
    super({ phase: "loading", room: "", at: "", story: null, refusal: null });
    this.#world = world;
  }

  start(token: string, room: string, at: string): void {
    this.#token = token;
    this.set({ phase: "loading", room, at, story: null, refusal: null });
    this.#ask();
  }

  enter(token: string): void {
    this.#token = token;
    this.update((state) => ({ ...state, phase: "loading", refusal: null }));
    this.#ask();
  }

  /** Another call of the same room. */
  show(at: string): void {
    this.update((state) => ({ ...state, phase: "loading", at, story: null, refusal: null }));
    this.#ask();
  }

  retry(): void {
    this.#ask();
  }

  stop(): void {
    this.#question += 1;
    clearTimeout(this.#timer);
  }

  #ask(): void {
    this.stop();
    if (this.#token === "") {
      this.update((state) => ({ ...state, phase: "no-token" }));
      return;
    }
    const question = this.#question;
    const { room, at } = this.getSnapshot();
    const query = at === "" ? "" : `?at=${encodeURIComponent(at)}`;
    this.#world
      .ask(`/api/v1/logs/rooms/${encodeURIComponent(room)}${query}`, this.#token)
      .catch(() => "")
      .then((text) => {
        if (question === this.#question) this.#take(text);
      });
  }

  #take(text: string): void {
    const answer = readStory(text);
    if (answer.kind === "story") {
      const { story } = answer;
      this.update((state) => ({ ...state, phase: "shown", story, refusal: null }));
      if (story.live) this.#askAgain(REFRESH_MS);
      return;
    }
    const refusal = answer.kind === "refusal" ? answer.refusal : null;
    const phase = phaseOf(refusal);
    this.update((state) => ({ ...state, phase, refusal }));
    if (phase === "away") this.#askAgain(RETRY_MS);
  }

  #askAgain(afterMs: number): void {
    this.#timer = setTimeout(() => this.#ask(), afterMs);
  }
}

function phaseOf(refusal: Refusal | null): StoryPhase {
  switch (refusal?.code) {
    case "unauthorized":
    case "forbidden":
      return "refused";
    case "room_not_found":
    case "not_found":
    case "invalid_message":
      return "missing";
    default:
      return "away";
  }
}
