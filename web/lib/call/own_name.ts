import type { Admission } from "./admission";
import type { FailureReports } from "./failure_reports";
import type { Notices } from "./notices";
import { remedyFor } from "./remedies";
import type { Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";

interface OwnNameParts {
  signaling: Signaling;
  admission: Admission;
  writer: StateWriter;
  failures: FailureReports;
  notices: Notices;
}

/** How this participant is called in the room. Owned by the call client. */
export class OwnName {
  readonly #parts: OwnNameParts;
  /** What others see as long as the server has not acknowledged the name that is shown; else null. */
  #older: string | null = null;
  /** Numbers the requests: only the newest decides what is shown. */
  #requests = 0;

  constructor(parts: OwnNameParts) {
    this.#parts = parts;
  }

  /** The new name is shown at once, and taken back where the server refuses it. */
  async change(name: string): Promise<void> {
    const { writer } = this.#parts;
    this.#older ??= writer.state.self.name;
    writer.patchSelf({ name });
    await this.#tell(name);
  }

  /** The server has told with a join how this participant is called. */
  joined(): void {
    this.#older = null;
  }

  /**
   * After a resume: a name that the server has not acknowledged is said again. `known`: what others
   * see, where the server has told it; what an instance before had acknowledged may be newer.
   */
  retell(known?: string): void {
    const { name } = this.#parts.writer.state.self;
    if (known !== undefined) this.#older = known === name ? null : known;
    if (this.#older !== null) void this.#tell(name);
  }

  async #tell(name: string): Promise<void> {
    this.#requests += 1;
    const request = this.#requests;
    try {
      const reply = await this.#parts.signaling.request("setName", { name });
      if (request === this.#requests) this.#acknowledged(reply.name);
      else this.#older = reply.name;
    } catch (error) {
      // Only a refusal takes the name back: what passes says nothing about the name.
      if (request === this.#requests && remedyFor(error) === "none") this.#refused(error);
    }
  }

  #acknowledged(name: string): void {
    const { writer, admission } = this.#parts;
    this.#older = null;
    writer.patchSelf({ name });
    if (admission.resumeToken !== null) admission.remember(name, admission.resumeToken);
  }

  #refused(error: unknown): void {
    const { writer, failures, notices } = this.#parts;
    if (this.#older !== null) writer.patchSelf({ name: this.#older });
    this.#older = null;
    const { message, id } = failures.shown(error);
    notices.add("warning", "Your name was not changed", message, id);
  }
}
