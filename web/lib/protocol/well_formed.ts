const LONE_SURROGATE = /\p{Surrogate}/gu;
const REPLACEMENT = "\ufffd";

/**
 * The same value, with U+FFFD in the place of half surrogate pairs, which a cut-off emoji leaves: they
 * are no text in UTF-8, and the server would end the connection of whoever sends one.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === "string") return value.replace(LONE_SURROGATE, REPLACEMENT) as T;
  if (Array.isArray(value)) return value.map(wellFormed) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, wellFormed(inner)]);
  return Object.fromEntries(entries) as T;
}
