import { randomBytes } from "node:crypto";
import { STATUS_CODES } from "node:http";

/** The one shape of every error of confab (docs/error-codes.md), as text. */
export function errorText(code, message) {
  return JSON.stringify({ error: { code, message, id: randomBytes(16).toString("hex") } });
}

const TYPE = "application/json";

/** @param {import("node:http").ServerResponse} response */
export function refuse(response, status, code, message, headers = {}) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = errorText(code, message);
  response.writeHead(status, { ...headers, "Content-Type": TYPE, "Cache-Control": "no-store" });
  response.end(text);
}

/** The same for a connection that wanted to become a WebSocket; ends it. */
export function refuseUpgrade(socket, status, code, message) {
  const text = errorText(code, message);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${text}`);
}
