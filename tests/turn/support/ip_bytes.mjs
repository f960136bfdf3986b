import { isIPv4 } from "node:net";

/** The 4 or 16 octets of an IP address, in whatever way it is written. */
export function ipBytes(text) {
  if (isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  const [head, tail] = text.split("::").map(groups);
  if (tail === undefined) return Buffer.from(head);
  return Buffer.from([...head, ...Array(16 - head.length - tail.length).fill(0), ...tail]);
}

function groups(text) {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (isIPv4(group)) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The other way round, in the plainest form. */
export function ipText(bytes) {
  if (bytes.length === 4) return [...bytes].join(".");
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return words.join(":");
}
