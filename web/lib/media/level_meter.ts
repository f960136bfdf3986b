const FFT_SIZE = 512;
const QUIETEST_DB = -60;
const FALL_PER_SECOND = 1.6;

/**
 * The level of a track, 0…1, on each animation frame. Uses one AudioContext for all meters, which
 * starts with the first gesture where the browser demands one. Returns the function that stops it.
 */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = sharedContext();
  if (!context) return () => undefined;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  source.connect(analyser);
  const samples = new Float32Array(FFT_SIZE);
  let shown = 0;
  let before = performance.now();
  let frame = requestAnimationFrame(measure);

  function measure(now: number): void {
    analyser.getFloatTimeDomainData(samples);
    const fallen = shown - (FALL_PER_SECOND * (now - before)) / 1000;
    before = now;
    shown = Math.max(levelOf(samples), fallen, 0);
    onLevel(shown);
    frame = requestAnimationFrame(measure);
  }

  return () => {
    cancelAnimationFrame(frame);
    source.disconnect();
    onLevel(0);
  };
}

/** Root mean square on a decibel scale from silence to full. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms === 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (db - QUIETEST_DB) / (0 - QUIETEST_DB) / 0.75));
}

let context: AudioContext | null = null;

function sharedContext(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    const resume = () => void context?.resume().catch(() => undefined);
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, resume, { passive: true });
    }
  }
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  return context;
}
