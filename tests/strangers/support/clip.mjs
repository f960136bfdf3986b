import { createHash } from "node:crypto";

export const PICTURE = { width: 64, height: 48 };
/** What everyone's time is counted in: a packet of sound is as long. */
export const TICK_MS = 20;
export const TICKS = 50;
const TICKS_PER_FRAME = 2;
const VIDEO_CLOCK_PER_TICK = 90 * TICK_MS;
const AUDIO_CLOCK_PER_TICK = 48 * TICK_MS;
/** So that the numbers of each stream begin anew on the way. */
const FIRST_SEQUENCE = 65_536 - TICKS / 2;

/** RFC 7741 §4.2: a descriptor without extension; S says that a partition begins here. */
const DESCRIPTOR = 0x00;
const BEGINS_PARTITION = 0x10;
/** Opus, one frame of CELT over the full band, 20 ms, mono (RFC 6716 §3.1). */
const OPUS_FRAME = 0xf8;
/** More octets than a decoder of such a picture takes. */
const MODES = Buffer.alloc(128);
const COEFFICIENTS = Buffer.alloc(512);
const VIDEO_NOISE_OCTETS = 1100;
const AUDIO_NOISE_OCTETS = 80;
const PACKET_OCTETS = 1000;

/**
 * A second of picture and sound in RTP packets, of which no two are alike: who sends what is known
 * by its octets.
 */
export class Clip {
  /** @type {{ audio: object[][], video: object[][] }} the packets of each tick */
  #ticks;

  constructor(seed) {
    this.#ticks = { audio: audioTicks(seed), video: videoTicks(seed) };
    for (const ticks of Object.values(this.#ticks)) {
      for (const [index, packet] of ticks.flat().entries()) {
        packet.sequence = (FIRST_SEQUENCE + index) % 65_536;
      }
    }
  }

  packetsAt(kind, tick) {
    return this.#ticks[kind][tick];
  }

  /** See support/judge.mjs. */
  sent(kind) {
    const packets = this.#ticks[kind].flat();
    const frames = packets.filter(({ marker }) => marker).length;
    const payloads = packets.map(({ payload }) => payload);
    return { packets: packets.length, payloads, ...(kind === "video" && { frames }) };
  }
}

export function isFrameAt(tick) {
  return tick % TICKS_PER_FRAME === 0;
}

/** The clip's only keyframe is its first frame. */
function videoTicks(seed) {
  return Array.from({ length: TICKS }, (_, tick) => {
    if (!isFrameAt(tick)) return [];
    const fragments = fragmentsOf(
      vp8Frame(tick === 0, noise(`${seed} ${tick}`, VIDEO_NOISE_OCTETS)),
    );
    return fragments.map((payload, index) => ({
      payload,
      marker: index === fragments.length - 1,
      timestamp: tick * VIDEO_CLOCK_PER_TICK,
    }));
  });
}

function audioTicks(seed) {
  return Array.from({ length: TICKS }, (_, tick) => {
    const sound = noise(`${seed} ${tick}`, AUDIO_NOISE_OCTETS);
    const payload = Buffer.concat([Buffer.from([OPUS_FRAME]), sound]);
    return [{ payload, marker: tick === 0, timestamp: tick * AUDIO_CLOCK_PER_TICK }];
  });
}

function noise(seed, octets) {
  return createHash("shake256", { outputLength: octets }).update(seed).digest();
}

/**
 * A frame of VP8 that every decoder shows: a grey picture, with `ballast` behind the last
 * partition, where no decoder looks. In the arithmetic code of RFC 6386 §7 octets of zero are bits of zero,
 * whatever their probabilities: a header without options, macroblocks without coefficients.
 */
function vp8Frame(isKeyframe, ballast) {
  const visible = 1 << 4;
  const tag = (isKeyframe ? 0 : 1) | visible | (MODES.length << 5); // RFC 6386 §9.1
  const parts = [Buffer.from([tag & 0xff, (tag >> 8) & 0xff, tag >> 16])];
  if (isKeyframe) {
    const { width, height } = PICTURE;
    parts.push(Buffer.from([0x9d, 0x01, 0x2a, width, 0, height, 0]));
  }
  return Buffer.concat([...parts, MODES, COEFFICIENTS, ballast]);
}

function fragmentsOf(frame) {
  const fragments = [];
  for (let begin = 0; begin < frame.length; begin += PACKET_OCTETS) {
    const descriptor = DESCRIPTOR | (begin === 0 ? BEGINS_PARTITION : 0);
    const part = frame.subarray(begin, begin + PACKET_OCTETS);
    fragments.push(Buffer.concat([Buffer.from([descriptor]), part]));
  }
  return fragments;
}
