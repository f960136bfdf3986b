import { createServer } from "node:http";
import { refuse, refuseUpgrade } from "./answers.mjs";
import { Gateway } from "./gateway.mjs";
import { SECURITY_HEADERS } from "./security_headers.mjs";

/** As the gateway has them (docs/operations.md); requests for pages have no body. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than nginx keeps an idle connection, so that it never closes what is just being used.
  keepAliveTimeout: 60_000,
};
const MAX_CONNECTIONS = 10_000;

const STATIC_FILES = "/_next/static/";
const SOCKETS = "/socket.io/";
const OF_GATEWAY = /^\/(api\/|socket\.io\/|\.well-known\/|healthz(\?|$)|readyz(\?|$))/;

/**
 * The pages by Next's own server, with the gateway's security headers. What belongs to the gateway
 * goes there, so that a browser needs one origin, with nginx in front or without.
 */
export class UiServer {
  #pages;
  #gateway;
  #server;

  /**
   * @param {{ pages: (request: object, response: object) => Promise<void>, gateway: URL }} parts
   *   pages: Next's request handler
   */
  constructor({ pages, gateway }) {
    this.#pages = pages;
    this.#gateway = new Gateway(gateway);
    this.#server = createServer(LIMITS, (request, response) => this.#answer(request, response));
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("upgrade", (...given) => this.#upgrade(...given));
  }

  /** Resolves when it listens; rejects where the port is taken. */
  listen(port, address) {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, address, () => resolve());
    });
  }

  /** Takes nothing new and ends what is idle; resolves when the last answer is given. */
  close() {
    const closed = new Promise((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    this.#gateway.close();
    return closed;
  }

  #answer(request, response) {
    const wrong = problemOf(request);
    if (wrong) {
      refuse(response, 400, "invalid_message", wrong, SECURITY_HEADERS);
    } else if (OF_GATEWAY.test(request.url)) {
      this.#gateway.forward(request, response);
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      const headers = { ...SECURITY_HEADERS, Allow: "GET, HEAD" };
      refuse(response, 405, "invalid_message", "This address takes GET, HEAD.", headers);
    } else {
      this.#answerPage(request, response);
    }
  }

  #answerPage(request, response) {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // Of the files whose names change with their content Next says it itself: kept for ever.
    const isNamedByContent = request.url.startsWith(STATIC_FILES);
    if (!isNamedByContent) response.setHeader("Cache-Control", "no-cache");
    this.#pages(request, response).catch(() => {
      refuse(response, 500, "internal", "The server failed on this request.");
    });
  }

  #upgrade(request, socket, head) {
    socket.on("error", () => socket.destroy());
    if (problemOf(request) || !request.url.startsWith(SOCKETS)) {
      refuseUpgrade(socket, 400, "invalid_message", "There is no WebSocket at this address.");
    } else {
      this.#gateway.forwardUpgrade(request, socket, head);
    }
  }
}

/** What could be read in two ways, here and behind; null where nothing can. */
function problemOf({ url, rawHeaders }) {
  const hosts = rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === "host");
  if (hosts.length !== 1) return "Host must stand there once.";
  return url.startsWith("/") ? null : "The address must begin with a slash.";
}
