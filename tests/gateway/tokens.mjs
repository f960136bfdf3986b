import { execFileSync } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { whatIsTested } from "../e2e/support/confab_server.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JSON Web Token under HS256, as any server makes it that holds an API key. */
export function sign(key, claims, header = {}) {
  const text = `${encode({ alg: "HS256", typ: "JWT", kid: key.id, ...header })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", key.secret).update(text).digest("base64url")}`;
}

/** An API token of that key with these scopes, good for a minute. */
export function apiToken(key, scopes, claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: key.id, aud: "confab/api", sub: key.id, jti: randomUUID() };
  return sign(key, { ...payload, iat: now, exp: now + 60, scope: scopes.join(" "), ...claims });
}

/** A new API key of the server whose data lies in `folder`. */
export function makeKey(folder, scopes, flags = []) {
  const args = ["token", "key", "new", "--data-dir", join(folder, "data"), ...flags];
  for (const scope of scopes) args.push("--scope", scope);
  const said = execFileSync(whatIsTested().binary, args, { encoding: "utf8" });
  const id = /ck_[A-Za-z0-9_-]+/.exec(said)?.[0];
  const secret = /cs_[A-Za-z0-9_-]+/.exec(said)?.[0];
  if (!id || !secret) throw new Error(`no key in: ${said}`);
  return { id, secret };
}
