import { writeFileSync } from "node:fs";
import { COLUMNS, encodeCells, ROWS } from "../media/bar_code.mjs";
import { CLIP } from "../media.mjs";
import { openPage } from "./browser.mjs";

const KEYFRAME_SECONDS = 1;

/**
 * Encodes the pictures of the participant with this id with a browser's VP8 encoder, and writes
 * them as an IVF file.
 */
export async function writeVp8Clip(browser, origin, path, id, clip = CLIP) {
  const cells = Array.from({ length: clip.frames }, (_, frame) => [...encodeCells(id, frame)]);
  const keyframeEvery = KEYFRAME_SECONDS * clip.framesPerSecond;
  const page = await openPage(browser, origin, []);
  await page.goto(origin); // encoders are there for secure origins only
  const frames = await page.evaluate(encode, { ...clip, cells, COLUMNS, ROWS, keyframeEvery });
  await page.context().close();
  writeFileSync(
    path,
    ivfFile(
      clip,
      frames.map((frame) => Buffer.from(frame, "base64")),
    ),
  );
}

/** Runs in the page. */
async function encode({ width, height, framesPerSecond, cells, COLUMNS, ROWS, keyframeEvery }) {
  const frames = [];
  let failure = null;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      frames.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
    },
    error: (error) => {
      failure = error;
    },
  });
  const bitrate = 3 * width * height;
  encoder.configure({ codec: "vp8", width, height, bitrate, framerate: framesPerSecond });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  for (const [index, colors] of cells.entries()) {
    for (const [cell, white] of colors.entries()) {
      context.fillStyle = white ? "#dcdcdc" : "#1e1e1e";
      const x = Math.ceil(((cell % COLUMNS) * width) / COLUMNS);
      const y = Math.ceil((Math.floor(cell / COLUMNS) * height) / ROWS);
      context.fillRect(x, y, Math.ceil(width / COLUMNS), Math.ceil(height / ROWS));
    }
    const frame = new VideoFrame(canvas, { timestamp: (index * 1e6) / framesPerSecond });
    encoder.encode(frame, { keyFrame: index % keyframeEvery === 0 });
    frame.close();
  }
  await encoder.flush();
  if (failure || frames.length !== cells.length) throw new Error(`the encoder failed: ${failure}`);
  return frames;
}

/** IVF, as libvpx's tools write it: little-endian, 32 octets before all, 12 before each frame. */
function ivfFile({ width, height, framesPerSecond }, frames) {
  const header = Buffer.alloc(32);
  header.write("DKIF", 0);
  header.writeUInt16LE(header.length, 6);
  header.write("VP80", 8);
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  header.writeUInt32LE(framesPerSecond, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(frames.length, 24);
  const parts = frames.flatMap((bytes, index) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(bytes.length, 0);
    head.writeBigUInt64LE(BigInt(index), 4);
    return [head, bytes];
  });
  return Buffer.concat([header, ...parts]);
}
