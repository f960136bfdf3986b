import { describe, expect, test } from "vitest";
import { MAX_FIELDS, summaryOf, titleOf, toRow } from "./rows";

const LINE = {
  time: "2026-01-31T23:59:59.123456Z",
  level: "error",
  service: "media",
  instance: "m1",
  event: "transport.closed",
  room: "tea",
  participant: "p1",
  session: "s1",
  trace: "0af7651916cd43dd8448eb211c80319c",
  reason: "timeout",
  count: 3,
  ok: false,
};

describe("toRow", () => {
  test("takes what the logger writes", () => {
    const row = toRow({ id: "1769903999123456.7", file: "media-m1.jsonl", line: LINE });
    expect(row).toMatchObject({
      id: "1769903999123456.7",
      timeUs: 1769903999123456,
      level: "error",
      service: "media",
      room: "tea",
      trace: LINE.trace,
      damage: null,
      fields: [
        { name: "reason", text: "timeout" },
        { name: "count", text: "3" },
        { name: "ok", text: "false" },
      ],
    });
    expect(row && titleOf(row)).toBe("transport.closed");
    expect(row && summaryOf(row)).toBe("reason=timeout  count=3  ok=false  room=tea");
  });

  test("believes nothing of a line", () => {
    const line = JSON.parse(
      '{"level":{"toString":1},"service":["media"],"event":null,"room":7,' +
        '"__proto__":{"trace":"x"},"nested":{"a":[1,{"b":"<script>"}]}}',
    );
    const row = toRow({ id: "5.1", line });
    expect(row).toMatchObject({ level: "warning", service: "", event: "", room: "", trace: "" });
    expect(row?.fields).toContainEqual({ name: "nested", text: '{"a":[1,{"b":"<script>"}]}' });
    expect(row?.fields).toContainEqual({ name: "room", text: "7" });
  });

  test("leaves out fields beyond a limit", () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
    expect(toRow({ id: "5.1", line: many })?.fields.length).toBe(MAX_FIELDS);
  });

  test("shows a damaged line with what is there of it", () => {
    const row = toRow({
      id: "5.1",
      damage: "oversized",
      octets: 1_000_000,
      text: "xxx",
      file: "f",
    });
    expect(row).toMatchObject({
      damage: "oversized",
      octets: 1_000_000,
      level: "warning",
      fields: [{ name: "text", text: "xxx" }],
    });
    expect(row && titleOf(row)).toBe("Oversized line");
    expect(toRow({ id: "5.1", damage: "new kind" })?.damage).toBe("unreadable");
  });

  test("refuses what is no entry", () => {
    for (const entry of [null, 7, "x", [], {}, { id: 7 }, { id: "x.1" }]) {
      expect(toRow(entry)).toBeNull();
    }
  });
});
