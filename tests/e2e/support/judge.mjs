/** What a page read, against what it should be. Each answers null, or a sentence that says what is wrong. */
import { CLIP } from "../media.mjs";

const LEAST_READ_SHARE = 0.8;
const LEAST_RISE = 5; // frames, within one reading
/** A step of more than half the clip is taken for a step back. */
const LARGEST_STEP = CLIP.frames / 2;

export const LEAST_SEPARATION_DB = 20;
/** A tone below this is silence. */
const QUIETEST_TONE_DB = -75;
const SILENCE_DB = -90;

/** @param {({id: number, frame: number} | null)[]} reads consecutive frames, null where unreadable */
export function pictureProblem(reads, id) {
  if (reads.length === 0) return "no frame arrives";
  const good = reads.filter((read) => read !== null);
  if (good.length < reads.length * LEAST_READ_SHARE) {
    return `${reads.length - good.length} of ${reads.length} frames cannot be read`;
  }
  const stranger = good.find((read) => read.id !== id);
  if (stranger) return `shows participant ${stranger.id} instead of ${id}`;
  let rise = 0;
  for (let index = 1; index < good.length; index++) {
    const step = (good[index].frame - good[index - 1].frame + CLIP.frames) % CLIP.frames;
    if (step > LARGEST_STEP) {
      return `goes back from frame ${good[index - 1].frame} to ${good[index].frame}`;
    }
    rise += step;
  }
  return rise >= LEAST_RISE ? null : `the frame number does not rise (${rise} in ${good.length})`;
}

/** @param {Record<string, number>} levels dB by frequency */
export function toneProblem(levels, tone) {
  const own = levels[tone];
  const others = Object.keys(levels).filter((frequency) => Number(frequency) !== tone);
  const loudest = Math.max(...others.map((frequency) => levels[frequency]));
  if (own < QUIETEST_TONE_DB) return `${tone} Hz is at ${own.toFixed(1)} dB: silent`;
  if (own - loudest < LEAST_SEPARATION_DB) {
    return `${tone} Hz stands ${(own - loudest).toFixed(1)} dB above the others (${show(levels)})`;
  }
  return null;
}

export function silenceProblem(levels) {
  const loudest = Math.max(...Object.values(levels));
  return loudest <= SILENCE_DB ? null : `is not silent (${show(levels)})`;
}

function show(levels) {
  return Object.entries(levels)
    .map(([frequency, level]) => `${frequency} Hz ${level.toFixed(1)}`)
    .join(", ");
}
