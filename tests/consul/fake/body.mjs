import { badRequest } from "./http_error.mjs";

/**
 * A definition with keys in any of the forms that Consul takes: CamelCase, snake_case, any case.
 * Each becomes lower case without underscores; the keys of maps that are the user's stay.
 */
const USERS_OWN = new Set(["meta", "header", "nodemeta"]);

export function normalise(value) {
  if (Array.isArray(value)) return value.map(normalise);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const plain = key.toLowerCase().replaceAll("_", "");
      return [plain, USERS_OWN.has(plain) ? inner : normalise(inner)];
    }),
  );
}

/** The request's JSON object, with normalised keys; an empty body is {}. */
export function readObject(text) {
  if (text.length === 0) return {};
  let value;
  try {
    value = JSON.parse(text.toString("utf8"));
  } catch (error) {
    throw badRequest(`Request decode failed: ${error.message}`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw badRequest("Request decode failed: the body is no object");
  }
  return normalise(value);
}
