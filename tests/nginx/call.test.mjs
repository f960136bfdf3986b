// Two browsers in a call by way of nginx, over TLS.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConfabServer } from "../e2e/support/confab_server.mjs";
import { Participant } from "../e2e/support/participant.mjs";
import { NAME, Nginx, temporaryFolder } from "./support/nginx.mjs";

let folder;
let server;
let nginx;
const people = [];

before(async () => {
  folder = temporaryFolder();
  server = await ConfabServer.start(join(folder, "server"), ["--media-address", "127.0.0.1"]);
  nginx = await Nginx.start(join(folder, "nginx"), [Number(new URL(server.origin).port)]);
});
after(async () => {
  await Promise.all(people.map((one) => one.close()));
  await nginx?.stop();
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test("they see and hear each other", async () => {
  const origin = `https://${NAME}:${nginx.ports.https}`;
  const switches = [
    `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
    // The authority is the tests' own.
    "--ignore-certificate-errors",
  ];
  for (const [name, id] of [
    ["Ida", 1],
    ["Ole", 2],
  ]) {
    const media = join(folder, "media");
    const one = await Participant.launch(name, id, { origin, folder: media, switches });
    people.push(one);
    await one.page.goto(`${origin}/r/behind-nginx`);
    await one.join();
  }
  const [ida, ole] = people;
  await ida.untilTogether(ole);
  await ole.untilTogether(ida);
});
