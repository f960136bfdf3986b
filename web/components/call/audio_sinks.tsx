import { useEffect, useRef } from "react";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { useShown } from "../room/shown";

/** The sound of the others, apart from their pictures: it goes on when a tile is off the page. */
export function AudioSinks() {
  const { client } = useRoomSession();
  const participants = useSelected(client, (state) => state.participants);
  return (
    <div hidden>
      {participants.flatMap((participant) =>
        participant.media
          .filter((media) => media.kind === "audio")
          .map((media) =>
            media.track ? (
              <AudioSink
                key={media.consumerId}
                track={media.track}
                participantId={participant.id}
              />
            ) : null,
          ),
      )}
    </div>
  );
}

function AudioSink({ track, participantId }: { track: MediaStreamTrack; participantId: string }) {
  const { playback } = useRoomSession();
  const ref = useRef<HTMLAudioElement>(null);
  const shown = useShown();
  useEffect(
    () => (shown && ref.current ? playback.add(ref.current, track) : undefined),
    [shown, playback, track],
  );
  return <audio ref={ref} autoPlay data-testid="sound" data-participant-id={participantId} />;
}
