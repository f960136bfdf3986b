import { expect, test } from "vitest";
import { EVERYONE, initialChatState } from "../call/chat_types";
import { message } from "../testing/chat_fixture";
import { messagesIn, threadsOf } from "./threads";
import { typingLine } from "./typing_line";

const privately = { to: "me", toName: "Ada" };
const messages = [
  message(1),
  message(2, { ...privately, from: "cy", name: "Cy" }),
  message(3, privately),
  message(4, { mine: true, from: "me", name: "Ada", to: "cy", toName: "Cyrus" }),
  message(5, { mine: true, from: "me-before", name: "Ada", to: "dee", toName: "Dee" }),
];
const people = [
  { id: "bo", name: "Bo B." },
  { id: "eve", name: "Eve" },
];

test("there is one for each person with whom something is private, and none moves", () => {
  const state = { ...initialChatState, messages, unread: new Map([["bo", 1]]) };
  expect(threadsOf(state, people, EVERYONE)).toEqual([
    { conversation: "cy", name: "Cyrus", gone: true, unread: 0 },
    { conversation: "bo", name: "Bo B.", gone: false, unread: 1 },
    { conversation: "dee", name: "Dee", gone: true, unread: 0 },
  ]);
});

test("one that is open is there before anything is written", () => {
  expect(threadsOf(initialChatState, people, "eve")).toEqual([
    { conversation: "eve", name: "Eve", gone: false, unread: 0 },
  ]);
});

test("a private message stands in its conversation and nowhere else", () => {
  const numbers = (conversation: string) =>
    messagesIn(messages, conversation).map(({ number }) => number);
  expect(numbers(EVERYONE)).toEqual([1]);
  expect(numbers("cy")).toEqual([2, 4]);
  expect(numbers("bo")).toEqual([3]);
  expect(numbers("dee")).toEqual([5]);
  expect(numbers("me")).toEqual([]);
});

test("who is writing is said in one line, however many they are", () => {
  const plain = (...names: string[]) => typingLine(names).replaceAll(/[\u2068\u2069]/g, "");
  expect(plain()).toBe("");
  expect(plain("Bo")).toBe("Bo is writing…");
  expect(plain("Bo", "")).toBe("Bo and Guest are writing…");
  expect(plain("Bo", "Cy", "Dee")).toBe("3 people are writing…");
});
