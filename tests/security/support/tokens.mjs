// Tokens of every kind, made with the keys of the services under test: what a door gets to see.
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LIFETIME_S = 60;
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export class TokenMaker {
  #jwk;
  #key;

  /** @param {string} dataDir of the services */
  constructor(dataDir) {
    const folder = join(dataDir, "keys");
    const [newest] = readdirSync(folder)
      .filter((name) => name.endsWith(".jwk"))
      .sort();
    this.#jwk = JSON.parse(readFileSync(join(folder, newest), "utf8"));
    this.#key = createPrivateKey({ key: this.#jwk, format: "jwk" });
  }

  /** Signed by the services' own key, whatever it says. */
  make(claims) {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + LIFETIME_S };
    const text = `${encode({ alg: "ES256", typ: "JWT", kid: this.#jwk.kid })}.${encode({
      iss: "confab",
      ...times,
      ...claims,
    })}`;
    const options = { key: this.#key, dsaEncoding: "ieee-p1363" };
    return `${text}.${sign("sha256", Buffer.from(text), options).toString("base64url")}`;
  }

  join(room, claims = {}) {
    return this.make({ aud: "confab/join", jti: randomUUID(), room, ...claims });
  }

  resume(room, participant = "aaaaaaaaaaaaaaaaaaaaaaaaaa") {
    return this.make({ aud: "confab/resume", room, sub: participant });
  }

  api(scopes, claims = {}) {
    return this.make({ aud: "confab/api", sub: "test", scope: scopes.join(" "), ...claims });
  }

  service(service, claims = {}) {
    return this.make({ aud: "confab/service", sub: `${service}-1`, service, ...claims });
  }
}

/** Over since an hour ago. */
export const EXPIRED = {
  iat: Math.floor(Date.now() / 1000) - 7200,
  exp: Math.floor(Date.now() / 1000) - 3600,
};
