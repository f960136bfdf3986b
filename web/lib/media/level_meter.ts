const FFT_SIZE = 512;
const QUIETEST_DB = -60;
const FALL_PER_SECOND = 1.6;
/** Enough to look alive. Drawing at every frame would cost more than the picture beside it. */
const READ_EVERY_MS = 50;
/** Levels are told in so many steps, and only when the step changes. */
const STEPS = 24;

/**
 * The level of a track, 0…1, when it has changed visibly. Uses one AudioContext for all meters, which
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
  let level = 0;
  let told = 0;
  let before = performance.now();
  const timer = setInterval(measure, READ_EVERY_MS);

  function measure(): void {
    if (document.hidden) return;
    analyser.getFloatTimeDomainData(samples);
    const now = performance.now();
    const fallen = level - (FALL_PER_SECOND * (now - before)) / 1000;
    before = now;
    level = Math.max(levelOf(samples), fallen, 0);
    const step = Math.round(level * STEPS);
    if (step === told) return;
    told = step;
    onLevel(step / STEPS);
  }

  return () => {
    clearInterval(timer);
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
