import type { JoinRoomReply } from "../protocol/events";
import type { Admission, Ticket } from "./admission";
import { retryDelayMs } from "./backoff";
import { CallFailure, LOCAL_CODES } from "./errors";
import type { MediaSession } from "./media_session";
import type { Signaling } from "./signaling";
import type { JoinTrace } from "./trace";

/** A remembered session, then the link's token, then a guest's: each may be worth nothing. */
const REFUSALS = 2;
/** How often in a row the server may be out of reach when an invitation is asked for. */
const FAILED_FETCHES = 4;
/** For so long a join that nobody has clicked for meets refusals that pass. */
const PATIENCE_MS = 60_000;

export interface JoiningParts {
  signaling: Signaling;
  media: MediaSession;
  admission: Admission;
  trace: JoinTrace;
  random: () => number;
  now(): number;
}

export interface JoiningHandlers {
  /** The message is about to go out. */
  sending(): void;
  /** `prepared`: the consumers that the join has started. */
  entered(reply: JoinRoomReply, name: string, prepared?: readonly string[]): void;
  /** It is wanted no longer. */
  failed(error: unknown): void;
}

/** From the wish to be in the call to the server's answer, in as many attempts as that takes. */
export class Joining {
  readonly #parts: JoiningParts;
  readonly #handlers: JoiningHandlers;
  /** The name under which a join is wanted; null when none is. */
  #name: string | null = null;
  #running = false;
  #failures = 0;
  /** Unix ms; null after a click: then the person decides. */
  #patientUntil: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: JoiningParts, handlers: JoiningHandlers) {
    this.#parts = parts;
    this.#handlers = handlers;
  }

  get isWanted(): boolean {
    return this.#name !== null;
  }

  want(name: string): void {
    this.#name = name;
    this.#parts.trace.begin();
    this.tryNow();
  }

  /** By itself, after a session was lost. */
  wantAnew(name: string): void {
    this.#patientUntil = this.#parts.now() + PATIENCE_MS;
    this.want(name);
  }

  /** What still comes of an attempt that is under way is undone. */
  cancel(): void {
    this.#name = null;
    this.#failures = 0;
    this.#patientUntil = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Whenever connection or device may have become ready. */
  tryNow(): void {
    const { signaling, media } = this.#parts;
    const name = this.#name;
    const isReady = signaling.connected && media.ready;
    if (name === null || this.#running || this.#timer !== null || !isReady) return;
    this.#running = true;
    this.#enter(name)
      .catch((error: unknown) => {
        this.#onFailed(error);
        // After the page has said so: then nobody waits for another connection.
        signaling.dropUnanswered(error);
      })
      .finally(() => {
        this.#running = false;
        // The connection may have come back while the failed attempt was being settled.
        this.tryNow();
      });
  }

  async #enter(name: string): Promise<void> {
    const { admission } = this.#parts;
    for (let refusals = 0; this.isWanted; refusals++) {
      const found = admission.ticket();
      const ticket = found instanceof Promise ? await found : found;
      if (!this.isWanted) return;
      try {
        await this.#send(name, ticket);
        return;
      } catch (error) {
        const isRefused = error instanceof CallFailure && error.code === "unauthorized";
        if (!isRefused || refusals === REFUSALS) throw error;
        admission.refuse(ticket);
      }
    }
  }

  async #send(name: string, ticket: Ticket): Promise<void> {
    const { signaling, media, admission, trace } = this.#parts;
    const prepared = "resume" in ticket ? null : media.prepared;
    this.#handlers.sending();
    const { dtlsParameters, rtpCapabilities } = media;
    const reply = await signaling.request("joinRoom", {
      room: admission.room,
      name,
      ...ticket,
      rtpCapabilities,
      transports: { send: { dtlsParameters }, recv: { dtlsParameters } },
      traceparent: trace.traceparent,
      ...(prepared ? { prepared } : {}),
      ...windowView(),
    });
    admission.admitted(ticket);
    trace.entered();
    if (this.isWanted) {
      this.cancel();
      this.#handlers.entered(reply, name, prepared?.consumerIds);
    } else {
      signaling.request("leaveRoom", {}).catch(() => undefined);
    }
  }

  #onFailed(error: unknown): void {
    const failure = CallFailure.from(error);
    const { code } = failure;
    if (!this.isWanted) return;
    // The next connection tries again by itself.
    if (code === LOCAL_CODES.disconnected) return;
    if (code === "session_expired") {
      this.#parts.admission.forget();
      return;
    }
    if (this.#isWorthAnotherTry(failure)) {
      this.#failures += 1;
      this.#timer = setTimeout(
        () => {
          this.#timer = null;
          this.tryNow();
        },
        retryDelayMs(failure, this.#failures, this.#parts.random),
      );
      return;
    }
    this.cancel();
    const isElsewhere = code === "forbidden" && failure.situation === null;
    this.#handlers.failed(isElsewhere ? failure.in("invitation_elsewhere") : error);
  }

  #isWorthAnotherTry(failure: CallFailure): boolean {
    const isUnreachable = failure.code === LOCAL_CODES.unreachable;
    if (this.#patientUntil === null) return isUnreachable && this.#failures < FAILED_FETCHES;
    return (isUnreachable || failure.isPassing) && this.#parts.now() < this.#patientUntil;
  }
}

function windowView() {
  if (typeof window === "undefined") return {};
  const { innerWidth: width, innerHeight: height, devicePixelRatio: pixelRatio } = window;
  return { view: { width, height, pixelRatio } };
}
