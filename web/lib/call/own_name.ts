import type { Admission } from "./admission";
import type { FailureReports } from "./failure_reports";
import type { Notices } from "./notices";
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

  constructor(parts: OwnNameParts) {
    this.#parts = parts;
  }

  /** The new name is shown at once, and taken back where the server refuses it. */
  async change(name: string): Promise<void> {
    const { writer } = this.#parts;
    const before = writer.state.self.name;
    writer.patchSelf({ name });
    await this.#insist(name, before);
  }

  /** Others see this name, which may be an older one: the newer is said again then. */
  compare(known: string): void {
    const { name } = this.#parts.writer.state.self;
    if (name !== known) void this.#insist(name, known);
  }

  async #insist(name: string, otherwise: string): Promise<void> {
    try {
      await this.#tell(name);
    } catch (error) {
      const { writer, failures, notices } = this.#parts;
      writer.patchSelf({ name: otherwise });
      const { message, id } = failures.shown(error);
      notices.add("warning", "Your name was not changed", message, id);
    }
  }

  async #tell(name: string): Promise<void> {
    const { signaling, writer, admission } = this.#parts;
    const reply = await signaling.request("setName", { name });
    writer.patchSelf({ name: reply.name });
    if (admission.resumeToken !== null) admission.remember(reply.name, admission.resumeToken);
  }
}
