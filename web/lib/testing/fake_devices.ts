import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { vi } from "vitest";
import { MapStorage } from "./call_fixture";

/** The browser with its cameras, microphones and storage, until `vi.unstubAllGlobals()`. */
export class FakeDevices {
  /** Every track that was given out, the newest last. */
  readonly tracks: MediaStreamTrack[] = [];
  /** The browser's question is answered when this is done. */
  answered: Promise<void> = Promise.resolve();
  /** The ids of those that another program has. */
  readonly taken = new Set<string>();
  /** As phones are: a second camera cannot be opened. */
  oneCamera = false;

  constructor() {
    vi.stubGlobal("window", { localStorage: new MapStorage() });
    vi.stubGlobal("navigator", {
      mediaDevices: {
        getUserMedia: (wanted: MediaStreamConstraints) => this.#open(wanted),
        enumerateDevices: async () => [],
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      },
    });
  }

  /** Those that are open, by their ids: a light is on. */
  get open(): (string | undefined)[] {
    return this.#live.map((track) => track.getSettings().deviceId);
  }

  get #live(): MediaStreamTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === "live");
  }

  async #open({ audio, video }: MediaStreamConstraints) {
    await this.answered;
    const tracks = [
      ...(audio ? [this.#track("audio", idOf(audio) ?? "microphone")] : []),
      ...(video ? [this.#track("video", idOf(video) ?? "camera")] : []),
    ];
    return { getTracks: () => tracks };
  }

  #track(kind: "audio" | "video", deviceId: string): MediaStreamTrack {
    const isSecond = kind === "video" && this.#live.some((other) => other.kind === kind);
    if (this.taken.has(deviceId) || (this.oneCamera && isSecond)) {
      throw new DOMException("", "NotReadableError");
    }
    const made = new FakeMediaStreamTrack({ kind, settings: { deviceId } });
    const track = made as unknown as MediaStreamTrack;
    this.tracks.push(track);
    return track;
  }
}

function idOf(wanted: boolean | MediaTrackConstraints): string | undefined {
  const { deviceId } = wanted as { deviceId?: { ideal?: string } };
  return deviceId?.ideal;
}
