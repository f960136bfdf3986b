import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const openssl = (args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/**
 * An authority and a certificate by it, valid for a day, as PEM files in `folder`.
 * @param {string[]} names of hosts ("DNS:localhost") and addresses ("IP:127.0.0.1")
 */
export function makeCertificate(folder, names) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  const files = { ca: at("ca.pem"), certificate: at("chain.pem"), key: at("key.pem") };
  openssl([
    ...["req", "-x509", ...KEY, "-keyout", at("ca.key"), "-out", files.ca, "-days", "1"],
    ...["-subj", "/CN=Authority of the tests"],
  ]);
  openssl(["req", ...KEY, "-keyout", files.key, "-out", at("request.pem"), "-subj", "/CN=test"]);
  writeFileSync(at("extensions"), `subjectAltName=${names.join()}\n`);
  openssl([
    ...["x509", "-req", "-in", at("request.pem"), "-CA", files.ca, "-CAkey", at("ca.key")],
    ...["-days", "1", "-extfile", at("extensions"), "-out", files.certificate],
  ]);
  return files;
}
