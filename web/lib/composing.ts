/** Of a key that an input method takes, whatever its name. */
const TAKEN_KEY = 229;

/** The key is the input method's. Safari ends the composition before it tells of the key. */
export function isComposing(event: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === TAKEN_KEY;
}
