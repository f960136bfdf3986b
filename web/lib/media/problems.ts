/** Why a device cannot be used, and sentences that say what to do about it in this browser. */
export type DeviceProblem =
  /** The person (or a policy) refused it for this site. */
  | "denied"
  /** The question was closed without an answer. */
  | "dismissed"
  /** The operating system keeps the browser away from it. */
  | "denied-by-system"
  /** There is none. */
  | "missing"
  /** Another program has it. */
  | "busy"
  /** The page is not served over HTTPS. */
  | "insecure"
  | "failed";

export type DeviceKind = "microphone" | "camera";

export function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const message = error instanceof Error || error instanceof DOMException ? error.message : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      if (/dismissed/i.test(message)) return "dismissed";
      if (/system/i.test(message)) return "denied-by-system";
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    case "TrackStartError":
      return "busy";
    default:
      return "failed";
  }
}

export type BrowserName = "chrome" | "edge" | "firefox" | "safari" | "ios" | "android" | "other";

export function browserOf(userAgent: string, touchPoints = 0): BrowserName {
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) {
    return "ios";
  }
  if (/Android/.test(userAgent)) return "android";
  if (/Edg\//.test(userAgent)) return "edge";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Chrome\/|Chromium\//.test(userAgent)) return "chrome";
  if (/Safari\//.test(userAgent)) return "safari";
  return "other";
}

export interface PermissionHelp {
  /** Where to click, in order. */
  steps: readonly string[];
  /** Which drawing of an address bar goes with it. */
  drawing: "left-of-address" | "right-of-address" | "page-menu";
}

/** Where a refused permission is given back, in this browser. */
export function permissionHelp(browser: BrowserName, devices: string): PermissionHelp {
  switch (browser) {
    case "chrome":
    case "edge":
      return {
        drawing: "left-of-address",
        steps: ["Click the icon to the left of the address", `Turn on the ${devices}`],
      };
    case "firefox":
      return {
        drawing: "left-of-address",
        steps: [
          `Click the crossed-out ${devices} icon to the left of the address`,
          "Click the × beside “Blocked”",
        ],
      };
    case "safari":
      return {
        drawing: "page-menu",
        steps: ["Open Safari → Settings for this website", `Set the ${devices} to “Allow”`],
      };
    case "ios":
      return {
        drawing: "left-of-address",
        steps: [
          "Tap the page menu beside the address",
          `Open Website Settings and allow the ${devices}`,
        ],
      };
    case "android":
      return {
        drawing: "left-of-address",
        steps: [
          "Tap the icon to the left of the address",
          `Open Permissions and allow the ${devices}`,
        ],
      };
    default:
      return {
        drawing: "left-of-address",
        steps: ["Open this site’s permissions in the browser", `Allow the ${devices}`],
      };
  }
}

/** What happened and what to do, for one device. */
export function problemSentence(kind: DeviceKind, problem: DeviceProblem): string {
  const Kind = kind === "camera" ? "Camera" : "Microphone";
  switch (problem) {
    case "denied":
      return `${Kind} access is blocked for this site. Allow it in the address bar, then try again.`;
    case "dismissed":
      return `The browser asked for the ${kind} and got no answer. Try again and allow it.`;
    case "denied-by-system":
      return `Your system blocks the ${kind} for this browser. Allow it in the system’s privacy settings.`;
    case "missing":
      return `No ${kind} was found. Connect one and it will be used automatically.`;
    case "busy":
      return `The ${kind} is in use by another program. Close that program and try again.`;
    case "insecure":
      return `Browsers allow the ${kind} on secure pages only. Open this page over https.`;
    case "failed":
      return `The ${kind} could not be started. Try again, or choose another one.`;
  }
}
