import { nameInSentence } from "../people/avatar";
import type { Source } from "../protocol/events";
import type { Signaling } from "./signaling";

type Complain = (title: string, error: unknown) => void;

/** What a moderator does to others. What comes of it shows in the list of people. */
export class Moderation {
  readonly #signaling: Signaling;
  readonly #complain: Complain;

  constructor(signaling: Signaling, complain: Complain) {
    this.#signaling = signaling;
    this.#complain = complain;
  }

  async mute(participantId: string, source: Source, name: string): Promise<void> {
    try {
      await this.#signaling.request("muteParticipant", { participantId, source });
    } catch (error) {
      const what = source === "camera" ? "video was not stopped" : "microphone was not muted";
      this.#complain(`${nameInSentence(name)}’s ${what}`, error);
    }
  }

  async remove(participantId: string, name: string): Promise<void> {
    try {
      await this.#signaling.request("removeParticipant", { participantId });
    } catch (error) {
      this.#complain(`${nameInSentence(name)} was not removed`, error);
    }
  }
}

/** What the person is told whom a moderator has muted. */
export function mutedNotice(source: Source): { title: string; message: string } {
  if (source === "camera") {
    return {
      title: "Your camera was turned off",
      message: "A moderator stopped your video. You can start it again yourself.",
    };
  }
  return {
    title: "You were muted",
    message: "A moderator muted your microphone. You can unmute yourself.",
  };
}
