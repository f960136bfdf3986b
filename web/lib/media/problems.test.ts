import { expect, test } from "vitest";
import {
  browserOf,
  type DeviceProblem,
  permissionHelp,
  problemOf,
  problemSentence,
} from "./problems";

const failure = (name: string, message = "") => Object.assign(new Error(message), { name });

test.each([
  [failure("NotAllowedError", "Permission denied"), "denied"],
  [failure("NotAllowedError", "Permission dismissed"), "dismissed"],
  [failure("NotAllowedError", "Permission denied by system"), "denied-by-system"],
  [failure("NotFoundError"), "missing"],
  [failure("OverconstrainedError"), "missing"],
  [failure("NotReadableError"), "busy"],
  [failure("TypeError"), "failed"],
  ["what", "failed"],
] as const)("%s is %s", (error, problem) => {
  expect(problemOf(error)).toBe(problem);
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "chrome"],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "edge"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "safari"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1", "ios"],
  ["Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "android"],
] as const)("%s is %s", (userAgent, browser) => {
  expect(browserOf(userAgent)).toBe(browser);
  expect(permissionHelp(browser, "camera").steps.length).toBeGreaterThan(1);
});

test("every problem has a sentence that names the device", () => {
  const problems: DeviceProblem[] = [
    "denied",
    "dismissed",
    "denied-by-system",
    "missing",
    "busy",
    "insecure",
    "failed",
  ];
  for (const problem of problems) {
    expect(problemSentence("camera", problem).toLowerCase()).toContain("camera");
    expect(problemSentence("microphone", problem)).toMatch(/\.$/);
  }
});
