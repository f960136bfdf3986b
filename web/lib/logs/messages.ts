import { asSentence } from "../sentence";
import { toRow } from "./rows";
import type { Refusal, Row, Status } from "./types";

/** One message of the live log, or an answer to a search. */
export interface Message {
  rows: Row[];
  first: boolean;
  dropped: number;
  next: string | null;
  status: Status | null;
  refusal: Refusal | null;
}

type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Message = {
  rows: [],
  first: false,
  dropped: 0,
  next: null,
  status: null,
  refusal: null,
};

/** null: this is no message. */
export function readMessage(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  if (isObject(value.error)) return { ...NOTHING, refusal: refusalOf(value.error) };
  if (!Array.isArray(value.lines)) return null;
  return {
    rows: value.lines.map(toRow).filter((row) => row !== null),
    first: value.first === true,
    dropped: Number(value.dropped) || 0,
    next: typeof value.next === "string" ? value.next : null,
    status: statusOf(value.status),
    refusal: null,
  };
}

function refusalOf(error: Loose): Refusal {
  return {
    code: String(error.code ?? ""),
    message:
      asSentence(String(error.message ?? "")) || "The server refused without giving a reason.",
    id: String(error.id ?? ""),
  };
}

function statusOf(value: unknown): Status | null {
  if (!isObject(value)) return null;
  const lines: Record<string, number> = {};
  for (const [name, count] of Object.entries(isObject(value.lines) ? value.lines : {})) {
    lines[name] = Number(count) || 0;
  }
  return {
    files: Number(value.files) || 0,
    kept: Number(value.kept) || 0,
    oldest: typeof value.oldest === "string" ? value.oldest : null,
    problem: typeof value.problem === "string" ? asSentence(value.problem) : "",
    services: Array.isArray(value.services) ? value.services.map(String) : [],
    lines,
  };
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
