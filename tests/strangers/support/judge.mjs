// Whether all that one sent came to another, of whatever kind either is.

/** Less than that is not media. */
const LEAST_PACKETS = 20;

/**
 * @typedef {{ packets: number, frames?: number, payloads?: Buffer[] }} Sent frames of video; the
 *   payloads where the stranger sends what it is given
 * @typedef {{ packets: number, frames?: number, payloads?: Buffer[], sequences?: number[],
 *   lost?: number }} Received the payloads and sequence numbers where the stranger shows them
 * @param {Sent} sent
 * @param {Received} received
 * @param {{ repaired: boolean }} options whether packets may have come as repetitions, which
 *   statistics do not count
 * @returns {string | null} what is wrong, in a sentence
 */
export function problem(sent, received, { repaired }) {
  if (sent.packets < LEAST_PACKETS) return `only ${sent.packets} packets were sent`;
  if (!repaired || received.sequences) {
    const { packets, lost } = received;
    if (packets !== sent.packets) return `${packets} of ${sent.packets} packets came`;
    if (lost) return `${lost} packets are missed`;
  }
  if (sent.frames !== undefined && received.frames !== sent.frames) {
    return `${received.frames} of ${sent.frames} frames came`;
  }
  return gapProblem(received.sequences ?? []) ?? payloadProblem(sent.payloads, received.payloads);
}

function gapProblem(sequences) {
  for (const [index, sequence] of sequences.entries()) {
    const expected = (sequences[0] + index) % 65_536;
    if (sequence !== expected) return `packet ${sequence} came where ${expected} belongs`;
  }
  return null;
}

function payloadProblem(sent, received) {
  if (!sent || !received) return null;
  const at = sent.findIndex((payload, index) => !payload.equals(received[index]));
  return at < 0 ? null : `packet ${at} does not carry what was sent`;
}

/** Packets as they came, for `problem`: in their order, those that may be repeated once each. */
export function receivedOf(unordered, kind, { repaired }) {
  const [first] = unordered;
  const place = ({ sequence }) => (sequence - first.sequence + 32_768 + 65_536) % 65_536;
  const ordered = unordered.toSorted((a, b) => place(a) - place(b));
  const isRepetition = ({ sequence }, index) =>
    index > 0 && sequence === ordered[index - 1].sequence;
  const packets = ordered.filter((packet, index) => !repaired || !isRepetition(packet, index));
  return {
    packets: packets.length,
    payloads: packets.map(({ payload }) => payload),
    sequences: packets.map(({ sequence }) => sequence),
    ...(kind === "video" && { frames: packets.filter(({ marker }) => marker).length }),
  };
}
