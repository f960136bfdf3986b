// A gateway that understands HTTP/1.1 in the strictest way (RFC 9112), so that whatever could be read
// in two ways counts as broken, and remembers all that came.
import { createHash } from "node:crypto";
import { createServer } from "node:net";

const HEAD_END = "\r\n\r\n";
const REQUEST_LINE = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.1$/;
const FIELD = /^([A-Za-z0-9-]+): ([\t -~\x80-\xff]*)$/;
const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export class Recorder {
  /** What came, in its order: { method, target, headers: [name, value][], body }. */
  requests = [];
  /** What came and was no request. */
  broken = [];
  /** All octets, of requests that are not whole as well. */
  heard = "";
  #sockets = new Set();

  /** @param {(request: object, socket: import("node:net").Socket) => string | undefined} answer */
  static async start(answer = () => response("ok")) {
    const recorder = new Recorder();
    recorder.answer = answer;
    recorder.server = createServer((socket) => recorder.#serve(socket));
    await new Promise((done) => recorder.server.listen(0, "127.0.0.1", done));
    recorder.port = recorder.server.address().port;
    return recorder;
  }

  #serve(socket) {
    this.#sockets.add(socket);
    let bytes = "";
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (more) => {
      bytes += more.toString("latin1");
      this.heard += more.toString("latin1");
      try {
        for (let taken = take(bytes); taken; taken = take(bytes)) {
          bytes = bytes.slice(taken.length);
          this.requests.push(taken.request);
          const answer = this.answer(taken.request, socket);
          if (answer !== undefined) socket.write(answer);
        }
      } catch (error) {
        this.broken.push(`${error.message}: ${JSON.stringify(bytes)}`);
        socket.destroy();
      }
    });
  }

  forget() {
    this.requests.length = 0;
    this.broken.length = 0;
    this.heard = "";
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

/** The first request in the bytes, once it is whole. */
function take(bytes) {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.slice(0, end).split("\r\n");
  const [, method, target] = REQUEST_LINE.exec(first) ?? fail(`no request line: ${first}`);
  const headers = lines.map((line) => (FIELD.exec(line) ?? fail(`no field: ${line}`)).slice(1, 3));
  const all = (name) => headers.filter(([each]) => each.toLowerCase() === name);
  if (all("host").length !== 1) fail("not one Host");
  if (all("transfer-encoding").length > 0) fail("a Transfer-Encoding");
  const lengths = all("content-length");
  if (lengths.length > 1) fail("two lengths");
  const text = lengths[0]?.[1] ?? "0";
  if (!/^\d{1,9}$/.test(text)) fail(`the length ${text}`);
  const length = end + HEAD_END.length + Number(text);
  if (bytes.length < length) return undefined;
  const body = bytes.slice(end + HEAD_END.length, length);
  return { request: { method, target, headers, body }, length };
}

function fail(why) {
  throw new Error(why);
}

export const fieldOf = (request, name) =>
  request.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];

export function response(body, { status = "200 OK", fields = [] } = {}) {
  const lines = [`HTTP/1.1 ${status}`, `Content-Length: ${body.length}`, ...fields];
  return `${lines.join("\r\n")}${HEAD_END}${body}`;
}

/** RFC 6455 §4.2.2. */
export function switching(request) {
  const key = fieldOf(request, "Sec-WebSocket-Key") + WEBSOCKET_GUID;
  const accept = createHash("sha1").update(key).digest("base64");
  return (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`
  );
}
