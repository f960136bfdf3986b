import { expect, test } from "vitest";
import { track } from "../../testing/call_fixture";
import type { RemoteParticipant } from "../types";
import { PausedPictures } from "./paused_pictures";

const camera = track("video");

const somebody = (paused: boolean): RemoteParticipant[] => [
  {
    id: "a",
    name: "a",
    joinedAt: 0,
    connected: true,
    media: [
      { producerId: "p", kind: "video", source: "camera", paused, consumerId: "c", track: camera },
    ],
  },
];

test("knows until when a picture was paused", () => {
  let now = 0;
  const pictures = new PausedPictures(() => now);
  const looks = (paused: boolean) => pictures.look(somebody(paused));
  looks(false);
  expect(pictures.wasPausedSince(camera.id, 0)).toBe(false);
  looks(true);
  now = 60_000;
  expect(pictures.wasPausedSince(camera.id, 60_000)).toBe(true);
  looks(false);
  now = 61_000;
  looks(false);
  expect(pictures.wasPausedSince(camera.id, 60_500)).toBe(true);
  expect(pictures.wasPausedSince(camera.id, 63_000)).toBe(false);
});

test("forgets pictures that are gone", () => {
  const pictures = new PausedPictures(() => 0);
  pictures.look(somebody(true));
  pictures.look([]);
  expect(pictures.wasPausedSince(camera.id, 0)).toBe(false);
});
