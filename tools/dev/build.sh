# Compiling: CMake presets and the web export.

jobs=${CONFAB_JOBS:-$(nproc)}

# configure PRESET: only where there is no build file yet; ninja re-runs CMake by itself later.
configure() {
  [ -f "build/$1/build.ninja" ] && return 0
  stage "configure $1" cmake --preset "$1"
}

# compile PRESET [TARGET…]. On a terminal ninja draws its own progress.
compile() {
  local preset=$1
  shift
  configure "$preset" || return 1
  if on_terminal; then
    loud_stage "build $preset" ninja -C "build/$preset" -j "$jobs" "$@"
  else
    loud_stage "build $preset" compile_with_few_lines "$preset" "$@"
  fi
}

# Without a terminal: a line every 15 seconds, and everything from the first error on.
compile_with_few_lines() {
  local preset=$1
  shift
  mkdir -p "$log_folder"
  ninja -C "build/$preset" -j "$jobs" "$@" 2>&1 | tee "$log_folder/build-$preset.log" | awk '
    BEGIN { last = systime() }
    /^FAILED:/ { failed = 1 }
    /^\[[0-9]+\/[0-9]+\]/ { if (!failed && systime() - last < 15) next; last = systime() }
    /^ninja: (Entering|no work)/ { next }
    { print; fflush() }'
}

# The static pages, web/out: built again only when a source of theirs changed.
build_web() {
  [ -f web/package.json ] || return 0
  local stamp=build/web.sum sum
  sum=$(web_sources_sum)
  if [ -d web/out ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return 0; fi
  need_node
  need_npm_packages web
  stage 'web pages' npm_run web build || return 1
  mkdir -p build
  web_sources_sum >"$stamp"
}

# The pages as Next's own server runs them, web/.next-server.
build_ui_server() {
  local stamp=build/ui-server.sum sum
  sum=$(web_sources_sum)
  if [ -d web/.next-server ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return 0; fi
  need_node
  need_npm_packages web
  stage 'UI server' npm_run web build:server || return 1
  mkdir -p build
  web_sources_sum >"$stamp"
}

npm_run() { (cd "$1" && shift && NEXT_TELEMETRY_DISABLED=1 npm run --silent "$@"); }

web_sources_sum() {
  git ls-files -z -co --exclude-standard web | xargs -0 -r sha256sum 2>/dev/null | sha256sum
}

dev_build() {
  local preset=${1:-release}
  [ $# -gt 0 ] && shift
  need base build
  case "$preset" in clang | fuzz) need check ;; esac
  compile "$preset" "$@"
  [ "$preset" = release ] && build_web
  return 0
}

dev_clean() {
  # With its folder nobody would find its processes any more.
  [ ! -f build/stack/stack.json ] || fail 'the stack is up: end it first with ./dev stack down'
  rm -rf build web/out web/.next web/.next-server screens
}
