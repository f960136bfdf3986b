import { bundle } from "./bundle.mjs";
import { until } from "./until.mjs";

/** Opens the tutorial client in a page, as if the server's origin had it. */
export async function openClassicPage(page, { origin, room, name, receive = true, raw = false }) {
  const script = await bundle("classic/client.mjs");
  const address = `${origin}/classic-client`;
  const body = `<!doctype html><meta charset="utf-8"><body><script src="${address}.js"></script>`;
  await page.route(`${address}.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: script }),
  );
  await page.route(`${address}?*`, (route) => route.fulfill({ contentType: "text/html", body }));
  const query = new URLSearchParams({
    room,
    name,
    ...(receive && { receive: "" }),
    ...(raw && { raw: "" }),
  });
  await page.goto(`${address}?${query}`);
  await until(`the classic client ${name} joins`, async () => {
    const title = await page.title();
    return title === "joined" ? null : title || "it is still at it";
  });
}
