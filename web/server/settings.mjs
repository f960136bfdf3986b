const DEFAULTS = {
  CONFAB_UI_GATEWAY: "http://127.0.0.1:4000",
  CONFAB_UI_ADDRESS: "127.0.0.1",
  CONFAB_UI_PORT: "3000",
};
const MAX_PORT = 65_535;

/**
 * What the environment says.
 * @param {Record<string, string | undefined>} environment
 * @returns {{ gateway: URL, address: string, port: number }}
 * Throws an Error whose message says which variable cannot be used, and what to give instead.
 */
export function settingsOf(environment) {
  const value = (name) => environment[name] || DEFAULTS[name];
  return {
    gateway: gatewayOf(value("CONFAB_UI_GATEWAY")),
    address: value("CONFAB_UI_ADDRESS"),
    port: portOf(value("CONFAB_UI_PORT")),
  };
}

function gatewayOf(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url && ["http:", "https:"].includes(url.protocol) && url.href === `${url.origin}/`;
  if (isOrigin) return url;
  throw new Error(
    `CONFAB_UI_GATEWAY = "${text}" cannot be used: give the gateway's origin, such as ${DEFAULTS.CONFAB_UI_GATEWAY}`,
  );
}

function portOf(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= MAX_PORT) return port;
  throw new Error(
    `CONFAB_UI_PORT = "${text}" cannot be used: give a whole number from 1 to ${MAX_PORT}`,
  );
}
