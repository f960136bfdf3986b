import { Device } from "mediasoup-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ResumeState } from "../protocol/events";
import {
  callFixture,
  type Fixture,
  joinRoom,
  loseAndComeBack,
  resumeState,
  track,
  transport,
} from "../testing/call_fixture";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const transports = { send: transport(), recv: transport() };
const ids = [transports.send.id, transports.recv.id];

async function inCallWithMicrophone(): Promise<Fixture & { produced: string }> {
  const fixture = callFixture();
  fixture.client.publish("microphone", { track: track("audio"), paused: false });
  await joinRoom(fixture, { transports });
  return { ...fixture, produced: producers(fixture)[0] ?? "" };
}

const producers = ({ socket }: Fixture) => socket.payloads("produce").map(({ id }) => id ?? "");

/** Another instance goes on with the session, and knows it so. */
async function resumeElsewhere(fixture: Fixture, state: Partial<ResumeState>): Promise<void> {
  await loseAndComeBack(fixture, { state: resumeState(state) });
}

test("a transport that broke with the connection gets an ICE restart once it is resumed", async () => {
  const created = vi.spyOn(Device.prototype, "createRecvTransport");
  const fixture = callFixture();
  await joinRoom(fixture, { transports });
  fixture.socket.drop();
  for (const { value } of created.mock.results) value.emit("connectionstatechange", "disconnected");
  created.mockRestore();
  expect(fixture.socket.payloads("restartIce")).toEqual([]);
  await loseAndComeBack(fixture);
  expect(fixture.socket.payloads("restartIce")).toEqual([{ transportId: transports.recv.id }]);
});

describe("an instance that goes on with a session", () => {
  test("hears the newest name from the page where it knows an older one", async () => {
    const fixture = await inCallWithMicrophone();
    fixture.socket.replies.set("setName", ({ name }: { name: string }) => ({ name }));
    await fixture.client.rename("Ada L");
    const self = { name: "Ada", producers: [{ id: fixture.produced, paused: false }] };
    await resumeElsewhere(fixture, { transports: ids, self });
    expect(fixture.socket.payloads("setName")).toEqual([{ name: "Ada L" }, { name: "Ada L" }]);
    expect(fixture.client.getSnapshot().self.name).toBe("Ada L");
    expect(producers(fixture)).toHaveLength(1);
  });

  test("and that refuses the newer name is believed, and the page says so", async () => {
    const fixture = await inCallWithMicrophone();
    fixture.socket.replies.set("setName", ({ name }: { name: string }) => ({ name }));
    await fixture.client.rename("Ada L");
    const message = "somebody else has this name";
    fixture.socket.replies.set("setName", () => ({ error: { code: "forbidden", message } }));
    const self = { name: "Ada", producers: [{ id: fixture.produced, paused: false }] };
    await resumeElsewhere(fixture, { transports: ids, self });
    const { self: shown, notices } = fixture.client.getSnapshot();
    expect(shown.name).toBe("Ada");
    expect(notices.map(({ title }) => title)).toContain("Your name was not changed");
  });

  test("is sent anew what it does not have", async () => {
    const fixture = await inCallWithMicrophone();
    await resumeElsewhere(fixture, { transports: ids });
    expect(producers(fixture)).toHaveLength(2);
    expect(fixture.socket.payloads("produce")[1]).toMatchObject({
      transportId: transports.send.id,
      source: "microphone",
    });
    expect(producers(fixture)[1]).not.toBe(fixture.produced);
  });

  test("is asked for nothing where it knows everything", async () => {
    const fixture = await inCallWithMicrophone();
    const self = { name: "Ada", producers: [{ id: fixture.produced, paused: false }] };
    await resumeElsewhere(fixture, { transports: ids, self });
    expect(fixture.socket.payloads("setName")).toEqual([]);
    expect(producers(fixture)).toHaveLength(1);
  });

  test("is sent everything once where its transports are not there either", async () => {
    const fixture = await inCallWithMicrophone();
    await resumeElsewhere(fixture, {});
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);
    expect(producers(fixture)).toHaveLength(1);
  });
});
