import type { NextConfig } from "next";

/** Flat files: the gateway maps /x to /x.html, and /r/<room> to /r.html. */
const asFiles: NextConfig = { output: "export" };

/** Next's own server (server/main.mjs), which has to be told what the gateway knows. */
const asServer: NextConfig = {
  distDir: ".next-server",
  rewrites: async () => [{ source: "/r/:room", destination: "/r" }],
};

const config: NextConfig = {
  ...(process.env.CONFAB_UI === "server" ? asServer : asFiles),
  trailingSlash: false,
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  transpilePackages: ["geist"],
};

export default config;
