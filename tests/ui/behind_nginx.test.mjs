// nginx with pages from Next's own server, as deploy/nginx renders it: two browsers in a call.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Participant } from "../e2e/support/participant.mjs";
import { NAME, Nginx, temporaryFolder } from "../nginx/support/nginx.mjs";
import { startGateway } from "./support/gateway.mjs";
import { UiProcess } from "./support/ui_process.mjs";

let folder;
let gateway;
let ui;
let nginx;
const people = [];

before(async () => {
  folder = temporaryFolder();
  gateway = await startGateway(folder);
  // Nothing is there: behind nginx, what is the gateway's never comes this way.
  ui = await UiProcess.start("http://127.0.0.1:9");
  const settings = { pages: "ui", ui_servers: `127.0.0.1:${ui.port}` };
  const port = Number(new URL(gateway.origin).port);
  nginx = await Nginx.start(join(folder, "nginx"), [port], settings);
});
after(async () => {
  await Promise.all(people.map((one) => one.close()));
  await nginx?.stop();
  await ui?.stop();
  await gateway?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test("the pages are the UI server's, and all else is the gateway's", async () => {
  for (const path of ["/", "/r/quiet-harbor"]) {
    const page = await nginx.ask(path);
    assert.equal(page.status, 200, path);
    assert.match(page.text, /\/_next\/static\//);
    assert.match(page.headers["content-security-policy"], /default-src 'none'/);
    assert.equal(page.headers["strict-transport-security"], "max-age=31536000");
  }
  for (const path of [
    "/healthz",
    "/readyz",
    "/.well-known/jwks.json",
    "/api/v1/openapi.json",
    "/api/docs",
    "/socket.io/?EIO=4&transport=polling",
  ]) {
    const answer = await nginx.ask(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers["x-request-id"], /^[a-z2-7]{26}$/, path);
  }
  assert.equal((await nginx.ask("/metrics")).status, 404);
});

test("two browsers see and hear each other, and nothing breaks the pages' policy", async () => {
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
  assert.deepEqual([...ida.complaints, ...ole.complaints], []);
});

test("without the UI server a call can still be joined by whoever has the page", async () => {
  await ui.stop();
  assert.equal((await nginx.ask("/")).status, 502);
  const invited = await nginx.ask("/api/v1/rooms/a/guest-tokens", { method: "POST" });
  assert.equal(invited.status, 201);
});
