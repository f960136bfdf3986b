// werift: ICE, DTLS, SRTP and RTP in TypeScript alone.
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  useNACK,
  useOPUS,
  usePLI,
  useSdesMid,
  useTransportWideCC,
  useTWCC,
  useVP8,
} from "werift";
import { readRtp, writeRtp } from "../support/rtp.mjs";

/** It writes them itself. */
const PLACEHOLDERS = { payloadType: 0, ssrc: 0 };

function configuration({ extensions, feedback }) {
  return {
    codecs: {
      audio: [useOPUS({ rtcpFeedback: feedback })],
      video: [useVP8({ rtcpFeedback: [useNACK(), usePLI(), ...feedback] }), rtx()],
    },
    headerExtensions: { audio: extensions, video: extensions },
    iceServers: [],
    iceUseTcp: true,
    iceTcpPassive: false,
    bundlePolicy: "max-bundle",
  };
}

/** Of the codec before it in the list. */
function rtx() {
  return new RTCRtpCodecParameters({ mimeType: "video/rtx", clockRate: 90000 });
}

const SENDING = configuration({
  extensions: [useSdesMid(), useTransportWideCC()],
  feedback: [useTWCC()],
});
/**
 * Without transport-wide feedback: werift 0.25 counts packets of all streams in it, but tells the
 * times of one stream's alone, which is no message (draft-holmer-rmcat-transport-wide-cc §3.1).
 */
const RECEIVING = configuration({ extensions: [useSdesMid()], feedback: [] });

export async function openSender(clip) {
  const connection = new RTCPeerConnection(SENDING);
  const senders = {};
  for (const kind of ["audio", "video"]) {
    const track = new MediaStreamTrack({ kind });
    senders[kind] = connection.addTransceiver(track, { direction: "sendonly" }).sender;
  }
  await connection.setLocalDescription(await connection.createOffer());
  return {
    offer: connection.localDescription.sdp,
    accept: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
    connected: () => connection.connectionState === "connected",
    async play(tick) {
      for (const [kind, sender] of Object.entries(senders)) {
        for (const packet of clip.packetsAt(kind, tick)) {
          await sender.sendRtp(writeRtp({ ...packet, ...PLACEHOLDERS }));
        }
      }
    },
    sent: (kind) => clip.sent(kind),
  };
}

export async function openReceiver(offer, onRtp) {
  const connection = new RTCPeerConnection(RECEIVING);
  connection.onTransceiverAdded.subscribe((transceiver) => {
    transceiver.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((rtp) => onRtp(transceiver.mid, readRtp(rtp.serialize())));
    });
  });
  await connection.setRemoteDescription({ type: "offer", sdp: offer });
  await connection.setLocalDescription(await connection.createAnswer());
  return {
    answer: connection.localDescription.sdp,
    connected: () => connection.connectionState === "connected",
  };
}
