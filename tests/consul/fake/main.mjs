#!/usr/bin/env node
// A fake Consul agent for tests and for trying things on one machine. See README.md.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FakeConsul } from "./server.mjs";
import { VERSION } from "./shapes.mjs";

const USAGE =
  "node main.mjs [--port P] [--host H] [--token T] [--data-center DC] [--views FILE]   (port 0: any free one)";

function options() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      port: text,
      host: text,
      token: text,
      "data-center": text,
      views: text,
      help: { type: "boolean" },
    },
  });
  const port = Number(values.port ?? 8500);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port} is no port: give a whole number from 0 to 65535`);
  }
  const views = values.views && JSON.parse(readFileSync(values.views, "utf8"));
  return { ...values, port, dataCenter: values["data-center"], views };
}

try {
  const given = options();
  if (given.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const log = (line) => console.error(`fake consul: ${line}`);
  const fake = await FakeConsul.start({ ...given, log });
  console.log(`fake consul ${VERSION} (for tests; not Consul) listens on ${fake.url}`);
  const end = () => fake.stop().then(() => process.exit(0));
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
} catch (error) {
  console.error(`fake consul: ${error.message}\n${USAGE}`);
  process.exit(1);
}
