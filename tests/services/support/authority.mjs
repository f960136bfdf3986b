import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate authority in a folder, and what it signs for 127.0.0.1. By openssl. */
export class Authority {
  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.ca = join(folder, "ca.pem");
    const subject = ["-subj", "/CN=authority", "-keyout", join(folder, "ca.key"), "-out", this.ca];
    this.#openssl("req", "-x509", ...newKey, "-days", "2", ...subject);
  }

  issue(name) {
    const [key, request, certificate, extensions] = ["key", "csr", "pem", "ext"].map((end) =>
      join(this.folder, `${name}.${end}`),
    );
    writeFileSync(extensions, "subjectAltName=IP:127.0.0.1\n");
    this.#openssl("req", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
    const signer = ["-CA", this.ca, "-CAkey", join(this.folder, "ca.key"), "-CAcreateserial"];
    const result = ["-days", "2", "-extfile", extensions, "-out", certificate];
    this.#openssl("x509", "-req", "-in", request, ...signer, ...result);
    return { certificate, key, ca: this.ca };
  }

  #openssl(...args) {
    execFileSync("openssl", args, { stdio: "pipe" });
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
