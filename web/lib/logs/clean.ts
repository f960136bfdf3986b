/** Longer texts are cut where they are drawn; a line of a megabyte must not fill the page. */
export const MAX_SHOWN = 4096;
/** In a row, where there is room for one line anyway. */
export const MAX_IN_ROW = 300;

// Control characters, and what changes the direction of text or is not seen (Unicode TR 36 §2.9, TR 9):
// bidirectional marks, embeddings, overrides and isolates, zero-width characters, separators of lines
// and paragraphs, byte order marks, tags, lone surrogates.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const NAMES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text with everything that hides or moves other text written as an escape. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return NAMES[character] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`);
  });
}

/** The same, cut to `limit` characters, with a note of what is missing. */
export function shown(text: string, limit = MAX_SHOWN): string {
  if (text.length <= limit) return visible(text);
  const missing = text.length - limit;
  return `${visible(text.slice(0, limit))}… (${missing.toLocaleString("en")} more characters)`;
}

/** For one line of a list: cut without a note. */
export function brief(text: string, limit = MAX_IN_ROW): string {
  return text.length <= limit ? visible(text) : `${visible(text.slice(0, limit))}…`;
}
