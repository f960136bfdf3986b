import type { RelayProtocol, ReportPayload } from "../../protocol/reports";
import type { Direction, MediaSession } from "../media_session";
import type { Signaling } from "../signaling";
import type { JoinStages, StageTimes } from "../stages";
import type { StateWriter } from "../state_writer";
import { PausedPictures } from "./paused_pictures";
import { readTransport, type TransportReading } from "./reading";
import { relayProtocolOf, reportOf, type TransportState } from "./report";
import { QualityTotals } from "./totals";

/** Asking a browser for its statistics costs it time. */
const READ_INTERVAL_MS = 10_000;
/** Every minute. */
const READINGS_A_REPORT = 6;
const DIRECTIONS: readonly Direction[] = ["send", "recv"];

interface QualityReportParts {
  signaling: Signaling;
  media: MediaSession;
  writer: StateWriter;
  stages: JoinStages;
  isJoined(): boolean;
  now(): number;
}

/**
 * Tells the server, for its log, how the call is for this participant: ten seconds after the join,
 * every minute, soon after something broke, and at the end. Nobody sees anything of it, whatever the
 * server answers. Owned by the call client.
 */
export class QualityReports {
  readonly #parts: QualityReportParts;
  readonly #paused: PausedPictures;
  readonly #relaysFailed = new Set<RelayProtocol>();
  #totals = new QualityTotals();
  readonly #readings = new Map<Direction, { transportId: string; reading: TransportReading }>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unwatch: () => void = () => undefined;
  /** What is read for an earlier join is late. */
  #epoch = 0;
  #readAt = 0;
  #hasRead = false;
  /** Since the last report. */
  #readCount = 0;
  #isIntroduced = false;
  #isUrgent = false;
  /** Those of the join before must not be told again. */
  #click: number | undefined;
  #hasStages = false;
  /** Nobody was there to be seen or heard: what came later says nothing about the join. */
  #wasAlone = false;

  constructor(parts: QualityReportParts) {
    this.#parts = parts;
    this.#paused = new PausedPictures(parts.now);
  }

  /** The server let us in. */
  begin(): void {
    const { writer, stages, now } = this.#parts;
    this.stop();
    const { click } = stages.times;
    this.#hasStages = click !== this.#click;
    this.#click = click;
    this.#wasAlone = !writer.state.participants.some(({ media }) =>
      media.some(({ paused }) => !paused),
    );
    this.#totals = new QualityTotals();
    this.#readings.clear();
    this.#readAt = now();
    this.#readCount = 0;
    this.#hasRead = false;
    this.#isIntroduced = false;
    this.#isUrgent = false;
    this.#unwatch = writer.store.subscribe(() => this.#paused.look(writer.state.participants));
    this.#arm();
  }

  /** One of the transports is in this state now. */
  transportState(state: RTCPeerConnectionState): void {
    if (state !== "failed" && state !== "disconnected") return;
    this.#isUrgent = true;
    // The next reading comes within ten seconds anyway, unless there was none yet.
    if (this.#timer !== null && !this.#hasRead) void this.#readAndTell("running");
  }

  /** The browser found no way to this relay. */
  relayFailed(url: string): void {
    const protocol = relayProtocolOf(url);
    if (protocol) this.#relaysFailed.add(protocol);
  }

  /** The person leaves: what was read last is told. */
  leaving(): void {
    if (this.#timer !== null) this.#send("ended");
  }

  stop(): void {
    this.#epoch += 1;
    this.#unwatch();
    this.#unwatch = () => undefined;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#readAndTell(this.#isIntroduced ? "running" : "joined");
    }, READ_INTERVAL_MS);
  }

  async #readAndTell(phase: "joined" | "running"): Promise<void> {
    const epoch = this.#epoch;
    this.#hasRead = true;
    this.#arm();
    for (const direction of DIRECTIONS) await this.#read(direction, epoch);
    if (epoch !== this.#epoch) return;
    this.#readAt = this.#parts.now();
    this.#readCount += 1;
    const isDue = phase === "joined" || this.#isUrgent || this.#readCount >= READINGS_A_REPORT;
    if (!isDue || !this.#send(phase)) return;
    this.#isUrgent = false;
    this.#readCount = 0;
    if (phase === "joined") this.#isIntroduced = true;
  }

  async #read(direction: Direction, epoch: number): Promise<void> {
    const { media, writer } = this.#parts;
    const transport = media.transport(direction);
    this.#readings.delete(direction);
    if (!transport) return;
    try {
      const reading = readTransport(await transport.getStats());
      if (epoch !== this.#epoch) return;
      this.#paused.look(writer.state.participants);
      const freezes = this.#totals.sums.freezes;
      this.#totals.add(direction, transport.id, reading, (trackId) =>
        this.#paused.wasPausedSince(trackId, this.#readAt),
      );
      if (this.#totals.sums.freezes > freezes) this.#isUrgent = true;
      this.#readings.set(direction, { transportId: transport.id, reading });
    } catch {
      // It was closed meanwhile.
    }
  }

  /** False: there is nobody to tell. */
  #send(phase: ReportPayload["phase"]): boolean {
    const { signaling, stages, isJoined } = this.#parts;
    if (!isJoined() || !signaling.connected) return false;
    const payload = reportOf(phase, {
      stages: this.#hasStages ? this.#stagesOf(stages.times) : null,
      transports: DIRECTIONS.flatMap((direction) => this.#stateOf(direction)),
      relaysFailed: this.#relaysFailed,
      sums: this.#totals.sums,
      knows: { send: this.#totals.knows("send"), recv: this.#totals.knows("recv") },
    });
    signaling.request("report", payload).catch(() => undefined);
    return true;
  }

  #stagesOf(times: StageTimes): StageTimes {
    const { click, reply } = times;
    if (!this.#wasAlone) return times;
    return { ...(click === undefined ? {} : { click }), ...(reply === undefined ? {} : { reply }) };
  }

  #stateOf(direction: Direction): TransportState[] {
    const transport = this.#parts.media.transport(direction);
    if (!transport) return [];
    const read = this.#readings.get(direction);
    const reading = read?.transportId === transport.id ? read.reading : null;
    return [{ direction, state: transport.connectionState, reading }];
  }
}
