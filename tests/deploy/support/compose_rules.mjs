// What must hold for compose.yaml beyond its schema. Each rule takes what readCompose gives and
// returns sentences, none where it is kept.
import { isInside, mountOf, publishedPort } from "./compose.mjs";

const servicesOf = ({ services }) => Object.entries(services);
const waitsFor = (service) => Object.entries(service.depends_on ?? {});
const volumesOf = (service) => (service.volumes ?? []).map(mountOf);
const isNamed = ([what]) => !/^[./]/.test(what);

/** Root and capabilities are for `setup`, which has no network. */
export function everyServiceIsRestrained(compose) {
  return servicesOf(compose).flatMap(([name, service]) => {
    const isSetup = name === "setup";
    const problems = [];
    const need = (holds, words) => holds || problems.push(`${name} ${words}`);
    need(service.read_only === true, "may write to its image: read_only");
    need(String(service.cap_drop) === "ALL", "keeps capabilities: cap_drop: [ALL]");
    need(isSetup || !service.cap_add, "is given capabilities");
    need(!service.privileged, "is privileged");
    need(String(service.security_opt) === "no-new-privileges:true", "may get new privileges");
    need(/^\d+:\d+$/.test(service.user ?? ""), "has no user: give numbers");
    need(isSetup || !/^0:/.test(service.user ?? "0:"), "runs as root");
    need(!isSetup || service.network_mode === "none", "is root and has a network");
    need(service.mem_limit && service.pids_limit, "has no limit of memory or of processes");
    need(service.logging?.options?.["max-size"], "may fill the disk with its output");
    need(isSetup || service.restart === "unless-stopped", "does not come back by itself");
    need(isSetup || service.healthcheck?.test, "has no health check");
    return problems;
  });
}

/** Of what must be healthy or must have ended, that has to be knowable; and nothing waits for itself. */
export function whatIsWaitedForComes(compose) {
  const { services } = compose;
  const problems = servicesOf(compose).flatMap(([name, service]) =>
    waitsFor(service).flatMap(([other, { condition }]) => {
      if (!services[other]) return [`${name} waits for ${other}, which is not there`];
      if (condition === "service_healthy" && !services[other].healthcheck)
        return [`${name} waits for the health of ${other}, which has no check`];
      const ends = !services[other].restart;
      if ((condition === "service_completed_successfully") !== ends)
        return [`${name} waits for ${other} by ${condition}`];
      return [];
    }),
  );
  const reaches = (from, to, seen = new Set()) =>
    waitsFor(services[from] ?? {}).some(([next]) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      return reaches(next, to, seen.add(next));
    });
  for (const name of Object.keys(services)) {
    if (reaches(name, name)) problems.push(`${name} waits for itself`);
  }
  return problems;
}

/** A folder of secrets or configuration is one that setup writes, read only, and waited for. */
export function volumesAreMadeAndUsed(compose) {
  const declared = Object.keys(compose.volumes);
  const made = new Set(volumesOf(compose.services.setup).map(([what]) => what));
  const used = new Set();
  const problems = servicesOf(compose).flatMap(([name, service]) =>
    volumesOf(service)
      .filter(isNamed)
      .flatMap(([what, place, mode]) => {
        used.add(what);
        if (!declared.includes(what)) return [`${name} mounts ${what}, which is not declared`];
        if (name === "setup" || !made.has(what)) return [];
        if (!service.depends_on?.setup) return [`${name} does not wait for what setup makes`];
        const renews = what === "metrics_token" && name === "metrics-token";
        return mode === "ro" || renews ? [] : [`${name} may write to ${what} at ${place}`];
      }),
  );
  for (const name of declared) if (!used.has(name)) problems.push(`nobody mounts ${name}`);
  return problems;
}

/** No secret is in the environment, and each is in a file that its readers alone mount. */
export function noSecretIsWrittenHere(compose) {
  const problems = servicesOf(compose).flatMap(([name, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([key]) => /PASSWORD|SECRET|TOKEN|_KEY/.test(key) && !/_FILE$/.test(key))
      .map(([key]) => `${name} has ${key} in its environment: give a file`),
  );
  for (const [name, { environment = {} }] of servicesOf(compose)) {
    for (const [key, value] of Object.entries(environment)) {
      if (/:\/\/[^/@]*:[^/@]*@/.test(value)) problems.push(`${name} has a password in ${key}`);
    }
  }
  for (const [volume, readers] of Object.entries(READERS)) {
    const who = servicesOf(compose)
      .filter(([, service]) => volumesOf(service).some(([what]) => what === volume))
      .map(([name]) => name)
      .filter((name) => name !== "setup" && !readers.test(name));
    if (who.length > 0) problems.push(`${volume} is mounted by ${who}`);
  }
  return problems;
}

/** Who alone mounts what holds secrets, besides setup. */
const READERS = {
  secrets: /^$/,
  gateway_secrets: /^gateway-\d$/,
  signaling_secrets: /^signaling-\d$/,
  media_secrets: /^media-\d$/,
  logs_secrets: /^logs$/,
  postgres_secrets: /^postgres$/,
  redis_config: /^redis$/,
  consul_config: /^consul$/,
  nginx_config: /^nginx$/,
  turn_config: /^turn-\d$/,
  grafana_config: /^grafana$/,
};

/** API keys lie in the store: who checks tokens and does not read it there knows none of them. */
export function apiKeysAreKnown(compose) {
  const { CONFAB_STORE_URL: store } = compose.services["gateway-1"].environment;
  const checks = (service) =>
    !service.entrypoint && ["gateway", "signaling", "logs"].includes(service.command?.[0]);
  return servicesOf(compose)
    .filter(([, service]) => checks(service) && service.environment.CONFAB_STORE_URL !== store)
    .map(([name]) => `${name} does not use the store of gateway-1`);
}

const FOR_EVERYBODY = /^(nginx|media-\d|turn-\d)$/;

/** A port of this machine is one service's; what operators look at is for this machine alone. */
export function portsArePublishedOnce(compose) {
  const taken = new Map();
  return servicesOf(compose).flatMap(([name, service]) =>
    (service.ports ?? []).map(publishedPort).flatMap((port) => {
      const problems = [];
      if (port.into !== port.outside) problems.push(`${name} has ${port.outside} as ${port.into}`);
      if (port.address !== "127.0.0.1" && !FOR_EVERYBODY.test(name))
        problems.push(`${name} opens ${port.outside} to everybody`);
      for (let number = port.first; number <= port.last; ++number) {
        const key = `${number}/${port.protocol}`;
        if (taken.has(key)) problems.push(`${name} and ${taken.get(key)} both publish ${key}`);
        taken.set(key, name);
      }
      if (!Object.keys(service.networks).includes("outside"))
        problems.push(`${name} publishes ports and is not on the network outside`);
      return problems;
    }),
  );
}

/** A given address is in its network, one service's, and none that Docker gives away by itself. */
export function addressesAreGivenOnce(compose) {
  const taken = new Map();
  const problems = [];
  if (compose.networks.inside.internal !== true) problems.push("inside leads to the world");
  for (const [name, { networks = {} }] of servicesOf(compose)) {
    for (const [network, { ipv4_address: address } = {}] of Object.entries(networks)) {
      const range = compose.networks[network]?.ipam.config[0];
      if (!range) problems.push(`${name} is on ${network}, which is not there`);
      if (!range || !address) continue;
      if (!isInside(address, range.subnet))
        problems.push(`${name}: ${address} is not in ${network}`);
      if (isInside(address, range.ip_range))
        problems.push(`${name}: ${address} may be somebody else's`);
      if (taken.has(address) || address === range.gateway)
        problems.push(`${name}: ${address} is also ${taken.get(address) ?? "the gateway's"}`);
      taken.set(address, name);
    }
  }
  return problems;
}

/** What a health check asks is what the service listens on. */
export function healthChecksAskTheirService(compose) {
  const port = (service) => {
    const { environment = {} } = service;
    const role = service.command?.[0];
    const own = {
      gateway: "GATEWAY_PORT",
      signaling: "SIGNALING_PORT",
      media: "MEDIA_HTTP_PORT",
      logs: "LOGS_PORT",
    };
    return environment[`CONFAB_${own[role]}`];
  };
  return servicesOf(compose).flatMap(([name, service]) => {
    const expected = service.image === "confab:local" ? port(service) : null;
    if (!expected) return [];
    const url = service.healthcheck.test.find((word) => word.startsWith("http://"));
    const asked = url ? new URL(url) : null;
    const own = Object.values(service.networks).map((network) => network?.ipv4_address);
    if (asked?.port !== expected) return [`${name} listens on ${expected}, is asked at ${url}`];
    if (!["127.0.0.1", ...own].includes(asked.hostname)) return [`${name} is asked at ${url}`];
    return asked.pathname === "/readyz" ? [] : [`${name} is asked for ${asked.pathname}`];
  });
}
