import type { Admission } from "./admission";
import type { MediaSession } from "./media_session";
import { Recovery } from "./recovery";
import * as roster from "./roster";
import type { Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";

export interface RepairParts {
  signaling: Signaling;
  media: MediaSession;
  admission: Admission;
  writer: StateWriter;
  /** False while recovery has to wait for signaling. */
  online(): boolean;
  isJoined(): boolean;
}

/**
 * The recovery of one joined call. ICE begins anew with credentials that a TURN server still takes:
 * those of the join are too old for it after a few minutes.
 */
export function recoveryOf(parts: RepairParts): Recovery {
  const { signaling, media, admission, writer } = parts;
  return new Recovery({
    online: () => parts.online(),
    restartIce: async (direction) => {
      const transport = media.transport(direction);
      if (!transport) return;
      await admission.freshenRelays();
      const reply = await signaling.request("restartIce", { transportId: transport.id });
      await transport.restartIce({ iceParameters: reply.iceParameters });
    },
    rebuild: async () => {
      await admission.freshenRelays();
      const { dtlsParameters } = media;
      const transports = { send: { dtlsParameters }, recv: { dtlsParameters } };
      const reply = await signaling
        .request("recreateTransports", { transports })
        .catch((error: unknown) => {
          signaling.dropUnanswered(error);
          throw error;
        });
      if (!parts.isJoined()) return;
      writer.setRoster((list) => roster.detachConsumers(list, media.consumerIds));
      media.restart(reply.transports, reply.consumers);
    },
    changed: (recovering) => {
      if (recovering) writer.patch({ media: "recovering" });
      else if (writer.state.media === "recovering") writer.patch({ media: "connected" });
    },
  });
}
