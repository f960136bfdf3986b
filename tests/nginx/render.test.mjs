// deploy/render.sh: settings that cannot be used are refused, all of them at once.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { renderConfiguration } from "./support/rendered.mjs";

const NGINX = {
  server_names: "call.example",
  certificate: "/etc/ssl/call.pem",
  certificate_key: "/etc/ssl/call.key",
};
const COTURN = {
  ...{
    secret: "0123456789abcdef",
    realm: "call.example",
    certificate: "/c",
    certificate_key: "/k",
  },
  ...{ addresses: "192.0.2.1", relay_addresses: "192.0.2.1", media_addresses: "203.0.113.1" },
};

let folder;
let folders = 0;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-render-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const render = (server, settings) =>
  renderConfiguration(server, settings, join(folder, String(++folders)));

/** What it says, after it has written nothing. */
function refusal(server, settings) {
  let words = "";
  assert.throws(
    () => render(server, settings),
    ({ message }) => {
      words = message;
      return true;
    },
  );
  assert.ok(!existsSync(join(folder, String(folders), "rendered")));
  return words;
}

test("a line is repeated for each word of a list, and left out for none", () => {
  const gateways = "127.0.0.1:4000 127.0.0.1:4001";
  const out = render("nginx", { ...NGINX, gateways, trusted_proxies: "192.0.2.0/24 2001:db8::1" });
  const text = (name) => readFileSync(join(out, name), "utf8");
  // Once for pages and API, once for Socket.IO.
  assert.equal(text("gateways.conf").match(/^ {2}server \S+:400[01] max_fails/gm).length, 2 * 2);
  assert.equal(text("limits.conf").match(/^set_real_ip_from/gm).length, 2);
  const plain = readFileSync(join(render("nginx", NGINX), "limits.conf"), "utf8");
  assert.doesNotMatch(plain, /set_real_ip_from|\{\{/);
});

test("this machine is loopback, or what is said", () => {
  const allowed = (settings) => {
    const text = readFileSync(
      join(render("nginx", { ...NGINX, ...settings }), "servers.conf"),
      "utf8",
    );
    return text.match(/(?<=^ {2}allow ).*(?=;$)/gm);
  };
  assert.deepEqual(allowed({}), ["127.0.0.0/8", "::1"]);
  assert.deepEqual(allowed({ local_networks: "127.0.0.0/8 172.31.250.129" }), [
    "127.0.0.0/8",
    "172.31.250.129",
  ]);
});

test("what is missing is named, all of it", () => {
  const words = refusal("nginx", {});
  for (const name of Object.keys(NGINX)) assert.match(words, new RegExp(`${name} is missing`));
});

test("a setting that is not there is named", () => {
  const words = refusal("nginx", { ...NGINX, gateway: "127.0.0.1:4000" });
  assert.match(words, /there is no setting gateway; nginx\/defaults lists/);
});

test("nothing can end a directive and begin another", () => {
  for (const value of [
    "a; daemon on",
    "a } server {",
    "$host",
    "a # b",
    'a"b',
    "a'b",
    "a\\b",
    "`id`",
  ]) {
    assert.match(
      refusal("nginx", { ...NGINX, server_names: value }),
      /server_names has a character/,
    );
  }
});

test("a secret is for its owner alone", () => {
  const out = render("coturn", COTURN);
  assert.equal(statSync(join(out, "turnserver.conf")).mode & 0o077, 0);
});

test("coturn allows what media announces, and nothing else", () => {
  const out = render("coturn", { ...COTURN, media_addresses: "203.0.113.1 2001:db8::1" });
  const text = readFileSync(join(out, "turnserver.conf"), "utf8");
  const allowed = [...text.matchAll(/^allowed-peer-ip=(.*)$/gm)].map(([, address]) => address);
  assert.deepEqual(allowed, ["203.0.113.1", "2001:db8::1"]);
});

test("nginx takes what is rendered for Debian's folders", () => {
  const out = render("nginx", { ...NGINX, user: "root", state_dir: folder, log_dir: folder });
  // The certificate is not there; all that is read before it is right.
  assert.throws(
    () => execFileSync("nginx", ["-t", "-c", join(out, "nginx.conf")], { stdio: "pipe" }),
    ({ stderr }) => /cannot load certificate "\/etc\/ssl\/call\.pem"/.test(String(stderr)),
  );
});
