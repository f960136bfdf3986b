import type { WireError } from "../protocol/events";
import { asSentence } from "../sentence";

export type ErrorActionKind = "retry" | "rejoin" | "reload" | "home";

/** An error that is ready to be drawn: what happened, what it means, what to do. */
export interface CallError {
  code: string;
  title: string;
  message: string;
  action: { kind: ErrorActionKind; label: string };
  /** Finds the error in the server's log; shown with a copy button. */
  id: string;
}

const ID_SIZE = 8;

/** For what went wrong in this page. The server makes ids of another form. */
export function newErrorId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_SIZE));
  return `p-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

const PASSING_CODES: ReadonlySet<string> = new Set([
  "media_unavailable",
  "placement_unavailable",
  "rate_limited",
  "shutting_down",
  "unavailable",
]);

/** A refused or lost request. `code` is one of docs/error-codes.md or a local one below. */
export class CallFailure extends Error {
  readonly code: string;
  readonly id: string;
  /** Who made the id: what the page has made, the server has yet to be told of. */
  readonly origin: "server" | "page";
  readonly retryAfterMs: number | null;
  /** Where the code alone does not say what the person should do: a key of the texts below. */
  readonly situation: Situation | null = null;

  constructor(code: string, message: string, id: string | null = null, retryAfterMs?: number) {
    super(message);
    this.name = "CallFailure";
    this.code = code;
    this.id = id ?? newErrorId();
    this.origin = id === null ? "page" : "server";
    this.retryAfterMs = retryAfterMs ?? null;
  }

  static fromWire(error: WireError): CallFailure {
    return new CallFailure(error.code, error.message, error.id || null, error.retry_after_ms);
  }

  /** What was refused now may be taken in a moment. */
  get isPassing(): boolean {
    return PASSING_CODES.has(this.code);
  }

  /** Whatever was thrown. */
  static from(error: unknown): CallFailure {
    if (error instanceof CallFailure) return error;
    return new CallFailure(LOCAL_CODES.pageFailed, String(error));
  }

  /** The same failure, with what it means for the person. */
  in(situation: Situation): CallFailure {
    const { code, message, id, origin, retryAfterMs } = this;
    const failure = new CallFailure(code, message, id, retryAfterMs ?? undefined);
    return Object.assign(failure, { situation, origin });
  }
}

export type Situation =
  /** Guests are not let in, and there is no invitation. */
  | "invitation_needed"
  /** Guests are not let in, and the link's invitation is worth nothing any more. */
  | "invitation_spent"
  /** The link's invitation is for another room. */
  | "invitation_elsewhere";

/** Codes that this client makes itself. */
export const LOCAL_CODES = {
  /** The connection broke before the answer came. */
  disconnected: "disconnected",
  /** The server did not answer in time. */
  timeout: "timeout",
  /** No answer to a request outside of the connection. */
  unreachable: "unreachable",
  /** The browser cannot take part in a call. */
  unsupportedBrowser: "unsupported_browser",
  /** Media parameters of the server were not understood. */
  mediaFailed: "media_failed",
  /** A mistake of this page. */
  pageFailed: "page_failed",
} as const;

interface Text {
  title: string;
  message: string;
  action: ErrorActionKind;
}

const ACTION_LABELS: Record<ErrorActionKind, string> = {
  retry: "Try again",
  rejoin: "Rejoin",
  reload: "Reload the page",
  home: "Back to the start",
};

const TEXTS: Record<string, Text> = {
  room_full: {
    title: "This room is full",
    message: "It cannot take any more people. Try again when someone has left.",
    action: "retry",
  },
  unauthorized: {
    title: "You were not let in",
    message:
      "The server accepted neither this page’s invitation nor a new one. Reload the page. If it happens again, ask whoever invited you for a new link.",
    action: "reload",
  },
  forbidden: {
    title: "You cannot do that here",
    message: "Your invitation does not allow it. Ask whoever invited you for one that does.",
    action: "home",
  },
  invitation_needed: {
    title: "You need an invitation",
    message:
      "Only people with an invitation can join calls here. Ask whoever set up this call for a link of your own.",
    action: "home",
  },
  invitation_spent: {
    title: "This invitation is no longer good",
    message:
      "It lets one person in, once, and only for a limited time. Ask whoever invited you for a new link.",
    action: "home",
  },
  invitation_elsewhere: {
    title: "This invitation is for another room",
    message: "Something in the link is wrong. Ask whoever invited you for the link to this room.",
    action: "home",
  },
  room_not_found: {
    title: "There is no such room",
    message:
      "The link may be mistyped, or the room has ended. Check the link or ask for a new one.",
    action: "home",
  },
  unsupported_protocol: {
    title: "This page is out of date",
    message: "The server has been updated since this page was loaded. Reload it to continue.",
    action: "reload",
  },
  unsupported_parameters: {
    title: "This browser and the server do not match",
    message:
      "They have no format for sound and picture in common. Update the browser and try again.",
    action: "reload",
  },
  media_unavailable: {
    title: "Calls are not available right now",
    message:
      "The server is running, but its media service is not responding. It usually comes back soon: try again in a minute.",
    action: "retry",
  },
  placement_unavailable: {
    title: "New calls cannot start right now",
    message:
      "Part of the server is not responding. Calls that have already started continue. Try again in a minute.",
    action: "retry",
  },
  media_full: {
    title: "The server is full",
    message: "It cannot take any more people. Try again a little later.",
    action: "retry",
  },
  shutting_down: {
    title: "The server is restarting",
    message: "Nobody can join right now. It will be back in a moment: try again then.",
    action: "retry",
  },
  rate_limited: {
    title: "That was too fast",
    message: "Too many requests came from your network. Wait a few seconds and try again.",
    action: "retry",
  },
  limit_exceeded: {
    title: "The server has reached a limit",
    message: "It cannot take any more at the moment. Try again a little later.",
    action: "retry",
  },
  unavailable: {
    title: "Calls are not available right now",
    message:
      "Part of the server is not responding. It usually comes back soon: try again in a minute.",
    action: "retry",
  },
  internal: {
    title: "The server made a mistake",
    message:
      "It was not your fault. Try again. If it happens again, tell whoever runs this server.",
    action: "retry",
  },
  invalid_message: {
    title: "The server did not accept this",
    message: "Something in the request was not right. Reload the page and try again.",
    action: "reload",
  },
  already_joined: {
    title: "You are already in a call",
    message: "The server already has this page in a call. Reload the page and join again.",
    action: "reload",
  },
  not_joined: {
    title: "You are not in the call",
    message: "The server does not have you in this call. Rejoin to continue.",
    action: "rejoin",
  },
  invalid_state: {
    title: "This page and the server are out of step",
    message: "Reload the page to set that right.",
    action: "reload",
  },
  duplicate_id: {
    title: "The server has had this request before",
    message: "Reload the page and try again.",
    action: "reload",
  },
  session_expired: {
    title: "You were away too long",
    message: "Your place in the call was given up. Rejoin to come back.",
    action: "rejoin",
  },
  participant_not_found: {
    title: "That person has left",
    message: "They are no longer in the call.",
    action: "home",
  },
  [LOCAL_CODES.disconnected]: {
    title: "You were disconnected",
    message:
      "The connection was lost before the server answered. Check your network and try again.",
    action: "retry",
  },
  [LOCAL_CODES.unreachable]: {
    title: "The server is not responding",
    message: "You could not be let in. Check your network and try again.",
    action: "retry",
  },
  [LOCAL_CODES.timeout]: {
    title: "The server did not answer",
    message: "It could be reached, but took too long. Try again.",
    action: "retry",
  },
  [LOCAL_CODES.unsupportedBrowser]: {
    title: "This browser cannot make calls",
    message:
      "It does not support WebRTC. Use a current version of Chrome, Edge, Firefox or Safari.",
    action: "home",
  },
  [LOCAL_CODES.mediaFailed]: {
    title: "Sound and picture could not start",
    message: "The browser and the server could not agree on the media. Rejoin to try again.",
    action: "rejoin",
  },
  [LOCAL_CODES.pageFailed]: {
    title: "Something went wrong",
    message: "An unexpected error happened in this page. Rejoining usually helps.",
    action: "rejoin",
  },
};

/** Turns any failure into sentences. A server's own is kept where nothing here says more. */
export function describeFailure(error: unknown): CallError {
  const failure = CallFailure.from(error);
  const known = TEXTS[failure.situation ?? failure.code];
  const text: Text = known ?? {
    title: "Something went wrong",
    message: asSentence(failure.message) || "The server could not do that. Try again.",
    action: "retry",
  };
  const message = fieldSentence(failure) ?? waitSentence(failure) ?? text.message;
  return {
    code: failure.code,
    title: text.title,
    message,
    action: { kind: text.action, label: ACTION_LABELS[text.action] },
    id: failure.id,
  };
}

/** Fields that a person fills in, as the server's sentence begins with them. */
const FILLED_IN: ReadonlyMap<string, string> = new Map([
  ["name", "Your name"],
  ["text", "Your message"],
]);

/** What is wrong with what the person has written; with what the page has, they need not know. */
function fieldSentence({ code, message }: CallFailure): string | null {
  if (code !== "invalid_message") return null;
  const [field = "", ...rest] = message.split(" ");
  const subject = FILLED_IN.get(field);
  return subject && rest.length > 0 ? asSentence([subject, ...rest].join(" ")) : null;
}

/** How long to wait, where the server has said it. */
function waitSentence({ code, retryAfterMs }: CallFailure): string | null {
  if (code !== "rate_limited" || retryAfterMs === null) return null;
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const time = seconds === 1 ? "a second" : `${seconds} seconds`;
  return `Too many requests came from your network. Wait ${time} and try again.`;
}
