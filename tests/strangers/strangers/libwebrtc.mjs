// libwebrtc, the stack of Chromium, as `@roamhq/wrtc`. It takes pictures and sound, not packets,
// and gives none back: what was sent and what came is what its statistics say.
import wrtc from "@roamhq/wrtc";
import { isFrameAt, PICTURE } from "../support/clip.mjs";

const { RTCPeerConnection } = wrtc;
const { RTCAudioSource, RTCVideoSource } = wrtc.nonstandard;
const CONFIG = { iceServers: [], bundlePolicy: "max-bundle" };
const SAMPLE_RATE = 48_000;
/** It takes 10 ms of sound at a time. */
const CHUNK_SAMPLES = SAMPLE_RATE / 100;
const CHUNKS_PER_TICK = 2;

export async function openSender() {
  const connection = new RTCPeerConnection(CONFIG);
  const audio = new RTCAudioSource();
  const video = new RTCVideoSource();
  for (const source of [audio, video]) {
    connection.addTransceiver(source.createTrack(), { direction: "sendonly" });
  }
  await connection.setLocalDescription(await connection.createOffer());
  return {
    offer: connection.localDescription.sdp,
    accept: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
    connected: () => connection.connectionState === "connected",
    play(tick) {
      for (let i = 0; i < CHUNKS_PER_TICK; ++i) audio.onData(sound());
      if (isFrameAt(tick)) video.onFrame(picture(tick));
    },
    async sent(kind) {
      const stream = await statistics(connection, "outbound-rtp", (each) => each.kind === kind);
      const { packetsSent = 0, retransmittedPacketsSent = 0, framesSent } = stream ?? {};
      return { packets: packetsSent - retransmittedPacketsSent, frames: framesSent };
    },
  };
}

export async function openReceiver(offer) {
  const connection = new RTCPeerConnection(CONFIG);
  await connection.setRemoteDescription({ type: "offer", sdp: offer });
  await connection.setLocalDescription(await connection.createAnswer());
  return {
    answer: connection.localDescription.sdp,
    connected: () => connection.connectionState === "connected",
    async received(mid) {
      const stream = await statistics(connection, "inbound-rtp", (each) => each.mid === mid);
      const { packetsReceived = 0, packetsLost, framesDecoded } = stream ?? {};
      return { packets: packetsReceived, lost: packetsLost, frames: framesDecoded };
    },
  };
}

async function statistics(connection, type, fits) {
  const all = [...(await connection.getStats()).values()];
  return all.find((each) => each.type === type && fits(each));
}

/** Grey, and a little different each time. */
function picture(tick) {
  const { width, height } = PICTURE;
  const pixels = width * height;
  const data = new Uint8ClampedArray((pixels * 3) / 2).fill(128);
  data.fill(50 + 3 * tick, 0, pixels);
  return { width, height, data };
}

function sound() {
  const samples = Int16Array.from({ length: CHUNK_SAMPLES }, (_, i) => 8000 * Math.sin(i / 8));
  const form = { sampleRate: SAMPLE_RATE, bitsPerSample: 16, channelCount: 1 };
  return { samples, ...form, numberOfFrames: CHUNK_SAMPLES };
}
