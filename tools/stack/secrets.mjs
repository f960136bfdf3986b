import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Under this name nginx is reached with TLS; browsers take *.localhost for this machine. */
export const NAME = "confab.localhost";
const DAYS = "30";

/**
 * What is made once for a stack: a certificate that is its own authority, the secret that coturn
 * and the gateways share, and the passwords of PostgreSQL and Redis. confab makes its own keys. Files that are there stay.
 * @param {string} folder
 */
export function makeSecrets(folder) {
  const at = (name) => join(folder, name);
  const files = {
    certificate: at("certificate.pem"),
    certificateKey: at("key.pem"),
    turnSecret: at("turn-secret"),
    postgresPassword: at("postgres-password"),
    redisPassword: at("redis-password"),
  };
  for (const file of [files.turnSecret, files.postgresPassword, files.redisPassword]) {
    if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString("hex")}\n`);
  }
  if (!existsSync(files.certificate)) makeCertificate(files);
  return files;
}

function makeCertificate({ certificate, certificateKey }) {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const args = [
    ...["req", "-x509", ...key, "-keyout", certificateKey, "-out", certificate, "-days", DAYS],
    ...["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME},IP:127.0.0.1`],
  ];
  execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
}
