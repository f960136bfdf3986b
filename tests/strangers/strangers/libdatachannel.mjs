// libdatachannel, C++ over libjuice (ICE), OpenSSL (DTLS) and libsrtp, as `node-datachannel`.
import { Audio, PeerConnection, Video } from "node-datachannel";
import { isRtcp, readRtp, writeRtp } from "../support/rtp.mjs";

const CONFIG = { iceServers: [], enableIceTcp: true, disableAutoNegotiation: true };
const STREAMS = {
  audio: { mid: "0", payloadType: 111, ssrc: 0x51000001 },
  video: { mid: "1", payloadType: 96, ssrc: 0x51000002 },
};
const CNAME = "libdatachannel";

export async function openSender(clip) {
  const connection = new PeerConnection("sender", CONFIG);
  const tracks = addTracks(connection);
  return {
    offer: await describe(connection, "offer"),
    accept: (sdp) => connection.setRemoteDescription(sdp, "answer"),
    connected: () => connection.state() === "connected",
    play(tick) {
      for (const [kind, track] of Object.entries(tracks)) {
        const { payloadType, ssrc } = STREAMS[kind];
        for (const packet of clip.packetsAt(kind, tick)) {
          track.sendMessageBinary(writeRtp({ ...packet, payloadType, ssrc }));
        }
      }
    },
    sent: (kind) => clip.sent(kind),
  };
}

export async function openReceiver(offer, onRtp) {
  const connection = new PeerConnection("receiver", CONFIG);
  const tracks = []; // One that nobody holds is collected, and hears nothing any more.
  connection.onTrack((track) => {
    tracks.push(track);
    track.onMessage((bytes) => {
      if (!isRtcp(bytes)) onRtp(track.mid(), readRtp(bytes));
    });
  });
  connection.setRemoteDescription(offer, "offer");
  return {
    answer: await describe(connection, "answer"),
    connected: () => tracks.length > 0 && connection.state() === "connected",
  };
}

function addTracks(connection) {
  const audio = new Audio(STREAMS.audio.mid, "SendOnly");
  audio.addOpusCodec(STREAMS.audio.payloadType);
  const video = new Video(STREAMS.video.mid, "SendOnly");
  video.addVP8Codec(STREAMS.video.payloadType);
  const tracks = {};
  for (const [kind, medium] of Object.entries({ audio, video })) {
    medium.addSSRC(STREAMS[kind].ssrc, CNAME, CNAME, kind);
    tracks[kind] = connection.addTrack(medium);
  }
  return tracks;
}

/** The local description with all candidates. */
function describe(connection, type) {
  return new Promise((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === "complete") resolve(connection.localDescription().sdp);
    });
    connection.setLocalDescription(type);
  });
}
