import type { WireError } from "../protocol/events";
import { CallFailure, LOCAL_CODES } from "./errors";

/** Longer than any answer takes, shorter than a person waits. */
export const API_TIMEOUT_MS = 5000;

/** What is used of the browser's `fetch`. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

interface PostOptions {
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  timeoutMs?: number;
}

/**
 * One POST without a body to the REST interface of this page's server. Rejects with a `CallFailure`:
 * the server's code and words where it has refused, `unreachable` where nothing came that can be
 * understood, or not in time.
 */
export async function post(
  fetch: Fetch,
  path: string,
  { token, timeoutMs = API_TIMEOUT_MS }: PostOptions = {},
): Promise<Record<string, unknown>> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), timeoutMs);
  let ok = false;
  let body: unknown;
  try {
    const response = await fetch(path, {
      method: "POST",
      cache: "no-store",
      signal: aborter.signal,
      ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    });
    ok = response.ok;
    body = await response.json();
  } catch {
    throw unreachable();
  } finally {
    clearTimeout(timer);
  }
  const error = wireErrorOf(body);
  if (error) throw CallFailure.fromWire(error);
  if (!ok || typeof body !== "object" || body === null) throw unreachable();
  return body as Record<string, unknown>;
}

/** The error in an answer of the form `{ error: { code, … } }`. */
export function wireErrorOf(answer: unknown): WireError | null {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return null;
  const { error } = answer;
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return error as WireError;
}

/** Only what an RTCPeerConnection takes: entries of another form would make it throw. */
export function iceServersOf(body: Record<string, unknown>): RTCIceServer[] {
  const { ice_servers: servers } = body;
  return Array.isArray(servers) ? servers.filter(isIceServer) : [];
}

function isIceServer(value: unknown): value is RTCIceServer {
  if (typeof value !== "object" || value === null || !("urls" in value)) return false;
  const { urls } = value;
  const list = Array.isArray(urls) ? urls : [urls];
  return list.length > 0 && list.every((url) => typeof url === "string");
}

function unreachable(): CallFailure {
  return new CallFailure(LOCAL_CODES.unreachable, "The server could not be asked.");
}
