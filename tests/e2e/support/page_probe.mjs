/**
 * The eyes and ears of the tests inside a page, as `window.__probe`. It finds what a person would:
 * the tile that carries a name, its picture, its sound. Bundled and added before the page's scripts.
 */
import { decodeLuma } from "../media/bar_code.mjs";

const CANVAS = { width: 160, height: 120 };
const FFT_SIZE = 16_384;
/** Half the width of a tone that swells, in Hz. */
const TONE_WIDTH = 8;
const LISTEN_EVERY_MS = 100;
const FLOOR_DB = -140;

const connections = [];
const analysers = new WeakMap();
let audio = null;
const rosterSizes = { most: 0 };

keepConnections();
countTiles();

window.__probe = { tiles, tileOf, readPicture, readLevels, rosterSizes, protocols, report };

/** Keeps every connection, so that a failed test can report its statistics. */
function keepConnections() {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...settings) {
      super(...settings);
      connections.push(this);
    }
  };
}

/** Remembers the largest number of tiles that were there at the same time, however shortly. */
function countTiles() {
  new MutationObserver(() => {
    rosterSizes.most = Math.max(rosterSizes.most, tileElements().length);
  }).observe(document, { childList: true, subtree: true });
}

function tileElements() {
  return [...document.querySelectorAll('[data-testid="tile"]')];
}

/** Every remote tile, as it is labelled. */
function tiles() {
  return tileElements().map((tile) => ({
    id: tile.dataset.participantId,
    label: tile.getAttribute("aria-label"),
    name: nameOf(tile),
    mutedIcon: tile.querySelector(".lucide-mic-off") !== null,
    picture: isShown(tile.querySelector("video")),
  }));
}

function nameOf(tile) {
  return (tile.getAttribute("aria-label") ?? "").split(",")[0];
}

function isShown(video) {
  return video !== null && getComputedStyle(video).opacity !== "0";
}

function tileOf(name) {
  return tiles().find((tile) => tile.name === name) ?? null;
}

/** Reads the next frames of a participant's picture; fewer when they do not come in time. */
async function readPicture(name, { frames, timeoutMs }) {
  const video = tileElements()
    .find((tile) => nameOf(tile) === name)
    ?.querySelector("video");
  if (!isShown(video ?? null)) return [];
  const canvas = new OffscreenCanvas(CANVAS.width, CANVAS.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const reads = [];
  const end = performance.now() + timeoutMs;
  while (reads.length < frames && (await nextFrame(video, end - performance.now()))) {
    pen.drawImage(video, 0, 0, CANVAS.width, CANVAS.height);
    const { data } = pen.getImageData(0, 0, CANVAS.width, CANVAS.height);
    const luma = new Uint8Array(CANVAS.width * CANVAS.height);
    for (let index = 0; index < luma.length; index++) {
      const at = index * 4;
      luma[index] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    }
    reads.push(decodeLuma(luma, CANVAS.width, CANVAS.height));
  }
  return reads;
}

function nextFrame(video, timeoutMs) {
  if (timeoutMs <= 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      video.cancelVideoFrameCallback(handle);
      resolve(false);
    }, timeoutMs);
    const handle = video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The loudest level of each frequency in a participant's sound over a while, in dB; null without sound. */
async function readLevels(name, frequencies, listenMs) {
  const id = tileOf(name)?.id;
  const sink = document.querySelector(`[data-testid="sound"][data-participant-id="${id}"]`);
  const track = sink?.srcObject?.getAudioTracks()[0];
  if (!track) return null;
  const analyser = analyserOf(track);
  const loudest = Object.fromEntries(frequencies.map((frequency) => [frequency, FLOOR_DB]));
  const bins = new Float32Array(analyser.frequencyBinCount);
  const end = performance.now() + listenMs;
  // What was heard before this call is still in the analyser's window: let it pass.
  await pause((FFT_SIZE / audio.sampleRate) * 1000);
  do {
    await pause(LISTEN_EVERY_MS);
    analyser.getFloatFrequencyData(bins);
    for (const frequency of frequencies) {
      loudest[frequency] = Math.max(loudest[frequency], levelAt(bins, frequency));
    }
  } while (performance.now() < end);
  return loudest;
}

function levelAt(bins, frequency) {
  const binWidth = audio.sampleRate / FFT_SIZE;
  const from = Math.floor((frequency - TONE_WIDTH) / binWidth);
  const to = Math.ceil((frequency + TONE_WIDTH) / binWidth);
  return Math.max(FLOOR_DB, ...bins.subarray(from, to + 1));
}

function analyserOf(track) {
  audio ??= new AudioContext();
  const known = analysers.get(track);
  if (known) return known;
  const analyser = audio.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  analyser.smoothingTimeConstant = 0;
  audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  analysers.set(track, analyser);
  return analyser;
}

function pause(forMs) {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** What each connected connection's media takes to the server: "udp" or "tcp". */
async function protocols() {
  const found = [];
  for (const connection of connections) {
    if (connection.connectionState !== "connected") continue;
    const stats = await connection.getStats();
    for (const { type, selectedCandidatePairId } of stats.values()) {
      const pair = type === "transport" ? stats.get(selectedCandidatePairId) : null;
      if (pair) found.push(stats.get(pair.remoteCandidateId).protocol);
    }
  }
  return found;
}

/** Everything that helps to understand a failure. */
async function report() {
  const parts = [];
  for (const connection of connections) {
    const { connectionState, iceConnectionState, signalingState } = connection;
    const stats = connectionState === "closed" ? [] : [...(await connection.getStats()).values()];
    const kinds = [
      "inbound-rtp",
      "outbound-rtp",
      "candidate-pair",
      "transport",
      "remote-candidate",
    ];
    parts.push({
      connectionState,
      iceConnectionState,
      signalingState,
      stats: stats.filter((entry) => kinds.includes(entry.type)),
    });
  }
  const client = window.__confab?.client.getSnapshot();
  return { url: location.href, tiles: tiles(), client, stages: window.__confab?.stages, parts };
}
