import { Store } from "../store";
import { constraintsFor } from "./constraints";
import { readPreferences, writePreferences } from "./preferences";
import { type DeviceKind, type DeviceProblem, problemOf } from "./problems";

/** How long the camera stays open after it was switched off, so that a quick change of mind is instant. */
const CAMERA_RELEASE_MS = 4000;

export type DeviceStatus =
  /** Not asked for yet. */
  | "idle"
  /** The browser asks, or the device starts. */
  | "starting"
  | "live"
  /** Switched off by the person. */
  | "off"
  /** See `problem`. */
  | "unavailable";

export interface LocalDevice {
  status: DeviceStatus;
  /** The wish of the person: on or off, whether or not it can be fulfilled. */
  on: boolean;
  track: MediaStreamTrack | null;
  deviceId: string | null;
  problem: DeviceProblem | null;
  /** False: the invitation does not include it. It is off then, whatever the person wishes. */
  allowed: boolean;
}

export interface LocalMediaState {
  microphone: LocalDevice;
  camera: LocalDevice;
  microphones: readonly MediaDeviceInfo[];
  cameras: readonly MediaDeviceInfo[];
  speakers: readonly MediaDeviceInfo[];
  speakerId: string | null;
  /** The browser's question is open. */
  asking: boolean;
}

const idle: LocalDevice = {
  status: "idle",
  on: true,
  track: null,
  deviceId: null,
  problem: null,
  allowed: true,
};

/** The person's own microphone and camera. Joining never depends on it. */
export class LocalMedia {
  readonly #store = new Store<LocalMediaState>({
    microphone: idle,
    camera: idle,
    microphones: [],
    cameras: [],
    speakers: [],
    speakerId: null,
    asking: false,
  });
  readonly getSnapshot = this.#store.getSnapshot;
  readonly subscribe = this.#store.subscribe;
  #releaseTimer: ReturnType<typeof setTimeout> | null = null;
  #generation: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  #closed = false;

  constructor() {
    const { microphoneOn, cameraOn, speakerId } = readPreferences();
    this.#patchDevice("microphone", { on: microphoneOn });
    this.#patchDevice("camera", { on: cameraOn });
    this.#patch({ speakerId });
  }

  /** Asks for both devices with one question, and for each alone where one of them fails. */
  async start(): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.#fail("microphone", "insecure");
      this.#fail("camera", "insecure");
      return;
    }
    navigator.mediaDevices.addEventListener("devicechange", this.#onDeviceChange);
    await this.#open(["microphone", "camera"]);
    await this.#enumerate();
  }

  /** After a refusal: asks again for everything that failed. */
  async retry(): Promise<void> {
    const kinds = (["microphone", "camera"] as const).filter(
      (kind) => this.#device(kind).status === "unavailable",
    );
    for (const kind of kinds) this.#setOn(kind, true);
    await this.#open(kinds);
    await this.#enumerate();
  }

  /** What the invitation includes. The remembered wish stays, for the next call. */
  setAllowed(kind: DeviceKind, allowed: boolean): void {
    if (this.#device(kind).allowed === allowed) return;
    const { cameraOn, microphoneOn } = readPreferences();
    const on = allowed && (kind === "camera" ? cameraOn : microphoneOn);
    this.#patchDevice(kind, { allowed, on });
    if (!allowed) this.#giveBack(kind, { status: "off", deviceId: null, problem: null });
  }

  setOn(kind: DeviceKind, on: boolean): void {
    if (!this.#device(kind).allowed) return;
    this.#setOn(kind, on);
    const { track } = this.#device(kind);
    if (kind === "camera") this.#scheduleCameraRelease(on);
    if (track) {
      track.enabled = on;
      this.#patchDevice(kind, { status: on ? "live" : "off" });
    } else if (on) {
      void this.#open([kind]);
    } else if (this.#device(kind).status !== "unavailable") {
      this.#patchDevice(kind, { status: "off" });
    }
  }

  toggle(kind: DeviceKind): void {
    this.setOn(kind, !this.#isOn(kind));
  }

  /**
   * What is off stays off: the chosen one opens when it is switched on. Resolves with what was in the
   * way; the one before stays then.
   */
  async choose(kind: DeviceKind, deviceId: string): Promise<DeviceProblem | null> {
    const { allowed, on } = this.#device(kind);
    const problem = allowed && on ? await this.#change(kind, deviceId) : null;
    if (problem === null) {
      writePreferences(kind === "camera" ? { cameraId: deviceId } : { microphoneId: deviceId });
    }
    if (allowed && !on) this.#giveBack(kind, { deviceId });
    await this.#enumerate();
    return problem;
  }

  chooseSpeaker(speakerId: string): void {
    writePreferences({ speakerId });
    this.#patch({ speakerId });
  }

  /** Gives the devices back, so that no light stays on; `start()` takes them again. */
  release(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.#onDeviceChange);
    if (this.#releaseTimer !== null) clearTimeout(this.#releaseTimer);
    for (const kind of ["microphone", "camera"] as const) {
      this.#giveBack(kind, { status: "idle", deviceId: null, problem: null });
    }
  }

  close(): void {
    this.#closed = true;
    this.release();
  }

  #giveBack(kind: DeviceKind, change: Partial<LocalDevice>): void {
    this.#generation[kind] += 1;
    const { track } = this.#device(kind);
    this.#patchDevice(kind, { ...change, track: null });
    track?.stop();
  }

  #isOn(kind: DeviceKind): boolean {
    const device = this.#device(kind);
    return device.on && device.status !== "unavailable";
  }

  #setOn(kind: DeviceKind, on: boolean): void {
    this.#patchDevice(kind, { on });
    writePreferences(kind === "camera" ? { cameraOn: on } : { microphoneOn: on });
  }

  async #change(kind: DeviceKind, deviceId: string): Promise<DeviceProblem | null> {
    const before = this.#device(kind);
    const problem = await this.#open([kind], deviceId);
    if (kind !== "camera" || problem !== "busy" || !before.track) return problem;
    // Phones open one camera at a time.
    this.#giveBack(kind, {});
    const second = await this.#open([kind], deviceId);
    if (second !== null) await this.#open([kind], before.deviceId);
    return second;
  }

  /** Resolves with what was in the way of a single one. */
  async #open(
    kinds: readonly DeviceKind[],
    chosenId: string | null = null,
  ): Promise<DeviceProblem | null> {
    const wanted = kinds.filter((kind) => this.#device(kind).on);
    for (const kind of kinds) {
      if (!wanted.includes(kind)) this.#patchDevice(kind, { status: "off", problem: null });
    }
    if (wanted.length === 0) return null;
    const tickets = new Map(wanted.map((kind) => [kind, ++this.#generation[kind]]));
    for (const kind of wanted) this.#patchDevice(kind, { status: "starting", problem: null });
    this.#patch({ asking: true });
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraintsFor(wanted, chosenId));
      for (const track of stream.getTracks()) {
        const kind = track.kind === "video" ? "camera" : "microphone";
        this.#accept(kind, track, tickets.get(kind) ?? -1);
      }
      return null;
    } catch (error) {
      return await this.#afterFailure(wanted, tickets, error);
    } finally {
      this.#patch({ asking: false });
    }
  }

  async #afterFailure(
    wanted: readonly DeviceKind[],
    tickets: ReadonlyMap<DeviceKind, number>,
    error: unknown,
  ): Promise<DeviceProblem | null> {
    const problem = problemOf(error);
    const [only] = wanted;
    if (wanted.length === 1 && only) {
      if (tickets.get(only) !== this.#generation[only]) return null;
      this.#fail(only, problem);
      return problem;
    }
    // One of the two may still work. After a refusal ask again only where the answer is known.
    const refused = problem === "denied" || problem === "dismissed";
    for (const kind of wanted) {
      if (refused && (await permissionState(kind)) !== "granted") this.#fail(kind, problem);
      else await this.#open([kind]);
    }
    return null;
  }

  #accept(kind: DeviceKind, track: MediaStreamTrack, ticket: number): void {
    if (this.#closed || ticket !== this.#generation[kind]) {
      track.stop();
      return;
    }
    const { on, track: previous } = this.#device(kind);
    track.enabled = on;
    if (kind === "camera") track.contentHint = "motion";
    track.addEventListener("ended", () => this.#onEnded(kind, track), { once: true });
    this.#patchDevice(kind, {
      track,
      status: on ? "live" : "off",
      problem: null,
      deviceId: track.getSettings().deviceId ?? null,
    });
    if (previous && previous !== track) previous.stop();
    // It may have been switched off while the browser was asking.
    if (kind === "camera") this.#scheduleCameraRelease(on);
  }

  /** The device was unplugged, or its permission taken back while in use. */
  #onEnded(kind: DeviceKind, track: MediaStreamTrack): void {
    if (this.#device(kind).track !== track) return;
    this.#patchDevice(kind, { track: null, deviceId: null });
    if (this.#device(kind).on) void this.#open([kind]).then(() => this.#enumerate());
  }

  #fail(kind: DeviceKind, problem: DeviceProblem): void {
    const previous = this.#device(kind).track;
    if (previous && previous.readyState === "live") {
      // Changing the device failed, the one before still works.
      this.#patchDevice(kind, { status: this.#device(kind).on ? "live" : "off" });
      return;
    }
    this.#patchDevice(kind, { status: "unavailable", problem, track: null, deviceId: null });
  }

  #scheduleCameraRelease(on: boolean): void {
    if (this.#releaseTimer !== null) clearTimeout(this.#releaseTimer);
    this.#releaseTimer = null;
    if (on) return;
    this.#releaseTimer = setTimeout(() => {
      const { track } = this.#device("camera");
      this.#patchDevice("camera", { track: null });
      track?.stop();
    }, CAMERA_RELEASE_MS);
  }

  readonly #onDeviceChange = (): void => {
    void this.#enumerate().then(() => {
      for (const kind of ["microphone", "camera"] as const) {
        const device = this.#device(kind);
        const list = kind === "camera" ? this.#state.cameras : this.#state.microphones;
        if (device.on && device.problem === "missing" && list.length > 0) void this.#open([kind]);
      }
    });
  };

  async #enumerate(): Promise<void> {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      const named = (kind: MediaDeviceKind) =>
        all.filter((device) => device.kind === kind && device.deviceId !== "");
      this.#patch({
        microphones: named("audioinput"),
        cameras: named("videoinput"),
        speakers: named("audiooutput"),
      });
    } catch {
      // The lists stay as they were; the devices in use go on.
    }
  }

  get #state(): LocalMediaState {
    return this.#store.getSnapshot();
  }

  #device(kind: DeviceKind): LocalDevice {
    return this.#state[kind];
  }

  #patch(change: Partial<LocalMediaState>): void {
    this.#store.update((state) => ({ ...state, ...change }));
  }

  #patchDevice(kind: DeviceKind, change: Partial<LocalDevice>): void {
    this.#store.update((state) => ({ ...state, [kind]: { ...state[kind], ...change } }));
  }
}

async function permissionState(kind: DeviceKind): Promise<PermissionState | "unknown"> {
  try {
    const status = await navigator.permissions.query({ name: kind as PermissionName });
    return status.state;
  } catch {
    return "unknown";
  }
}
