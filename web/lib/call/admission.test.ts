import { Device } from "mediasoup-client";
import { FakeHandler } from "mediasoup-client/handlers/FakeHandler";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  callFixture,
  consumer,
  type Fixture,
  joinReply,
  joinRoom,
  openRoom,
  participant,
  settle,
  transport,
  welcome,
} from "../testing/call_fixture";

const MINUTE_MS = 60_000;
const relay = { urls: ["turn:relay.example"], username: "u", credential: "c" };
const refusal = { error: { code: "unauthorized", message: "" } };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const tokenOf = ({ socket }: Fixture) => (socket.auth as { token: string }).token;
const ticketsOf = ({ socket }: Fixture) =>
  socket.payloads("joinRoom").map(({ token, resume }) => token ?? { resume });

/** The connection is made as soon as its credentials are there. */
async function connect({ socket }: Fixture): Promise<void> {
  await settle();
  socket.accept();
  socket.server("welcome", welcome);
  await settle();
}

/** Joins that show one of these are refused. */
function refuse({ socket }: Fixture, ...worthless: string[]): void {
  socket.replies.set("joinRoom", ({ token, resume }: { token?: string; resume?: string }) =>
    worthless.includes(token ?? resume ?? "") ? refusal : joinReply(),
  );
}

describe("coming in", () => {
  test("the link's invitation opens the connection and the room, then it is spent", async () => {
    const fixture = callFixture({ linked: "linked" });
    await joinRoom(fixture);
    expect(tokenOf(fixture)).toBe("linked");
    expect(ticketsOf(fixture)).toEqual(["linked"]);
    fixture.client.leave();
    fixture.client.join("Ada");
    await settle();
    expect(ticketsOf(fixture)).toEqual(["linked", "guest-1"]);
  });

  test("without one a guest's is asked for first, and the click needs no other", async () => {
    const fixture = callFixture({ linked: null });
    fixture.client.open("room");
    expect(fixture.socket.attempts).toBe(0);
    await connect(fixture);
    expect(tokenOf(fixture)).toBe("guest-1");
    fixture.client.join("Ada");
    expect(ticketsOf(fixture)).toEqual(["guest-1"]);
    expect(fixture.api.count("guest-tokens")).toBe(1);
  });

  test("a preview that was open for long gets a new one when the click is near", async () => {
    let now = 0;
    const fixture = callFixture({ linked: null, now: () => now });
    fixture.client.open("room");
    await connect(fixture);
    now = 9 * MINUTE_MS;
    fixture.client.intendJoin();
    fixture.client.intendJoin();
    await settle();
    expect(fixture.api.count("guest-tokens")).toBe(2);
    fixture.client.join("Ada");
    expect(ticketsOf(fixture)).toEqual(["guest-2"]);
  });

  test("an invitation that was used elsewhere is replaced, and the join goes on", async () => {
    const fixture = callFixture({ linked: "linked" });
    await openRoom(fixture);
    refuse(fixture, "linked");
    fixture.client.join("Ada");
    await settle();
    expect(ticketsOf(fixture)).toEqual(["linked", "guest-1"]);
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });

  test("a server that takes none ends with a page that says what to do", async () => {
    const fixture = callFixture({ linked: null });
    fixture.client.open("room");
    await connect(fixture);
    refuse(fixture, "guest-1", "guest-2", "guest-3");
    fixture.client.join("Ada");
    await settle();
    expect(ticketsOf(fixture)).toEqual(["guest-1", "guest-2", "guest-3"]);
    expect(fixture.client.getSnapshot()).toMatchObject({
      ended: "failed",
      error: { code: "unauthorized", action: { kind: "reload" } },
    });
  });

  test("where guests are refused, the page tells those without a link from those with an old one", async () => {
    const refused = { code: "forbidden" };
    const without = callFixture({ linked: null });
    without.api.refuse("guest", 403, refused);
    without.client.open("room");
    await settle();
    expect(without.client.getSnapshot().error?.title).toBe("You need an invitation");
    expect(without.socket.attempts).toBe(0);

    const spent = callFixture({ linked: "linked" });
    spent.api.refuse("guest", 403, refused);
    await openRoom(spent);
    refuse(spent, "linked");
    spent.client.join("Ada");
    await settle();
    expect(spent.client.getSnapshot().error?.title).toBe("This invitation is no longer good");
  });

  test("an invitation for another room says so", async () => {
    const fixture = callFixture({ linked: "linked" });
    await openRoom(fixture);
    fixture.socket.replies.set("joinRoom", () => ({ error: { code: "forbidden", message: "" } }));
    fixture.client.join("Ada");
    await settle();
    expect(fixture.client.getSnapshot().error?.title).toBe("This invitation is for another room");
  });

  test("too many requests: the preview says so and goes on by itself", async () => {
    const fixture = callFixture({ linked: null });
    fixture.api.refuse("guest", 429, { code: "rate_limited", retry_after_ms: 3000 });
    fixture.client.open("room");
    await settle();
    expect(fixture.client.getSnapshot().connection).toMatchObject({
      status: "lost",
      cause: "rate_limited",
    });
    fixture.api.recover("guest");
    vi.advanceTimersByTime(3000);
    await connect(fixture);
    expect(fixture.client.getSnapshot().connection).toMatchObject({
      status: "online",
      cause: null,
    });
  });

  test("too many requests at the click say how long to wait", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.api.refuse("guest", 429, { code: "rate_limited", retry_after_ms: 2500 });
    fixture.client.join("Ada");
    await settle();
    expect(fixture.client.getSnapshot().error).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("3 seconds"),
      action: { kind: "retry" },
    });
  });

  test("a network that fails for a moment only delays the join", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.api.fail("guest");
    fixture.client.join("Ada");
    await settle();
    expect(fixture.client.getSnapshot().phase).toBe("joining");
    fixture.api.recover("guest");
    vi.advanceTimersByTime(250);
    await settle();
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });

  test("a network that stays away ends with a page", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.api.fail("guest");
    fixture.client.join("Ada");
    for (let turn = 0; turn < 6; turn++) {
      await settle();
      vi.advanceTimersByTime(5000);
    }
    expect(fixture.client.getSnapshot().error?.code).toBe("unreachable");
  });

  test("who leaves while an invitation is on its way joins nothing", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.client.join("Ada");
    fixture.client.leave();
    await settle();
    expect(ticketsOf(fixture)).toHaveLength(1);
    expect(fixture.client.getSnapshot()).toMatchObject({ phase: "ended", ended: "left" });
  });

  test("a lost connection on the last page is not made again", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.client.leave();
    fixture.socket.drop();
    vi.advanceTimersByTime(60_000);
    await settle();
    expect(fixture.socket.attempts).toBe(1);
    expect(fixture.api.count("guest-tokens")).toBe(0);
  });
});

describe("coming back", () => {
  test("the newest resume token counts, for the connection and after a reload", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("resumeToken", { resumeToken: "newer" });
    expect(fixture.memory.read("room")).toMatchObject({ name: "Ada", resumeToken: "newer" });
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    expect(tokenOf(fixture)).toBe("newer");
    fixture.socket.accept();
    expect(fixture.socket.payloads("resume")).toMatchObject([{ resumeToken: "newer" }]);

    const reloaded = callFixture({ memory: fixture.memory });
    await openRoom(reloaded);
    expect(tokenOf(reloaded)).toBe("newer");
    expect(ticketsOf(reloaded)).toEqual([{ resume: "newer" }]);
  });

  test("a session that has ended is joined anew with a fresh invitation", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.replies.set("resume", () => ({
      error: { code: "session_expired", message: "" },
    }));
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    expect(ticketsOf(fixture)).toEqual(["invitation", "guest-1"]);
  });

  test("after a long sleep the connection takes no resume token: joined anew, by itself", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.refuse(refusal.error);
    await settle();
    expect(tokenOf(fixture)).toBe("guest-1");
    fixture.socket.accept();
    await settle();
    expect(fixture.socket.payloads("resume")).toHaveLength(0);
    expect(ticketsOf(fixture)).toEqual(["invitation", "guest-1"]);
    expect(fixture.client.getSnapshot().phase).toBe("joined");
  });

  test("a page that finds an old session joins under its name all the same", async () => {
    const first = callFixture();
    await joinRoom(first);
    const second = callFixture({ memory: first.memory, linked: null });
    refuse(second, "token");
    second.client.open("room");
    second.socket.refuse(refusal.error);
    await connect(second);
    expect(second.socket.payloads("joinRoom")).toMatchObject([{ name: "Ada", token: "guest-1" }]);
  });

  test("a place that is gone when the reload comes is taken anew", async () => {
    const first = callFixture();
    await joinRoom(first);
    const second = callFixture({ memory: first.memory, linked: null });
    refuse(second, "token");
    await openRoom(second);
    expect(ticketsOf(second)).toEqual([{ resume: "token" }, "guest-1"]);
    expect(second.client.getSnapshot().phase).toBe("joined");
  });

  test("who was replaced may take the call back; a reload leaves it where it is", async () => {
    const fixture = callFixture();
    await joinRoom(fixture);
    fixture.socket.server("replaced", {});
    expect(fixture.client.getSnapshot().ended).toBe("replaced");
    expect(fixture.socket.connected).toBe(false);
    expect(fixture.memory.read("room")).toBeNull();
    fixture.client.join("Ada");
    expect(tokenOf(fixture)).toBe("token");
    fixture.socket.accept();
    await settle();
    expect(ticketsOf(fixture)).toEqual(["invitation", { resume: "token" }]);
  });
});

describe("TURN servers", () => {
  test("of the invitation are given to both transports, behind those of the server", async () => {
    const update = vi.spyOn(FakeHandler.prototype, "updateIceServers");
    const fixture = callFixture({ linked: null });
    fixture.api.answer("guest", 201, { token: "guest", ice_servers: [relay] });
    const made = vi.spyOn(Device.prototype, "createRecvTransport");
    const sent = vi.spyOn(Device.prototype, "createSendTransport");
    fixture.client.open("room");
    await connect(fixture);
    fixture.socket.replies.set("joinRoom", () =>
      joinReply({ iceServers: [{ urls: "stun:stun.example" }] }),
    );
    fixture.client.join("Ada");
    await settle();
    vi.advanceTimersByTime(1000);
    const both = [{ urls: "stun:stun.example" }, relay];
    expect(made.mock.lastCall?.[0].iceServers).toEqual(both);
    expect(sent.mock.lastCall?.[0].iceServers).toEqual(both);
    expect(update).not.toHaveBeenCalled();
  });

  test("also to what is prepared before the join", async () => {
    const made = vi.spyOn(Device.prototype, "createRecvTransport");
    const fixture = callFixture({ linked: null });
    fixture.api.answer("guest", 201, { token: "guest", ice_servers: [relay] });
    fixture.socket.replies.set("prepareJoin", () => ({
      prepared: true,
      participants: [participant("bo")],
      consumers: [consumer("bo")],
      transports: { recv: transport() },
    }));
    fixture.client.open("room");
    await connect(fixture);
    expect(made.mock.lastCall?.[0].iceServers).toEqual([relay]);
  });

  test("of someone with a link are asked for with its token", async () => {
    const fixture = callFixture({ linked: "linked" });
    await openRoom(fixture);
    expect(fixture.api.asked).toEqual([
      { path: "/api/v1/turn-credentials", authorization: "Bearer linked" },
    ]);
  });

  test("are fresh when transports are rebuilt, and a server without any is not asked", async () => {
    let now = 0;
    const update = vi.spyOn(FakeHandler.prototype, "updateIceServers");
    const fixture = callFixture({ now: () => now });
    fixture.api.answer("turn", 201, { ice_servers: [relay], lifetime_s: 300 });
    const pair = { send: transport(), recv: transport() };
    await joinRoom(fixture, { transports: pair });
    update.mockClear();
    now = 10 * MINUTE_MS;
    const newer = { ...relay, credential: "newer" };
    fixture.api.answer("turn", 201, { ice_servers: [newer], lifetime_s: 300 });
    const reason = "ice-timeout" as const;
    const transportId = pair.recv.id;
    fixture.socket.server("transportClosed", { seq: 11, transportId, reason });
    await settle();
    expect(fixture.api.asked.at(-1)).toEqual({
      path: "/api/v1/turn-credentials",
      authorization: "Bearer token",
    });
    expect(update.mock.calls[0]?.[0]).toEqual([newer]);
    expect(fixture.socket.payloads("recreateTransports")).toHaveLength(1);

    const none = callFixture({ now: () => now });
    const other = { send: transport(), recv: transport() };
    await joinRoom(none, { transports: other });
    const asked = none.api.asked.length;
    now = 20 * MINUTE_MS;
    none.socket.server("transportClosed", { seq: 11, transportId: other.recv.id, reason });
    await settle();
    expect(none.api.asked).toHaveLength(asked);
    expect(none.socket.payloads("recreateTransports")).toHaveLength(1);
  });
});
