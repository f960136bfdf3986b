import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

const KEYFRAME = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a]);
const DELTA_FRAME = Buffer.from([0x11, 0, 0]);

/**
 * An IVF file with frames that have a VP8 frame's first bits (RFC 6386 §9.1) and noise behind them:
 * enough for all who only carry them.
 */
export function writeNoiseClip(path, { frames = 50, every = 25, rate = 25 } = {}) {
  const header = Buffer.alloc(32);
  header.write("DKIF", 0, "latin1");
  header.writeUInt16LE(header.length, 6);
  header.write("VP80", 8, "latin1");
  header.writeUInt16LE(320, 12);
  header.writeUInt16LE(240, 14);
  header.writeUInt32LE(rate, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(frames, 24);
  const parts = [header];
  for (let i = 0; i < frames; ++i) {
    const begin = i % every === 0 ? KEYFRAME : DELTA_FRAME;
    const frame = Buffer.concat([begin, randomBytes(i % every === 0 ? 6000 : 2000)]);
    const head = Buffer.alloc(12);
    head.writeUInt32LE(frame.length, 0);
    head.writeUInt32LE(i, 4);
    parts.push(head, frame);
  }
  writeFileSync(path, Buffer.concat(parts));
}
