import { Device } from "mediasoup-client";
import * as fakeParameters from "mediasoup-client/fakeParameters";
import { FakeHandler } from "mediasoup-client/handlers/FakeHandler";
import type { Consumer, Transport } from "mediasoup-client/types";
import { expect, test, vi } from "vitest";
import { welcome } from "../testing/call_fixture";
import { rehearse } from "./rehearsal";

async function loadedDevice() {
  const device = new Device({ handlerFactory: FakeHandler.createFactory(fakeParameters) });
  await device.load({ routerRtpCapabilities: welcome.routerRtpCapabilities });
  return device;
}

test("a rehearsal receives both kinds and leaves nothing open", async () => {
  const device = await loadedDevice();
  const transports: Transport[] = [];
  const consumers: Consumer[] = [];
  device.observer.on("newtransport", (transport) => {
    transports.push(transport);
    transport.observer.on("newconsumer", (consumer) => consumers.push(consumer));
  });
  await rehearse(device);
  expect(transports.map(({ direction }) => direction)).toEqual(["recv"]);
  expect(consumers.map(({ kind }) => kind).sort()).toEqual(["audio", "video"]);
  expect([...transports, ...consumers].every(({ closed }) => closed)).toBe(true);
});

test("a rehearsal that fails is nobody's concern", async () => {
  const device = await loadedDevice();
  vi.spyOn(device, "createRecvTransport").mockImplementation(() => {
    throw new Error("on purpose");
  });
  await expect(rehearse(device)).resolves.toBeUndefined();
});
