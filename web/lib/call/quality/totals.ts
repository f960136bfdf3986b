import type { Direction } from "../media_session";
import { COUNTERS, type Counters, type TransportReading } from "./reading";

interface Before {
  transportId: string;
  streams: TransportReading["streams"];
}

/**
 * Sums since the join. Streams and transports come and go, and the browser forgets the counters of
 * those that are gone: so what each has grown by since the last reading is added up. What a stream
 * sends between its last reading and its end is not counted.
 */
export class QualityTotals {
  #sums = noneYet();
  #before: Partial<Record<Direction, Before>> = {};

  /** Whole, and not negative: packets that come late take back a loss. */
  get sums(): Counters {
    const whole = noneYet();
    for (const name of COUNTERS) whole[name] = Math.max(0, Math.round(this.#sums[name]));
    return whole;
  }

  knows(direction: Direction): boolean {
    return this.#before[direction] !== undefined;
  }

  /** `stoodStill`: the picture of this track was paused, so that a freeze in it is none. */
  add(
    direction: Direction,
    transportId: string,
    { streams }: TransportReading,
    stoodStill: (trackId: string) => boolean = () => false,
  ): void {
    const before = this.#before[direction];
    const known = before?.transportId === transportId ? before.streams : null;
    for (const [id, { counters, trackId }] of streams) {
      const last = restarted(known?.get(id)?.counters, counters);
      const isExcused = trackId !== null && stoodStill(trackId);
      for (const name of COUNTERS) {
        if (isExcused && (name === "freezes" || name === "freezeMs")) continue;
        this.#sums[name] += (counters[name] ?? 0) - (last[name] ?? 0);
      }
    }
    this.#before[direction] = { transportId, streams };
  }
}

/** A stream under the same id that has counted less is another one. */
function restarted(last: Partial<Counters> | undefined, now: Partial<Counters>): Partial<Counters> {
  const shrinks = (name: keyof Counters) => (now[name] ?? 0) < (last?.[name] ?? 0);
  return !last || shrinks("receivedPackets") || shrinks("sentPackets") ? {} : last;
}

function noneYet(): Counters {
  return Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters;
}
