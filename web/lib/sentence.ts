/**
 * What a server says, as a sentence for people: with a capital letter and a full stop. Names of
 * fields such as `rtpParameters` stay as they are.
 */
export function asSentence(text: string): string {
  const words = text.trim();
  if (words === "") return "";
  const begun = words.replace(
    /^\p{Ll}+(?=[\s,:;!?]|\.?$)/u,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  return /[.!?…]["”’)]?$/.test(begun) ? begun : `${begun}.`;
}
