const KEY = "confab.logs.token";
const NAME = "token=";

/**
 * The token of the link, which stands behind "#", where browsers keep it to themselves. It is taken
 * out of the address, so that nobody copies it by accident, and kept as long as the tab is open.
 */
export function takeToken(): string {
  const { hash, pathname, search } = window.location;
  const part = hash
    .slice(1)
    .split("&")
    .find((each) => each.startsWith(NAME));
  if (part !== undefined) {
    keepToken(decoded(part.slice(NAME.length)));
    window.history.replaceState(null, "", pathname + search);
  }
  return keptToken();
}

export function keepToken(token: string): void {
  try {
    if (token === "") window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, token);
  } catch {
    // Without storage the token holds until the page is left.
  }
  current = token;
}

let current = "";

function keptToken(): string {
  try {
    return window.sessionStorage.getItem(KEY) ?? current;
  } catch {
    return current;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** What a person may paste: a link with a token behind "#", or the token alone. */
export function tokenOf(pasted: string): string {
  const text = pasted.trim();
  const at = text.indexOf(`#${NAME}`);
  return decoded(at < 0 ? text : (text.slice(at + 1 + NAME.length).split("&")[0] ?? ""));
}
