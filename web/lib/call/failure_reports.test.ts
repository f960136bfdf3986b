import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "../testing/fake_socket";
import { CallFailure } from "./errors";
import { FailureMemory } from "./failure_memory";
import { FailureReports, MOST_WAITING } from "./failure_reports";
import { Signaling } from "./signaling";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

function storage() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

function setUp(kept = storage()) {
  const socket = new FakeSocket();
  const handlers = { event: () => undefined, connected: () => undefined, lost: () => undefined };
  const signaling = new Signaling(socket, handlers as never);
  const failures = new FailureReports({
    signaling,
    memory: new FailureMemory(kept),
    now: Date.now,
  });
  failures.open("room");
  return { socket, failures, told: () => socket.payloads("reportFailure") };
}

const broken = (words = "There is no connection.") => new CallFailure("disconnected", words);

test("shows the server's id, and tells it nothing that it knows", async () => {
  const { socket, failures, told } = setUp();
  socket.accept();
  const wire = { code: "room_full", message: "", id: "k3v9x2m7q4" };
  expect(failures.shown(CallFailure.fromWire(wire)).id).toBe("k3v9x2m7q4");
  await settle();
  expect(told()).toEqual([]);
});

test("gives an id to what the server does not know, and tells it when there is a connection", async () => {
  const { socket, failures, told } = setUp();
  const { id } = failures.shown(broken());
  expect(id).toMatch(/^p-[0-9a-f]{16}$/);
  vi.advanceTimersByTime(2500);
  expect(told()).toEqual([]);
  socket.accept();
  failures.connected();
  const message = "You were disconnected: There is no connection.";
  expect(told()).toEqual([{ id, code: "disconnected", message, agoMs: 2500 }]);
});

test("the same failure keeps its id, with what it means for the person too", () => {
  const failure = broken();
  expect(failure.in("invitation_spent")).toMatchObject({ id: failure.id, origin: "page" });
  const refused = CallFailure.fromWire({ code: "forbidden", message: "", id: "x1" });
  expect(refused.in("invitation_spent")).toMatchObject({ id: "x1", origin: "server" });
});

test("what is no failure of the call is one of the page, with what was thrown", async () => {
  const { socket, failures, told } = setUp();
  socket.accept();
  expect(failures.shown(new TypeError("x is undefined")).title).toBe("Something went wrong");
  const message = "Something went wrong: TypeError: x is undefined";
  expect(told()).toMatchObject([{ code: "page_failed", message, agoMs: 0 }]);
});

test("tells one a second, the last eight, and each once", async () => {
  const { socket, failures, told } = setUp();
  for (let i = 0; i < MOST_WAITING + 2; i++) failures.shown(broken(`${i}`));
  socket.replies.set("reportFailure", () => ({}));
  socket.accept();
  failures.connected();
  await settle();
  expect(told()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(told()).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told().map(({ message }) => message.at(-1))).toEqual([..."23456789"]);
});

test("tells again what was lost with the connection, and nothing that the server refused", async () => {
  const { socket, failures, told } = setUp();
  socket.accept();
  const { id } = failures.shown(broken());
  socket.drop();
  await vi.advanceTimersByTimeAsync(5000);
  socket.accept();
  failures.connected();
  expect(told().map((each) => each.id)).toEqual([id, id]);
  socket.last("reportFailure").acknowledge({ error: { code: "invalid_message", message: "" } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told()).toHaveLength(2);
});

test("what waits survives a reload, of the same room, for an hour", async () => {
  const kept = storage();
  const { id } = setUp(kept).failures.shown(broken());
  vi.advanceTimersByTime(3_599_000);
  const other = new FailureMemory(kept);
  expect(other.open("elsewhere")).toEqual([]);
  const after = setUp(kept);
  after.socket.accept();
  after.failures.connected();
  expect(after.told()).toMatchObject([{ id, agoMs: 3_599_000 }]);
  vi.advanceTimersByTime(2000);
  const late = setUp(kept);
  late.socket.accept();
  late.failures.connected();
  expect(late.told()).toEqual([]);
});

test("a storage with something else in it, or none, is no error", () => {
  const kept = storage();
  for (const text of ["", "null", "[]", '{"room":"room","failures":[1,{"id":2}]}']) {
    kept.setItem("confab.failures", text);
    expect(new FailureMemory(kept).open("room")).toEqual([]);
  }
  expect(new FailureMemory(null).open("room")).toEqual([]);
});

test("cuts long words", () => {
  const { socket, failures, told } = setUp();
  socket.accept();
  failures.shown(broken("😀".repeat(400)));
  expect([...(told()[0]?.message ?? "")]).toHaveLength(300);
});
