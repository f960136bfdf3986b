import type { CallState } from "../call/types";

interface Watchable {
  getSnapshot(): CallState;
  subscribe(listener: () => void): () => void;
}

/** As many as the first page of a large window shows. */
const MADE_AHEAD = 9;

/**
 * The video elements of the remote pictures. Those of the first participants are made as soon as
 * the track is there, before the join already, so that the first frame finds everything in place.
 * Tiles only mount them.
 */
export class RemotePictures {
  readonly #elements = new Map<MediaStreamTrack, HTMLVideoElement>();
  readonly #unsubscribe: () => void;

  constructor(client: Watchable) {
    const follow = () => this.#follow(client.getSnapshot());
    this.#unsubscribe = client.subscribe(follow);
    follow();
  }

  of(track: MediaStreamTrack): HTMLVideoElement {
    const existing = this.#elements.get(track);
    if (existing) return existing;
    const element = createElement(track);
    this.#elements.set(track, element);
    return element;
  }

  /** Puts the picture into a place; the returned function takes it out again. */
  mount(track: MediaStreamTrack, place: HTMLElement): () => void {
    const element = this.of(track);
    place.append(element);
    void element.play().catch(() => undefined);
    return () => {
      if (element.parentElement === place) element.remove();
    };
  }

  close(): void {
    this.#unsubscribe();
    for (const track of [...this.#elements.keys()]) this.#drop(track);
  }

  #follow({ participants }: CallState): void {
    for (const track of videosOf(participants.slice(0, MADE_AHEAD))) this.of(track);
    const all = new Set(videosOf(participants));
    for (const track of [...this.#elements.keys()]) if (!all.has(track)) this.#drop(track);
  }

  #drop(track: MediaStreamTrack): void {
    const element = this.#elements.get(track);
    if (element) element.srcObject = null;
    this.#elements.delete(track);
  }
}

function videosOf(participants: CallState["participants"]): MediaStreamTrack[] {
  return participants.flatMap(({ media }) =>
    media.flatMap(({ kind, track }) => (kind === "video" && track ? [track] : [])),
  );
}

function createElement(track: MediaStreamTrack): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.autoplay = true;
  video.disablePictureInPicture = true;
  video.className = "absolute inset-0 opacity-0";
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  return video;
}

/**
 * Calls back once, when a picture is to be seen: at once where a frame waits to be drawn, unless
 * that one is old. Returns how to stop waiting.
 */
export function whenShown(
  video: HTMLVideoElement,
  isOld: boolean,
  shown: (now: number, metadata?: VideoFrameCallbackMetadata) => void,
): () => void {
  if (!isOld && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
    shown(performance.now());
    return () => undefined;
  }
  if (!video.requestVideoFrameCallback) {
    const playing = () => shown(performance.now());
    video.addEventListener("playing", playing, { once: true });
    return () => video.removeEventListener("playing", playing);
  }
  const callback = video.requestVideoFrameCallback(shown);
  return () => video.cancelVideoFrameCallback(callback);
}
