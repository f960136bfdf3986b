/**
 * Measured stages of one join, in milliseconds of `performance.now()`. Read by the measuring script
 * as `window.__confab.stages`; also `performance.mark`s named `confab:<stage>`.
 */
export const STAGES = ["click", "reply", "ice", "dtls", "packet", "frame"] as const;
export type Stage = (typeof STAGES)[number];
export type StageTimes = Partial<Record<Stage, number>>;

export class JoinStages {
  #times: StageTimes = {};

  get times(): StageTimes {
    return { ...this.#times };
  }

  /** A new click begins a new measurement. */
  begin(): void {
    this.#times = {};
    this.mark("click");
  }

  /** The first time counts; later ones of the same stage are ignored. */
  mark(stage: Stage, at = performance.now()): void {
    if (this.#times[stage] !== undefined) return;
    if (stage !== "click" && this.#times.click === undefined) return;
    this.#times[stage] = at;
    performance.mark(`confab:${stage}`, { startTime: at });
  }

  /** The first picture is drawn; the browser says itself when its packets had come. */
  frame(now: number, metadata?: { receiveTime?: number }): void {
    if (metadata?.receiveTime !== undefined) this.mark("packet", metadata.receiveTime);
    this.mark("frame", now);
  }

  /** Follows the transport below a receiver: ICE, then DTLS. */
  watch(receiver: RTCRtpReceiver): void {
    const dtls = receiver.transport;
    if (!dtls) return;
    const ice = dtls.iceTransport;
    const onIce = () => {
      if (ice.state === "connected" || ice.state === "completed") this.mark("ice");
    };
    const onDtls = () => {
      if (dtls.state === "connected") this.mark("dtls");
    };
    ice.addEventListener("statechange", onIce);
    dtls.addEventListener("statechange", onDtls);
    onIce();
    onDtls();
  }
}
