import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../e2e/support/until.mjs";
import { makeCertificate } from "../../nginx/support/certificates.mjs";
import { renderConfiguration } from "../../nginx/support/rendered.mjs";
import { ServerProcess } from "../../nginx/support/server_process.mjs";
import { MEDIA, TURN } from "./addresses.mjs";
import { TurnClient } from "./turn_client.mjs";

export const SECRET = "8f0b5c1de2a94a7f9d3c6e51b7a20f44";
export const REALM = "turn.example";

/** The names of the namespaces, or the reason why there are none. */
export const network = JSON.parse(process.env.CONFAB_NETWORK ?? "null");
export const noNetwork = process.env.CONFAB_NO_NETWORK ?? "run.sh makes the network: run that";

/** What to put before a program's name to run it on that machine. */
export const on = (host) => ["ip", "netns", "exec", network[host]];

/** A coturn with the configuration as it is shipped, on one of the addresses of the TURN machine. */
export class TurnServer {
  #ports;

  /** @param {{ host?: typeof MEDIA, settings?: Record<string, string> }} options */
  static async start(folder, { host = TURN[0], settings = {} } = {}) {
    const server = new TurnServer();
    server.host = host;
    server.#ports = { udp: settings.port ?? 3478, tls: settings.tls_port ?? 5349 };
    const state = join(folder, "state");
    mkdirSync(state, { recursive: true });
    server.certificates = makeCertificate(folder, [`IP:${host.v4}`, `IP:${host.v6}`]);
    const conf = renderConfiguration("coturn", { ...server.#settings(state), ...settings }, folder);
    const [ip, ...rest] = on("turn");
    const command = ["turnserver", "-c", join(conf, "turnserver.conf")];
    server.process = new ServerProcess(ip, [...rest, ...command], { cwd: state });
    await server.#untilItAnswers();
    return server;
  }

  #settings(state) {
    const { v4, v6 } = this.host;
    return {
      secret: SECRET,
      realm: REALM,
      addresses: `${v4} ${v6}`,
      relay_addresses: `${v4} ${v6}`,
      media_addresses: `${MEDIA.v4} ${MEDIA.v6}`,
      certificate: this.certificates.certificate,
      certificate_key: this.certificates.key,
      pid_file: join(state, "turnserver.pid"),
      state_dir: state,
    };
  }

  /** @param {"udp" | "tcp" | "tls"} over */
  address(over = "udp", family = "v4") {
    const { udp, tls } = this.#ports;
    return { address: this.host[family], port: Number(over === "tls" ? tls : udp) };
  }

  url(over) {
    const { address, port } = this.address(over);
    return over === "tls"
      ? `turns:${address}:${port}?transport=tcp`
      : `turn:${address}:${port}?transport=${over}`;
  }

  async #untilItAnswers() {
    const client = await TurnClient.open({ server: this.address() });
    await until("coturn answers", async () => {
      this.process.assertAlive();
      return (await client.binding()) ? null : this.process.lastWords;
    });
    client.close();
  }

  kill() {
    return this.process.kill();
  }

  stop() {
    return this.process.stop();
  }
}
