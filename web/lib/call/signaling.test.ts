import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "../testing/fake_socket";
import { reconnectDelayMs } from "./backoff";
import { Signaling, type SignalingHandlers } from "./signaling";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture() {
  const socket = new FakeSocket();
  const handlers = {
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
  socket.refuse({ code: "unauthorized", message: "no", id: "e-1" });
  vi.advanceTimersByTime(60_000);
  expect(socket.attempts).toBe(1);
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
