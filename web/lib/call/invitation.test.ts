import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeApi } from "../testing/fake_api";
import { Invitation } from "./invitation";

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture(linked: string | null = null) {
  const api = new FakeApi();
  const clock = { now: 0 };
  const linkSpent = vi.fn();
  const now = () => clock.now;
  const invitation = new Invitation({ room: "a b", fetch: api.fetch, now, linked, linkSpent });
  return { api, clock, linkSpent, invitation };
}

test("the link's is there at once, and nothing is asked for", () => {
  const { api, invitation } = fixture("linked");
  expect(invitation.take()).toBe("linked");
  expect(api.asked).toEqual([]);
});

test("a guest's is asked for where the link has none, with the room in the path", async () => {
  const { api, invitation } = fixture();
  expect(invitation.current).toBeNull();
  await expect(invitation.take()).resolves.toBe("guest-1");
  expect(api.asked.map(({ path }) => path)).toEqual(["/api/v1/rooms/a%20b/guest-tokens"]);
  expect(invitation.take()).toBe("guest-1");
});

test("whoever asks meanwhile waits for the same one", async () => {
  const { api, invitation } = fixture();
  const both = await Promise.all([invitation.take(), invitation.take()]);
  expect(both).toEqual(["guest-1", "guest-1"]);
  expect(api.asked).toHaveLength(1);
});

test("a guest's is not used when it is older than eight minutes", async () => {
  const { clock, invitation } = fixture();
  await invitation.take();
  clock.now = 8 * MINUTE_MS - 1;
  expect(invitation.current).toBe("guest-1");
  clock.now = 8 * MINUTE_MS;
  expect(invitation.current).toBeNull();
  await expect(invitation.take()).resolves.toBe("guest-2");
});

test("the link's is kept until the server refuses it: only its maker knows how long it lives", () => {
  const { clock, linkSpent, invitation } = fixture("linked");
  clock.now = 60 * MINUTE_MS;
  expect(invitation.current).toBe("linked");
  invitation.discard("linked");
  expect(invitation.current).toBeNull();
  expect(linkSpent).toHaveBeenCalledOnce();
});

test("one that has admitted somebody is spent, and the next is a guest's", async () => {
  const { linkSpent, invitation } = fixture("linked");
  invitation.used("linked");
  expect(linkSpent).toHaveBeenCalledOnce();
  await expect(invitation.take()).resolves.toBe("guest-1");
  invitation.used("guest-1");
  await expect(invitation.take()).resolves.toBe("guest-2");
  expect(linkSpent).toHaveBeenCalledOnce();
});

test("a late refusal of an old one leaves the new one alone", async () => {
  const { invitation } = fixture("linked");
  invitation.discard("linked");
  await invitation.take();
  invitation.discard("linked");
  expect(invitation.current).toBe("guest-1");
});

test("the TURN servers that came with it are taken once", async () => {
  const { api, invitation } = fixture();
  const server = { urls: ["turn:relay.example"], username: "u", credential: "c" };
  const broken = [null, "turn:x", { urls: [] }, { urls: [7] }];
  api.answer("guest", 201, { token: "t", ice_servers: [server, ...broken] });
  expect(invitation.takeIceServers()).toBeNull();
  await invitation.take();
  expect(invitation.takeIceServers()).toEqual([server]);
  expect(invitation.takeIceServers()).toBeNull();
});

test("guests that are refused hear what it means for them", async () => {
  const refusal = { code: "forbidden", message: "no guests" };
  const without = fixture();
  without.api.refuse("guest", 403, refusal);
  await expect(without.invitation.take()).rejects.toMatchObject({
    ...refusal,
    id: "e-1",
    situation: "invitation_needed",
  });
  const spent = fixture("linked");
  spent.invitation.used("linked");
  spent.api.refuse("guest", 403, refusal);
  await expect(spent.invitation.take()).rejects.toMatchObject({ situation: "invitation_spent" });
});

test("too many requests say how long to wait", async () => {
  const { api, invitation } = fixture();
  api.refuse("guest", 429, { code: "rate_limited", retry_after_ms: 4000 });
  await expect(invitation.take()).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterMs: 4000,
  });
});

test("no network, no answer in time and no token all mean that the server is out of reach", async () => {
  const { api, invitation } = fixture();
  const lost = { code: "unreachable" };
  api.fail("guest");
  await expect(invitation.take()).rejects.toMatchObject(lost);
  api.answer("guest", 502, "<html>");
  await expect(invitation.take()).rejects.toMatchObject(lost);
  api.answer("guest", 201, { token: 7 });
  await expect(invitation.take()).rejects.toMatchObject(lost);
  api.hang("guest");
  const hanging = expect(invitation.take()).rejects.toMatchObject(lost);
  await vi.advanceTimersByTimeAsync(5000);
  await hanging;
  api.recover("guest");
  await expect(invitation.take()).resolves.toBe("guest-1");
});
