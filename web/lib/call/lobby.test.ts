import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PrepareJoinReply } from "../protocol/events";
import {
  callFixture,
  consumer,
  type Fixture,
  joinReply,
  openRoom,
  participant,
  settle,
  track,
  transport,
} from "../testing/call_fixture";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const recv = transport();

function prepared(...people: string[]): PrepareJoinReply {
  return {
    prepared: true,
    participants: people.map((id) => participant(id)),
    consumers: people.map((id) => consumer(id)),
    transports: { recv },
    iceServers: [],
  };
}

/** A preview that has prepared to receive these people. */
async function preview(...people: string[]): Promise<Fixture> {
  const fixture = callFixture();
  fixture.socket.replies.set("prepareJoin", () => prepared(...people));
  fixture.socket.replies.set("consumersReady", () => ({}));
  await openRoom(fixture);
  return fixture;
}

/** The receiving transport is there, the consumers not yet. */
async function previewInTheMidstOfPreparing(...people: string[]): Promise<Fixture> {
  const fixture = callFixture();
  fixture.socket.replies.set("consumersReady", () => ({}));
  await openRoom(fixture);
  fixture.socket.last("prepareJoin").acknowledge(prepared(...people));
  await Promise.resolve();
  return fixture;
}

async function join({ client, socket }: Fixture, ...people: string[]): Promise<void> {
  socket.replies.set("joinRoom", () =>
    joinReply({
      transports: { send: transport() },
      participants: people.map((id) => participant(id)),
      consumers: people.map((id) => consumer(id)),
    }),
  );
  client.join("Ada");
  await settle();
}

async function joinWithCamera(): Promise<Fixture> {
  const fixture = await preview("bo");
  fixture.socket.replies.set("produce", () => ({}));
  fixture.client.publish("camera", { track: track("video"), paused: false });
  await join(fixture, "bo");
  return fixture;
}

const tracks = ({ client }: Fixture) =>
  client.getSnapshot().participants.map(({ media }) => media[0]?.track?.kind);

describe("preparing", () => {
  test("begins as soon as the device is loaded, and knows who will be met", async () => {
    const { client, socket } = await preview("bo");
    const [payload, ...more] = socket.payloads("prepareJoin");
    expect(more).toHaveLength(0);
    expect(payload?.room).toBe("room");
    expect(payload?.transports.recv.dtlsParameters.fingerprints).toHaveLength(1);
    expect(payload).not.toHaveProperty("transportId");
    expect(client.getSnapshot().phase).toBe("preview");
    expect(client.getSnapshot().participants.map(({ id }) => id)).toEqual(["bo"]);
    expect(socket.payloads("consumersReady")).toHaveLength(0);
  });

  test("goes on with the same transport when people come and go", async () => {
    const fixture = await preview("bo", "cy");
    const { socket } = fixture;
    socket.replies.set("prepareJoin", () => {
      const { transports: _, ...same } = prepared("cy", "di") as { transports: unknown };
      return same;
    });
    await vi.advanceTimersByTimeAsync(5000);
    await settle();
    expect(socket.payloads("prepareJoin").at(-1)?.transportId).toBe(recv.id);
    await join(fixture, "cy", "di");
    expect(socket.payloads("joinRoom")[0]?.prepared).toEqual({
      transportId: recv.id,
      consumerIds: ["consumer-cy", "consumer-di"],
    });
    expect(tracks(fixture)).toEqual(["video", "video"]);
  });

  test("is void when the connection breaks", async () => {
    const fixture = await preview("bo");
    fixture.socket.replies.delete("prepareJoin");
    fixture.socket.drop();
    expect(fixture.client.getSnapshot().participants).toEqual([]);
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("prepareJoin").at(-1)).not.toHaveProperty("transportId");
    fixture.client.join("Ada");
    expect(fixture.socket.payloads("joinRoom")[0]).not.toHaveProperty("prepared");
  });

  test("ends where the server has nothing to prepare", async () => {
    const fixture = await preview("bo");
    fixture.socket.replies.set("prepareJoin", () => ({ prepared: false }));
    await vi.advanceTimersByTimeAsync(5000);
    await settle();
    fixture.client.join("Ada");
    expect(fixture.socket.payloads("joinRoom")[0]).not.toHaveProperty("prepared");
  });

  test("an answer that comes after the click is let go", async () => {
    const fixture = callFixture();
    await openRoom(fixture);
    fixture.client.join("Ada");
    fixture.socket.last("prepareJoin").acknowledge(prepared("bo"));
    await settle();
    expect(fixture.socket.payloads("joinRoom")[0]).not.toHaveProperty("prepared");
    fixture.socket
      .last("joinRoom")
      .acknowledge(joinReply({ participants: [participant("bo")], consumers: [consumer("bo")] }));
    await settle();
    expect(tracks(fixture)).toEqual(["video"]);
  });
});

describe("a prepared join", () => {
  test("is announced while the pointer is on the button, once a second", async () => {
    const { client, socket } = await preview("bo");
    client.intendJoin();
    client.intendJoin();
    expect(socket.payloads("intendJoin")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    client.intendJoin();
    expect(socket.payloads("intendJoin")).toHaveLength(2);
  });

  test("shows that it is under way only when it takes long", async () => {
    const { client } = await preview("bo");
    client.join("Ada");
    client.join("Ada");
    expect(client.getSnapshot().phase).toBe("preview");
    await vi.advanceTimersByTimeAsync(150);
    expect(client.getSnapshot()).toMatchObject({ phase: "joining", self: { name: "Ada" } });
  });

  test("keeps the name where it is refused before it is shown", async () => {
    const { client, socket } = await preview("bo");
    socket.replies.set("joinRoom", () => ({ error: { code: "room_full", message: "" } }));
    client.join("Ada");
    await settle();
    expect(client.getSnapshot()).toMatchObject({ phase: "ended", self: { name: "Ada" } });
  });

  test("has its tracks with the reply and acknowledges nothing", async () => {
    const fixture = await preview("bo", "cy");
    await join(fixture, "bo", "cy");
    expect(fixture.client.getSnapshot().phase).toBe("joined");
    expect(tracks(fixture)).toEqual(["video", "video"]);
    expect(fixture.socket.payloads("consumersReady")).toHaveLength(0);
  });

  test("acknowledges what came since, and forgets who has left", async () => {
    const fixture = await preview("bo", "cy");
    await join(fixture, "cy", "di");
    expect(tracks(fixture)).toEqual(["video", undefined]);
    await vi.advanceTimersByTimeAsync(150);
    await settle();
    expect(tracks(fixture)).toEqual(["video", "video"]);
    expect(fixture.socket.payloads("consumersReady")).toEqual([{ consumerIds: ["consumer-di"] }]);
  });

  test("sets up what came since when the first picture is drawn", async () => {
    const fixture = await preview("bo");
    await join(fixture, "bo", "di");
    expect(tracks(fixture)).toEqual(["video", undefined]);
    fixture.client.pictureShown(1);
    await settle();
    expect(tracks(fixture)).toEqual(["video", "video"]);
  });

  test("acknowledges what was set up between the click and the reply", async () => {
    const fixture = await previewInTheMidstOfPreparing("bo");
    fixture.client.join("Ada");
    const { prepared: asked } = fixture.socket.payloads("joinRoom")[0] ?? {};
    expect(asked).toEqual({ transportId: recv.id, consumerIds: [] });
    await settle();
    fixture.socket.last("joinRoom").acknowledge(
      joinReply({
        transports: { send: transport() },
        participants: [participant("bo")],
        consumers: [consumer("bo")],
      }),
    );
    await settle();
    expect(tracks(fixture)).toEqual(["video"]);
    expect(fixture.socket.payloads("consumersReady")).toEqual([{ consumerIds: ["consumer-bo"] }]);
  });

  test("sets up nothing that was closed before it could", async () => {
    const fixture = await preview("bo");
    await join(fixture, "bo", "di");
    fixture.socket.server("consumersClosed", { seq: 11, consumerIds: ["consumer-di"] });
    fixture.client.pictureShown(1);
    await settle();
    expect(fixture.socket.payloads("consumersReady")).toHaveLength(0);
  });

  test("takes new transports where the server has lost the prepared one", async () => {
    const fixture = await preview("bo");
    fixture.socket.replies.set("joinRoom", () =>
      joinReply({ participants: [participant("bo")], consumers: [consumer("bo")] }),
    );
    fixture.client.join("Ada");
    await settle();
    expect(tracks(fixture)).toEqual(["video"]);
    expect(fixture.socket.payloads("consumersReady")).toHaveLength(0);
  });

  test("sends when the first picture is drawn", async () => {
    const fixture = await joinWithCamera();
    expect(fixture.socket.payloads("produce")).toHaveLength(0);
    fixture.client.pictureShown(1);
    await settle();
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
  });

  test("sends after a while where no picture comes", async () => {
    const fixture = await joinWithCamera();
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(fixture.socket.payloads("produce")).toHaveLength(1);
  });
});
