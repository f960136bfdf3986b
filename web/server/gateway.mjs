import { Agent, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as TlsAgent } from "node:https";
import { refuse, refuseUpgrade } from "./answers.mjs";

/** Longer than a long poll. */
const ANSWER_MS = 75_000;
const AWAY = "The gateway does not answer: try again in a moment.";
/** RFC 9110 §7.6.1, and what a client could have said about itself. */
const NOT_PASSED_ON = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
]);

/**
 * The gateway behind the pages: requests and WebSockets go there as they came, Host included. One for
 * a server. Limits of sizes and rates are the gateway's.
 */
export class Gateway {
  #url;
  #agent;
  #request;

  /** @param {URL} url its origin */
  constructor(url) {
    this.#url = url;
    const isTls = url.protocol === "https:";
    this.#request = isTls ? requestHttps : requestHttp;
    this.#agent = new (isTls ? TlsAgent : Agent)({ keepAlive: true });
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  forward(request, response) {
    const asked = this.#ask(request, headersFrom(request), this.#agent);
    asked.on("response", (answer) => {
      response.writeHead(answer.statusCode, withoutConnection(answer.headers));
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    asked.on("error", () => refuse(response, 502, "unavailable", AWAY));
    // Who gives up a long poll is seen by the gateway.
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  }

  /** @param {import("node:net").Socket} socket the client's, with its first octets in `head` */
  forwardUpgrade(request, socket, head) {
    const headers = { ...headersFrom(request), connection: "Upgrade", upgrade: "websocket" };
    const asked = this.#ask(request, headers, false);
    asked.on("upgrade", (answer, upstream, first) => {
      socket.write(switching(answer));
      upstream.setTimeout(0);
      upstream.unshift(first);
      socket.unshift(head);
      join(socket, upstream);
    });
    asked.on("response", (answer) => refuseAs(socket, answer));
    asked.on("error", () => refuseUpgrade(socket, 502, "unavailable", AWAY));
    socket.on("error", () => asked.destroy());
    asked.end();
  }

  close() {
    this.#agent.destroy();
  }

  #ask(request, headers, agent) {
    const asked = this.#request(this.#url, {
      method: request.method,
      path: request.url,
      headers,
      agent,
      setHost: false,
    });
    asked.setTimeout(ANSWER_MS, () => asked.destroy(new Error("no answer")));
    return asked;
  }
}

function headersFrom(request) {
  const headers = { ...withoutConnection(request.headers) };
  const { encrypted, remoteAddress = "" } = request.socket;
  headers["x-forwarded-for"] = remoteAddress.replace(/^::ffff:/, "");
  headers["x-forwarded-proto"] = encrypted ? "https" : "http";
  return headers;
}

function withoutConnection(headers) {
  const named = new Set(
    String(headers.connection ?? "")
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.filter(([name]) => !NOT_PASSED_ON.has(name) && !(named.has(name) && name !== "host")),
  );
}

function switching(answer) {
  const lines = ["HTTP/1.1 101 Switching Protocols"];
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function join(one, other) {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}

/** What the gateway said instead of switching, as it said it. */
function refuseAs(socket, answer) {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, "Connection: close"];
  for (const [name, value] of Object.entries(withoutConnection(answer.headers))) {
    lines.push(`${name}: ${value}`);
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  answer.pipe(socket);
}
