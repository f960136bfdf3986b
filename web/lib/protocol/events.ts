/**
 * The signaling protocol, version 1 (docs/signaling-protocol.md), as types.
 * This is the only file of the pages that names events; a test compares it with docs/security.md, which
 * the server's tests compare with the server.
 */
import type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  ProducerCodecOptions,
  RtpCapabilities,
  RtpCodecCapability,
  RtpEncodingParameters,
  RtpParameters,
} from "mediasoup-client/types";
import type { FailurePayload, ReportPayload } from "./reports";

/** The versions this client speaks; sent in the handshake. */
export const PROTOCOL_RANGE = { min: 1, max: 1 } as const;

export type MediaKind = "audio" | "video";
export type Source = "microphone" | "camera" | "screen" | "screen-audio";

export interface WireError {
  code: string;
  message: string;
  id?: string;
  retry_after_ms?: number;
}

export interface ProducerEntry {
  id: string;
  kind: MediaKind;
  source: Source;
  paused: boolean;
}

export interface Participant {
  id: string;
  name: string;
  /** Milliseconds since the Unix epoch. */
  joinedAt: number;
  /** False while the connection is lost and may still come back. */
  connected: boolean;
  producers: ProducerEntry[];
}

export interface ConsumerEntry {
  id: string;
  producerId: string;
  participantId: string;
  kind: MediaKind;
  source: Source;
  type: "simple" | "simulcast" | "svc";
  rtpParameters: RtpParameters;
  /** Joins microphone and camera for lip sync, keeps the screen apart. */
  streamId: string;
  producerPaused: boolean;
}

export interface TransportEntry {
  id: string;
  iceParameters: IceParameters;
  iceCandidates: IceCandidate[];
  dtlsParameters: DtlsParameters;
}

export interface PublishChoice {
  codec?: RtpCodecCapability;
  encodings?: RtpEncodingParameters[];
  codecOptions?: ProducerCodecOptions;
}

export interface PublishSettings {
  audio?: PublishChoice;
  video?: PublishChoice;
  screen?: PublishChoice;
}

export interface TransportPair {
  send: TransportEntry;
  recv: TransportEntry;
}

export interface TransportFingerprints {
  send: { dtlsParameters: DtlsParameters };
  recv: { dtlsParameters: DtlsParameters };
}

export interface Welcome {
  protocol: number;
  instance: string;
  routerRtpCapabilities: RtpCapabilities;
  iceServers: RTCIceServer[];
  limits: { nameLength: number; participantsPerRoom: number };
}

export interface LookRoomReply {
  room: string;
  exists: boolean;
  participants: { name: string }[];
  full: boolean;
}

export interface PrepareJoinPayload {
  room: string;
  rtpCapabilities: RtpCapabilities;
  transports: { recv: { dtlsParameters: DtlsParameters } };
  /** Of an earlier answer, where it is still set up: then only what is new comes. */
  transportId?: string;
  /** Of which trace this is part (W3C Trace Context); for the server's log. */
  traceparent?: string;
}

export interface Preparation {
  prepared: true;
  participants: Participant[];
  consumers: ConsumerEntry[];
  /** Only where the transport is new. */
  transports?: { recv: TransportEntry };
  iceServers?: RTCIceServer[];
}

export type PrepareJoinReply = { prepared: false } | Preparation;

/** What is set up of what `prepareJoin` made. */
export interface PreparedMedia {
  transportId: string;
  consumerIds: string[];
}

export interface JoinRoomPayload {
  room: string;
  name: string;
  /** A join token. Without one that of the handshake counts; with `resume` none is needed. */
  token?: string;
  resume?: string;
  rtpCapabilities?: RtpCapabilities;
  transports?: TransportFingerprints;
  view?: { width: number; height: number; pixelRatio?: number };
  prepared?: PreparedMedia;
  /** As in `prepareJoin`. */
  traceparent?: string;
}

/** What a participant may do, as its token said. */
export interface Grants {
  audio: boolean;
  video: boolean;
  screen: boolean;
  chat: boolean;
  data: boolean;
  /** Unseen by others, as a recorder is. */
  hidden: boolean;
  /** May remove and mute others. */
  moderate: boolean;
}

export interface JoinRoomReply {
  room: { id: string; name: string; createdAt: number };
  participantId: string;
  /** As others see it: the invitation's, or else the one that was asked for. */
  name: string;
  /** For interfaces and logs; what counts is `grants`. */
  role: string;
  grants: Grants;
  /** Lives 15 minutes; the event `resumeToken` brings the next one. */
  resumeToken: string;
  seq: number;
  /** Without `recv` where the prepared one goes on. */
  transports: { send: TransportEntry; recv?: TransportEntry };
  iceServers: RTCIceServer[];
  publish: PublishSettings;
  participants: Participant[];
  consumers: ConsumerEntry[];
  /** Milliseconds that the server waits for a lost connection. */
  grace: number;
}

export interface ProducePayload {
  id?: string;
  transportId: string;
  kind: MediaKind;
  source?: Source;
  rtpParameters: RtpParameters;
  paused?: boolean;
}

export interface RecreateTransportsReply {
  transports: TransportPair;
  consumers: ConsumerEntry[];
}

export interface ViewTile {
  participantId: string;
  source: Source;
  /** Device pixels. */
  width: number;
  height: number;
}

export interface ResumeReply {
  resumed: true;
  seq: number;
  events: { name: RoomEventName; payload: unknown }[];
  state?: ResumeState;
}

export interface ResumeState {
  participants: Participant[];
  consumers: ConsumerEntry[];
  /** The ids of the own ones that the server still has. */
  transports: string[];
  /** The participant itself, as this instance knows it: what is missing is to be asked for again. */
  self: { name: string; producers: { id: string; paused: boolean }[] };
}

/** A message of the chat, as this participant may read it. */
export interface Message {
  /** Its place in the room; numbers have gaps. */
  number: number;
  /** Its writer's choice. */
  id: string;
  /** A participant, who may have left. */
  from: string;
  /** As it was then. */
  name: string;
  /** Of a private one: the participant it is for. */
  to?: string;
  toName?: string;
  text: string;
  /** Milliseconds since the Unix epoch. */
  sentAt: number;
  /** Written by this participant, or by the same person before. */
  mine: boolean;
}

export interface SendMessagePayload {
  /** The same id is the same message, however often it is sent. */
  id: string;
  text: string;
  /** A participant; without, everybody. */
  to?: string;
}

/** Oldest first. `more`: there are older ones. */
export interface MessagesReply {
  messages: Message[];
  more: boolean;
}

interface Exchange<Payload, Reply> {
  payload: Payload;
  reply: Reply;
}

type Nothing = Record<string, never>;

/** What the client sends: each event with its payload and its acknowledgement. */
export interface ClientEvents {
  lookRoom: Exchange<{ room: string }, LookRoomReply>;
  prepareJoin: Exchange<PrepareJoinPayload, PrepareJoinReply>;
  intendJoin: Exchange<Nothing, Nothing>;
  joinRoom: Exchange<JoinRoomPayload, JoinRoomReply>;
  leaveRoom: Exchange<Nothing, Nothing>;
  resume: Exchange<{ resumeToken: string; seq: number }, ResumeReply>;
  produce: Exchange<ProducePayload, { id: string }>;
  closeProducer: Exchange<{ producerId: string }, Nothing>;
  pauseProducer: Exchange<{ producerId: string }, Nothing>;
  resumeProducer: Exchange<{ producerId: string }, Nothing>;
  consumersReady: Exchange<{ consumerIds: string[] }, Nothing>;
  pauseConsumers: Exchange<{ consumerIds: string[] }, Nothing>;
  resumeConsumers: Exchange<{ consumerIds: string[] }, Nothing>;
  restartIce: Exchange<{ transportId: string }, { iceParameters: IceParameters }>;
  recreateTransports: Exchange<{ transports: TransportFingerprints }, RecreateTransportsReply>;
  setName: Exchange<{ name: string }, { name: string }>;
  setView: Exchange<{ tiles: ViewTile[] }, Nothing>;
  sendMessage: Exchange<SendMessagePayload, { message: Message }>;
  getMessages: Exchange<{ before?: number; limit?: number }, MessagesReply>;
  typing: Exchange<{ to?: string }, Nothing>;
  /** For moderators. */
  removeParticipant: Exchange<{ participantId: string }, Nothing>;
  /** For moderators. Without `source` microphone and screen-audio. */
  muteParticipant: Exchange<{ participantId: string; source?: Source }, Nothing>;
  report: Exchange<ReportPayload, Nothing>;
  reportFailure: Exchange<FailurePayload, Nothing>;
  stats: Exchange<Nothing, { transports: unknown[]; producers: unknown[]; consumers: unknown[] }>;
}

export type ClientEventName = keyof ClientEvents;
export type PayloadOf<Name extends ClientEventName> = ClientEvents[Name]["payload"];
export type ReplyOf<Name extends ClientEventName> = ClientEvents[Name]["reply"];

/** Server events that belong to a room and carry `seq`. */
export interface RoomEvents {
  participantJoined: { seq: number; participant: Participant };
  participantUpdated: { seq: number; participantId: string; name?: string; connected?: boolean };
  participantLeft: { seq: number; participantId: string; reason: LeaveReason };
  producerAdded: { seq: number; participantId: string; producer: ProducerEntry };
  /** Of oneself, with the own id: a moderator has muted it. */
  producerUpdated: { seq: number; participantId: string; producerId: string; paused: boolean };
  producerRemoved: { seq: number; participantId: string; producerId: string };
  newConsumers: { seq: number; consumers: ConsumerEntry[] };
  consumersClosed: { seq: number; consumerIds: string[] };
  producerRefused: { seq: number; producerId: string; error: WireError };
  transportClosed: { seq: number; transportId: string; reason: TransportCloseReason };
  /** Somebody else wrote. May come out of the order of their numbers. */
  message: { seq: number; message: Message };
  /** Servers had lost each other: messages may be missing. */
  messagesMissed: { seq: number };
}

export type RoomEventName = keyof RoomEvents;
export type LeaveReason = "left" | "timeout" | "removed";
export type TransportCloseReason = "ice-timeout" | "dtls-failed" | "dtls-closed" | "media-lost";

/** Server events outside the sequence. */
export interface ConnectionEvents {
  welcome: Welcome;
  activeSpeakers: {
    /** Loudest first; `level` in dBov, -127…0. */
    speakers: { participantId: string; level: number }[];
    dominant: string | null;
  };
  /** Somebody writes, to everybody or to this participant; good for four seconds. */
  typing: { participantId: string; to?: string };
  /** The next resume token; the one before is still good for a while. */
  resumeToken: { resumeToken: string };
  replaced: Nothing;
  /** A moderator took this participant out; the server ends the connection. */
  removed: Nothing;
  serverShutdown: { retryAfterMs: number };
}

export type ConnectionEventName = keyof ConnectionEvents;
export type ServerEvents = RoomEvents & ConnectionEvents;
export type ServerEventName = keyof ServerEvents;

export const CLIENT_EVENTS = [
  "lookRoom",
  "prepareJoin",
  "intendJoin",
  "joinRoom",
  "leaveRoom",
  "resume",
  "produce",
  "closeProducer",
  "pauseProducer",
  "resumeProducer",
  "consumersReady",
  "pauseConsumers",
  "resumeConsumers",
  "restartIce",
  "recreateTransports",
  "setName",
  "setView",
  "sendMessage",
  "getMessages",
  "typing",
  "removeParticipant",
  "muteParticipant",
  "report",
  "reportFailure",
  "stats",
] as const satisfies readonly ClientEventName[];

export const ROOM_EVENTS = [
  "participantJoined",
  "participantUpdated",
  "participantLeft",
  "producerAdded",
  "producerUpdated",
  "producerRemoved",
  "newConsumers",
  "consumersClosed",
  "producerRefused",
  "transportClosed",
  "message",
  "messagesMissed",
] as const satisfies readonly RoomEventName[];

export const CONNECTION_EVENTS = [
  "welcome",
  "activeSpeakers",
  "typing",
  "resumeToken",
  "replaced",
  "removed",
  "serverShutdown",
] as const satisfies readonly ConnectionEventName[];
