import { expect, test } from "vitest";
import { MOST_OF_A_KIND, readStory, usOfUtc } from "./read_story";
import type { Story } from "./types";

const T = Date.parse("2026-11-29T06:44:13Z") * 1000;

function read(value: unknown): Story {
  const answer = readStory(JSON.stringify(value));
  if (answer.kind !== "story") throw new Error("no story");
  return answer.story;
}

test("reads times to the microsecond, and only times", () => {
  expect(usOfUtc("2026-11-29T06:44:13.123456Z")).toBe(T + 123_456);
  expect(usOfUtc("2026-11-29T06:44:13.5Z")).toBe(T + 500_000);
  expect(usOfUtc("2026-11-29T06:44:13Z")).toBe(T);
  for (const other of ["", "now", "2026-11-29", "2026-13-29T06:44:13Z", 7, null]) {
    expect(usOfUtc(other)).toBeNull();
  }
});

test("reads what the server explains", () => {
  const story = read({
    room: "tea",
    live: true,
    from: "2026-11-29T06:44:13.000000Z",
    to: null,
    complete: false,
    calls: [{ from: "2026-11-29T06:44:13.000000Z", to: null, participants: 2 }],
    participants: [
      {
        id: "p1",
        joined: "2026-11-29T06:44:13.000000Z",
        left: null,
        traces: ["t1", 7],
        stages: [{ name: "token", ms: 3.5 }],
        transports: [
          {
            id: "w1",
            local_type: "relay",
            relay_protocol: "tls",
            figures: { checks: 4, dtls: "x" },
          },
        ],
        producers: [{ source: "microphone", paused: true, muted: [{ by: "self" }] }],
        client: { phase: "running", received_freezes: 2, at: "2026-11-29T06:44:14.000000Z" },
      },
    ],
    failures: [{ message: "No.", error_id: "e1" }],
    findings: [{ cause: "udp_blocked", severity: "error", participant: null, lines: ["1.2"] }],
  });
  expect(story).toMatchObject({ live: true, complete: false, span: { from: T, to: null } });
  const [participant] = story.participants;
  expect(participant).toMatchObject({
    traces: ["t1"],
    stages: [{ name: "token", ms: 3.5 }],
    transports: [{ localType: "relay", relayProtocol: "tls", figures: { checks: 4 } }],
    producers: [{ paused: true, muted: [{ from: null, to: null, by: "self" }] }],
    client: { at: T + 1_000_000, figures: { received_freezes: 2 }, words: { phase: "running" } },
  });
  expect(story.failures[0]?.errorId).toBe("e1");
  expect(story.findings[0]).toMatchObject({ participant: "", lines: ["1.2"] });
});

test("what is missing or has another form is not known, and breaks nothing", () => {
  expect(read({ room: "tea" })).toMatchObject({ live: false, complete: true, participants: [] });
  const odd = read({
    room: "tea",
    participants: [null, 7, "x", { id: 9, stages: {}, client: [] }],
    findings: [{ severity: "terrible" }],
    failures: { length: 3 },
  });
  expect(odd.participants).toHaveLength(1);
  expect(odd.participants[0]).toMatchObject({ id: "", stages: [], client: null });
  expect(odd.findings[0]?.severity).toBe("warning");
  expect(odd.failures).toEqual([]);
});

test("keeps lists to what a page can draw, and counts what is left out", () => {
  const failures = Array.from({ length: MOST_OF_A_KIND + 5 }, () => ({}));
  const story = read({ room: "tea", failures, left_out: { failures: 2, lines: 7 } });
  expect(story.failures).toHaveLength(MOST_OF_A_KIND);
  expect(story.leftOut).toEqual({ lines: 7, participants: 0, failures: 7, findings: 0 });
});

test("a refusal is told in the server's words; what is neither is nothing", () => {
  const error = { code: "room_not_found", message: "No line of tea is kept.", id: "e1" };
  expect(readStory(JSON.stringify({ error }))).toEqual({ kind: "refusal", refusal: error });
  for (const text of ["", "<html>", "[]", "null", "{}", '{"room":7}']) {
    expect(readStory(text)).toEqual({ kind: "nothing" });
  }
});
