import type { Grants, MediaKind, Source } from "../protocol/events";
import type { CallError } from "./errors";

/** One stream of a remote participant. `track` is there as soon as the browser can receive it. */
export interface RemoteMedia {
  producerId: string;
  kind: MediaKind;
  source: Source;
  paused: boolean;
  consumerId: string | null;
  track: MediaStreamTrack | null;
}

export interface RemoteParticipant {
  id: string;
  name: string;
  joinedAt: number;
  /** False while their connection is lost and may still come back. */
  connected: boolean;
  media: readonly RemoteMedia[];
}

export type Phase =
  /** Nothing opened yet. */
  | "idle"
  /** A room is chosen, the preview page is up. */
  | "preview"
  /** The join is under way. */
  | "joining"
  | "joined"
  /** Out of the call: see `ended`. */
  | "ended";

export type EndReason = "left" | "removed" | "replaced" | "failed";

export type ConnectionStatus =
  /** The first connection is being made. */
  | "connecting"
  | "online"
  /** It was there and broke, or the first attempt failed; new attempts are made. */
  | "lost"
  /** The server refused the connection for good. */
  | "refused";

export interface ConnectionState {
  status: ConnectionStatus;
  /** When this status began, Unix ms. */
  since: number;
  /** Failed attempts in a row. */
  attempts: number;
  /** When the next attempt is made, Unix ms; null while one is under way. */
  retryAt: number | null;
  /** The code of what the server said against the last attempt; null where it said nothing. */
  cause: string | null;
}

/** What a guest may do, and whoever has not joined yet may hope for. */
export const GUEST_GRANTS: Grants = {
  audio: true,
  video: true,
  screen: true,
  chat: true,
  data: true,
  hidden: false,
  moderate: false,
};

export interface Self {
  id: string | null;
  name: string;
  joinedAt: number | null;
  grants: Grants;
}

/** Whether sound and picture flow. */
export type MediaState = "new" | "connecting" | "connected" | "recovering";

export interface LobbyState {
  exists: boolean;
  names: readonly string[];
  full: boolean;
}

export interface Notice {
  id: number;
  tone: "info" | "warning";
  title: string;
  message: string;
  /** Of a failure: finds it in the server's log. */
  errorId: string | null;
}

export interface CallState {
  phase: Phase;
  room: string | null;
  connection: ConnectionState;
  media: MediaState;
  /** Device loaded, certificate made: a click joins at once. */
  ready: boolean;
  self: Self;
  participants: readonly RemoteParticipant[];
  /** Loudest first. */
  dominantSpeaker: string | null;
  lobby: LobbyState | null;
  ended: EndReason | null;
  error: CallError | null;
  notices: readonly Notice[];
  limits: { nameLength: number; participantsPerRoom: number };
}

export const DEFAULT_NAME_LENGTH = 64;

export const initialCallState: CallState = {
  phase: "idle",
  room: null,
  connection: { status: "connecting", since: 0, attempts: 0, retryAt: null, cause: null },
  media: "new",
  ready: false,
  self: { id: null, name: "", joinedAt: null, grants: GUEST_GRANTS },
  participants: [],
  dominantSpeaker: null,
  lobby: null,
  ended: null,
  error: null,
  notices: [],
  limits: { nameLength: DEFAULT_NAME_LENGTH, participantsPerRoom: 100 },
};
