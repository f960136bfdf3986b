import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  callFixture,
  consumer,
  joinReply,
  joinRoom,
  MapStorage,
  openRoom,
  participant,
  resumeState,
  settle,
  track,
  transport,
  welcome,
} from "../testing/call_fixture";
import { SessionMemory } from "./session_memory";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The connection breaks; when it is back, nothing is left to resume. */
async function comeBackTooLate({ socket }: ReturnType<typeof callFixture>): Promise<void> {
  socket.replies.set("resume", () => ({ error: { code: "session_expired", message: "" } }));
  socket.drop();
  vi.advanceTimersByTime(0);
  socket.accept();
  await settle();
}

describe("joining", () => {
  test("is ready before the click, and the click sends one message", async () => {
    const { client, socket } = callFixture();
    client.open("room");
    expect(client.getSnapshot().ready).toBe(false);
    socket.accept();
    socket.server("welcome", welcome);
    await settle();
    expect(client.getSnapshot().ready).toBe(true);

    const before = socket.sent.length;
    client.join("Ada");
    expect(socket.sent.slice(before).map(({ name }) => name)).toEqual(["joinRoom"]);
    const [payload] = socket.payloads("joinRoom");
    expect(payload).toMatchObject({ room: "room", name: "Ada" });
    expect(payload?.transports?.send.dtlsParameters.fingerprints).toHaveLength(1);
    expect(payload?.rtpCapabilities?.codecs?.length).toBeGreaterThan(0);
    expect(payload).not.toHaveProperty("resume");
  });

  test("waits for the connection when the click comes first", async () => {
    const { client, socket } = callFixture();
    client.open("room");
    client.join("Ada");
    expect(client.getSnapshot().phase).toBe("joining");
    expect(socket.payloads("joinRoom")).toHaveLength(0);
    socket.accept();
    socket.server("welcome", welcome);
    await settle();
    expect(socket.payloads("joinRoom")).toHaveLength(1);
  });

  test("consumes everything of the reply without acknowledging it", async () => {
    const fixture = callFixture();
    await joinRoom(fixture, {
      participants: [participant("bo"), participant("cy")],
      consumers: [consumer("bo"), consumer("cy")],
    });
    const { phase, participants } = fixture.client.getSnapshot();
    expect(phase).toBe("joined");
    expect(participants.map(({ media }) => media[0]?.track?.kind)).toEqual(["video", "video"]);
    expect(fixture.socket.payloads("consumersReady")).toHaveLength(0);
  });

  test("publishes with an id of its own choice, without asking first", async () => {
    const fixture = callFixture();
    fixture.client.publish("microphone", { track: track("audio"), paused: false });
    fixture.client.publish("camera", { track: track("video"), paused: true });
    await joinRoom(fixture);
    const produced = fixture.socket.payloads("produce");
    expect(produced.map(({ source, paused }) => [source, paused])).toEqual([
      ["microphone", false],
      ["camera", true],
    ]);
    expect(new Set(produced.map(({ id }) => id)).size).toBe(2);
  });

  test("works without any device", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    expect(fixture.client.getSnapshot().phase).toBe("joined");
    expect(fixture.socket.payloads("produce")).toHaveLength(0);
  });

  test("a full room ends with a sentence, an action and the id", async () => {
    const fixture = callFixture();
    await openRoom(fixture);
    fixture.socket.replies.set("joinRoom", () => ({
      error: { code: "room_full", message: "full", id: "e-1" },
    }));
    fixture.client.join("Ada");
    await settle();
    const { phase, ended, error } = fixture.client.getSnapshot();
    expect([phase, ended]).toEqual(["ended", "failed"]);
    expect(error).toMatchObject({ code: "room_full", id: "e-1", action: { kind: "retry" } });
  });

  test("a reload comes back with the resume token, by itself", async () => {
    const first = callFixture();
    await joinRoom(first);
    const second = callFixture({ memory: first.memory });
    await openRoom(second);
    expect(second.client.getSnapshot().phase).toBe("joining");
    expect(second.socket.payloads("joinRoom")[0]).toMatchObject({ name: "Ada", resume: "token" });
  });

  test("a tab that comes back after more than 15 minutes begins with the preview", async () => {
    const clock = { now: 0 };
    const memory = new SessionMemory(new MapStorage(), () => clock.now);
    const first = callFixture({ memory });
    await joinRoom(first);
    clock.now += 10 * 60_000;
    first.socket.server("resumeToken", { resumeToken: "newer" });
    clock.now += 15 * 60_000 - 1;
    expect(first.client.remembers("room")).toBe(true);
    clock.now += 1;
    expect(first.client.remembers("room")).toBe(false);
    const second = callFixture({ memory });
    await openRoom(second);
    expect(second.client.getSnapshot().phase).toBe("preview");
    expect(second.socket.payloads("joinRoom")).toHaveLength(0);
  });

  test("a token that has expired is forgotten, and the join goes on without it", async () => {
    const first = callFixture();
    await joinRoom(first);
    const second = callFixture({ memory: first.memory });
    second.socket.replies.set("joinRoom", (payload: { resume?: string }) =>
      payload.resume ? { error: { code: "session_expired", message: "" } } : joinReply(),
    );
    await openRoom(second);
    await settle();
    expect(second.socket.payloads("joinRoom").map(({ resume }) => resume)).toEqual([
      "token",
      undefined,
    ]);
    expect(second.client.getSnapshot().phase).toBe("joined");
  });

  test("after leaving, a reload does not come back", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    expect(fixture.socket.payloads("leaveRoom")).toHaveLength(1);
    expect(fixture.client.getSnapshot()).toMatchObject({ phase: "ended", ended: "left" });
    expect(fixture.memory.read("room")).toBeNull();
  });
});

describe("in the call", () => {
  test("later consumers are acknowledged once they can receive", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("participantJoined", { seq: 11, participant: participant("bo") });
    fixture.socket.server("newConsumers", { seq: 12, consumers: [consumer("bo")] });
    await settle();
    expect(fixture.socket.payloads("consumersReady")).toEqual([{ consumerIds: ["consumer-bo"] }]);
    expect(fixture.client.getSnapshot().participants[0]?.media[0]?.track).not.toBeNull();
  });

  test("events that were seen already change nothing", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("participantJoined", { seq: 10, participant: participant("old") });
    expect(fixture.client.getSnapshot().participants).toHaveLength(0);
  });

  test("mute tells the server and keeps the producer", async () => {
    const fixture = callFixture();
    const microphone = track("audio");
    fixture.client.publish("microphone", { track: microphone, paused: false });
    await joinRoom(fixture);
    fixture.client.publish("microphone", { track: microphone, paused: true });
    await settle();
    const producerId = fixture.socket.payloads("produce")[0]?.id;
    expect(fixture.socket.payloads("pauseProducer")).toEqual([{ producerId }]);
    expect(microphone.enabled).toBe(false);
    fixture.client.publish("microphone", { track: microphone, paused: false });
    await settle();
    expect(fixture.socket.payloads("resumeProducer")).toEqual([{ producerId }]);
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
  });

  test("a changed device replaces the track of the same producer", async () => {
    const fixture = callFixture();
    const before = track("video");
    fixture.client.publish("camera", { track: before, paused: false });
    await joinRoom(fixture);
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await settle();
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
    expect(before.readyState).toBe("live");
  });

  test("a device that was chosen and cannot be opened is told of", () => {
    const { client } = callFixture();
    client.explainChoice("camera", "busy");
    const [notice] = client.getSnapshot().notices;
    expect(notice).toMatchObject({ tone: "warning", title: "Your camera was not changed" });
    expect(notice?.message).toContain("another program");
  });

  test("a refused producer is closed, and a notice says so", async () => {
    const fixture = callFixture();
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await joinRoom(fixture);
    const producerId = fixture.socket.payloads("produce")[0]?.id ?? "";
    fixture.socket.server("producerRefused", {
      seq: 11,
      producerId,
      error: { code: "limit_exceeded", message: "" },
    });
    await settle();
    expect(fixture.client.getSnapshot().notices[0]?.title).toContain("camera");
    vi.advanceTimersByTime(10_000);
    expect(fixture.client.getSnapshot().notices).toHaveLength(0);
  });

  test("a producer that is still being made can be refused by its answer", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.replies.set("produce", () => ({
      error: { code: "unsupported_parameters", message: "" },
    }));
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await settle();
    expect(fixture.client.getSnapshot().notices).toHaveLength(1);
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
  });

  test("a camera that is refused for a moment is sent again, under another id", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    const error = { code: "media_unavailable", message: "" };
    fixture.socket.replies.set("produce", ({ id = "" }: { id?: string }) => {
      fixture.socket.server("producerRefused", { seq: 11, producerId: id, error });
      return { error };
    });
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await settle();
    expect(fixture.client.getSnapshot().notices).toHaveLength(1);
    fixture.socket.replies.set("produce", () => ({}));
    await vi.advanceTimersByTimeAsync(60_000);
    const ids = fixture.socket.payloads("produce").map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
    expect(fixture.socket.payloads("closeProducer")).toEqual([]);
  });

  test("a refusal that says how long it lasts is not met again before", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    const error = { code: "rate_limited", message: "", retry_after_ms: 7000 };
    fixture.socket.replies.set("produce", () => ({ error }));
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await settle();
    await vi.advanceTimersByTimeAsync(6999);
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(fixture.socket.payloads("produce")).toHaveLength(2);
  });

  test("a microphone without an answer is closed at the server before it is sent again", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.replies.delete("produce");
    fixture.client.publish("microphone", { track: track("audio"), paused: false });
    await settle();
    await vi.advanceTimersByTimeAsync(10_500);
    const sent = fixture.socket.sent.map(({ name }) => name);
    const ofProducers = sent.filter((name) => name === "produce" || name === "closeProducer");
    expect(ofProducers).toEqual(["produce", "closeProducer", "produce"]);
    const [first] = fixture.socket.payloads("produce");
    expect(fixture.socket.payloads("closeProducer")).toEqual([{ producerId: first?.id }]);
  });

  test("a microphone that was refused is tried again when it is switched on", async () => {
    const fixture = callFixture();
    const microphone = track("audio");
    await joinRoom(fixture);
    fixture.socket.replies.set("produce", () => ({ error: { code: "forbidden", message: "" } }));
    fixture.client.publish("microphone", { track: microphone, paused: false });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
    fixture.client.publish("microphone", { track: microphone, paused: true });
    fixture.client.publish("microphone", { track: microphone, paused: false });
    await settle();
    expect(fixture.socket.payloads("produce")).toHaveLength(2);
  });

  test("a transport that the server closed is rebuilt, and media is published again", async () => {
    const fixture = callFixture();
    fixture.client.publish("camera", { track: track("video"), paused: false });
    const reply = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports: reply, participants: [participant("bo")] });
    fixture.socket.replies.set("recreateTransports", () => ({
      transports: { send: transport(), recv: transport() },
      consumers: [consumer("bo")],
    }));
    fixture.socket.server("transportClosed", {
      seq: 11,
      transportId: reply.recv.id,
      reason: "ice-timeout",
    });
    await settle();
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);
    expect(fixture.socket.payloads("produce")).toHaveLength(2);
    expect(fixture.client.getSnapshot().participants[0]?.media[0]?.track).not.toBeNull();
  });

  test("being removed ends the call and forgets the session", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("participantLeft", { seq: 11, participantId: "me", reason: "removed" });
    expect(fixture.client.getSnapshot().ended).toBe("removed");
    expect(fixture.memory.read("room")).toBeNull();
  });
});

describe("reconnecting", () => {
  test("resumes with the last number and applies what was missed, in order", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("participantJoined", { seq: 11, participant: participant("bo") });
    fixture.socket.drop();
    expect(fixture.client.getSnapshot().connection.status).toBe("lost");
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    expect(fixture.socket.payloads("resume")).toEqual([{ resumeToken: "token", seq: 11 }]);
    // An event that overtakes the answer waits for it.
    fixture.socket.server("participantLeft", { seq: 13, participantId: "bo", reason: "left" });
    expect(fixture.client.getSnapshot().participants).toHaveLength(1);
    fixture.socket.last("resume").acknowledge({
      resumed: true,
      seq: 12,
      events: [{ name: "participantJoined", payload: { seq: 12, participant: participant("cy") } }],
    });
    await settle();
    expect(fixture.client.getSnapshot().participants.map(({ id }) => id)).toEqual(["cy"]);
    expect(fixture.socket.payloads("joinRoom")).toHaveLength(1);
  });

  test("takes the whole state when events were lost", async () => {
    const fixture = callFixture();
    const transports = { send: transport(), recv: transport() };
    const participants = [participant("bo")];
    await joinRoom(fixture, { transports, participants, consumers: [consumer("bo")] });
    fixture.socket.replies.set("resume", () => ({
      resumed: true,
      seq: 300,
      events: [],
      state: resumeState({
        participants: [participant("cy")],
        consumers: [consumer("cy")],
        transports: [transports.send.id, transports.recv.id],
      }),
    }));
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    const others = fixture.client.getSnapshot().participants;
    expect(others.map(({ id }) => id)).toEqual(["cy"]);
    expect(others[0]?.media[0]?.track).not.toBeNull();
    expect(fixture.socket.payloads("consumersReady")).toEqual([{ consumerIds: ["consumer-cy"] }]);
    expect(fixture.socket.payloads("recreateTransports")).toEqual([]);
  });

  test("makes its media anew where the state has no transport of that", async () => {
    const fixture = callFixture();
    const transports = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports });
    const state = resumeState({ transports: [transports.send.id] });
    fixture.socket.replies.set("resume", () => ({ resumed: true, seq: 300, events: [], state }));
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);
  });

  test("says again what was set up when the connection broke", async () => {
    const fixture = callFixture();
    await joinRoom(fixture, { participants: [participant("bo")] });
    fixture.socket.replies.delete("consumersReady");
    fixture.socket.server("newConsumers", { seq: 11, consumers: [consumer("bo")] });
    await settle();
    expect(fixture.socket.payloads("consumersReady")).toHaveLength(1);
    fixture.socket.replies.set("resume", () => ({ resumed: true, seq: 11, events: [] }));
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("consumersReady")).toEqual([
      { consumerIds: ["consumer-bo"] },
      { consumerIds: ["consumer-bo"] },
    ]);
  });

  test("joins anew by itself when there is nothing left to resume", async () => {
    const fixture = callFixture();
    fixture.client.publish("camera", { track: track("video"), paused: false });
    await joinRoom(fixture, { participants: [participant("bo")] });
    await comeBackTooLate(fixture);
    expect(fixture.client.getSnapshot().phase).toBe("joined");
    expect(fixture.socket.payloads("joinRoom")).toHaveLength(2);
    expect(fixture.socket.payloads("produce")).toHaveLength(2);
  });

  describe("where the server cannot take the join anew for a moment", () => {
    async function refusedAnew() {
      const fixture = callFixture({ now: Date.now });
      await joinRoom(fixture, { participants: [participant("bo")] });
      const error = { code: "media_unavailable", message: "" };
      fixture.socket.replies.set("joinRoom", () => ({ error }));
      await comeBackTooLate(fixture);
      return fixture;
    }

    test("tries again at least every five seconds, and says that it is coming back", async () => {
      const fixture = await refusedAnew();
      await vi.advanceTimersByTimeAsync(30_000);
      const { phase, media } = fixture.client.getSnapshot();
      expect([phase, media]).toEqual(["joined", "recovering"]);
      fixture.socket.replies.set("joinRoom", () => joinReply());
      const before = fixture.socket.payloads("joinRoom").length;
      await vi.advanceTimersByTimeAsync(5000);
      expect(fixture.socket.payloads("joinRoom")).toHaveLength(before + 1);
      expect(fixture.client.getSnapshot()).toMatchObject({ phase: "joined", media: "connecting" });
    });

    test("gives up after a minute", async () => {
      const fixture = await refusedAnew();
      await vi.advanceTimersByTimeAsync(59_000);
      expect(fixture.client.getSnapshot().phase).toBe("joined");
      await vi.advanceTimersByTimeAsync(6000);
      const { phase, error } = fixture.client.getSnapshot();
      expect([phase, error?.code]).toEqual(["ended", "media_unavailable"]);
    });
  });

  test("joins anew under the name that was taken during the call", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.replies.set("setName", () => ({ name: "Ada L" }));
    await fixture.client.rename("Ada L");
    await comeBackTooLate(fixture);
    expect(fixture.socket.payloads("joinRoom").map(({ name }) => name)).toEqual(["Ada", "Ada L"]);
    expect(fixture.client.getSnapshot().self.name).toBe("Ada L");
  });

  test("a mute during the outage is told after the resume", async () => {
    const fixture = callFixture();
    const microphone = track("audio");
    fixture.client.publish("microphone", { track: microphone, paused: false });
    await joinRoom(fixture);
    fixture.socket.replies.set("resume", () => ({ resumed: true, seq: 10, events: [] }));
    fixture.socket.drop();
    fixture.client.publish("microphone", { track: microphone, paused: true });
    await settle();
    expect(fixture.socket.payloads("pauseProducer")).toHaveLength(0);
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("pauseProducer")).toHaveLength(1);
  });

  test("waits as long as a server that says goodbye asks for", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("serverShutdown", { retryAfterMs: 2000 });
    const attempts = fixture.socket.attempts;
    fixture.socket.drop();
    vi.advanceTimersByTime(1999);
    expect(fixture.socket.attempts).toBe(attempts);
    vi.advanceTimersByTime(1);
    expect(fixture.socket.attempts).toBe(attempts + 1);
  });
});
