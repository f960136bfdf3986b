const HEADER_OCTETS = 12;

/** RFC 5761 §4: what an RTCP packet has in the place of marker and payload type. */
export function isRtcp(bytes) {
  return bytes[1] >= 192 && bytes[1] <= 223;
}

/** RFC 3550 §5.1. */
export function writeRtp({ payloadType, ssrc, sequence, timestamp, marker, payload }) {
  const header = Buffer.alloc(HEADER_OCTETS);
  header[0] = 0x80;
  header[1] = payloadType | (marker ? 0x80 : 0);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(timestamp, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** @returns what a test asks for: the fields that name a packet, and its payload without padding */
export function readRtp(bytes) {
  const hasPadding = (bytes[0] & 0x20) !== 0;
  const hasExtension = (bytes[0] & 0x10) !== 0;
  let begin = HEADER_OCTETS + 4 * (bytes[0] & 0x0f);
  if (hasExtension) begin += 4 + 4 * bytes.readUInt16BE(begin + 2);
  const end = bytes.length - (hasPadding ? bytes[bytes.length - 1] : 0);
  return {
    marker: (bytes[1] & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    payload: Buffer.from(bytes.subarray(begin, end)),
  };
}
