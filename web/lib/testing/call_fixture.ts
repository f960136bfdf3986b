import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { Device } from "mediasoup-client";
import * as fakeParameters from "mediasoup-client/fakeParameters";
import { FakeHandler } from "mediasoup-client/handlers/FakeHandler";
import { vi } from "vitest";
import { CallClient } from "../call/call_client";
import { FailureMemory } from "../call/failure_memory";
import { Invitation } from "../call/invitation";
import { SessionMemory } from "../call/session_memory";
import { JoinTrace } from "../call/trace";
import { GUEST_GRANTS } from "../call/types";
import type {
  ConsumerEntry,
  JoinRoomReply,
  Participant,
  ResumeState,
  TransportEntry,
  Welcome,
} from "../protocol/events";
import { FakeApi } from "./fake_api";
import { FakeSocket } from "./fake_socket";

export const welcome: Welcome = {
  protocol: 1,
  instance: "one",
  routerRtpCapabilities: fakeParameters.generateRouterRtpCapabilities(),
  iceServers: [],
  limits: { nameLength: 64, participantsPerRoom: 100 },
};

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    name: id,
    joinedAt: 1,
    connected: true,
    producers: [{ id: `cam-${id}`, kind: "video", source: "camera", paused: false }],
    ...change,
  };
}

export function consumer(participantId: string): ConsumerEntry {
  const { rtpParameters } = fakeParameters.generateConsumerRemoteParameters({
    codecMimeType: "video/VP8",
  });
  if (!rtpParameters) throw new Error("no parameters");
  return {
    id: `consumer-${participantId}`,
    producerId: `cam-${participantId}`,
    participantId,
    kind: "video",
    source: "camera",
    type: "simple",
    rtpParameters,
    streamId: participantId,
    producerPaused: false,
  };
}

let transports = 0;

export function transport(): TransportEntry {
  const { iceParameters, iceCandidates, dtlsParameters } =
    fakeParameters.generateTransportRemoteParameters();
  return { id: `transport-${++transports}`, iceParameters, iceCandidates, dtlsParameters };
}

/** How everything is, by an instance that knows this participant as it is. */
export function resumeState(change: Partial<ResumeState> = {}): ResumeState {
  const self = { name: "Ada", producers: [] };
  return { participants: [], consumers: [], transports: [], self, ...change };
}

export function joinReply(change: Partial<JoinRoomReply> = {}): JoinRoomReply {
  return {
    room: { id: "r1", name: "room", createdAt: 1 },
    participantId: "me",
    name: "Ada",
    role: "guest",
    grants: GUEST_GRANTS,
    resumeToken: "token",
    seq: 10,
    transports: { send: transport(), recv: transport() },
    iceServers: [],
    publish: {},
    participants: [],
    consumers: [],
    grace: 15_000,
    ...change,
  };
}

export class MapStorage {
  readonly #values = new Map<string, string>();
  getItem = (key: string) => this.#values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#values.set(key, value);
  removeItem = (key: string) => void this.#values.delete(key);
}

export interface Fixture {
  client: CallClient;
  socket: FakeSocket;
  api: FakeApi;
  memory: SessionMemory;
}

interface FixtureOptions {
  memory?: SessionMemory;
  /** The link's invitation; null: the link carries none. */
  linked?: string | null;
  now?: () => number;
}

/** A call client over a fake socket, a fake REST interface and mediasoup-client's own fake handler. */
export function callFixture({
  memory = new SessionMemory(new MapStorage()),
  linked = "invitation",
  now = () => 1000,
}: FixtureOptions = {}): Fixture {
  const socket = new FakeSocket();
  const api = new FakeApi();
  const dtlsParameters = fakeParameters.generateLocalDtlsParameters();
  const client = new CallClient({
    createSocket: () => socket,
    createDevice: () => new Device({ handlerFactory: FakeHandler.createFactory(fakeParameters) }),
    makeIdentity: async () => ({ certificate: null, dtlsParameters }),
    memory,
    failures: new FailureMemory(null),
    invitation: new Invitation({ room: "room", fetch: api.fetch, now, linked }),
    fetch: api.fetch,
    trace: new JoinTrace(),
    random: () => 0.5,
    now,
  });
  return { client, socket, api, memory };
}

export function track(kind: "audio" | "video"): MediaStreamTrack {
  return new FakeMediaStreamTrack({ kind }) as unknown as MediaStreamTrack;
}

/** Lets every promise and every task that is ready settle, on fake timers. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(0);
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}

/** Connected, welcomed and ready to join. */
export async function openRoom(fixture: Fixture): Promise<void> {
  fixture.client.open("room");
  fixture.socket.accept();
  fixture.socket.server("welcome", welcome);
  await settle();
}

export async function joinRoom(
  fixture: Fixture,
  reply: Partial<JoinRoomReply> = {},
): Promise<void> {
  await openRoom(fixture);
  for (const name of ["produce", "pauseProducer", "resumeProducer", "consumersReady"]) {
    fixture.socket.replies.set(name, () => ({}));
  }
  fixture.socket.replies.set("joinRoom", ({ name = "" }: { name?: string }) =>
    joinReply({ name, ...reply }),
  );
  fixture.client.join("Ada");
  await settle();
}

/** The connection breaks and is back; `missed` as in the reply to `resume`. */
export async function comeBack({ socket }: Fixture, missed: object = {}): Promise<void> {
  socket.replies.set("resume", () => ({ resumed: true, seq: 100, events: [], ...missed }));
  socket.accept();
  await settle();
}

/** The same where the connection has not broken yet. */
export async function loseAndComeBack(fixture: Fixture, missed: object = {}): Promise<void> {
  if (fixture.socket.connected) fixture.socket.drop();
  vi.advanceTimersByTime(0);
  await comeBack(fixture, missed);
}
