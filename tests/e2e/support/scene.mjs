import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConfabServer } from "./confab_server.mjs";
import { Participant } from "./participant.mjs";

/** A server, the people who use it, and a folder for what they need; all of it ends with the tests. */
export class Scene {
  participants = [];

  constructor(folder, server) {
    this.folder = folder;
    this.server = server;
  }

  static async set(flags = []) {
    const folder = mkdtempSync(join(tmpdir(), "confab-e2e-"));
    const server = await ConfabServer.start(join(folder, "server"), flags);
    return new Scene(folder, server);
  }

  async enter(name, id, options = {}) {
    const { origin } = this.server;
    const folder = join(this.folder, "media");
    const participant = await Participant.launch(name, id, { origin, folder, ...options });
    this.participants.push(participant);
    return participant;
  }

  async exit(participant) {
    this.participants = this.participants.filter((other) => other !== participant);
    await participant.close();
  }

  /**
   * A test of this scene: when it fails, pictures, statistics and logs are kept in the folder that
   * CONFAB_E2E_REPORT names.
   */
  play(body) {
    return async (context) => {
      try {
        await body(context);
      } catch (error) {
        await this.#report(context.name);
        throw error;
      }
    };
  }

  async strike() {
    await Promise.all(this.participants.map((participant) => participant.close()));
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #report(title) {
    const base = process.env.CONFAB_E2E_REPORT;
    if (!base) return;
    const folder = join(resolve(base), title.replace(/[^a-z0-9]+/gi, "-"));
    mkdirSync(folder, { recursive: true });
    await Promise.all(this.participants.map((participant) => participant.report(folder)));
    cpSync(join(this.folder, "server"), join(folder, "server"), { recursive: true });
  }
}
