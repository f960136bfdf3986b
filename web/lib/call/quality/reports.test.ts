import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { callFixture, consumer, joinRoom, participant, settle } from "../../testing/call_fixture";
import { FakeSocket } from "../../testing/fake_socket";
import type { Direction } from "../media_session";
import { Signaling } from "../signaling";
import { JoinStages } from "../stages";
import { StateWriter } from "../state_writer";
import { QualityReports } from "./reports";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeTransport {
  connectionState: RTCPeerConnectionState = "connected";
  asked = 0;
  stats: Record<string, unknown>[] = [];

  constructor(readonly id: string) {}

  async getStats() {
    this.asked += 1;
    return new Map(this.stats.map((stat) => [String(stat.id), { ...stat }]));
  }
}

function setUp() {
  const socket = new FakeSocket();
  const handlers = { event: () => undefined, connected: () => undefined, lost: () => undefined };
  const signaling = new Signaling(socket, handlers as never);
  const transports = { send: new FakeTransport("s"), recv: new FakeTransport("r") };
  const stages = new JoinStages();
  const writer = new StateWriter(Date.now);
  let joined = true;
  const reports = new QualityReports({
    signaling,
    media: { transport: (direction: Direction) => transports[direction] } as never,
    writer,
    stages,
    isJoined: () => joined,
    now: Date.now,
  });
  socket.accept();
  const told = () => socket.payloads("report");
  const phases = () => told().map(({ phase }) => phase);
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const leave = () => {
    joined = false;
  };
  return { socket, transports, stages, writer, reports, told, phases, pass, leave };
}

const freezing = (freezeCount: number) => [
  { id: "I", type: "inbound-rtp", trackIdentifier: "t", packetsReceived: 1, freezeCount },
];

test("reports ten seconds after the join, then every minute", async () => {
  const { reports, phases, told, pass } = setUp();
  reports.begin();
  await pass(9999);
  expect(phases()).toEqual([]);
  await pass(1);
  expect(phases()).toEqual(["joined"]);
  await pass(60_000);
  expect(phases()).toEqual(["joined", "running"]);
  await pass(60_000);
  expect(phases()).toEqual(["joined", "running", "running"]);
  expect(told()[0]?.transports?.map(({ direction }) => direction)).toEqual(["send", "recv"]);
});

test("asks the browser every ten seconds, not oftener", async () => {
  const { reports, transports, pass } = setUp();
  reports.begin();
  reports.transportState("failed");
  reports.transportState("failed");
  await pass(0);
  expect(transports.send.asked).toBe(1);
  reports.transportState("disconnected");
  await pass(9999);
  expect(transports.send.asked).toBe(1);
  await pass(1);
  expect(transports.send.asked).toBe(2);
});

test("reports at once that a transport broke, and within ten seconds that another did", async () => {
  const { reports, phases, pass } = setUp();
  reports.begin();
  await pass(2000);
  reports.transportState("connected");
  reports.transportState("failed");
  await pass(0);
  expect(phases()).toEqual(["running"]);
  await pass(10_000);
  expect(phases()).toEqual(["running", "joined"]);
  reports.transportState("disconnected");
  await pass(10_000);
  expect(phases()).toEqual(["running", "joined", "running"]);
  await pass(50_000);
  expect(phases()).toHaveLength(3);
});

test("reports when a freeze has ended", async () => {
  const { reports, transports, told, pass } = setUp();
  transports.recv.stats = freezing(0);
  reports.begin();
  await pass(20_000);
  expect(told()).toHaveLength(1);
  transports.recv.stats = freezing(1);
  await pass(10_000);
  expect(told().map(({ received }) => received?.freezes)).toEqual([0, 1]);
});

test("tells at the end what it has read last", async () => {
  const { reports, transports, told, phases, pass, leave } = setUp();
  transports.recv.stats = freezing(2);
  reports.begin();
  await pass(10_000);
  reports.leaving();
  leave();
  reports.stop();
  await pass(120_000);
  expect(phases()).toEqual(["joined", "ended"]);
  expect(told()[1]?.received?.freezes).toBe(2);
});

test("waits with the first report while there is no connection", async () => {
  const { reports, socket, phases, pass } = setUp();
  reports.begin();
  socket.drop();
  await pass(10_000);
  socket.accept();
  await pass(10_000);
  expect(phases()).toEqual(["joined"]);
});

test("a refusal, or a transport that is closed meanwhile, changes nothing", async () => {
  const { reports, socket, transports, phases, pass } = setUp();
  socket.replies.set("report", () => ({ error: { code: "invalid_message", message: "what?" } }));
  transports.send.getStats = () => Promise.reject(new Error("closed"));
  reports.begin();
  await pass(70_000);
  expect(phases()).toEqual(["joined", "running"]);
});

test("tells the stages of a click once, and not again when it joined anew by itself", async () => {
  const { reports, stages, told, pass } = setUp();
  stages.begin();
  stages.mark("reply");
  reports.begin();
  await pass(10_000);
  reports.begin();
  await pass(10_000);
  expect(told().map((report) => report.stages !== undefined)).toEqual([true, false]);
});

test("media that comes to somebody who was alone is no stage of the join", async () => {
  const { reports, stages, writer, told, pass } = setUp();
  const join = async () => {
    stages.begin();
    for (const stage of ["reply", "ice", "dtls", "packet", "frame"] as const) stages.mark(stage);
    reports.begin();
    await pass(10_000);
    return Object.keys(told().at(-1)?.stages ?? {});
  };
  expect(await join()).toEqual(["reply"]);
  writer.meet([participant("bo")], [], () => null);
  vi.setSystemTime(Date.now() + 1);
  expect(await join()).toEqual(["reply", "ice", "dtls", "packet", "frame"]);
});

describe("in a call", () => {
  test("begins with the join and ends before leaving", async () => {
    const fixture = callFixture();
    await joinRoom(fixture, { participants: [participant("bo")], consumers: [consumer("bo")] });
    await vi.advanceTimersByTimeAsync(10_000);
    const [report] = fixture.socket.payloads("report");
    expect(report).toMatchObject({ phase: "joined", received: { packets: 0 } });
    fixture.client.leave();
    const names = fixture.socket.sent.map(({ name }) => name);
    expect(names.slice(-2)).toEqual(["report", "leaveRoom"]);
  });

  test("an error without an id has one, which the server is told", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    const renaming = fixture.client.rename("Grace");
    fixture.socket.last("setName").acknowledge({ error: { code: "internal", message: "" } });
    await renaming;
    await settle();
    const [notice] = fixture.client.getSnapshot().notices;
    const [told] = fixture.socket.payloads("reportFailure");
    expect(notice?.errorId).toMatch(/^p-/);
    expect(told).toMatchObject({ id: notice?.errorId, code: "internal" });
  });
});
