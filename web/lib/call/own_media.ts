import type { ProducePayload, ServerEvents } from "../protocol/events";
import { retryDelayMs } from "./backoff";
import { CallFailure, LOCAL_CODES } from "./errors";
import type { FailureReports } from "./failure_reports";
import type { MediaSession } from "./media_session";
import { mutedNotice } from "./moderation";
import type { Notices } from "./notices";
import type { Signaling } from "./signaling";

export type OwnSource = "microphone" | "camera";

interface OwnMediaParts {
  signaling: Signaling;
  media: MediaSession;
  notices: Notices;
  failures: FailureReports;
  random: () => number;
  /** A producer was lost with the connection. */
  lost(): void;
}

/** What server and person are told of the own microphone and camera. Owned by the call client. */
export class OwnMedia {
  readonly #parts: OwnMediaParts;
  /** In a row. */
  readonly #refusals: Record<OwnSource, number> = { microphone: 0, camera: 0 };
  readonly #mutedListeners = new Set<(source: OwnSource) => void>();

  constructor(parts: OwnMediaParts) {
    this.#parts = parts;
  }

  produce(payload: ProducePayload): void {
    const { source } = payload;
    this.#parts.signaling.request("produce", payload).then(
      () => {
        if (source === "microphone" || source === "camera") this.#refusals[source] = 0;
      },
      (error: unknown) => this.refused(payload.id ?? "", error),
    );
  }

  paused(producerId: string, paused: boolean): void {
    const { signaling } = this.#parts;
    if (!signaling.connected) return; // Told again after the resume.
    signaling
      .request(paused ? "pauseProducer" : "resumeProducer", { producerId })
      .catch(() => undefined);
  }

  /** The server did not take a producer. */
  refused(producerId: string, error: unknown): void {
    // A produce lost with the connection is part of the new transports or of the next join.
    if (error instanceof CallFailure && error.code === LOCAL_CODES.disconnected) {
      this.#parts.lost();
      return;
    }
    const source = this.#parts.media.refuseProducer(producerId);
    if (!source) return;
    this.failed(source, error);
    this.#tryAgain(source, producerId, CallFailure.from(error));
  }

  #tryAgain(source: OwnSource, producerId: string, failure: CallFailure): void {
    const { signaling, media, random } = this.#parts;
    const isUnanswered = failure.code === LOCAL_CODES.timeout;
    if (!isUnanswered && !failure.isPassing) return;
    // Without an answer the server may have it: others would see two.
    if (isUnanswered) signaling.request("closeProducer", { producerId }).catch(() => undefined);
    this.#refusals[source] += 1;
    const delayMs = retryDelayMs(failure, this.#refusals[source], random);
    setTimeout(() => media.produceAgain(source), delayMs);
  }

  failed(source: string, error: unknown): void {
    const { notices, failures } = this.#parts;
    const { title, message, id } = failures.shown(error);
    notices.add("warning", `Your ${source} is not being sent`, `${title}. ${message}`, id);
  }

  /** By a moderator. Resuming it is up to the person, not to the server. */
  muted({ producerId, paused }: ServerEvents["producerUpdated"]): void {
    const source = paused ? this.#parts.media.muteProducer(producerId) : null;
    if (source === null) return;
    const { title, message } = mutedNotice(source);
    this.#parts.notices.add("info", title, message);
    for (const listener of [...this.#mutedListeners]) listener(source);
  }

  whenMuted(listener: (source: OwnSource) => void): () => void {
    this.#mutedListeners.add(listener);
    return () => void this.#mutedListeners.delete(listener);
  }
}
