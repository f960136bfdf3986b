import { expect, test } from "vitest";
import { consumer, participant, track } from "../testing/call_fixture";
import * as roster from "./roster";

const two = roster.replaceRoster([], [participant("bo"), participant("cy")]);

test("those who stay keep their place when others come and go", () => {
  const more = roster.addParticipant(roster.removeParticipant(two, "bo"), participant("di"));
  expect(more.map(({ id }) => id)).toEqual(["cy", "di"]);
});

test("unknown ids change nothing, not even the object", () => {
  expect(roster.updateParticipant(two, "nobody", { connected: false })).toBe(two);
  expect(roster.removeProducer(two, "nobody", "p")).toBe(two);
});

test("a consumer brings its track to the producer, and its end takes only the track", () => {
  const picture = track("video");
  const attached = roster.attachConsumer(two, consumer("bo"), picture);
  expect(attached[0]?.media[0]).toMatchObject({ consumerId: "consumer-bo", track: picture });
  const detached = roster.detachConsumers(attached, ["consumer-bo"]);
  expect(detached[0]?.media[0]).toMatchObject({ producerId: "cam-bo", track: null });
  expect(detached[1]).toBe(attached[1]);
});

test("a consumer that comes before its producer's event makes the producer known", () => {
  const list = roster.replaceRoster([], [participant("bo", { producers: [] })]);
  const attached = roster.attachConsumer(list, consumer("bo"), null);
  expect(attached[0]?.media.map(({ producerId }) => producerId)).toEqual(["cam-bo"]);
  const announced = roster.addProducer(attached, "bo", {
    id: "cam-bo",
    kind: "video",
    source: "camera",
    paused: true,
  });
  expect(announced[0]?.media).toHaveLength(1);
  expect(announced[0]?.media[0]).toMatchObject({ consumerId: "consumer-bo", paused: true });
});

test("the whole state keeps tracks that are still valid", () => {
  const picture = track("video");
  const attached = roster.attachConsumer(two, consumer("cy"), picture);
  const replaced = roster.replaceRoster(attached, [participant("cy", { name: "Cy" })]);
  expect(replaced).toHaveLength(1);
  expect(replaced[0]).toMatchObject({ name: "Cy" });
  expect(replaced[0]?.media[0]?.track).toBe(picture);
});
