// What the services offer by gRPC, as the contracts say it.
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../proto/", import.meta.url);

/** The methods of each service: { "confab.media.v1.Media": ["CreateTransport", …] }. */
export function grpcServices() {
  const services = {};
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".proto")) continue;
    const text = readFileSync(new URL(name, folder), "utf8");
    const [, of] = /^package ([\w.]+);/m.exec(text);
    for (const [, service, body] of text.matchAll(/^service (\w+) \{\n(.*?)^\}/gms)) {
      services[`${of}.${service}`] = [...body.matchAll(/^ {2}rpc (\w+)\(/gm)].map(([, rpc]) => rpc);
    }
  }
  return services;
}
