import type { ConsumerEntry, Participant, ProducerEntry } from "../protocol/events";
import type { ServerEvent } from "./signaling";
import type { RemoteMedia, RemoteParticipant } from "./types";

/**
 * Pure changes to the list of remote participants. Order is the order of joining and never changes
 * for those who stay. Unknown ids change nothing, so that a late event does no harm.
 */
export type Roster = readonly RemoteParticipant[];

/** What a room event changes in the list and nowhere else. */
export function applyEvent(roster: Roster, event: ServerEvent): Roster {
  switch (event.name) {
    case "participantJoined":
      return addParticipant(roster, event.payload.participant);
    case "producerAdded":
      return addProducer(roster, event.payload.participantId, event.payload.producer);
    case "producerUpdated": {
      const { participantId, producerId, paused } = event.payload;
      return setProducerPaused(roster, participantId, producerId, paused);
    }
    case "producerRemoved":
      return removeProducer(roster, event.payload.participantId, event.payload.producerId);
    default:
      return roster;
  }
}

export function addParticipant(roster: Roster, entry: Participant): Roster {
  const participant = fromEntry(entry);
  const at = roster.findIndex((other) => other.id === entry.id);
  if (at < 0) return [...roster, participant];
  return roster.map((other, index) => (index === at ? keepTracks(participant, other) : other));
}

export function removeParticipant(roster: Roster, participantId: string): Roster {
  return roster.filter((participant) => participant.id !== participantId);
}

export function updateParticipant(
  roster: Roster,
  participantId: string,
  change: { name?: string; connected?: boolean },
): Roster {
  return mapParticipant(roster, participantId, (participant) => ({
    ...participant,
    name: change.name ?? participant.name,
    connected: change.connected ?? participant.connected,
  }));
}

export function addProducer(roster: Roster, participantId: string, entry: ProducerEntry): Roster {
  return mapParticipant(roster, participantId, (participant) => {
    const existing = participant.media.find((media) => media.producerId === entry.id);
    const media: RemoteMedia = existing
      ? { ...existing, paused: entry.paused }
      : mediaFromEntry(entry);
    return {
      ...participant,
      media: [...participant.media.filter((other) => other.producerId !== entry.id), media],
    };
  });
}

export function setProducerPaused(
  roster: Roster,
  participantId: string,
  producerId: string,
  paused: boolean,
): Roster {
  return mapMedia(roster, participantId, producerId, (media) => ({ ...media, paused }));
}

export function removeProducer(roster: Roster, participantId: string, producerId: string): Roster {
  return mapParticipant(roster, participantId, (participant) => ({
    ...participant,
    media: participant.media.filter((media) => media.producerId !== producerId),
  }));
}

/** A consumer of a producer: also makes the producer known when its own event is still to come. */
export function attachConsumer(
  roster: Roster,
  entry: ConsumerEntry,
  track: MediaStreamTrack | null,
): Roster {
  const known = roster
    .find((participant) => participant.id === entry.participantId)
    ?.media.some((media) => media.producerId === entry.producerId);
  const complete = known
    ? roster
    : addProducer(roster, entry.participantId, {
        id: entry.producerId,
        kind: entry.kind,
        source: entry.source,
        paused: entry.producerPaused,
      });
  return mapMedia(complete, entry.participantId, entry.producerId, (media) => ({
    ...media,
    consumerId: entry.id,
    track,
  }));
}

export function detachConsumers(roster: Roster, consumerIds: readonly string[]): Roster {
  const gone = new Set(consumerIds);
  return roster.map((participant) =>
    participant.media.some((media) => media.consumerId !== null && gone.has(media.consumerId))
      ? {
          ...participant,
          media: participant.media.map((media) =>
            media.consumerId !== null && gone.has(media.consumerId)
              ? { ...media, consumerId: null, track: null }
              : media,
          ),
        }
      : participant,
  );
}

/** The whole truth from the server; tracks that are still valid stay. */
export function replaceRoster(roster: Roster, entries: readonly Participant[]): Roster {
  return entries.map((entry) => {
    const before = roster.find((participant) => participant.id === entry.id);
    const now = fromEntry(entry);
    return before ? keepTracks(now, before) : now;
  });
}

function fromEntry(entry: Participant): RemoteParticipant {
  return {
    id: entry.id,
    name: entry.name,
    joinedAt: entry.joinedAt,
    connected: entry.connected,
    media: entry.producers.map(mediaFromEntry),
  };
}

function mediaFromEntry(entry: ProducerEntry): RemoteMedia {
  return {
    producerId: entry.id,
    kind: entry.kind,
    source: entry.source,
    paused: entry.paused,
    consumerId: null,
    track: null,
  };
}

function keepTracks(now: RemoteParticipant, before: RemoteParticipant): RemoteParticipant {
  return {
    ...now,
    media: now.media.map((media) => {
      const old = before.media.find((other) => other.producerId === media.producerId);
      return old ? { ...media, consumerId: old.consumerId, track: old.track } : media;
    }),
  };
}

function mapParticipant(
  roster: Roster,
  participantId: string,
  change: (participant: RemoteParticipant) => RemoteParticipant,
): Roster {
  if (!roster.some((participant) => participant.id === participantId)) return roster;
  return roster.map((participant) =>
    participant.id === participantId ? change(participant) : participant,
  );
}

function mapMedia(
  roster: Roster,
  participantId: string,
  producerId: string,
  change: (media: RemoteMedia) => RemoteMedia,
): Roster {
  return mapParticipant(roster, participantId, (participant) => ({
    ...participant,
    media: participant.media.map((media) =>
      media.producerId === producerId ? change(media) : media,
    ),
  }));
}
