/** What a person chose on this browser: name, devices, recent rooms. All of it may be missing. */
export interface Preferences {
  name: string;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  microphoneOn: boolean;
  cameraOn: boolean;
  mirrorSelf: boolean;
  recentRooms: readonly string[];
}

const KEY = "confab.preferences";
const RECENT_ROOMS = 6;

const defaults: Preferences = {
  name: "",
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  microphoneOn: true,
  cameraOn: true,
  mirrorSelf: true,
  recentRooms: [],
};

export function readPreferences(): Preferences {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "{}");
    return typeof stored === "object" && stored !== null ? sanitize(stored) : defaults;
  } catch {
    return defaults;
  }
}

export function writePreferences(change: Partial<Preferences>): Preferences {
  const next = { ...readPreferences(), ...change };
  try {
    window.localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  return next;
}

export function rememberRoom(room: string): void {
  const others = readPreferences().recentRooms.filter((other) => other !== room);
  writePreferences({ recentRooms: [room, ...others].slice(0, RECENT_ROOMS) });
}

export function forgetRoom(room: string): void {
  const recentRooms = readPreferences().recentRooms.filter((other) => other !== room);
  writePreferences({ recentRooms });
}

function sanitize(stored: object): Preferences {
  const value = stored as Record<string, unknown>;
  const text = (key: string) => (typeof value[key] === "string" ? (value[key] as string) : null);
  const flag = (key: keyof Preferences) =>
    typeof value[key] === "boolean" ? (value[key] as boolean) : (defaults[key] as boolean);
  const rooms = Array.isArray(value.recentRooms) ? value.recentRooms : [];
  return {
    name: text("name") ?? "",
    microphoneId: text("microphoneId"),
    cameraId: text("cameraId"),
    speakerId: text("speakerId"),
    microphoneOn: flag("microphoneOn"),
    cameraOn: flag("cameraOn"),
    mirrorSelf: flag("mirrorSelf"),
    recentRooms: rooms.filter((room): room is string => typeof room === "string"),
  };
}
