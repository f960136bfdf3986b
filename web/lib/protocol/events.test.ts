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
  const all = [...CLIENT_EVENTS, ...ROOM_EVENTS, ...CONNECTION_EVENTS];
  expect(new Set(all).size).toBe(all.length);
});
