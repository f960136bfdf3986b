import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const RATE = 48_000;

/** A film with a test picture, 320x240 at 15 fps, and a tone. */
export async function makeFilm(path, { seconds, tone }) {
  const picture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=15"];
  const sound = ["-f", "lavfi", "-i", `sine=frequency=${tone}:sample_rate=${RATE}`];
  const codecs = ["-c:v", "libvpx", "-deadline", "realtime", "-g", "15", "-c:a", "libopus"];
  await run("ffmpeg", ["-v", "error", ...picture, ...sound, "-t", seconds, ...codecs, "-y", path]);
}

/** The same picture as an IVF file. */
export async function makeClip(path) {
  const picture = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=15", "-t", "4"];
  const codec = ["-c:v", "libvpx", "-deadline", "realtime", "-g", "15"];
  await run("ffmpeg", ["-v", "error", ...picture, ...codec, "-y", path]);
}

/** Decodes all of a file: its streams, how many frames it has, and what the decoder complained of. */
export async function examine(path) {
  const ask = ["-v", "error", "-count_frames", "-show_streams", "-of", "json", path];
  const { stdout, stderr } = await run("ffprobe", ask);
  const streams = {};
  for (const stream of JSON.parse(stdout).streams) {
    const { codec_type, codec_name, width, height, nb_read_frames } = stream;
    streams[codec_type] = { codec: codec_name, width, height, frames: Number(nb_read_frames) };
  }
  return { streams, complaints: stderr.trim() };
}

/** The power of a tone in a file's sound, in dB below all of it. */
export async function toneBelowAll(path, frequency) {
  const pcm = ["-v", "error", "-i", path, "-ac", "1", "-ar", String(RATE), "-f", "s16le", "-"];
  const { stdout } = await run("ffmpeg", pcm, { encoding: "buffer", maxBuffer: 1 << 26 });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
  // The first moments are the encoder's.
  const heard = samples.subarray(RATE / 4);
  let all = 0;
  let real = 0;
  let imaginary = 0;
  heard.forEach((sample, i) => {
    const angle = (2 * Math.PI * frequency * i) / RATE;
    all += sample * sample;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  });
  const tone = (2 * (real * real + imaginary * imaginary)) / heard.length;
  return 10 * Math.log10(all / tone);
}
