/**
 * Camera and microphone of a test participant, as files for Chromium's fake devices: a clip that
 * shows the participant's id and the frame number as a bar code, and a tone of its own.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COLUMNS, encodeCells, ROWS } from "./media/bar_code.mjs";

export const CLIP = { width: 320, height: 240, framesPerSecond: 20, frames: 100 };
const BLACK = 30;
const WHITE = 220;

/**
 * One frequency per participant, in Hz, none near a harmonic of another. The tone swells and fades
 * four times a second, as speech does: a steady tone is what noise suppression takes away.
 */
export const TONES = [440, 700, 1130, 1610, 2050];
export const TONE = { sampleRate: 48_000, seconds: 4, swellsPerSecond: 4, peak: 0.5 };

/**
 * Writes both files of the participant with this id (1…) and says where they are.
 * @returns {{id: number, tone: number, video: string, audio: string}}
 */
export function writeMedia(folder, id, clip = CLIP) {
  mkdirSync(folder, { recursive: true });
  const tone = TONES[(id - 1) % TONES.length];
  const video = join(folder, `participant-${id}.y4m`);
  const audio = join(folder, `participant-${id}.wav`);
  writeFileSync(video, clipBytes(id, clip));
  writeFileSync(audio, toneBytes(tone));
  return { id, tone, video, audio };
}

/** Chromium's switches for these devices; they hold for a whole browser process. */
export function deviceSwitches(media) {
  return [
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${media.video}`,
    `--use-file-for-fake-audio-capture=${media.audio}`,
  ];
}

/** A y4m file, 4:2:0. */
export function clipBytes(id, { width, height, framesPerSecond, frames } = CLIP) {
  const chroma = (width / 2) * (height / 2);
  const header = Buffer.from(
    `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`,
  );
  const parts = [header];
  for (let frame = 0; frame < frames; frame++) {
    parts.push(Buffer.from("FRAME\n"), drawLuma(encodeCells(id, frame), width, height));
    // A tint of its own, for whoever looks at a screenshot.
    parts.push(Buffer.alloc(chroma, 128 + 24 * Math.cos(id * 2.4)));
    parts.push(Buffer.alloc(chroma, 128 + 24 * Math.sin(id * 2.4)));
  }
  return Buffer.concat(parts);
}

export function drawLuma(cells, width, height) {
  const luma = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * ROWS) / height);
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * COLUMNS) / width);
      luma[y * width + x] = cells[row * COLUMNS + column] ? WHITE : BLACK;
    }
  }
  return luma;
}

/** A wav file, 16 bit, mono, that loops without a click. */
export function toneBytes(frequency) {
  const { sampleRate, seconds, swellsPerSecond, peak } = TONE;
  const samples = sampleRate * seconds;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16); // size of this chunk
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // channels
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28); // bytes a second
  bytes.writeUInt16LE(2, 32); // bytes a sample
  bytes.writeUInt16LE(16, 34); // bits a sample
  bytes.write("data", 36);
  bytes.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index++) {
    const time = index / sampleRate;
    const swell = (1 - Math.cos(2 * Math.PI * swellsPerSecond * time)) / 2;
    const sample = peak * swell * Math.sin(2 * Math.PI * frequency * time);
    bytes.writeInt16LE(Math.round(sample * 32_767), 44 + index * 2);
  }
  return bytes;
}
