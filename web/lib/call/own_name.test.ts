import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  callFixture,
  type Fixture,
  joinRoom,
  loseAndComeBack,
  resumeState,
  settle,
  transport,
} from "../testing/call_fixture";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const transports = { send: transport(), recv: transport() };
const ids = [transports.send.id, transports.recv.id];
const echo = ({ name }: { name: string }) => ({ name });
const refusal = (code: string) => ({ error: { code, message: "", id: "e-1" } });

async function inCallAsAda(): Promise<Fixture> {
  const fixture = callFixture();
  await joinRoom(fixture, { transports });
  return fixture;
}

/** Ada has said that she is Ada L, and there is no answer yet. */
async function afterRename(): Promise<Fixture> {
  const fixture = await inCallAsAda();
  void fixture.client.rename("Ada L");
  await settle();
  return fixture;
}

/** Another instance goes on with the session, and knows the participant by this name. */
async function resumeElsewhere(fixture: Fixture, name: string): Promise<void> {
  await loseAndComeBack(fixture, {
    state: resumeState({ transports: ids, self: { name, producers: [] } }),
  });
}

const said = ({ socket }: Fixture) => socket.payloads("setName").map(({ name }) => name);

function expectShown({ client }: Fixture, name: string): void {
  const { self, notices } = client.getSnapshot();
  expect([self.name, notices]).toEqual([name, []]);
}

/** How a `setName` gets no answer, or one that does not stay so. */
const passing: [string, (fixture: Fixture) => void][] = [
  ["the connection broke", ({ socket }) => socket.drop()],
  ["no answer came", () => vi.advanceTimersByTime(10_000)],
  ...["rate_limited", "unavailable", "shutting_down"].map((code): (typeof passing)[number] => [
    code,
    ({ socket }) => socket.last("setName").acknowledge(refusal(code)),
  ]),
];

describe("a new name stays, and is said again after the next resume", () => {
  test.each(passing)("when the person chose it: %s", async (_, happens) => {
    const fixture = await afterRename();
    happens(fixture);
    await settle();
    expectShown(fixture, "Ada L");
    fixture.socket.replies.set("setName", echo);
    await loseAndComeBack(fixture);
    expect(said(fixture)).toEqual(["Ada L", "Ada L"]);
    await loseAndComeBack(fixture);
    expect(said(fixture)).toHaveLength(2);
    expectShown(fixture, "Ada L");
  });

  test.each(passing)("when another instance was told: %s", async (_, happens) => {
    const fixture = await afterRename();
    fixture.socket.last("setName").acknowledge({ name: "Ada L" });
    await resumeElsewhere(fixture, "Ada");
    happens(fixture);
    await settle();
    expectShown(fixture, "Ada L");
    fixture.socket.replies.set("setName", echo);
    await loseAndComeBack(fixture);
    expect(said(fixture)).toEqual(["Ada L", "Ada L", "Ada L"]);
    await loseAndComeBack(fixture);
    expect(said(fixture)).toHaveLength(3);
    expectShown(fixture, "Ada L");
  });

  test("when there was no connection", async () => {
    const fixture = await inCallAsAda();
    fixture.socket.drop();
    await fixture.client.rename("Ada L");
    expectShown(fixture, "Ada L");
    await loseAndComeBack(fixture);
    expect(said(fixture)).toEqual(["Ada L"]);
  });
});

test("a name that others see already, for its answer alone was lost, is not said again", async () => {
  const fixture = await afterRename();
  await resumeElsewhere(fixture, "Ada L");
  await loseAndComeBack(fixture);
  expect(said(fixture)).toHaveLength(1);
  expectShown(fixture, "Ada L");
});

test("a name that is refused when it is said again is taken back to what others see", async () => {
  const fixture = await afterRename();
  fixture.socket.drop();
  fixture.socket.replies.set("setName", () => refusal("invalid_message"));
  await loseAndComeBack(fixture);
  const { self, notices } = fixture.client.getSnapshot();
  expect(self.name).toBe("Ada");
  expect(notices.map(({ title }) => title)).toEqual(["Your name was not changed"]);
  await loseAndComeBack(fixture);
  expect(said(fixture)).toHaveLength(2);
});

test("an answer about an earlier name leaves the newest, and is what a refusal goes back to", async () => {
  const fixture = await afterRename();
  const earlier = fixture.socket.last("setName");
  void fixture.client.rename("Ada M");
  earlier.acknowledge({ name: "Ada L" });
  await settle();
  expectShown(fixture, "Ada M");
  fixture.socket.last("setName").acknowledge(refusal("forbidden"));
  await settle();
  expect(fixture.client.getSnapshot().self.name).toBe("Ada L");
});

test("a join that carries the name leaves nothing to say", async () => {
  const fixture = await afterRename();
  fixture.socket.drop();
  vi.advanceTimersByTime(0);
  fixture.socket.replies.set("resume", () => refusal("session_expired"));
  fixture.socket.accept();
  await settle();
  expect(fixture.socket.payloads("joinRoom").map(({ name }) => name)).toEqual(["Ada", "Ada L"]);
  await loseAndComeBack(fixture);
  expect(said(fixture)).toHaveLength(1);
});
