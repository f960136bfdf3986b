import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeApi } from "../testing/fake_api";
import { Relays } from "./relays";

const MINUTE_MS = 60_000;
const server = { urls: ["turn:relay.example"], username: "u", credential: "c" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture() {
  const api = new FakeApi();
  const clock = { now: 0 };
  const changed = vi.fn();
  const relays = new Relays({ fetch: api.fetch, now: () => clock.now, changed });
  api.answer("turn", 201, { ice_servers: [server], lifetime_s: 300 });
  return { api, clock, changed, relays };
}

test("are asked for with the token, where nothing is known of them", async () => {
  const { api, changed, relays } = fixture();
  await relays.freshen("secret");
  expect(api.asked).toEqual([{ path: "/api/v1/turn-credentials", authorization: "Bearer secret" }]);
  expect(relays.servers).toEqual([server]);
  expect(changed).toHaveBeenCalledWith([server]);
});

test("stay while they can be begun with, and are renewed after four minutes", async () => {
  const { api, clock, relays } = fixture();
  relays.accept([server]);
  clock.now = 4 * MINUTE_MS - 1;
  await relays.freshen("secret");
  expect(api.asked).toHaveLength(0);
  clock.now = 4 * MINUTE_MS;
  await Promise.all([relays.freshen("secret"), relays.freshen("secret")]);
  expect(api.asked).toHaveLength(1);
});

test("a server without any is asked once", async () => {
  const { api, clock, changed, relays } = fixture();
  api.answer("turn", 201, { ice_servers: [], lifetime_s: 300 });
  await relays.freshen("secret");
  clock.now = 60 * MINUTE_MS;
  await relays.freshen("secret");
  expect(api.asked).toHaveLength(1);
  expect(changed).not.toHaveBeenCalled();
});

test("without a token nothing is asked", async () => {
  const { api, relays } = fixture();
  await relays.freshen(null);
  expect(api.asked).toHaveLength(0);
});

test("a failure leaves those that were there, and takes two seconds at most", async () => {
  const { api, clock, relays } = fixture();
  relays.accept([server]);
  clock.now = 5 * MINUTE_MS;
  api.refuse("turn", 401, { code: "unauthorized" });
  await relays.freshen("secret");
  api.hang("turn");
  const done = vi.fn();
  void relays.freshen("secret").then(done);
  await vi.advanceTimersByTimeAsync(1999);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
  expect(relays.servers).toEqual([server]);
});
