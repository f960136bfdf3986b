import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settle } from "../testing/call_fixture";
import { CallFailure } from "./errors";
import { Recovery, type RecoveryActions } from "./recovery";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture(online = true) {
  const state = { online };
  const actions = {
    online: () => state.online,
    restartIce: vi.fn(async () => undefined),
    rebuild: vi.fn(async () => undefined),
    changed: vi.fn(),
  } satisfies RecoveryActions;
  return { state, actions, recovery: new Recovery(actions) };
}

test("a disconnected transport gets an ICE restart at once, and no second one meanwhile", () => {
  const { actions, recovery } = fixture();
  recovery.transportState("recv", "connected");
  recovery.transportState("recv", "disconnected");
  recovery.transportState("recv", "failed");
  expect(actions.restartIce.mock.calls).toEqual([["recv"]]);
  expect(actions.changed).toHaveBeenLastCalledWith(true);
});

test("after three restarts that did not help the transports are rebuilt", async () => {
  const { actions, recovery } = fixture();
  recovery.transportState("send", "failed");
  vi.advanceTimersByTime(6000);
  await settle();
  expect(actions.restartIce).toHaveBeenCalledTimes(3);
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
  expect(actions.changed).toHaveBeenLastCalledWith(false);
});

test("a transport that is back stops the restarts", () => {
  const { actions, recovery } = fixture();
  recovery.transportState("send", "disconnected");
  recovery.transportState("send", "connected");
  vi.advanceTimersByTime(60_000);
  expect(actions.restartIce).toHaveBeenCalledTimes(1);
  expect(actions.changed).toHaveBeenLastCalledWith(false);
});

test("without signaling nothing is tried, and everything as soon as it is back", () => {
  const { state, actions, recovery } = fixture(false);
  recovery.transportState("recv", "failed");
  expect(actions.restartIce).not.toHaveBeenCalled();
  state.online = true;
  recovery.online();
  expect(actions.restartIce).toHaveBeenCalledTimes(1);
});

test("a transport unknown to the server is rebuilt instead of restarted", async () => {
  const { actions, recovery } = fixture();
  actions.restartIce.mockRejectedValueOnce(new CallFailure("transport_not_found", ""));
  recovery.transportState("recv", "failed");
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
});

test("both transports closed together are rebuilt once, and repeated rebuilds slow down", async () => {
  const { actions, recovery } = fixture();
  recovery.transportClosed();
  recovery.transportClosed();
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
  recovery.transportClosed();
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(499);
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(2);
});

test("however often a rebuild fails, the next one is made after five seconds at the latest", async () => {
  const { actions, recovery } = fixture();
  actions.rebuild.mockRejectedValue(new CallFailure("media_unavailable", ""));
  recovery.transportClosed();
  await settle();
  for (let made = 1; made < 12; ++made) {
    expect(actions.rebuild).toHaveBeenCalledTimes(made);
    vi.advanceTimersByTime(5000);
    await settle();
  }
});

test("a rebuild that failed for want of signaling is made when it is back", async () => {
  const { state, actions, recovery } = fixture();
  actions.rebuild.mockImplementationOnce(async () => {
    state.online = false;
    throw new CallFailure("disconnected", "");
  });
  recovery.transportClosed();
  await settle();
  state.online = true;
  recovery.online();
  vi.advanceTimersByTime(5000);
  await settle();
  expect(actions.rebuild).toHaveBeenCalledTimes(2);
});

test("what breaks after media has flowed for a while is rebuilt at once, before that later", async () => {
  const { actions, recovery } = fixture();
  const flowsFor = async (ms: number) => {
    recovery.transportState("recv", "connected");
    vi.advanceTimersByTime(ms);
    recovery.transportClosed();
    await settle();
  };
  await flowsFor(0);
  expect(actions.rebuild).toHaveBeenCalledTimes(1);
  await flowsFor(2000);
  expect(actions.rebuild).toHaveBeenCalledTimes(2);
  await flowsFor(1000);
  expect(actions.rebuild).toHaveBeenCalledTimes(2);
});
