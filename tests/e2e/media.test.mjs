// The measuring tools themselves: a bar code that is harmed must not be read as another one.
import assert from "node:assert/strict";
import test from "node:test";
import { decodeCells, decodeLuma, encodeCells } from "./media/bar_code.mjs";
import { CLIP, clipBytes, drawLuma, TONE, TONES, toneBytes } from "./media.mjs";
import { pictureProblem } from "./support/judge.mjs";

/** Repeatable noise of ±amplitude. */
function noise(amplitude) {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 16) / 65_535 - 0.5) * 2 * amplitude;
  };
}

test("a bar code reads back at every size and through noise", () => {
  for (const [width, height] of [
    [320, 240],
    [160, 120],
    [96, 72],
    [64, 36],
  ]) {
    const random = noise(40);
    for (let frame = 0; frame < 256; frame += 5) {
      const luma = Float32Array.from(drawLuma(encodeCells(7, frame), width, height), (value) =>
        Math.min(255, Math.max(0, value * 0.8 + 20 + random())),
      );
      assert.deepEqual(decodeLuma(luma, width, height), { id: 7, frame }, `${width} ${frame}`);
    }
  }
});

test("no single wrong cell goes unseen", () => {
  for (let frame = 0; frame < 256; frame++) {
    const cells = encodeCells(frame % 16, frame);
    for (let index = 0; index < cells.length; index++) {
      const harmed = cells.with(index, 1 - cells[index]);
      assert.equal(decodeCells(harmed), null);
    }
  }
});

test("grey pictures and pictures between two codes are not read", () => {
  const size = 160 * 120;
  assert.equal(decodeLuma(new Uint8Array(size).fill(128), 160, 120), null);
  const first = drawLuma(encodeCells(1, 0), 160, 120);
  const second = drawLuma(encodeCells(14, 255), 160, 120);
  const blend = first.map((value, index) => (value + second[index]) / 2);
  assert.equal(decodeLuma(blend, 160, 120), null);
});

test("a clip has all its frames", () => {
  const { width, height, frames } = CLIP;
  const bytes = clipBytes(3);
  const frameSize = "FRAME\n".length + (width * height * 3) / 2;
  const header = bytes.indexOf("\n") + 1;
  assert.equal(bytes.length, header + frames * frameSize);
  const last = bytes.subarray(header + (frames - 1) * frameSize + 6);
  assert.deepEqual(decodeLuma(last.subarray(0, width * height), width, height), {
    id: 3,
    frame: frames - 1,
  });
});

test("each tone stands alone, harmonics included", () => {
  for (const tone of TONES) {
    for (const other of TONES.filter((candidate) => candidate !== tone)) {
      for (let harmonic = 1; harmonic <= 5; harmonic++) {
        assert.ok(
          Math.abs(tone * harmonic - other) >= 40,
          `${tone} × ${harmonic} is near ${other}`,
        );
      }
    }
    assert.ok(level(tone, tone) - Math.max(...others(tone).map((at) => level(tone, at))) > 40);
  }
});

function others(tone) {
  return TONES.filter((candidate) => candidate !== tone);
}

/** dB of one frequency in the file of a tone (Goertzel over a Hann window of 0.5 s). */
function level(tone, frequency) {
  const bytes = toneBytes(tone);
  const count = TONE.sampleRate / 2;
  let real = 0;
  let imaginary = 0;
  for (let index = 0; index < count; index++) {
    const window = (1 - Math.cos((2 * Math.PI * index) / count)) / 2;
    const sample = (bytes.readInt16LE(44 + index * 2) / 32_768) * window;
    const angle = (2 * Math.PI * frequency * index) / TONE.sampleRate;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  }
  return 20 * Math.log10(Math.hypot(real, imaginary) / count + 1e-9);
}

test("pictures are judged by sender and order", () => {
  const rising = [97, 98, 99, 0, 1, 3, 4, 5, 6, 7].map((frame) => ({ id: 2, frame }));
  assert.equal(pictureProblem(rising, 2), null);
  assert.match(pictureProblem(rising, 1), /shows participant 2/);
  assert.match(pictureProblem([], 2), /no frame/);
  assert.match(pictureProblem(rising.fill(rising[0]), 2), /does not rise/);
  assert.match(pictureProblem(rising.fill(null), 2), /cannot be read/);
  const falling = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((frame) => ({ id: 2, frame }));
  assert.match(pictureProblem(falling, 2), /goes back/);
});
