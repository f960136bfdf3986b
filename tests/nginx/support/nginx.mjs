import { chmodSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "../../e2e/support/until.mjs";
import { makeCertificate } from "./certificates.mjs";
import { renderConfiguration } from "./rendered.mjs";
import { ServerProcess } from "./server_process.mjs";

/** A new folder, in which nginx's workers may read, who are not whoever runs the tests. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "confab-nginx-"));
  chmodSync(folder, 0o755);
  return folder;
}

export const NAME = "call.example";

/** Debian's nginx with the configuration as it is shipped, on free ports of loopback. */
export class Nginx {
  /** @param {number[]} gateways their ports */
  static async start(folder, gateways, settings = {}) {
    const nginx = new Nginx();
    const state = join(folder, "state");
    mkdirSync(join(state, "acme/.well-known/acme-challenge"), { recursive: true });
    nginx.state = state;
    nginx.certificates = makeCertificate(folder, [`DNS:${NAME}`, "DNS:localhost"]);
    nginx.ports = { http: await freePort(), https: await freePort() };
    const own = nginx.#settings(state, gateways);
    const conf = renderConfiguration("nginx", { ...own, ...settings }, folder);
    const args = ["-e", join(state, "start.log"), "-c", join(conf, "nginx.conf")];
    nginx.process = new ServerProcess("nginx", [...args, "-g", "daemon off;"]);
    await until("nginx answers", () => nginx.#problem());
    return nginx;
  }

  #settings(state, gateways) {
    return {
      server_names: NAME,
      certificate: this.certificates.certificate,
      certificate_key: this.certificates.key,
      gateways: gateways.map((port) => `127.0.0.1:${port}`).join(" "),
      addresses: "127.0.0.1",
      http_port: this.ports.http,
      https_port: this.ports.https,
      public_port: this.ports.https,
      acme_dir: join(state, "acme"),
      pid_file: join(state, "nginx.pid"),
      log_dir: state,
      state_dir: state,
    };
  }

  async #problem() {
    this.process.assertAlive();
    // Answered without asking a gateway.
    return fetch(`${this.local}/metrics`).then(() => null, String);
  }

  /** Without encryption, as this machine itself may ask. */
  get local() {
    return `http://localhost:${this.ports.http}`;
  }

  /**
   * Asks by TLS, under the service's name, as people do.
   * @returns {Promise<{ status: number, headers: object, text: string }>}
   */
  ask(path, { method = "GET", headers = {}, body, signal } = {}) {
    const host = `${NAME}:${this.ports.https}`;
    return new Promise((resolve, reject) => {
      const ask = request({
        ...{ host: "127.0.0.1", port: this.ports.https, servername: NAME, ca: this.authority },
        ...{ method, path, signal, agent: false, headers: { Host: host, ...headers } },
      });
      ask.on("error", reject);
      ask.on("response", async (response) => {
        response.setEncoding("utf8");
        let text = "";
        try {
          for await (const part of response) text += part;
          resolve({ status: response.statusCode, headers: response.headers, text });
        } catch (error) {
          reject(error);
        }
      });
      ask.end(body);
    });
  }

  get authority() {
    return readFileSync(this.certificates.ca);
  }

  /** The lines of the access log. */
  log() {
    return readFileSync(join(this.state, "access.log"), "utf8");
  }

  stop() {
    return this.process.stop();
  }
}
