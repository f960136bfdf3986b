import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gatePlan } from "./gates.mjs";
import { httpHealth } from "./health.mjs";

const PROGRAM = fileURLToPath(new URL("../../tests/support/gate/main.mjs", import.meta.url));

/** All gates of a stack, in one process. */
export function gates(name, { ports, folder }) {
  const { control } = ports[name];
  return {
    name,
    ports: ports[name],
    title: "gates between parts",
    command() {
      const file = join(folder.conf, `${name}.json`);
      writeFileSync(file, JSON.stringify(gatePlan(ports), null, 2));
      return [process.execPath, PROGRAM, "--control", String(control), "--gates", file];
    },
    health: () => httpHealth(control, "/gates"),
  };
}
