/**
 * The implementations, and what each can do. A module of the same name beside this one drives it:
 *
 *   openSender(clip)            → { offer, accept(sdp), connected(), play(tick), sent(kind) }
 *   openReceiver(offer, onRtp)  → { answer, connected(), received?(mid) }
 *
 * Each is a peer connection of its own, for one transport. A receiver either tells of every packet
 * or says with `received` what came (support/judge.mjs).
 *
 * @typedef {object} Stranger
 * @property {string} name
 * @property {{ udp: boolean, tcp: boolean }} sends over which protocols
 * @property {{ udp: boolean, tcp: boolean }} receives
 * @property {{ client: string, server: string }} profiles which SRTP profile comes of its being the
 *   client or the server of DTLS, where confab has its default list
 * @property {boolean} rtx whether it repeats what is asked for, and asks itself (RFC 4588)
 */

const GCM = "AEAD_AES_128_GCM";
const GCM_256 = "AEAD_AES_256_GCM";
const CM = "AES_CM_128_HMAC_SHA1_80";
const BOTH = { udp: true, tcp: true };

/** @type {Stranger[]} */
export const STRANGERS = [
  {
    name: "werift",
    sends: BOTH,
    receives: BOTH,
    profiles: { client: GCM, server: GCM },
    rtx: true,
  },
  {
    name: "libdatachannel",
    // Its ICE-TCP is experimental, and cannot send: libjuice 1.7 notes a datagram as unfinished
    // before it writes it, and its polling thread, when it wakes in between, writes the same one
    // too (src/conn_poll.c: conn_poll_process_tcp without send_mutex). The stream is broken then.
    sends: { udp: true, tcp: false },
    receives: BOTH,
    // As the server it prefers the longest key.
    profiles: { client: GCM, server: GCM_256 },
    rtx: false,
  },
  {
    name: "libwebrtc",
    sends: BOTH,
    receives: BOTH,
    // It has GCM, but @roamhq/wrtc 0.10 neither switches it on nor has an option that would.
    profiles: { client: CM, server: CM },
    rtx: true,
  },
];
