// Serves the exported pages as the gateway does: /x is /x.html, and /r/<room> is /r.html; and the log
// viewer's: /rooms/<room> is /rooms.html.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/**
 * @param {string} root folder of the export
 * @param {(path: string) => { status: number, body: object } | null} api what the REST interface
 *   answers; null where it has nothing to say
 */
export function createStaticServer(root, api = () => null) {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const answer = request.method === "POST" ? api(pathname) : null;
    if (answer) {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
      return;
    }
    if (pathname === "/healthz") {
      response.writeHead(200).end("ok");
      return;
    }
    const file = fileOf(root, decodeURIComponent(pathname));
    response.writeHead(file ? 200 : 404, {
      "content-type": TYPES[extname(file ?? "404.html")] ?? "application/octet-stream",
      // What a strict policy will allow later; the pages must already live with it.
      "content-security-policy":
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; " +
        "img-src 'self' data:; media-src 'self' blob: mediastream:; object-src 'none'; " +
        "base-uri 'none'; frame-ancestors 'none'",
    });
    createReadStream(file ?? join(root, "404.html")).pipe(response);
  });
}

function fileOf(root, pathname) {
  const path = normalize(pathname);
  const [, folder] = /^\/(r|rooms)\//.exec(path) ?? [];
  const candidates = folder
    ? [`/${folder}.html`]
    : [path, `${path}.html`, join(path, "index.html")];
  for (const candidate of candidates) {
    const file = join(root, candidate);
    if (file.startsWith(root) && existsSync(file) && statSync(file).isFile()) return file;
  }
  return null;
}
