// Breaks of compose.yaml, planted to see each rule fail.
/** [rule, what is broken, how, what is said] */
export const BREAKS = [
  [
    "schemaProblems",
    "a key that Compose has not",
    (c) => {
      c.services.ui.port = "1";
    },
    /additional/,
  ],
  [
    "schemaProblems",
    "a condition that is none",
    (c) => {
      c.services.nginx.depends_on.ui.condition = "ready";
    },
    /allowed values/,
  ],
  [
    "everyServiceIsRestrained",
    "root",
    (c) => {
      c.services.redis.user = "0:0";
    },
    /redis runs as root/,
  ],
  [
    "everyServiceIsRestrained",
    "no user",
    (c) => {
      delete c.services.ui.user;
    },
    /ui has no user/,
  ],
  [
    "everyServiceIsRestrained",
    "a capability",
    (c) => {
      c.services.nginx.cap_add = ["NET_ADMIN"];
    },
    /nginx is given/,
  ],
  [
    "everyServiceIsRestrained",
    "an image that can be written to",
    (c) => {
      c.services.logs.read_only = false;
    },
    /logs may write/,
  ],
  [
    "everyServiceIsRestrained",
    "no limit",
    (c) => {
      delete c.services.grafana.mem_limit;
    },
    /grafana has no limit/,
  ],
  [
    "everyServiceIsRestrained",
    "no health",
    (c) => {
      delete c.services["media-2"].healthcheck;
    },
    /media-2 has no health/,
  ],
  [
    "everyServiceIsRestrained",
    "root with a network",
    (c) => {
      c.services.setup.network_mode = "bridge";
    },
    /setup is root and/,
  ],
  [
    "whatIsWaitedForComes",
    "a service that is gone",
    (c) => {
      delete c.services.consul;
    },
    /waits for consul, which/,
  ],
  [
    "whatIsWaitedForComes",
    "no check",
    (c) => {
      delete c.services.postgres.healthcheck;
    },
    /health of postgres/,
  ],
  [
    "whatIsWaitedForComes",
    "a circle",
    (c) => {
      c.services.postgres.depends_on["gateway-1"] = { condition: "service_healthy" };
    },
    /postgres waits for itself/,
  ],
  [
    "whatIsWaitedForComes",
    "an end that does not come",
    (c) => {
      c.services.ui.depends_on = { redis: { condition: "service_completed_successfully" } };
    },
    /ui waits for redis by/,
  ],
  [
    "volumesAreMadeAndUsed",
    "not declared",
    (c) => {
      delete c.volumes.backend_logs;
    },
    /backend_logs, which is not declared/,
  ],
  [
    "volumesAreMadeAndUsed",
    "nobody's",
    (c) => {
      c.volumes.old = {};
    },
    /nobody mounts old/,
  ],
  [
    "volumesAreMadeAndUsed",
    "secrets that can be written to",
    (c) => {
      c.services.redis.volumes = ["redis_config:/run/confab"];
    },
    /redis may write to redis_config/,
  ],
  [
    "volumesAreMadeAndUsed",
    "too early",
    (c) => {
      delete c.services["turn-1"].depends_on;
    },
    /turn-1 does not wait/,
  ],
  [
    "noSecretIsWrittenHere",
    "a password",
    (c) => {
      c.services.grafana.environment.GF_SECURITY_ADMIN_PASSWORD = "admin";
    },
    /grafana has GF_SECURITY_ADMIN_PASSWORD in/,
  ],
  [
    "noSecretIsWrittenHere",
    "a password in a URL",
    (c) => {
      c.services["signaling-1"].environment.CONFAB_STORE_URL =
        "postgresql://confab:confab@postgres/confab";
    },
    /signaling-1 has a password in CONFAB_STORE_URL/,
  ],
  [
    "noSecretIsWrittenHere",
    "somebody else's secrets",
    (c) => {
      c.services.ui.volumes = ["secrets:/s:ro"];
    },
    /secrets is mounted by ui/,
  ],
  [
    "noSecretIsWrittenHere",
    "secrets of another kind of service",
    (c) => {
      c.services["media-1"].volumes = ["signaling_secrets:/run/confab:ro"];
    },
    /signaling_secrets is mounted by media-1/,
  ],
  [
    "apiKeysAreKnown",
    "a viewer without the store",
    (c) => {
      delete c.services.logs.environment.CONFAB_STORE_URL;
    },
    /logs does not use the store/,
  ],
  [
    "portsArePublishedOnce",
    "twice",
    (c) => {
      c.services["turn-2"].ports = ["3478:3478/udp"];
    },
    /both publish 3478\/udp/,
  ],
  [
    "portsArePublishedOnce",
    "to everybody",
    (c) => {
      c.services.grafana.ports = ["3001:3001/tcp"];
    },
    /grafana opens 3001/,
  ],
  [
    "portsArePublishedOnce",
    "under another number",
    (c) => {
      c.services["media-1"].ports = ["40000:40001/udp"];
    },
    /media-1 has 40000 as 40001/,
  ],
  [
    "portsArePublishedOnce",
    "inside alone",
    (c) => {
      delete c.services.logs.networks.outside;
    },
    /logs publishes ports and/,
  ],
  [
    "addressesAreGivenOnce",
    "twice",
    (c) => {
      c.services.ui.networks.inside.ipv4_address = "172.31.250.11";
    },
    /is also/,
  ],
  [
    "addressesAreGivenOnce",
    "in another network",
    (c) => {
      c.services.ui.networks.inside.ipv4_address = "172.31.250.200";
    },
    /ui: 172.31.250.200 is not in inside/,
  ],
  [
    "addressesAreGivenOnce",
    "Docker's to give",
    (c) => {
      c.services.ui.networks.inside.ipv4_address = "172.31.250.100";
    },
    /may be somebody else's/,
  ],
  [
    "addressesAreGivenOnce",
    "a way out",
    (c) => {
      delete c.networks.inside.internal;
    },
    /inside leads to the world/,
  ],
  [
    "healthChecksAskTheirService",
    "another port",
    (c) => {
      c.services["media-1"].environment.CONFAB_MEDIA_HTTP_PORT = "6001";
    },
    /media-1 listens on 6001/,
  ],
  [
    "healthChecksAskTheirService",
    "another's",
    (c) => {
      c.services["gateway-1"].healthcheck.test = c.services["gateway-2"].healthcheck.test;
    },
    /gateway-1 is asked at/,
  ],
];
