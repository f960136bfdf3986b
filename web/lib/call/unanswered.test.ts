import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  callFixture,
  comeBack,
  type Fixture,
  joinReply,
  joinRoom,
  openRoom,
  resumeState,
  settle,
  transport,
} from "../testing/call_fixture";

/** The server's own limits for one request, and for what came before it. */
const SLOW_SERVER_MS = 29_000;
/** The limit of the page, and the moment in which the next connection is begun. */
const LIMIT_MS = 30_001;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

async function loseConnection({ socket }: Fixture): Promise<void> {
  socket.drop();
  vi.advanceTimersByTime(0);
  socket.accept();
  await settle();
}

const isOnline = ({ client, socket }: Fixture) =>
  socket.connected && client.getSnapshot().connection.status === "online";

describe("a join without an answer", () => {
  async function joining(fixture = callFixture()): Promise<Fixture> {
    await openRoom(fixture);
    fixture.client.join("Ada");
    await settle();
    return fixture;
  }

  test("is waited for as long as a slow server may take", async () => {
    const fixture = await joining();
    await pass(SLOW_SERVER_MS);
    expect(fixture.client.getSnapshot()).toMatchObject({ phase: "joining", ended: null });
    fixture.socket.last("joinRoom").acknowledge(joinReply());
    await settle();
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });

  test("ends with a page that says so, and without the connection that might still get a seat", async () => {
    const fixture = await joining();
    await pass(LIMIT_MS);
    const { phase, error, connection } = fixture.client.getSnapshot();
    expect([phase, error?.code, error?.action.kind]).toEqual(["ended", "timeout", "retry"]);
    expect(fixture.socket.connected).toBe(false);
    // Nothing is away: the next connection waits for the person.
    expect(connection.status).toBe("online");
    await pass(60_000);
    expect(fixture.socket.attempts).toBe(1);
  });

  test("is tried again over a connection of its own", async () => {
    const fixture = await joining();
    await pass(LIMIT_MS);
    fixture.socket.replies.set("joinRoom", () => joinReply());
    fixture.client.join("Ada");
    expect(fixture.socket.attempts).toBe(2);
    expect(fixture.socket.payloads("joinRoom")).toHaveLength(1);
    fixture.socket.accept();
    await settle();
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });

  test("that was to bring a participant back brings the same one back at the next try", async () => {
    const before = callFixture();
    await joinRoom(before);
    const fixture = await joining(callFixture({ memory: before.memory }));
    await pass(LIMIT_MS);
    expect(fixture.memory.read("room")).toBeNull();
    fixture.client.join("Ada");
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("joinRoom").map((payload) => payload.resume)).toEqual([
      "token",
      "token",
    ]);
  });

  test("of somebody who has left meanwhile ends the connection too", async () => {
    const fixture = await joining();
    fixture.client.leave();
    await pass(LIMIT_MS);
    expect(fixture.socket.connected).toBe(false);
    expect(fixture.client.getSnapshot()).toMatchObject({ ended: "left", error: null });
  });
});

describe("a resume without an answer", () => {
  test("is waited for as long as a slow server may take", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    await loseConnection(fixture);
    await pass(SLOW_SERVER_MS);
    fixture.socket.last("resume").acknowledge({ resumed: true, seq: 100, events: [] });
    await settle();
    expect(fixture.socket.payloads("joinRoom")).toHaveLength(1);
    expect([fixture.socket.attempts, isOnline(fixture)]).toEqual([2, true]);
  });

  test("is made again over another connection, and the call goes on", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    await loseConnection(fixture);
    await pass(LIMIT_MS);
    expect([fixture.socket.attempts, isOnline(fixture)]).toEqual([3, false]);
    await comeBack(fixture);
    expect(fixture.socket.payloads("resume").map(({ resumeToken }) => resumeToken)).toEqual([
      "token",
      "token",
    ]);
    expect(fixture.socket.payloads("joinRoom")).toHaveLength(1);
    expect(fixture.client.getSnapshot()).toMatchObject({ phase: "joined", media: "connecting" });
  });
});

describe("new transports without an answer", () => {
  async function rebuilding(): Promise<Fixture> {
    const fixture = callFixture();
    const transports = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports });
    const transportId = transports.recv.id;
    fixture.socket.server("transportClosed", { seq: 11, transportId, reason: "ice-timeout" });
    await settle();
    return fixture;
  }

  test("are waited for as long as a slow server may take", async () => {
    const fixture = await rebuilding();
    await pass(SLOW_SERVER_MS);
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);
    expect(fixture.socket.connected).toBe(true);
  });

  test("are asked for again over another connection, once the call is resumed", async () => {
    const fixture = await rebuilding();
    await pass(LIMIT_MS);
    expect([fixture.socket.attempts, fixture.socket.connected]).toEqual([2, false]);
    await pass(5000);
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);
    await comeBack(fixture, { state: resumeState({ transports: ["made-late", "too"] }) });
    await pass(500);
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(2);
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });
});
