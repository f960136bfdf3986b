/** A stretch of a message: as it is, or an address that may be followed. */
export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const CANDIDATE = /https?:\/\/[^\s<>"“”«»`]+/giu;
const LONGEST_ADDRESS = 2048;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'’…)\]}]$/u;
const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
/** Not seen, or turning around what is seen; a backslash is read in two ways. */
const ODD = /[\p{C}\p{Z}\\]/u;
const PUNYCODE = /(^|\.)xn--/i;

/** Splits a text at the addresses in it. Joined again, the pieces are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(CANDIDATE)) {
    const address = withoutTrailing(found);
    const href = safeHref(address);
    if (href === null || follows(text, index)) continue;
    if (index > end) pieces.push({ kind: "text", text: text.slice(end, index) });
    pieces.push({ kind: "link", text: address, href });
    end = index + address.length;
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

/**
 * Where an address leads, or null where it may not be followed: only what is shown exactly as the
 * browser will understand it, so that nobody is led to another host than the one that they read.
 */
export function safeHref(address: string): string | null {
  if (address.length > LONGEST_ADDRESS || ODD.test(address)) return null;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(address)?.[1]?.toLowerCase() ?? "";
  if (authority === "" || PUNYCODE.test(authority)) return null;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  const defaultPort = url.protocol === "https:" ? ":443" : ":80";
  // Names in front of the host, other scripts and numbers in disguise come out differently.
  const isAsShown = url.host === authority || `${url.host}${defaultPort}` === authority;
  return isWeb && isAsShown ? url.href : null;
}

/** In the middle of a word it is no address: `xhttps://…` */
function follows(text: string, index: number): boolean {
  return index > 0 && /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, index - 2), index));
}

/** A bracket stays where the address itself has opened it. */
function withoutTrailing(found: string): string {
  let address = found;
  for (let last = TRAILING.exec(address)?.[0]; last; last = TRAILING.exec(address)?.[0]) {
    const opening = OPENING[last];
    if (opening && count(address, opening) >= count(address, last)) break;
    address = address.slice(0, -1);
  }
  return address;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
