// Whether a part answers: each function resolves with null, or with a sentence that says why not.
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { get } from "node:http";
import { ADDRESS } from "./ports.mjs";

const ANSWER_MS = 2000;
const MOST_BODY = 64 * 1024;

/** @param {{ host?: string }} options the name to ask for */
export function httpHealth(port, path, { host = ADDRESS } = {}) {
  return new Promise((resolve) => {
    // Not fetch(): that, like browsers, refuses port 6000.
    const options = { host: ADDRESS, port, path, agent: false, timeout: ANSWER_MS };
    const ask = get({ ...options, headers: { Host: host } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text) => {
        body = (body + text).slice(0, MOST_BODY);
      });
      response.on("error", () => resolve(`${path} breaks off`));
      response.on("end", () =>
        resolve(response.statusCode === 200 ? null : whyNot(path, response.statusCode, body)),
      );
    });
    ask.on("timeout", () => ask.destroy(new Error(`${path} is silent for ${ANSWER_MS} ms`)));
    ask.on("error", (error) => resolve(error.message));
  });
}

/** What a /readyz says is missing, in its words. */
function whyNot(path, status, body) {
  try {
    const parts = Object.entries(JSON.parse(body).parts).filter(([, state]) => state !== "ready");
    if (parts.length > 0) return parts.map(([name, reason]) => `${name}: ${reason}`).join(" ");
  } catch {
    // Somebody else's page.
  }
  return `${path} answers ${status}`;
}

/** Sends a STUN binding request (RFC 8489 §6) by UDP. */
export function stunHealth(port) {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const finish = (problem) => {
      clearTimeout(timer);
      socket.close();
      resolve(problem);
    };
    const timer = setTimeout(() => finish(`no answer to STUN in ${ANSWER_MS} ms`), ANSWER_MS);
    // Type 0x0001, no attributes, the magic cookie, 96 random bits.
    const request = Buffer.concat([Buffer.from("000100002112a442", "hex"), randomBytes(12)]);
    socket.on("error", (error) => finish(error.message));
    socket.on("message", (answer) => {
      if (answer.length >= 20 && answer.subarray(8, 20).equals(request.subarray(8))) finish(null);
    });
    // Connected, so that a closed port is an error and not silence.
    socket.connect(port, ADDRESS, () => socket.send(request));
  });
}
