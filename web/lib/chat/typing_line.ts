import { nameInSentence } from "../people/avatar";

/** Who is writing, as a sentence; empty where nobody is. */
export function typingLine(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return "";
  if (second === undefined) return `${nameInSentence(first)} is writing…`;
  if (names.length === 2) {
    return `${nameInSentence(first)} and ${nameInSentence(second)} are writing…`;
  }
  return `${names.length} people are writing…`;
}
