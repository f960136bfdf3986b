import { gateway, logs, media, signaling } from "./confab_parts.mjs";
import { gates } from "./gates_part.mjs";
import { consul, coturn, nginx, postgres } from "./outside_parts.mjs";
import { prometheus } from "./prometheus.mjs";
import { redis } from "./redis.mjs";

/**
 * @typedef {object} Part one process of the system, and what it starts
 * @property {string} name also its name in Consul, of its files, and of its ports in the plan
 * @property {Record<string, number>} ports
 * @property {string} title
 * @property {() => string[]} command writes its configuration, and says how it is started
 * @property {() => Promise<string | null>} health null, or why not
 * @property {() => void} [forget] removes what lies outside the stack's folder; after its end
 */

const TURN = ["turn-1", "turn-2"];
const MEDIA = ["media-1", "media-2"];
const SIGNALING = ["signaling-1", "signaling-2"];
const GATEWAYS = ["gateway-1", "gateway-2"];

/**
 * All parts in the order in which they are started, in rounds: what is in one round starts at the
 * same time. They end the other way round, so that nothing reconnects in vain.
 * @returns {Part[][]}
 */
export function partsOf({ folder, plan, secrets }) {
  const { ports } = plan;
  const context = { folder, plan, secrets, ports, gateways: GATEWAYS, turnServers: TURN };
  const make = (kind, names) => names.map((name) => kind(name, context));
  return [
    [
      ...make(gates, ports.gates ? ["gates"] : []),
      ...make(consul, ["consul"]),
      ...make(postgres, ["postgres"]),
      ...make(redis, ["redis"]),
    ],
    make(coturn, TURN),
    make(media, MEDIA),
    make(signaling, SIGNALING),
    [...make(gateway, GATEWAYS), ...make(logs, ["logs"])],
    [...make(nginx, ["nginx"]), ...make(prometheus, ["prometheus"])],
  ];
}
