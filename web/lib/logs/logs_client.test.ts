import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NO_FILTERS } from "./filters";
import { type LiveSocket, LogsClient, type LogsWorld } from "./logs_client";
import { MAX_LIVE_ROWS } from "./logs_state";

class FakeSocket implements LiveSocket {
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const line = (number: number, more = {}) => ({
  id: `${number}.${number}`,
  file: "f",
  line: { event: `e${number}`, ...more },
});

let sockets: FakeSocket[];
let asked: string[];
let answer: object | Error;
let client: LogsClient;

const socket = () => sockets[sockets.length - 1] as FakeSocket;
const state = () => client.getSnapshot();
const eventsOf = () => state().rows.map(({ event }) => event);

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  asked = [];
  answer = { lines: [], next: null };
  const world: LogsWorld = {
    open: () => {
      sockets.push(new FakeSocket());
      return socket();
    },
    ask: async (path) => {
      asked.push(path);
      if (answer instanceof Error) throw answer;
      return JSON.stringify(answer);
    },
  };
  client = new LogsClient(world);
});
afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

function begin(lines: object[] = [], next: string | null = null): void {
  client.start("t", NO_FILTERS);
  socket().onopen?.();
  socket().says({ first: true, lines, next, status: { files: 1, services: ["media"] } });
}

describe("the live log", () => {
  test("asks nobody without a token", () => {
    client.start("", NO_FILTERS);
    expect(state().phase).toBe("no-token");
    expect(sockets.length).toBe(0);
  });

  test("opens the line that the address names, once", () => {
    client.start("t", NO_FILTERS, "2.2");
    socket().says({ first: true, lines: [line(3), line(2)], next: null });
    expect(state().selected?.event).toBe("e2");
    client.select(null);
    socket().says({ first: true, lines: [line(3), line(2)], next: null });
    expect(state().selected).toBeNull();
  });

  test("says who asks and for what, in a message and not in the address", () => {
    client.start("secret", { ...NO_FILTERS, room: "tea" });
    socket().onopen?.();
    expect(JSON.parse(socket().sent[0] ?? "")).toEqual({
      token: "secret",
      filter: { room: "tea" },
    });
  });

  test("shows what is there and then what comes, the newest first", () => {
    begin([line(2), line(1)]);
    expect(state().phase).toBe("live");
    socket().says({ lines: [line(4), line(3)] });
    expect(eventsOf()).toEqual(["e4", "e3", "e2", "e1"]);
    expect(state().events).toEqual(["e1", "e2", "e3", "e4"]);
  });

  test("holds new lines while it is paused, and counts them", () => {
    begin([line(1)]);
    client.pause();
    socket().says({ lines: [line(3), line(2)] });
    socket().says({ lines: [line(4)] });
    expect(eventsOf()).toEqual(["e1"]);
    expect(state().heldCount).toBe(3);
    client.goOn();
    expect(eventsOf()).toEqual(["e4", "e3", "e2", "e1"]);
    expect(state().heldCount).toBe(0);
  });

  test("stands still while it is read, and goes on by itself", () => {
    begin([line(1)]);
    client.read(true);
    socket().says({ lines: [line(2)] });
    expect(eventsOf()).toEqual(["e1"]);
    client.read(false);
    expect(eventsOf()).toEqual(["e2", "e1"]);
    client.pause();
    client.read(true);
    socket().says({ lines: [line(3)] });
    client.read(false);
    expect(state().heldCount).toBe(1);
  });

  test("keeps a bounded number of lines, paused or not", () => {
    begin();
    const many = Array.from({ length: 1000 }, (_, index) => line(index + 1)).reverse();
    for (let i = 0; i < 7; i += 1) socket().says({ lines: many });
    expect(state().rows.length).toBe(MAX_LIVE_ROWS);
    expect(state().next).toBe(state().rows[MAX_LIVE_ROWS - 1]?.id);
    client.pause();
    for (let i = 0; i < 7; i += 1) socket().says({ lines: many });
    expect(state().held.length).toBe(MAX_LIVE_ROWS);
    expect(state().heldCount).toBe(7000);
  });

  test("adds up what was dropped", () => {
    begin();
    socket().says({ lines: [line(1)], dropped: 5 });
    socket().says({ lines: [], dropped: 2 });
    expect(state().dropped).toBe(7);
  });

  test("ignores what is no message", () => {
    begin([line(1)]);
    for (const data of ["", "x", "7", "[]", "{}", '{"lines":7}', '{"lines":[7,null,{}]}']) {
      socket().onmessage?.({ data });
    }
    expect(eventsOf()).toEqual(["e1"]);
  });
});

describe("when something is wrong", () => {
  test("a refused token is told in the server's words, and not tried again", () => {
    client.start("t", NO_FILTERS);
    socket().says({ error: { code: "unauthorized", message: "Expired.", id: "i" } });
    expect(state()).toMatchObject({ phase: "refused", refusal: { message: "Expired.", id: "i" } });
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(1);
    client.enter("other");
    expect(sockets.length).toBe(2);
  });

  test("a filter that the server does not take is told", () => {
    client.start("t", NO_FILTERS);
    socket().says({ error: { code: "invalid_message", message: "No.", id: "i" } });
    expect(state().phase).toBe("wrong");
  });

  test("a lost server is asked again, and what is shown stays", () => {
    begin([line(1)]);
    socket().onclose?.();
    expect(state().phase).toBe("away");
    expect(eventsOf()).toEqual(["e1"]);
    vi.advanceTimersByTime(1000);
    expect(sockets.length).toBe(2);
    socket().says({ first: true, lines: [line(3), line(2)], next: null });
    expect(state().phase).toBe("live");
    expect(eventsOf()).toEqual(["e3", "e2"]);
  });

  test("a list that stands still is not taken away by a new connection", () => {
    begin([line(1)]);
    client.pause();
    socket().onclose?.();
    vi.advanceTimersByTime(1000);
    socket().says({ first: true, lines: [line(3), line(2), line(1)], next: null });
    expect(eventsOf()).toEqual(["e1"]);
    expect(state().heldCount).toBe(2);
  });

  test("silence is a lost server", () => {
    begin();
    vi.advanceTimersByTime(46_000);
    expect(state().phase).toBe("away");
  });

  test("nothing of an old connection counts after a new filter", () => {
    begin([line(1)]);
    const old = socket();
    const take = old.onmessage;
    client.filter({ room: "tea" });
    expect(old.closed).toBe(true);
    expect(old.onmessage).toBeNull();
    expect(take).not.toBeNull();
    expect(state()).toMatchObject({ phase: "loading", rows: [], filters: { room: "tea" } });
  });
});

describe("older lines and traces", () => {
  test("are fetched behind the last one", async () => {
    begin([line(9)], "9.9");
    answer = { lines: [line(8), line(7)], next: "7.7" };
    await client.loadOlder();
    expect(asked[0]).toBe("/api/v1/logs?before=9.9&limit=500");
    expect(eventsOf()).toEqual(["e9", "e8", "e7"]);
    answer = new Error("away");
    await client.loadOlder();
    expect(state().older).toBe("failed");
    answer = { lines: [], next: null };
    await client.loadOlder();
    expect(state()).toMatchObject({ older: "idle", next: null });
    await client.loadOlder();
    expect(asked.length).toBe(3);
  });

  test("of another filter are thrown away", async () => {
    begin([line(9)], "9.9");
    answer = { lines: [line(8)], next: null };
    const loading = client.loadOlder();
    client.filter({ room: "tea" });
    await loading;
    expect(state()).toMatchObject({ rows: [], older: "idle" });
  });

  test("of a trace stand in the order of time, whatever the filters", async () => {
    begin();
    client.filter({ service: "media" });
    answer = { lines: [line(3), line(1)], next: null };
    await client.showTrace("0af7");
    expect(asked[0]).toBe("/api/v1/logs?trace=0af7&limit=1000");
    expect(state().trace?.rows?.map(({ event }) => event)).toEqual(["e1", "e3"]);
    client.closeTrace();
    expect(state().trace).toBeNull();
  });
});
