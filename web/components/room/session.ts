import { createContext, useContext, useEffect, useState } from "react";
import type { CallClient } from "@/lib/call/call_client";
import { createCallClient } from "@/lib/call/create";
import type { OwnSource } from "@/lib/call/own_media";
import { LocalMedia } from "@/lib/media/local_media";
import { Playback } from "@/lib/media/playback";
import { RemotePictures } from "@/lib/media/remote_pictures";
import { SelfView } from "@/lib/media/self_view";

/** Everything that lives as long as the page of one room. */
export interface RoomSession {
  room: string;
  client: CallClient;
  media: LocalMedia;
  playback: Playback;
  pictures: RemotePictures;
  selfView: SelfView;
  /** The page was reloaded during a call: it goes straight back in. */
  returning: boolean;
}

const Context = createContext<RoomSession | null>(null);
export const RoomSessionProvider = Context.Provider;

export function useRoomSession(): RoomSession {
  const session = useContext(Context);
  if (!session) throw new Error("useRoomSession needs a RoomSessionProvider");
  return session;
}

/** Creates the session of a room when the page is up, and closes it with the page. */
export function useNewRoomSession(room: string): RoomSession | null {
  const [session, setSession] = useState<RoomSession | null>(null);
  useEffect(() => {
    const client = createCallClient(room);
    const media = new LocalMedia();
    const playback = new Playback();
    const pictures = new RemotePictures(client);
    const selfView = new SelfView();
    const publish = () => {
      const { microphone, camera, speakerId } = media.getSnapshot();
      client.publish("microphone", { track: microphone.track, paused: !microphone.on });
      client.publish("camera", { track: camera.track, paused: !camera.on });
      selfView.show(camera.track);
      playback.setSpeaker(speakerId);
    };
    const unsubscribe = media.subscribe(publish);
    publish();
    const returning = client.remembers(room);
    client.open(room);
    void media.start();
    const unwatch = [watchPhase(client, media), obey(client, media)];
    setSession({ room, client, media, playback, pictures, selfView, returning });
    return () => {
      unsubscribe();
      for (const stop of unwatch) stop();
      client.close();
      pictures.close();
      media.close();
      setSession(null);
    };
  }, [room]);
  return session;
}

/** Camera and microphone belong to preview and call: afterwards they are given back. */
function watchPhase(client: CallClient, media: LocalMedia): () => void {
  let ended = false;
  return client.subscribe(() => {
    const now = client.getSnapshot().phase === "ended";
    if (now === ended) return;
    ended = now;
    if (ended) media.release();
    else void media.start();
  });
}

/** What moderators and invitations decide about the own devices. */
function obey(client: CallClient, media: LocalMedia): () => void {
  const applyGrants = () => {
    const { audio, video } = client.getSnapshot().self.grants;
    media.setAllowed("microphone", audio);
    media.setAllowed("camera", video);
  };
  const stopGrants = client.subscribe(applyGrants);
  const stopMuting = client.whenMuted((source) => media.setOn(source, false));
  return () => {
    stopGrants();
    stopMuting();
  };
}

/** Another microphone or camera; says why where it cannot be. */
export async function chooseDevice(
  { client, media }: RoomSession,
  kind: OwnSource,
  deviceId: string,
): Promise<void> {
  const problem = await media.choose(kind, deviceId);
  if (problem) client.explainChoice(kind, problem);
}

/** A press on the microphone or the camera: switches it, or says why it cannot be. */
export function pressDevice({ client, media }: RoomSession, kind: OwnSource): void {
  if (media.getSnapshot()[kind].allowed) media.toggle(kind);
  else client.explainGrant(kind);
}
