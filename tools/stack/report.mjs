import { postgresUrl } from "./outside_parts.mjs";
import { ADDRESS } from "./ports.mjs";
import { redisUrl } from "./redis.mjs";
import { NAME } from "./secrets.mjs";

const begin = performance.now();
/** How long ./dev has been at work before. */
const EARLIER_S = Number(process.env.CONFAB_STAGE_SECONDS ?? 0);

/** A line as the other stages of ./dev print it. */
export function say(text) {
  const seconds = Math.floor(EARLIER_S + (performance.now() - begin) / 1000);
  console.log(`[${String(seconds).padStart(4)} s] ${text}`);
}

/** Where everything is. */
export function urls({ plan, parts }, folder, options) {
  const { ports } = plan;
  const at = (name, path) => `http://${ADDRESS}:${ports[name].http}${path}`;
  const names = (kind) => parts.map(({ name }) => name).filter((name) => name.startsWith(kind));
  const port = (usual, own) => (own === usual ? "" : `:${own}`);
  const { http, https } = ports.nginx;
  const rows = [
    ["page", `http://localhost${port(80, http)}/`, "through nginx"],
    ["", `https://${NAME}${port(443, https)}/`, "the same; browsers warn of its own certificate"],
    ["Consul", at("consul", "/v1/agent/services"), "a fake, for tests; not Consul"],
    [
      "PostgreSQL",
      postgresUrl(ports.postgres.sql),
      `its password: ${folder}/secrets/postgres-password`,
    ],
    ["Prometheus", at("prometheus", "/alerts"), "metrics, and alerts for them"],
    ["Redis", redisUrl(ports.redis.redis), `its password: ${folder}/secrets/redis-password`],
    ...(ports.gates
      ? [["gates", `http://${ADDRESS}:${ports.gates.control}/gates`, "between parts, for tests"]]
      : []),
    ...names("turn").map((name) => ["TURN", `turn:${ADDRESS}:${ports[name].turn}`, name]),
    ...["gateway", "signaling", "media"].flatMap((kind) =>
      names(kind).map((name) => ["metrics", at(name, "/metrics"), name]),
    ),
    ["logs", at("logs", "/"), `its link, with a token: ${folder}/logs/logs.log`],
  ];
  const where = options.folder === "build/stack" ? "" : ` --folder ${folder}`;
  const lines = [
    "",
    ...table(rows, "  "),
    "",
    `./dev stack status${where} looks at it, ./dev stack down${where} ends it.`,
  ];
  return lines.join("\n");
}

/** Relays, plain RTP, views and the gates themselves are many. */
const SHOWN_PORTS = { turn: 2, media: 3, consul: 1, gates: 1 };

/** @param {Awaited<ReturnType<import("./stack.mjs").Stack["status"]>>} rows */
export function statusTable(rows) {
  const cells = rows.map(({ name, pid, ports, problem }) => [
    name === "consul" ? "consul (fake)" : name,
    pid === null ? "–" : String(pid),
    Object.values(ports).slice(0, SHOWN_PORTS[name.split("-")[0]]).join(" "),
    problem ?? "healthy",
  ]);
  return table([["part", "pid", "ports", "state"], ...cells]).join("\n");
}

function table(rows, indent = "") {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map((row) =>
    (indent + row.map((cell, at) => cell.padEnd(widths[at])).join("  ")).trimEnd(),
  );
}
