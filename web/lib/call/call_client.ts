import { type DeviceProblem, problemSentence } from "../media/problems";
import type { ViewTile } from "../protocol/events";
import { type CallGivens, CallParts } from "./call_parts";
import type { Chat } from "./chat";
import type { Moderation } from "./moderation";
import type { OwnSource } from "./own_media";
import type { WantedMedia } from "./publication";
import type { SessionMemory } from "./session_memory";
import type { JoinStages } from "./stages";
import type { CallState } from "./types";

/**
 * The whole state of one call, without a user interface. Owns the connection and the media session;
 * components read snapshots and call its methods. Lives as long as the page of a room.
 */
export class CallClient {
  readonly #memory: SessionMemory;
  readonly #parts: CallParts;
  /** What a moderator may do to others. */
  readonly moderation: Moderation;
  readonly chat: Chat;
  readonly getSnapshot: () => CallState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly stages: JoinStages;
  /** Who speaks how loud: dBov by participant, only those who speak. Changes up to 5 times a second. */
  readonly levels: {
    getSnapshot: () => ReadonlyMap<string, number>;
    subscribe: (listener: () => void) => () => void;
  };
  /** Aborted by `close()`: whatever listens on behalf of this client ends with it. */
  readonly lifetime = new AbortController();

  constructor(givens: CallGivens) {
    const parts = new CallParts(givens);
    this.#memory = givens.memory;
    this.#parts = parts;
    this.moderation = parts.moderation;
    this.chat = parts.chat;
    this.getSnapshot = parts.writer.store.getSnapshot;
    this.subscribe = parts.writer.store.subscribe;
    this.stages = parts.stages;
    const { getSnapshot, subscribe } = parts.levels;
    this.levels = { getSnapshot, subscribe };
  }

  /** Opens the preview of a room: connects, loads the device and makes the certificate. */
  open(room: string): void {
    if (this.#state.phase !== "idle") return;
    this.#patch({ phase: "preview", room });
    this.#parts.writer.patchConnection({ status: "connecting", since: this.#parts.now() });
    this.#parts.preparation.begin();
    this.#parts.admission.open(room);
    this.#parts.failures.open(room);
    this.#parts.signaling.start();
    const name = this.#parts.admission.returningAs;
    if (name !== null) this.join(name);
  }

  /** Whether opening this room would go straight into the call, as after a reload. */
  remembers(room: string): boolean {
    return this.#memory.read(room) !== null;
  }

  /** The click on Join. Joins at once, or as soon as connection and device are ready. */
  join(name: string): void {
    if (this.#parts.joining.isWanted || this.#state.phase === "joined") return;
    this.#parts.stages.begin();
    this.#parts.signaling.start();
    const isPrepared = this.#parts.media.prepared !== null;
    this.#parts.joining.want(name);
    this.#parts.entrance.announce(name, { isPrepared });
  }

  /** The pointer is on the button, or the name is being typed. */
  intendJoin(): void {
    this.#parts.lobby.intend();
    if (this.#state.phase === "preview") this.#parts.admission.prepare();
  }

  leave(): void {
    if (this.#parts.seat.isTaken && this.#parts.signaling.connected) {
      this.#parts.quality.leaving();
      this.#parts.signaling.request("leaveRoom", {}).catch(() => undefined);
    }
    this.#parts.endings.leave();
  }

  /** From the left or failed page back to the preview of the same room. */
  reopen(): void {
    if (this.#state.phase !== "ended") return;
    this.#patch({ phase: "preview", ended: null, error: null, participants: [], media: "new" });
    this.#parts.signaling.start();
    this.#parts.connection.look();
  }

  publish(source: OwnSource, wanted: WantedMedia): void {
    this.#parts.media.want(source, wanted);
  }

  /** The listener hears when a moderator has muted something; it may be switched on again. */
  whenMuted(listener: (source: OwnSource) => void): () => void {
    return this.#parts.own.whenMuted(listener);
  }

  /** Something was pressed that the invitation does not include. */
  explainGrant(source: OwnSource): void {
    const title = `Your invitation does not include the ${source}`;
    this.#parts.notices.add("info", title, "Ask whoever invited you for one that does.");
  }

  /** Another device was chosen, and could not be opened. */
  explainChoice(source: OwnSource, problem: DeviceProblem): void {
    const sentence = problemSentence(source, problem);
    this.#parts.notices.add("warning", `Your ${source} was not changed`, sentence);
  }

  rename(name: string): Promise<void> {
    return this.#parts.ownName.change(name);
  }

  /** Which tiles are drawn and how large; sent when it has settled. */
  setView(tiles: ViewTile[]): void {
    this.#parts.view.set(tiles);
  }

  /** A remote picture begins; `metadata` as of `requestVideoFrameCallback`. */
  pictureShown(now: number, metadata?: { receiveTime?: number }): void {
    this.#parts.stages.frame(now, metadata);
    this.#parts.media.pictureShown();
  }

  retryNow(): void {
    this.#parts.signaling.retryNow();
  }

  dismiss(noticeId: number): void {
    this.#parts.notices.dismiss(noticeId);
  }

  /** Ends everything; the client cannot be used again. */
  close(): void {
    this.lifetime.abort();
    this.#parts.endings.halt();
    this.#parts.failures.close();
    this.#parts.signaling.stop();
  }

  get #state(): CallState {
    return this.#parts.writer.state;
  }

  #patch(change: Partial<CallState>): void {
    this.#parts.writer.patch(change);
  }
}
