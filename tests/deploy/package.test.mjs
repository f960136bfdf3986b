// The Debian package: its configuration, its manual pages, and, where there is a release build, all of it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "./support/compose.mjs";
import { commands, configProblems, KEYS, PROGRAM } from "./support/program.mjs";

const RELEASE = process.env.CONFAB_RELEASE_BINARY ?? `${ROOT}build/release/src/app/confab`;
const PAGES = process.env.CONFAB_WEB_DIR ?? `${ROOT}web/out`;
const CONFIGURATION = `${ROOT}deploy/debian/confab.toml`;

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-package-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const manual = (page) =>
  execFileSync(`${ROOT}tools/manual.sh`, [page, PROGRAM], { encoding: "utf8" });

/** With every example switched on. */
const allOf = (text) => text.replaceAll(/^#(\[|[a-z_]+ = )/gm, "$1");

test("the configuration that is installed can be used", () => {
  assert.equal(configProblems({}, CONFIGURATION), "");
});

test("so can everything that it shows as an example", () => {
  const file = join(folder, "all.toml");
  const text = allOf(readFileSync(CONFIGURATION, "utf8"));
  assert.ok(text.match(/^[a-z_]+ = /gm).length > 10);
  // It also opens signaling and media to this machine alone, so that no certificate is needed.
  writeFileSync(file, text);
  assert.equal(configProblems({}, file), "");
  writeFileSync(file, text.replace("trusted_proxies", "trusted_proxy"));
  assert.match(configProblems({}, file), /trusted_proxy/);
});

test("the manual has every command and every key", () => {
  const plain = (text) => text.replaceAll("\\-", "-").replaceAll("\\(dq", '"');
  const program = plain(manual("program"));
  for (const name of commands()) assert.match(program, new RegExp(`^\\.B ${name}$`, "m"));
  const configuration = plain(manual("configuration"));
  for (const { key } of KEYS) assert.ok(configuration.includes(`\n.BR ${key} "`), key);
});

test("the maintainer's scripts are ones that sh can parse, and say so where they are called wrongly", () => {
  for (const name of ["postinst", "prerm", "postrm"]) {
    const file = `${ROOT}deploy/debian/${name}`;
    execFileSync("sh", ["-n", file]);
    const { status, stderr } = spawnSync("sh", [file, "unknown"], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /unknown argument/);
  }
});

const isThere = existsSync(RELEASE) && existsSync(join(PAGES, "index.html"));

describe("the package", {
  skip: !isThere && "there is no release build with pages: ./dev build",
}, () => {
  let file;
  const build = (name) => {
    const to = join(folder, name);
    const env = { ...process.env, SOURCE_DATE_EPOCH: "1700000000" };
    execFileSync(`${ROOT}tools/package.sh`, [RELEASE, PAGES, to], { env, stdio: "pipe" });
    return join(to, "confab.deb");
  };
  const contents = () => execFileSync("dpkg-deb", ["-c", file], { encoding: "utf8" });
  const control = (field) =>
    execFileSync("dpkg-deb", ["-f", file, field], { encoding: "utf8" }).trim();
  const inside = (path) =>
    execFileSync("sh", ["-c", `dpkg-deb --fsys-tarfile "$0" | tar -xO "$1"`, file, path]);

  before(() => {
    file = build("one");
  });

  test("has program, pages, units, configuration and documents, all of root's", () => {
    const text = contents();
    for (const path of [
      ...["usr/bin/confab", "usr/share/confab/web/index.html", "etc/confab/confab.toml"],
      ...["lib/systemd/system/confab-serve.service", "lib/systemd/system/confab@.service"],
      ...[
        "usr/lib/sysctl.d/50-confab.conf",
        "usr/lib/sysusers.d/confab.conf",
        "usr/lib/tmpfiles.d/confab.conf",
      ],
      ...[
        "usr/share/man/man1/confab.1.gz",
        "usr/share/man/man5/confab.toml.5.gz",
        "usr/share/doc/confab/copyright",
      ],
      ...["usr/share/confab/deploy/render.sh", "usr/share/confab/deploy/nginx/defaults"],
    ]) {
      assert.match(text, new RegExp(` \\./${path.replaceAll(".", "\\.")}$`, "m"));
    }
    for (const line of text.trim().split("\n")) assert.match(line, /^\S+ root\/root /);
    assert.doesNotMatch(text, /^.{5}w|^.{8}w/m, "somebody else may write");
    assert.doesNotMatch(text, /\.pem|deploy\/debian|deploy\/systemd/);
  });

  test("depends on the libraries that the program is linked to", () => {
    const depends = control("Depends");
    for (const name of ["libssl3", "libgrpc++1.51", "libpq5", "libsqlite3-0", "libc6", "adduser"])
      assert.ok(depends.includes(name), name);
    assert.equal(control("Package"), "confab");
  });

  test("has the units as they stand in deploy/systemd", () => {
    for (const name of ["confab-serve.service", "confab@.service"]) {
      assert.equal(
        String(inside(`./lib/systemd/system/${name}`)),
        readFileSync(`${ROOT}deploy/systemd/${name}`, "utf8"),
      );
    }
  });

  test("is the same, octet by octet, when it is made again", () => {
    assert.ok(readFileSync(file).equals(readFileSync(build("two"))));
  });
});
