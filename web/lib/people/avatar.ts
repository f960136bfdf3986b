const segmenter =
  typeof Intl !== "undefined" && "Segmenter" in Intl
    ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
    : null;

/** How a person without a name is called. */
export const NAMELESS = "Guest";

export function displayName(name: string): string {
  return name.trim() || NAMELESS;
}

/** A name inside a sentence: kept apart, so that its direction does not turn the sentence around. */
export function nameInSentence(name: string): string {
  return `\u2068${displayName(name)}\u2069`;
}

/** One or two initials, in any script; emoji and combined characters stay whole. */
export function initialsOf(name: string): string {
  const words = displayName(name).split(/\s+/u);
  const first = firstGrapheme(words[0] ?? "");
  const last = words.length > 1 ? firstGrapheme(words[words.length - 1] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

/** Two neighbouring hues, the same for the same name everywhere. */
export function avatarHues(name: string): [number, number] {
  let hash = 2166136261;
  for (const character of displayName(name)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  const hue = (hash >>> 0) % 360;
  return [hue, (hue + 42) % 360];
}

function firstGrapheme(word: string): string {
  if (!segmenter) return Array.from(word)[0] ?? "";
  for (const { segment } of segmenter.segment(word)) return segment;
  return "";
}
