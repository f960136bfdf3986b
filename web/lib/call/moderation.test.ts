import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  callFixture,
  type Fixture,
  joinRoom,
  participant,
  settle,
  track,
} from "../testing/call_fixture";
import { GUEST_GRANTS } from "./types";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function inCallWithMicrophone(): Promise<Fixture & { microphone: MediaStreamTrack }> {
  const fixture = callFixture();
  const microphone = track("audio");
  fixture.client.publish("microphone", { track: microphone, paused: false });
  await joinRoom(fixture);
  return { ...fixture, microphone };
}

function muted({ socket }: Fixture, paused = true): void {
  const producerId = socket.payloads("produce")[0]?.id ?? "";
  socket.server("producerUpdated", { seq: 11, participantId: "me", producerId, paused });
}

test("a moderator's mute silences the track, says so, and tells nobody again", async () => {
  const fixture = await inCallWithMicrophone();
  const heard = vi.fn();
  fixture.client.whenMuted(heard);
  muted(fixture);
  await settle();
  expect(fixture.microphone.enabled).toBe(false);
  expect(heard.mock.calls).toEqual([["microphone"]]);
  expect(fixture.client.getSnapshot().notices).toMatchObject([
    {
      title: "You were muted",
      message: "A moderator muted your microphone. You can unmute yourself.",
    },
  ]);
  fixture.client.publish("microphone", { track: fixture.microphone, paused: true });
  await settle();
  expect(fixture.socket.payloads("pauseProducer")).toHaveLength(0);
});

test("who was muted unmutes as always", async () => {
  const fixture = await inCallWithMicrophone();
  muted(fixture);
  fixture.client.publish("microphone", { track: fixture.microphone, paused: true });
  fixture.client.publish("microphone", { track: fixture.microphone, paused: false });
  await settle();
  expect(fixture.microphone.enabled).toBe(true);
  expect(fixture.socket.payloads("resumeProducer")).toHaveLength(1);
});

test("a mute that was missed while the connection was lost counts", async () => {
  const fixture = await inCallWithMicrophone();
  const producerId = fixture.socket.payloads("produce")[0]?.id;
  const payload = { seq: 11, participantId: "me", producerId, paused: true };
  fixture.socket.replies.set("resume", () => ({
    resumed: true,
    seq: 11,
    events: [{ name: "producerUpdated", payload }],
  }));
  fixture.socket.drop();
  vi.advanceTimersByTime(0);
  fixture.socket.accept();
  await settle();
  expect(fixture.microphone.enabled).toBe(false);
  expect(fixture.socket.payloads("resumeProducer")).toHaveLength(0);
});

test("nobody but the person switches a microphone on", async () => {
  const fixture = await inCallWithMicrophone();
  fixture.client.publish("microphone", { track: fixture.microphone, paused: true });
  await settle();
  muted(fixture, false);
  await settle();
  expect(fixture.microphone.enabled).toBe(false);
  expect(fixture.client.getSnapshot().notices).toHaveLength(0);
});

test("being removed ends the call and the connection, and a reload does not come back", async () => {
  const fixture = callFixture();
  await joinRoom(fixture);
  fixture.socket.server("removed", {});
  expect(fixture.client.getSnapshot()).toMatchObject({ phase: "ended", ended: "removed" });
  expect(fixture.memory.read("room")).toBeNull();
  vi.advanceTimersByTime(60_000);
  await settle();
  expect(fixture.socket.attempts).toBe(1);
  expect(fixture.api.count("guest-tokens")).toBe(0);
});

test("what the invitation does not include is not sent", async () => {
  const fixture = callFixture();
  fixture.client.publish("microphone", { track: track("audio"), paused: false });
  fixture.client.publish("camera", { track: track("video"), paused: false });
  await joinRoom(fixture, { grants: { ...GUEST_GRANTS, video: false } });
  expect(fixture.socket.payloads("produce").map(({ source }) => source)).toEqual(["microphone"]);
  expect(fixture.client.getSnapshot().self.grants.video).toBe(false);
  fixture.client.explainGrant("camera");
  fixture.client.explainGrant("camera");
  expect(fixture.client.getSnapshot().notices).toMatchObject([
    { title: "Your invitation does not include the camera" },
  ]);
  fixture.client.leave();
  expect(fixture.client.getSnapshot().self.grants).toEqual(GUEST_GRANTS);
});

test("a moderator's wishes name the participant, and what came of a refused one is said", async () => {
  const fixture = callFixture();
  await joinRoom(fixture, { participants: [participant("bo")] });
  const { moderation } = fixture.client;
  fixture.socket.replies.set("muteParticipant", () => ({}));
  await moderation.mute("bo", "microphone", "Bo");
  expect(fixture.socket.payloads("muteParticipant")).toEqual([
    { participantId: "bo", source: "microphone" },
  ]);
  expect(fixture.client.getSnapshot().notices).toHaveLength(0);
  fixture.socket.replies.set("removeParticipant", () => ({
    error: { code: "forbidden", message: "" },
  }));
  await moderation.remove("bo", "Bo");
  expect(fixture.socket.payloads("removeParticipant")).toEqual([{ participantId: "bo" }]);
  expect(fixture.client.getSnapshot().notices[0]?.title).toMatch(/Bo.* was not removed/);
});
