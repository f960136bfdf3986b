// deploy/compose/setup.sh: secrets of one's own, kept, for their readers alone, and configurations that
// the servers themselves take.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { confabServices, mountOf, publishedPort, ROOT, readCompose } from "./support/compose.mjs";

const SETUP = `${ROOT}deploy/compose/setup.sh`;
const SECRETS = [
  "postgres-password",
  "redis-password",
  "turn-secret",
  "consul-token",
  "grafana-password",
];
const compose = readCompose();

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-setup-"));
  setUp("one");
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What it says; throws where it fails. */
function setUp(name, variables = {}) {
  const { environment } = compose.services.setup;
  const env = {
    ...{ PATH: process.env.PATH, ...environment, ...variables },
    CONFAB_SETUP_FOLDER: join(folder, name),
    CONFAB_CERTIFICATE_FOLDER: variables.certificates ?? join(folder, "no certificates"),
  };
  return execFileSync(SETUP, [], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

const read = (name, path) => readFileSync(join(folder, name, path), "utf8");
const secretsOf = (name) => SECRETS.map((each) => read(name, `secrets/${each}`).trim());

function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const each = join(path, entry.name);
    return entry.isDirectory() ? filesBelow(each) : [each];
  });
}

test("secrets are long, different from each other, and different at the next installation", () => {
  setUp("two");
  const all = [...secretsOf("one"), ...secretsOf("two")];
  assert.equal(new Set(all).size, 2 * SECRETS.length);
  for (const secret of all)
    assert.match(secret, /^[0-9a-f]{64}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("what is there stays at the next start, and one that is missing is made again", () => {
  const before = secretsOf("one");
  const certificate = read("one", "secrets/certificate.pem");
  rmSync(join(folder, "one/secrets/redis-password"));
  setUp("one");
  const now = secretsOf("one");
  assert.notEqual(now[1], before[1]);
  assert.equal(read("one", "signaling/redis-password").trim(), now[1]);
  assert.deepEqual(now.toSpliced(1, 1), before.toSpliced(1, 1));
  assert.equal(read("one", "secrets/certificate.pem"), certificate);
});

test("every file is for its owner alone", () => {
  for (const file of filesBelow(join(folder, "one")))
    assert.equal(statSync(file).mode & 0o777, 0o600, file);
});

/** [volume, its folder in what setup wrote] */
const VOLUMES = compose.services.setup.volumes
  .map(mountOf)
  .filter(([, place]) => place.startsWith("/setup/"))
  .map(([volume, place]) => [volume, place.slice("/setup/".length)]);

/** [name, service] of all that mount a volume. */
const readersOf = (volume) =>
  Object.entries(compose.services).filter(
    ([name, { volumes = [] }]) =>
      name !== "setup" && volumes.some((text) => mountOf(text)[0] === volume),
  );

/** Whether a user such as "900:900" may. */
function mayRead(user, path) {
  const { uid, gid, mode } = statSync(path);
  const [ownUid, ownGid] = user.split(":").map(Number);
  return uid === ownUid || (gid === ownGid && (mode & 0o040) !== 0);
}

test("each belongs to who reads it in compose.yaml", {
  skip: process.getuid() !== 0 && "only root gives files away",
}, () => {
  for (const [volume, place] of VOLUMES) {
    const there = join(folder, "one", place);
    for (const [name, { user }] of readersOf(volume)) {
      for (const path of [there, ...filesBelow(there)])
        assert.ok(mayRead(user, path), `${path}, for ${name}`);
    }
  }
});

test("a service of confab finds the secrets that its variables name, and no others", () => {
  for (const [name, { environment, volumes }] of confabServices(compose)) {
    const told = Object.values(environment)
      .filter((value) => value.startsWith("/run/confab/"))
      .map((path) => basename(path));
    const [volume] = volumes.map(mountOf).find(([, place]) => place === "/run/confab");
    const [, place] = VOLUMES.find(([each]) => each === volume);
    assert.deepEqual(readdirSync(join(folder, "one", place)).sort(), told.sort(), name);
  }
});

test("Redis is full before its container is, and then forgets nothing", () => {
  const [, megabytes] = /^maxmemory (\d+)mb$/m.exec(read("one", "redis/redis.conf"));
  assert.ok(Number(megabytes) <= 0.75 * Number.parseInt(compose.services.redis.mem_limit, 10));
  assert.match(compose.services.redis.mem_limit, /^\d+m$/);
  assert.match(read("one", "redis/redis.conf"), /^maxmemory-policy noeviction$/m);
});

/** Where a path of a container is in what setup wrote: null where no volume of setup's is there. */
function written(service, path) {
  for (const [volume, place] of (service.volumes ?? []).map(mountOf)) {
    if (!path.startsWith(`${place}/`)) continue;
    const made = compose.services.setup.volumes.map(mountOf).find(([what]) => what === volume);
    if (made)
      return join(folder, "one", made[1].slice("/setup/".length), path.slice(place.length + 1));
  }
  return null;
}

test("every file that a service is told of is one that setup wrote", () => {
  let count = 0;
  for (const [name, service] of Object.entries(compose.services)) {
    const words = [
      service.command,
      service.healthcheck?.test,
      Object.values(service.environment ?? {}),
    ].flat(2);
    const paths =
      words.join(" ").match(/\/(run\/confab|etc\/confab-turn|etc\/confab-nginx)\/[\w./-]+/g) ?? [];
    for (const path of paths) {
      if (/^\/run\/confab\/files/.test(path)) continue; // of Grafana, as the repository has them
      const file = written(service, path);
      assert.ok(file && statSync(file).isFile(), `${name}: ${path}`);
      count += 1;
    }
  }
  assert.ok(count > 10, `${count} paths`);
});

test("no configuration has a default password, and each has the secret that its partner has", () => {
  const [, redis, turn, consul] = secretsOf("one");
  assert.match(read("one", "redis/redis.conf"), new RegExp(`^requirepass ${redis}$`, "m"));
  for (const each of ["turn-1", "turn-2"]) {
    assert.match(
      read("one", `turn/${each}/turnserver.conf`),
      new RegExp(`^static-auth-secret=${turn}$`, "m"),
    );
  }
  const { acl } = JSON.parse(read("one", "consul/consul.json"));
  assert.equal(acl.default_policy, "deny");
  assert.equal(acl.tokens.initial_management, consul);
});

const addressOf = (name, network = "inside") =>
  compose.services[name].networks[network].ipv4_address;

test("nginx asks the gateways and the UI where compose.yaml has them, and knows its ports", () => {
  const upstreams = read("one", "nginx/gateways.conf");
  for (const name of ["gateway-1", "gateway-2"])
    assert.ok(upstreams.includes(`server ${addressOf(name)}:4000 `), name);
  assert.ok(upstreams.includes(`server ${addressOf("ui")}:3000 `));
  const listens = read("one", "nginx/servers.conf")
    .match(/listen 0\.0\.0\.0:\d+/g)
    .map((text) => Number(text.split(":")[1]));
  const published = compose.services.nginx.ports.map((text) => publishedPort(text).first);
  assert.deepEqual([...new Set(listens)].sort(), published.sort());
  assert.match(
    read("one", "nginx/servers.conf"),
    new RegExp(`allow ${compose.networks.outside.ipam.config[0].gateway};`),
  );
});

test("coturn listens on what is published and relays to media alone", () => {
  for (const name of ["turn-1", "turn-2"]) {
    const text = read("one", `turn/${name}/turnserver.conf`);
    const values = (key) =>
      [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value]) => value);
    const published = new Set(
      compose.services[name].ports.map((each) => publishedPort(each).first),
    );
    assert.deepEqual(
      new Set([...values("listening-port"), ...values("tls-listening-port")].map(Number)),
      published,
    );
    assert.deepEqual(values("listening-ip"), [addressOf(name, "outside")]);
    assert.deepEqual(values("relay-ip"), [addressOf(name)]);
    const media = ["media-1", "media-2"];
    assert.deepEqual(
      values("allowed-peer-ip"),
      media.map((each) => addressOf(each)),
    );
    for (const each of media) {
      const announced = compose.services[each].environment.CONFAB_MEDIA_ANNOUNCE.split(",");
      assert.ok(announced.includes(addressOf(each)), `${each} announces what coturn reaches`);
    }
  }
});

test("nginx takes its configuration", () => {
  // Paths of the container, in this folder.
  const here = join(folder, "one/nginx");
  const there = join(folder, "nginx-check");
  mkdirSync(join(there, "state"), { recursive: true });
  for (const name of readdirSync(here)) {
    const text = readFileSync(join(here, name), "utf8")
      .replaceAll("/etc/confab-nginx", there)
      .replaceAll(/\/run\/nginx|\/var\/log\/nginx/g, join(there, "state"))
      .replaceAll(
        /(listen 0\.0\.0\.0:)\d+/g,
        (whole, start) => `${start}${whole.includes("443") ? 28443 : 28080}`,
      );
    writeFileSync(join(there, name), text);
  }
  const { status, stderr } = spawnSync("nginx", ["-t", "-c", join(there, "nginx.conf")], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});

test("Prometheus asks both gateways and shows its token", () => {
  const text = read("one", "prometheus/prometheus.yml");
  for (const name of ["gateway-1", "gateway-2"])
    assert.ok(text.includes(`http://${addressOf(name)}:4000/`), name);
  const [place] = compose.services["metrics-token"].command;
  const credentials = [...text.matchAll(/credentials_file: (.*)/g)].map(([, path]) => path);
  assert.deepEqual([...new Set(credentials)], [place]);
});

test("your own certificate is used, and half of one is refused", () => {
  const certificates = join(folder, "certificates");
  mkdirSync(certificates);
  writeFileSync(join(certificates, "fullchain.pem"), "yours");
  assert.throws(() => setUp("three", { certificates }), /give both, or neither/);
  writeFileSync(join(certificates, "privkey.pem"), "your key");
  setUp("three", { certificates });
  for (const place of ["nginx", "turn"]) {
    assert.equal(read("three", `${place}/certificate.pem`), "yours");
    assert.equal(read("three", `${place}/key.pem`), "your key");
  }
});

test("the certificate is for the names, and another one is made for other names", () => {
  setUp("four", { CONFAB_NAME: "call.example talk.example 192.0.2.7" });
  const names = () =>
    execFileSync(
      "openssl",
      [
        "x509",
        "-noout",
        "-ext",
        "subjectAltName",
        "-in",
        join(folder, "four/nginx/certificate.pem"),
      ],
      { encoding: "utf8" },
    );
  assert.match(names(), /DNS:call\.example, DNS:talk\.example, IP Address:192\.0\.2\.7/);
  setUp("four", { CONFAB_NAME: "other.example" });
  assert.match(names(), /DNS:other\.example\s*$/);
});

test("a name that could end a directive is refused", () => {
  assert.throws(
    () => setUp("five", { CONFAB_NAME: "a; daemon on" }),
    /CONFAB_NAME|cannot be configured/,
  );
});
