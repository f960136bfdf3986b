/** Room names: 1–64 of `[A-Za-z0-9_-]`. New ones carry 128 random bits and can still be read out. */
export const ROOM_NAME_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

const RANDOM_BYTES = 16;
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

const ADJECTIVES =
  "amber bright calm clear coral dawn early gentle golden keen lunar mellow noble quiet rapid silver".split(
    " ",
  );
const NOUNS =
  "arbor bay brook cedar cove delta fern grove harbor heron lark meadow orbit reef summit willow".split(
    " ",
  );

/** Two words for people, 26 characters (130 bits) for safety: `quiet-harbor-7k2m…`. */
export function newRoomName(
  randomBytes: (count: number) => Uint8Array = (count) =>
    crypto.getRandomValues(new Uint8Array(count)),
): string {
  const [first = 0, second = 0] = randomBytes(2);
  const words = `${ADJECTIVES[first % ADJECTIVES.length]}-${NOUNS[second % NOUNS.length]}`;
  return `${words}-${encode(randomBytes(RANDOM_BYTES))}`;
}

/** What a person typed or pasted: a name, or a link that ends in `/r/<name>`. */
export function roomFromInput(input: string): string | null {
  const text = input.trim();
  const linked = /\/r\/([^/?#]+)/.exec(text)?.[1];
  const name = decode(linked ?? text).replace(/\s+/g, "-");
  return ROOM_NAME_PATTERN.test(name) ? name : null;
}

/** The room of a path such as `/r/quiet-harbor`, or null. */
export function roomFromPath(pathname: string): string | null {
  const match = /^\/r\/([^/]+)\/?$/.exec(pathname);
  return match?.[1] ? roomFromInput(match[1]) : null;
}

export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

/** The address of a page without query and fragment: what others need to come in. */
export function shareLink(href: string): string {
  return href.split(/[?#]/)[0] ?? href;
}

/**
 * How a room is called on screen: a generated name without its random part. Whoever types what they
 * read of any other comes into the same room.
 */
export function roomLabel(room: string): string {
  const generated = /^([a-z]+-[a-z]+)-[a-z0-9]{26}$/.exec(room);
  return (generated?.[1] ?? room).replace(/([^-])-(?=[^-])/g, "$1 ");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** 5 bits per character, most significant first. */
function encode(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = "";
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}
