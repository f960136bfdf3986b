# syntax=docker/dockerfile:1
# confab's images, one a target. `docker compose up -d` builds them all (compose.yaml); by hand:
#
#   docker build --target confab -t confab:local .     the program and its pages, as the Debian package
#   docker build --target ui     -t confab-ui:local .  the pages by Next's own server
#   docker build --target nginx  -t confab-nginx:local .
#   docker build --target turn   -t confab-turn:local .
#   docker build --target setup  -t confab-setup:local .   makes secrets and configurations
#
# nginx and coturn are Debian 12's packages, because those are what confab's tests run.

# ---- the pages: as files, and for Next's own server ----
FROM node:22-bookworm-slim AS pages
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run --silent build && npm run --silent build:server \
 && rm -rf .next-server/cache && mkdir .next-server/cache

# ---- what Next's server needs while it runs, and nothing else ----
FROM node:22-bookworm-slim AS ui_modules
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

# ---- the program ----
FROM debian:12 AS program
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /src
COPY tools/packages.txt tools/
# The same list that ./dev installs from.
RUN apt-get update \
 && awk '/^#|^$/ {next} /^\[/ {on = $0 == "[build]"; next} on' tools/packages.txt \
  | xargs apt-get install -y --no-install-recommends ca-certificates dpkg-dev \
 && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY proto proto
COPY src src
COPY bench bench
COPY fuzz fuzz
# Two gigabytes of memory for each job: CONFAB_JOBS=2 where there is little.
ARG CONFAB_JOBS
RUN cmake --preset release \
 && ninja -C build/release -j "${CONFAB_JOBS:-$(nproc)}" confab
COPY --from=pages /src/web/out web/out
COPY deploy deploy
COPY docs docs
COPY tools tools
COPY CHANGELOG.md LICENSE README.md ./
RUN tools/package.sh build/release/src/app/confab web/out /package

# ---- confab ----
FROM debian:12-slim AS confab
ARG CONFAB_VERSION=0.1.0
LABEL org.opencontainers.image.title="confab" \
      org.opencontainers.image.description="Video calls on your own machine: pages, signaling and media server" \
      org.opencontainers.image.version="${CONFAB_VERSION}" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.documentation="docs/deployment.md"
ENV DEBIAN_FRONTEND=noninteractive
# The user has a number that files on volumes can be given to; the package takes one that is there.
RUN --mount=type=bind,from=program,source=/package,target=/package \
    groupadd --system --gid 900 confab \
 && useradd --system --uid 900 --gid 900 --home-dir /var/lib/confab --no-create-home --shell /usr/sbin/nologin confab \
 && apt-get update \
 && apt-get install -y --no-install-recommends /package/confab.deb ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 900 -g 900 -m 0750 /var/lib/confab /var/log/confab
USER 900:900
WORKDIR /var/lib/confab
# Pages; media of the first worker. Inside a container every address is the container's.
ENV CONFAB_DATA_DIR=/var/lib/confab \
    CONFAB_LOG_FORMAT=json \
    CONFAB_GATEWAY_ADDRESS=0.0.0.0
VOLUME ["/var/lib/confab"]
EXPOSE 4000/tcp 40000/tcp 40000/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
  CMD ["curl", "-fsS", "--max-time", "3", "-o", "/dev/null", "http://127.0.0.1:4000/healthz"]
ENTRYPOINT ["/usr/bin/confab"]
CMD ["serve"]

# ---- the pages by Next's own server ----
FROM node:22-bookworm-slim AS ui
LABEL org.opencontainers.image.title="confab-ui" \
      org.opencontainers.image.description="confab's pages by Next's own server" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
WORKDIR /srv/confab-ui
COPY --from=ui_modules /src/web/node_modules node_modules
COPY --from=pages /src/web/.next-server .next-server
COPY web/package.json web/next.config.ts ./
COPY web/public public
COPY web/server server
USER node
ENV CONFAB_UI_ADDRESS=0.0.0.0 CONFAB_UI_PORT=3000
EXPOSE 3000/tcp
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.mjs"]

# ---- nginx ----
FROM debian:12-slim AS nginx
LABEL org.opencontainers.image.title="confab-nginx" \
      org.opencontainers.image.description="Debian's nginx, for the configuration that confab's setup makes"
ENV DEBIAN_FRONTEND=noninteractive
# The access log goes where the container's output goes; it has no addresses, rooms or names in it.
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl nginx \
 && rm -rf /var/lib/apt/lists/* \
 && ln -sf /dev/stdout /var/log/nginx/access.log \
 && ln -sf /dev/stderr /var/log/nginx/error.log
USER www-data
EXPOSE 80/tcp 443/tcp
STOPSIGNAL SIGQUIT
CMD ["nginx", "-e", "/dev/stderr", "-c", "/etc/confab-nginx/nginx.conf", "-g", "daemon off;"]

# ---- coturn ----
FROM debian:12-slim AS turn
LABEL org.opencontainers.image.title="confab-turn" \
      org.opencontainers.image.description="Debian's coturn, for the configuration that confab's setup makes"
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install -y --no-install-recommends coturn \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/compose/turn.sh /usr/share/confab/deploy/compose/
USER 903:903
EXPOSE 3478/tcp 3478/udp 5349/tcp
ENTRYPOINT ["/usr/share/confab/deploy/compose/turn.sh", "/run/turn"]
CMD ["-c", "/etc/confab-turn/turn-1/turnserver.conf"]

# ---- secrets and configurations, once at every start ----
FROM debian:12-slim AS setup
LABEL org.opencontainers.image.title="confab-setup" \
      org.opencontainers.image.description="Makes confab's secrets and the configurations of what stands around it"
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssl \
 && rm -rf /var/lib/apt/lists/*
COPY deploy /usr/share/confab/deploy
CMD ["/usr/share/confab/deploy/compose/setup.sh"]
