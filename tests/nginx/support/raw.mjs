import { once } from "node:events";
import { connect } from "node:net";
import { within } from "../../hostile/support/waiting.mjs";

/** Long: a busy machine is no failure. */
const ANSWER_MS = 20_000;

/** A connection that says what it is told, octet by octet. */
export class Raw {
  said = "";

  static async open(port, from) {
    const raw = new Raw();
    raw.socket = connect({ port, host: "127.0.0.1", localAddress: from });
    raw.socket.on("error", () => {});
    raw.socket.on("data", (bytes) => {
      raw.said += bytes.toString("latin1");
    });
    raw.closed = new Promise((done) => raw.socket.once("close", done));
    await once(raw.socket, "connect");
    return raw;
  }

  write(text) {
    this.socket.write(text, "latin1");
  }

  /** All that it hears until the other side closes. */
  async all(ms = ANSWER_MS) {
    await within(this.closed, ms, `the end of a connection that has said ${this.said}`);
    return this.said;
  }

  close() {
    this.socket.destroy();
  }
}

/** Says `text`, and then a request after which the connection ends; what was heard. */
export async function exchange(port, text) {
  const raw = await Raw.open(port);
  raw.write(text);
  raw.write("GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const said = await raw.all();
  return { said, statuses: [...said.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, s]) => Number(s)) };
}
