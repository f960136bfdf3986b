/** The server's limits of a message: code points, and bytes of UTF-8. */
export const MOST_CHARACTERS = 4000;
const MOST_BYTES = 12_000;

const encoder = new TextEncoder();

/** In characters, so that `MOST_CHARACTERS` of them keep both limits. */
export function textLength(text: string): number {
  // Bytes count only where there is a chance that they are too many.
  const bytes = text.length * 3 <= MOST_BYTES ? 0 : encoder.encode(text).length;
  const byBytes = Math.ceil((bytes * MOST_CHARACTERS) / MOST_BYTES);
  return Math.max([...text].length, byBytes);
}
