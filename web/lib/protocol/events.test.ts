import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  CLIENT_EVENTS,
  type ClientEventName,
  CONNECTION_EVENTS,
  type ConnectionEventName,
  ROOM_EVENTS,
  type RoomEventName,
} from "./events";

// Each of these fails to compile when an event has a type but is not in the list.
type Missing =
  | Exclude<ClientEventName, (typeof CLIENT_EVENTS)[number]>
  | Exclude<RoomEventName, (typeof ROOM_EVENTS)[number]>
  | Exclude<ConnectionEventName, (typeof CONNECTION_EVENTS)[number]>;
const missing: [Missing] extends [never] ? "none" : Missing = "none";

test("every event with a type is listed, once", () => {
  expect(missing).toBe("none");
  // A name may be an event in both directions, as `typing` is.
  for (const all of [CLIENT_EVENTS, [...ROOM_EVENTS, ...CONNECTION_EVENTS]]) {
    expect(new Set(all).size).toBe(all.length);
  }
});

test("every event that the pages send has a door at the server", () => {
  // The server's own tests compare the document with the server.
  const document = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");
  const doors = document.split("### Socket.IO, at signaling")[1]?.split("\n### ")[0] ?? "";
  for (const name of CLIENT_EVENTS) expect(doors).toContain(`\`${name}\``);
});
