import type { NextConfig } from "next";

const config: NextConfig = {
  output: "export",
  // Flat files: the gateway maps /x to /x.html, and /r/<room> to /r.html.
  trailingSlash: false,
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  transpilePackages: ["geist"],
};

export default config;
