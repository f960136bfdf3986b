// STUN's wire form (RFC 8489 §5, §14) and TURN's attributes (RFC 8656 §18), as much as the tests say.
import { createHmac, randomBytes } from "node:crypto";
import { ipBytes, ipText } from "./ip_bytes.mjs";

const COOKIE = Buffer.from("2112a442", "hex");
const HEADER_LENGTH = 20;
const FINGERPRINT_XOR = 0x5354554e;

export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a,
};
export const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 };
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
  mapped: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
};
const NAME = new Map(Object.entries(ATTRIBUTE).map(([name, type]) => [type, name]));
const ADDRESSES = new Set(["peer", "relayed", "mapped"]);

/** A message; `attributes` by name, octets or, for addresses, { address, port }. */
export function encode({ method, kind = CLASS.request, id = randomBytes(12), attributes, key }) {
  const parts = Object.entries(attributes).map(([name, value]) =>
    attribute(ATTRIBUTE[name], ADDRESSES.has(name) ? xorAddress(value, id) : Buffer.from(value)),
  );
  let body = Buffer.concat(parts);
  const header = (length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16BE(method | kind, 0);
    bytes.writeUInt16BE(length, 2);
    return Buffer.concat([bytes, COOKIE, id]);
  };
  if (key) {
    // §14.5: over everything before, with the length as if the attribute were there.
    const signed = Buffer.concat([header(body.length + 24), body]);
    const mac = createHmac("sha1", key).update(signed).digest();
    body = Buffer.concat([body, attribute(ATTRIBUTE.integrity, mac)]);
  }
  return Buffer.concat([header(body.length), body]);
}

/** Undefined for what is no whole STUN message. */
export function decode(bytes) {
  if (bytes.length < HEADER_LENGTH || !bytes.subarray(4, 8).equals(COOKIE)) return undefined;
  const type = bytes.readUInt16BE(0);
  const id = bytes.subarray(8, HEADER_LENGTH);
  const message = { method: type & ~0x110, kind: type & 0x110, id, attributes: {} };
  const end = HEADER_LENGTH + bytes.readUInt16BE(2);
  for (let at = HEADER_LENGTH; at + 4 <= Math.min(end, bytes.length); ) {
    const length = bytes.readUInt16BE(at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    const name = NAME.get(bytes.readUInt16BE(at));
    if (name === "fingerprint") message.fingerprintFits = fits(bytes, at, value);
    if (name) message.attributes[name] = ADDRESSES.has(name) ? plainAddress(value, id) : value;
    at += 4 + padded(length);
  }
  const { error } = message.attributes;
  if (error) message.code = error[2] * 100 + error[3];
  return message;
}

/** The length of the message at the beginning of a byte stream (RFC 8656 §3.1), once it is known. */
export function framedLength(bytes) {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt16BE(2);
  // Channel data is padded in streams (§12.5).
  return bytes[0] & 0xc0 ? 4 + padded(length) : HEADER_LENGTH + length;
}

const padded = (length) => (length + 3) & ~3;

function attribute(type, value) {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** §14.2: masked with the cookie and the transaction. */
function masked(bytes, id) {
  const mask = Buffer.concat([COOKIE, id]);
  return Buffer.from(bytes.map((byte, i) => byte ^ mask[i]));
}

function xorAddress({ address, port }, id) {
  const ip = ipBytes(address);
  const head = Buffer.from([0, ip.length === 4 ? 1 : 2, 0, 0]);
  head.writeUInt16BE(port ^ 0x2112, 2);
  return Buffer.concat([head, masked(ip, id)]);
}

function plainAddress(value, id) {
  const port = value.readUInt16BE(2) ^ 0x2112;
  return { address: ipText(masked(value.subarray(4), id)), port };
}

/** RFC 1952 §8, as §14.7 of STUN wants it. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

function fits(bytes, at, value) {
  return (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0 === value.readUInt32BE(0);
}
