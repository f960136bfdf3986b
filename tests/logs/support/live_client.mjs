// A WebSocket to the live log, as far as the tests need one (RFC 6455 §5).
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { until } from "../../services/support/waiting.mjs";

const TEXT = 0x81;
const CLOSE = 0x88;
const MASKED = 0x80;

export class LiveClient {
  #socket;
  #bytes = Buffer.alloc(0);
  #upgraded = false;
  messages = [];
  status = 0;
  closed = false;
  closeCode = 0;

  /** Connects and says its first message. */
  static async open(port, hello) {
    const client = new LiveClient();
    client.#socket = connect({ port, host: "127.0.0.1" });
    client.#socket.on("error", () => {});
    client.#socket.on("close", () => {
      client.closed = true;
    });
    client.#socket.on("data", (bytes) => client.#take(bytes));
    const head = [
      "GET /api/v1/logs/live HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ];
    client.#socket.write(`${head.join("\r\n")}\r\n\r\n`);
    await until(() => client.status !== 0 || client.closed, "an answer to the upgrade");
    if (client.#upgraded) client.say(hello);
    return client;
  }

  say(text) {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const length = payload.length;
    const head = Buffer.from(
      length < 126 ? [TEXT, MASKED | length] : [TEXT, MASKED | 126, length >> 8, length & 255],
    );
    const masked = payload.map((octet, index) => octet ^ mask[index % 4]);
    this.#socket.write(Buffer.concat([head, mask, masked]));
  }

  /** All lines so far, the oldest first. */
  get lines() {
    return this.messages.flatMap(({ lines = [] }) => [...lines].reverse());
  }

  close() {
    this.#socket.destroy();
  }

  #take(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#upgraded && !this.#takeHead()) return;
    while (this.#takeFrame());
  }

  #takeHead() {
    const end = this.#bytes.indexOf("\r\n\r\n");
    if (end < 0) return false;
    this.status = Number(/^HTTP\/1\.1 (\d+)/.exec(this.#bytes.toString("latin1"))?.[1]);
    this.#bytes = this.#bytes.subarray(end + 4);
    this.#upgraded = this.status === 101;
    return this.#upgraded;
  }

  #takeFrame() {
    if (this.#bytes.length < 2) return false;
    let length = this.#bytes[1];
    let begin = 2;
    if (length === 126) {
      if (this.#bytes.length < 4) return false;
      length = this.#bytes.readUInt16BE(2);
      begin = 4;
    } else if (length === 127) {
      if (this.#bytes.length < 10) return false;
      length = Number(this.#bytes.readBigUInt64BE(2));
      begin = 10;
    }
    if (this.#bytes.length < begin + length) return false;
    const payload = this.#bytes.subarray(begin, begin + length);
    if (this.#bytes[0] === TEXT) this.messages.push(JSON.parse(payload.toString()));
    if (this.#bytes[0] === CLOSE) {
      this.closeCode = payload.readUInt16BE(0);
      this.#socket.end();
    }
    this.#bytes = this.#bytes.subarray(begin + length);
    return true;
  }
}
