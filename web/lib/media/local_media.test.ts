import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { settle } from "../testing/call_fixture";
import { FakeDevices } from "../testing/fake_devices";
import { LocalMedia } from "./local_media";
import { readPreferences } from "./preferences";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function started() {
  const devices = new FakeDevices();
  const media = new LocalMedia();
  await media.start();
  return { devices, media };
}

test("a device that is chosen while it is on opens at once, and the one before closes", async () => {
  const { devices, media } = await started();
  await media.choose("microphone", "headset");
  expect(devices.open).toEqual(["camera", "headset"]);
  expect(media.getSnapshot().microphone).toMatchObject({ on: true, deviceId: "headset" });
});

test("a device that is chosen while it is off stays off, and opens when it is switched on", async () => {
  const { devices, media } = await started();
  media.setOn("microphone", false);
  await media.choose("microphone", "headset");
  expect(devices.open).toEqual(["camera"]);
  const chosen = { on: false, status: "off", track: null, deviceId: "headset" };
  expect(media.getSnapshot().microphone).toMatchObject(chosen);
  expect(readPreferences()).toMatchObject({ microphoneId: "headset", microphoneOn: false });
  media.setOn("microphone", true);
  await settle();
  expect(devices.open).toEqual(["camera", "headset"]);
});

test("a camera that was switched off while the browser asked closes again after the answer", async () => {
  const devices = new FakeDevices();
  const media = new LocalMedia();
  let allow = () => {};
  devices.answered = new Promise((done) => {
    allow = done;
  });
  const opening = media.start();
  media.setOn("camera", false);
  vi.advanceTimersByTime(60_000);
  allow();
  await opening;
  expect(media.getSnapshot().camera.status).toBe("off");
  vi.advanceTimersByTime(60_000);
  expect(devices.open).toEqual(["microphone"]);
});

test("where a chosen device cannot be opened, the one before goes on and is preferred", async () => {
  const { devices, media } = await started();
  devices.taken.add("headset");
  expect(await media.choose("microphone", "headset")).toBe("busy");
  expect(devices.open).toEqual(["microphone", "camera"]);
  expect(media.getSnapshot().microphone).toMatchObject({ status: "live", deviceId: "microphone" });
  expect(readPreferences().microphoneId).toBeNull();
});

test("a camera that cannot be opened beside the one before is opened after it", async () => {
  const { devices, media } = await started();
  devices.oneCamera = true;
  expect(await media.choose("camera", "back")).toBeNull();
  expect(devices.open).toEqual(["microphone", "back"]);
  expect(readPreferences().cameraId).toBe("back");
});

test("the camera before comes back where the chosen one cannot be opened after it either", async () => {
  const { devices, media } = await started();
  devices.taken.add("back");
  expect(await media.choose("camera", "back")).toBe("busy");
  expect(devices.open).toEqual(["microphone", "camera"]);
  expect(media.getSnapshot().camera).toMatchObject({ status: "live", problem: null });
  expect(readPreferences().cameraId).toBeNull();
});
