import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const composeText = () => readFileSync(`${ROOT}compose.yaml`, "utf8");

const VARIABLE = /\$\$|\$\{([A-Z_]+):-([^}]*)\}/g;

/** As Compose reads it: merged, and with values for its variables; theirs or the defaults. */
export function readCompose(text = composeText(), variables = {}) {
  return withValues(parse(text, { merge: true, maxAliasCount: 1000 }), variables);
}

function withValues(value, variables) {
  if (typeof value === "string") return filledIn(value, variables);
  if (Array.isArray(value)) return value.map((each) => withValues(each, variables));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, each]) => [key, withValues(each, variables)]));
}

function filledIn(text, variables) {
  const filled = text.replace(VARIABLE, (whole, name, otherwise) =>
    whole === "$$" ? "\u0000" : (variables[name] ?? otherwise),
  );
  if (filled.includes("$")) throw new Error(`compose.yaml: cannot be filled in: ${text}`);
  return filled.replaceAll("\u0000", "$");
}

/** The variables that a user may set. */
export const variablesOf = (text) =>
  new Set([...text.matchAll(VARIABLE)].map(([, name]) => name).filter(Boolean));

/** [name, service] of the services that run confab itself. */
export const confabServices = ({ services }) =>
  Object.entries(services).filter(
    ([, service]) => service.image === "confab:local" && !service.entrypoint,
  );

/** { address, first, last, into, protocol } of "[ADDRESS:]PORTS:PORTS/PROTOCOL". */
export function publishedPort(text) {
  const match = /^(?:([\d.]+):)?([\d-]+):([\d-]+)\/(tcp|udp)$/.exec(text);
  if (!match) throw new Error(`"${text}" is no [ADDRESS:]PORTS:PORTS/tcp|udp`);
  const [, address = "0.0.0.0", outside, inside, protocol] = match;
  const [first, last = first] = outside.split("-").map(Number);
  return { address, first, last, into: inside, outside, protocol };
}

/** [volume or path, place, mode] of "WHAT:PLACE[:MODE]". */
export const mountOf = (text) => text.split(":");

export const ipv4 = (text) =>
  text.split(".").reduce((number, part) => number * 256 + Number(part), 0);
export function isInside(address, network) {
  const [base, length] = network.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(ipv4(address) / size) === Math.floor(ipv4(base) / size);
}
