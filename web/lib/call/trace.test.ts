import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callFixture, joinRoom, settle } from "../testing/call_fixture";
import { JoinTrace } from "./trace";

const idOf = (trace: JoinTrace) => trace.traceparent.split("-")[1];

describe("JoinTrace", () => {
  it("writes traceparent as W3C Trace Context has it", () => {
    expect(new JoinTrace().traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it("keeps the trace and changes the parent from request to request", () => {
    const trace = new JoinTrace();
    expect(idOf(trace)).toBe(idOf(trace));
    expect(trace.traceparent).not.toBe(trace.traceparent);
  });

  it("begins another trace with the next join only when the last one led into a call", () => {
    const trace = new JoinTrace();
    const first = idOf(trace);
    trace.begin();
    expect(idOf(trace)).toBe(first);
    trace.entered();
    expect(idOf(trace)).toBe(first);
    trace.begin();
    expect(idOf(trace)).not.toBe(first);
  });

  it("never writes ids of zeros", () => {
    expect(new JoinTrace((bytes) => bytes.fill(0)).traceparent).toBe(
      "00-00000000000000000000000000000001-0000000000000001-01",
    );
  });

  it("adds its header to those that a request has", async () => {
    const trace = new JoinTrace();
    let sent: RequestInit = {};
    const fetch = trace.carriedBy(async (_path, init) => {
      sent = init;
      return new Response();
    });
    await fetch("/x", { method: "POST", headers: { authorization: "Bearer t" } });
    expect(sent.method).toBe("POST");
    expect(sent.headers).toEqual({
      authorization: "Bearer t",
      traceparent: expect.stringContaining(`${idOf(trace)}`),
    });
  });
});

describe("a call", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells the server one trace from its preparation to the join, and another with the next", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.client.join("Ada");
    await settle();
    const traces = (name: "prepareJoin" | "joinRoom") =>
      fixture.socket.payloads(name).map(({ traceparent }) => traceparent?.split("-")[1]);
    const [first, second] = traces("joinRoom");
    expect(traces("prepareJoin")[0]).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });
});
