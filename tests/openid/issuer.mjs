import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { freePort } from "../e2e/support/ports.mjs";

const AUDIENCE = "confab";
const LIFETIME_S = 300;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);

/** @returns {{ kid: string, alg: string, publicKey: object, privateKey: object }} */
export function makeKey(alg = "ES256") {
  const pair =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: randomUUID(), alg, ...pair };
}

/** The signature by the key, whatever the header says of it. */
function signatureOf(text, { alg, privateKey }) {
  const key = alg === "ES256" ? { key: privateKey, dsaEncoding: "ieee-p1363" } : privateKey;
  return sign("sha256", Buffer.from(text), key).toString("base64url");
}

/**
 * An OpenID Connect issuer as small as one can be: it publishes keys and makes tokens. It can go
 * away, come back on its port, and change its keys.
 */
export class Issuer {
  #server = null;
  #port;
  fetches = 0;

  constructor(port, key) {
    this.#port = port;
    this.keys = [key];
  }

  static async start(key = makeKey()) {
    const issuer = new Issuer(await freePort(), key);
    await issuer.comeBack();
    return issuer;
  }

  get name() {
    return `http://127.0.0.1:${this.#port}/realm`;
  }

  /** The section of confab's configuration that trusts it. */
  get configuration() {
    return [
      "[auth.openid]",
      `issuer = ${JSON.stringify(this.name)}`,
      `jwks_url = ${JSON.stringify(`http://127.0.0.1:${this.#port}/jwks`)}`,
      `audience = ${JSON.stringify(AUDIENCE)}`,
      'groups = ["/video/admins=moderator", "staff=member", "visitors=guest"]',
      'grants = ["guest=audio chat"]',
      'scopes = ["moderator=rooms:read participants:moderate"]',
      "",
    ].join("\n");
  }

  async comeBack() {
    this.#server = createServer((request, response) => {
      this.fetches += 1;
      const keys = this.keys.map(({ kid, alg, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        kid,
        alg,
        use: "sig",
      }));
      response.writeHead(request.url === "/jwks" ? 200 : 404, {
        "content-type": "application/json",
      });
      response.end(JSON.stringify({ keys }));
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async goAway() {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  /** Another key in the place of all others. */
  rotate(key = makeKey()) {
    this.keys = [key];
  }

  claims(changes = {}) {
    return {
      iss: this.name,
      aud: AUDIENCE,
      sub: "248289761001",
      name: "Ada Lovelace",
      groups: ["staff"],
      iat: now(),
      exp: now() + LIFETIME_S,
      ...changes,
    };
  }

  /** A token with these claims changed, under the newest key or another. */
  token(changes = {}, { key = this.keys.at(-1), header = {} } = {}) {
    const text = `${encode({ alg: key.alg, kid: key.kid, typ: "JWT", ...header })}.${encode(this.claims(changes))}`;
    return `${text}.${signatureOf(text, key)}`;
  }

  /** What a thief makes who knows the public key alone: it as the secret of an HMAC. */
  confusedToken() {
    const [{ kid, publicKey }] = this.keys;
    const text = `${encode({ alg: "HS256", kid })}.${encode(this.claims())}`;
    const secret = publicKey.export({ type: "spki", format: "pem" });
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  }

  unsignedToken() {
    const [{ kid }] = this.keys;
    return `${encode({ alg: "none", kid })}.${encode(this.claims())}.`;
  }
}
