// Run by as_composed.test.mjs in namespaces of its own (network, mounts, processes): starts what
// compose.yaml starts, as its user, with its command, variables and mounts, at its addresses, and asks
// each by its own health check. Where the image is somebody else's, Debian's program of the same name
// stands for it; for Consul, which Debian has not, the fake of tests/consul. Prints one JSON object.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PostgresFiles } from "../../../tools/stack/postgres.mjs";
import { mountOf, ROOT, readCompose } from "./compose.mjs";
import { PROGRAM } from "./program.mjs";

const WAIT_MS = 60_000;
/** Two of each service. */
const SCRAPED = 7;
const [folder] = process.argv.slice(2);
const compose = readCompose();
const sh = (text) => execFileSync("bash", ["-euc", text], { stdio: ["ignore", "pipe", "inherit"] });

/** A place to make folders in which nobody outside sees. */
function coverWithMemory() {
  sh(`mkdir -p ${folder}/cover && mount -t tmpfs tmpfs ${folder}/cover`);
  for (const [name, path] of Object.entries({ etc: "/etc", lib: "/var/lib", log: "/var/log" })) {
    const at = `${folder}/cover/${name}`;
    sh(`mkdir -p ${at}/up ${at}/work
        mount -t overlay overlay -o lowerdir=${path},upperdir=${at}/up,workdir=${at}/work ${path}`);
  }
  sh("mount -t tmpfs tmpfs /run");
  // Where the users of the services get, wherever the repository is.
  sh(`mkdir /run/program /run/deploy; mount --bind ${dirname(PROGRAM)} /run/program
      mount --bind ${ROOT}deploy /run/deploy`);
}

/** All addresses of compose.yaml at this one machine. */
function takeAddresses() {
  const addresses = Object.values(compose.services).flatMap(({ networks = {} }) =>
    Object.values(networks).map((network) => network?.ipv4_address),
  );
  sh("ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start");
  for (const address of new Set(addresses.filter(Boolean)))
    sh(`ip address add ${address}/32 dev lo`);
  appendFileSync("/etc/hosts", "127.0.0.1 postgres redis consul\n");
}

const setupPlaces = Object.fromEntries(
  compose.services.setup.volumes.map(mountOf).map(([volume, place]) => [volume, place]),
);
/** Where a volume is in this folder. */
function placeOf(volume, user) {
  const made = setupPlaces[volume];
  if (made) return join(folder, "volumes", made.slice("/setup/".length));
  const path = join(folder, "volumes", volume);
  mkdirSync(path, { recursive: true });
  chownSync(path, ...user.split(":").map(Number)); // as a volume gets it from the image
  return path;
}

function setUp() {
  const env = {
    ...{ PATH: process.env.PATH, ...compose.services.setup.environment },
    CONFAB_SETUP_FOLDER: join(folder, "volumes"),
    CONFAB_CERTIFICATE_FOLDER: join(folder, "none"),
  };
  execFileSync(`${ROOT}deploy/compose/setup.sh`, [], { env, stdio: ["ignore", "pipe", "inherit"] });
}

/** In mounts of its own, as its user, without any capability. */
function start(name, command = null) {
  const service = compose.services[name];
  const { user, environment = {}, volumes = [], tmpfs = [] } = service;
  const words = command ?? commandOf(service);
  const mounts = [
    ...volumes.map(mountOf).map(([what, place, mode]) => {
      const readOnly = mode === "ro" ? `mount -o remount,ro,bind ${place};` : "";
      return `mkdir -p ${place}; mount --bind ${placeOf(what, user)} ${place}; ${readOnly}`;
    }),
    ...tmpfs
      .map((text) => text.split(":"))
      .map(
        ([place, options = "mode=1777"]) =>
          `mkdir -p ${place}; mount -t tmpfs -o ${options} tmpfs ${place};`,
      ),
  ];
  const [uid, gid] = user.split(":");
  const become = `setpriv --reuid ${uid} --regid ${gid} --clear-groups --bounding-set=-all --no-new-privs`;
  const log = openSync(join(folder, `${name}.log`), "w");
  const script = `${mounts.join("\n")}\nexec ${become} -- "$@"`;
  const args = ["--mount", "bash", "-euc", script, name, ...words];
  const env = { PATH: `/run/program:${process.env.PATH}`, ...environment };
  return spawn("unshare", args, { env, stdio: ["ignore", log, log], cwd: "/" });
}

function commandOf({ image, command, entrypoint }) {
  if (image === "confab:local" && !entrypoint) return ["/run/program/confab", ...command];
  if (entrypoint) {
    const [program, ...first] = entrypoint;
    return [program.replace("/usr/share/confab", "/run"), ...first, ...command];
  }
  if (image === "confab-nginx:local")
    return ["nginx", "-e", "stderr", "-c", "/etc/confab-nginx/nginx.conf", "-g", "daemon off;"];
  return command;
}

function startStores() {
  const secret = (name) => readFileSync(join(folder, "volumes/secrets", name), "utf8").trim();
  const postgres = new PostgresFiles(join(folder, "postgres"));
  postgres.initialise(secret("postgres-password"));
  const [program, ...args] = postgres.command("127.0.0.1", 5432);
  spawn(program, args, { stdio: "ignore", cwd: "/" });
  // As compose.yaml has it, but for the folder /data, which only the image has.
  const configuration = readFileSync(join(folder, "volumes/redis/redis.conf"), "utf8");
  writeFileSync(join(folder, "redis.conf"), configuration.replace("dir /data", `dir ${folder}`));
  spawn("redis-server", [join(folder, "redis.conf")], { stdio: "ignore" });
  const fake = `${ROOT}tests/consul/fake/main.mjs`;
  spawn(process.execPath, [fake, "--host", "127.0.0.1", "--port", "8500"], { stdio: "ignore" });
  return () => postgres.remove();
}

const inside = (name) => compose.services[name].networks.inside.ipv4_address;

/** Null, or what the service's own health check says. */
function health(name) {
  const [, ...words] = compose.services[name].healthcheck.test;
  const { status, stdout, stderr } = spawnSync(words[0], words.slice(1), { encoding: "utf8" });
  return status === 0 ? null : `${stdout}${stderr}`.trim() || `status ${status}`;
}

async function healthInTime(name, child) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const problem = health(name);
    if (problem === null) return null;
    const isOver = child.exitCode !== null || Date.now() > end;
    if (isOver)
      return `${problem}\n${readFileSync(join(folder, `${name}.log`), "utf8").slice(-1500)}`;
    await pause(300);
  }
}

/** What nginx answers to the world, by its own name and TLS. */
function answer(path, ...flags) {
  const args = ["-sk", "--max-time", "5", "--resolve", "confab.localhost:443:127.0.0.1", ...flags];
  return spawnSync("curl", [...args, `https://confab.localhost${path}`], { encoding: "utf8" })
    .stdout;
}

/** Whether coturn relays to an address: with credentials as the gateway gives them. */
function relays(name, peer) {
  const turn = compose.services[name].networks.outside.ipv4_address;
  const [port] = compose.services[name].ports[0].split(":");
  const secret = readFileSync(join(folder, "volumes/secrets/turn-secret"), "utf8").trim();
  const args = ["-W", secret, "-u", "check", "-e", peer, "-n", "1", "-p", port, turn];
  return spawnSync("timeout", ["10", "turnutils_uclient", ...args], { encoding: "utf8" }).stdout;
}

/** The instances that Prometheus reaches, once it reaches all. */
async function prometheusTargets() {
  const child = start("prometheus", ["prometheus", ...compose.services.prometheus.command]);
  const url = `http://${inside("prometheus")}:9090/api/v1/targets?state=active`;
  const end = Date.now() + WAIT_MS;
  let up = [];
  while (up.length < SCRAPED && Date.now() < end && child.exitCode === null) {
    await pause(500);
    const { stdout } = spawnSync("curl", ["-s", "--max-time", "3", url], { encoding: "utf8" });
    const targets = stdout ? JSON.parse(stdout).data.activeTargets : [];
    up = targets.filter((each) => each.health === "up").map((each) => each.labels.instance);
  }
  return up.sort();
}

/** What a gateway answers Prometheus with the token that is renewed, and without. */
async function scrapes() {
  const file = join(folder, "volumes/metrics-token/token");
  const end = Date.now() + WAIT_MS;
  while (!existsSync(file) && Date.now() < end) await pause(100);
  const url = `http://${inside("gateway-1")}:4000/metrics`;
  const ask = (...flags) => {
    const args = ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...flags, url];
    return spawnSync("curl", args, { encoding: "utf8" }).stdout;
  };
  const { mode, gid } = statSync(file);
  const token = readFileSync(file, "utf8").trim();
  return {
    with: ask("-H", `Authorization: Bearer ${token}`),
    without: ask(),
    mode: (mode & 0o777).toString(8),
    gid,
  };
}

coverWithMemory();
takeAddresses();
setUp();
const forget = startStores();
const OURS = [
  "media-1",
  "media-2",
  "signaling-1",
  "signaling-2",
  "gateway-1",
  "gateway-2",
  "turn-1",
  "turn-2",
  "nginx",
  "logs",
];
const children = Object.fromEntries(OURS.map((name) => [name, start(name)]));
const result = { health: {}, answers: {}, relays: {} };
for (const name of OURS) result.health[name] = await healthInTime(name, children[name]);
const invitation = ["-X", "POST", "-H", "Content-Type: application/json", "-d", "{}"];
result.answers.invitation = answer("/api/v1/rooms/first/guest-tokens", ...invitation);
result.answers.metrics = answer("/metrics", "-o", "/dev/null", "-w", "%{http_code}");
result.relays.media = relays("turn-1", inside("media-2"));
result.relays.consul = relays("turn-2", inside("consul"));
start("metrics-token");
result.scrapes = await scrapes();
result.targets = await prometheusTargets();
forget();
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0); // the namespace ends with it, and everything in there
