import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  callFixture,
  consumer,
  joinRoom,
  participant,
  resumeState,
  settle,
  transport,
} from "../testing/call_fixture";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const silent = participant("bo", { producers: [] });
const camera = { id: "cam-bo", kind: "video", source: "camera", paused: false } as const;

describe("a consumer that is closed while it is set up", () => {
  test("leaves neither a track nor its producer behind", async () => {
    const fixture = callFixture();
    await joinRoom(fixture, { participants: [silent] });
    const { client, socket } = fixture;
    socket.server("producerAdded", { seq: 11, participantId: "bo", producer: camera });
    socket.server("newConsumers", { seq: 12, consumers: [consumer("bo")] });
    socket.server("producerRemoved", { seq: 13, participantId: "bo", producerId: "cam-bo" });
    socket.server("consumersClosed", { seq: 14, consumerIds: ["consumer-bo"] });
    await settle();
    expect(client.getSnapshot().participants[0]?.media).toEqual([]);
    expect(socket.payloads("consumersReady")).toEqual([]);
  });

  test("needs no word of its own where its producer is gone", async () => {
    const fixture = callFixture();
    const first = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports: first, participants: [silent] });
    const { socket } = fixture;
    socket.replies.delete("recreateTransports");
    socket.server("newConsumers", { seq: 11, consumers: [consumer("bo")] });
    socket.server("transportClosed", { seq: 12, transportId: first.recv.id, reason: "media-lost" });
    socket.server("producerRemoved", { seq: 13, participantId: "bo", producerId: "cam-bo" });
    await settle();
    expect(fixture.client.getSnapshot().participants[0]?.media).toEqual([]);
    expect(socket.payloads("consumersReady")).toEqual([]);
  });

  test("may come again at once", async () => {
    const fixture = callFixture();
    await joinRoom(fixture, { participants: [participant("bo")] });
    const { socket } = fixture;
    socket.server("newConsumers", { seq: 11, consumers: [consumer("bo")] });
    socket.server("consumersClosed", { seq: 12, consumerIds: ["consumer-bo"] });
    socket.server("newConsumers", {
      seq: 13,
      consumers: [{ ...consumer("bo"), id: "consumer-bo-2" }],
    });
    await settle();
    const [media] = fixture.client.getSnapshot().participants[0]?.media ?? [];
    expect(media?.consumerId).toBe("consumer-bo-2");
    expect(media?.track).not.toBeNull();
    expect(socket.payloads("consumersReady")).toEqual([{ consumerIds: ["consumer-bo-2"] }]);
  });

  test("does not outlive its transport", async () => {
    const fixture = callFixture();
    const first = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports: first, participants: [silent] });
    const { socket } = fixture;
    socket.replies.set("recreateTransports", () => ({
      transports: { send: transport(), recv: transport() },
      consumers: [],
    }));
    socket.server("transportClosed", {
      seq: 11,
      transportId: first.recv.id,
      reason: "media-lost",
    });
    socket.server("newConsumers", { seq: 12, consumers: [consumer("bo")] });
    socket.server("producerRemoved", { seq: 13, participantId: "bo", producerId: "cam-bo" });
    await settle();
    expect(socket.payloads("recreateTransports")).toHaveLength(1);
    expect(fixture.client.getSnapshot().participants[0]?.media).toEqual([]);
  });

  test("is closed, too, where the server's whole truth does not have it", async () => {
    const fixture = callFixture();
    const transports = { send: transport(), recv: transport() };
    const ids = [transports.send.id, transports.recv.id];
    await joinRoom(fixture, { transports, participants: [silent] });
    const { socket } = fixture;
    socket.replies.set("resume", () => ({
      resumed: true,
      seq: 20,
      events: [],
      state: resumeState({ participants: [silent], transports: ids }),
    }));
    socket.server("newConsumers", { seq: 11, consumers: [consumer("bo")] });
    socket.drop();
    vi.advanceTimersByTime(0);
    socket.accept();
    await settle();
    expect(fixture.client.getSnapshot().participants[0]?.media).toEqual([]);
  });
});
