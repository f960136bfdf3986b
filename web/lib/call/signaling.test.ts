import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settle } from "../testing/call_fixture";
import { FakeSocket } from "../testing/fake_socket";
import { reconnectDelayMs } from "./backoff";
import { CallFailure } from "./errors";
import { Signaling, type SignalingHandlers } from "./signaling";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture() {
  const socket = new FakeSocket();
  const handlers = {
    credentials: vi.fn<() => string | Promise<string>>(() => "token"),
    discardCredentials: vi.fn(),
    connected: vi.fn(),
    lost: vi.fn(),
    attempting: vi.fn(),
    refused: vi.fn(),
    event: vi.fn(),
  } satisfies SignalingHandlers;
  const signaling = new Signaling(socket, handlers, () => 0.5);
  signaling.start();
  return { socket, handlers, signaling };
}

test("the first attempt after a loss is made at once, later ones wait longer", () => {
  const { socket } = fixture();
  socket.accept();
  socket.drop();
  vi.advanceTimersByTime(0);
  expect(socket.attempts).toBe(2);
  socket.refuse();
  vi.advanceTimersByTime(249);
  expect(socket.attempts).toBe(2);
  vi.advanceTimersByTime(1);
  expect(socket.attempts).toBe(3);
  socket.refuse();
  vi.advanceTimersByTime(499);
  expect(socket.attempts).toBe(3);
  vi.advanceTimersByTime(1);
  expect(socket.attempts).toBe(4);
});

test("the delay never exceeds five seconds and is spread", () => {
  expect(reconnectDelayMs(0, () => 1)).toBe(0);
  for (let attempt = 1; attempt < 30; attempt++) {
    const shortest = reconnectDelayMs(attempt, () => 0);
    const longest = reconnectDelayMs(attempt, () => 1);
    expect(longest).toBeLessThanOrEqual(5000);
    expect(shortest).toBeLessThan(longest);
    expect(shortest).toBeGreaterThan(0);
  }
});

test("a network that comes back cuts the wait short", () => {
  const { socket, signaling } = fixture();
  for (let failure = 0; failure < 6; failure++) {
    socket.refuse();
    vi.advanceTimersByTime(5000);
  }
  socket.refuse();
  const attempts = socket.attempts;
  signaling.retryNow();
  expect(socket.attempts).toBe(attempts + 1);
  vi.advanceTimersByTime(10_000);
  expect(socket.attempts).toBe(attempts + 1);
});

test("a token that does not verify ends the attempts", () => {
  const { socket, handlers } = fixture();
  for (let attempt = 1; attempt <= 3; attempt++) {
    socket.refuse({ code: "unauthorized", message: "no", id: "e-1" });
  }
  vi.advanceTimersByTime(60_000);
  expect(socket.attempts).toBe(3);
  expect(handlers.discardCredentials).toHaveBeenCalledTimes(2);
  expect(handlers.refused.mock.calls[0]?.[0]).toMatchObject({ code: "unauthorized", id: "e-1" });
});

test("an error in the acknowledgement rejects with its code and id", async () => {
  const { socket, signaling } = fixture();
  socket.accept();
  socket.replies.set("leaveRoom", () => ({ error: { code: "not_joined", message: "m", id: "i" } }));
  await expect(signaling.request("leaveRoom", {})).rejects.toMatchObject({
    code: "not_joined",
    id: "i",
  });
});

test("requests fail at once when the connection breaks, and in time when no answer comes", async () => {
  const { socket, signaling } = fixture();
  socket.accept();
  const cut = signaling.request("leaveRoom", {});
  socket.drop();
  await expect(cut).rejects.toMatchObject({ code: "disconnected" });
  await expect(signaling.request("leaveRoom", {})).rejects.toMatchObject({ code: "disconnected" });
  socket.accept();
  const silent = signaling.request("leaveRoom", {}, 500);
  vi.advanceTimersByTime(500);
  await expect(silent).rejects.toMatchObject({ code: "timeout" });
});

test("only a request without an answer ends its connection, and the next one comes at once", () => {
  const { socket, signaling } = fixture();
  socket.accept();
  for (const code of ["room_full", "disconnected"]) {
    signaling.dropUnanswered(new CallFailure(code, ""));
    expect(socket.connected).toBe(true);
  }
  signaling.dropUnanswered(new CallFailure("timeout", ""));
  expect(socket.connected).toBe(false);
  vi.advanceTimersByTime(0);
  expect(socket.attempts).toBe(2);
});

/** A connection that waits for its credentials; the test gives them. */
function waiting() {
  const { socket, handlers, signaling } = fixture();
  socket.accept();
  const given: { resolve(token: string): void; reject(error: unknown): void }[] = [];
  handlers.credentials.mockImplementation(
    () => new Promise((resolve, reject) => given.push({ resolve, reject })),
  );
  socket.drop();
  vi.advanceTimersByTime(0);
  return { socket, handlers, signaling, given };
}

test("an attempt carries the token, at once where there is one", () => {
  const { socket } = fixture();
  expect(socket.attempts).toBe(1);
  expect(socket.auth).toEqual({ protocol: { min: 1, max: 1 }, token: "token" });
});

test("an attempt waits for a token that is still to come", async () => {
  const { socket, given } = waiting();
  expect(socket.attempts).toBe(1);
  given[0]?.resolve("later");
  await settle();
  expect(socket.attempts).toBe(2);
  expect(socket.auth).toMatchObject({ token: "later" });
});

test("a token that comes after the end opens nothing, also when it began anew", async () => {
  const { socket, signaling, given } = waiting();
  signaling.stop();
  given[0]?.resolve("late");
  await settle();
  expect(socket.attempts).toBe(1);
  signaling.start();
  signaling.stop();
  signaling.start();
  given[1]?.resolve("late");
  await settle();
  expect(socket.attempts).toBe(1);
  given[2]?.resolve("new");
  await settle();
  expect(socket.attempts).toBe(2);
});

test("credentials that cannot be had are asked for again, when the server says", async () => {
  const { handlers, given } = waiting();
  given[0]?.reject(new CallFailure("rate_limited", "slow down", null, 7000));
  await settle();
  const [attempts, delayMs, cause] = handlers.lost.mock.lastCall ?? [];
  expect([attempts, delayMs, cause?.code]).toEqual([1, 7000, "rate_limited"]);
  vi.advanceTimersByTime(6999);
  expect(given).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(given).toHaveLength(2);
  given[1]?.reject(new CallFailure("unreachable", ""));
  await settle();
  vi.advanceTimersByTime(500);
  expect(given).toHaveLength(3);
});

test("credentials that are refused end the attempts", async () => {
  const { socket, handlers, given } = waiting();
  given[0]?.reject(new CallFailure("forbidden", "no guests"));
  await settle();
  vi.advanceTimersByTime(60_000);
  expect([socket.attempts, given.length]).toEqual([1, 1]);
  expect(handlers.refused.mock.calls[0]?.[0]).toMatchObject({ code: "forbidden" });
});

test("a token that the server takes no more is replaced, at once", () => {
  const { socket, handlers } = fixture();
  handlers.credentials.mockReturnValue("next");
  socket.refuse({ code: "unauthorized", message: "" });
  expect(handlers.discardCredentials).toHaveBeenCalledTimes(1);
  expect(socket.attempts).toBe(2);
  expect(socket.auth).toMatchObject({ token: "next" });
  socket.accept();
  expect(handlers.refused).not.toHaveBeenCalled();
});
