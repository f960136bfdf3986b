#!/usr/bin/env bash
# Proves the README on a machine that has nothing: makes a minimal Debian 12 in a temporary folder,
# clones the last commit into it, runs `./dev run` twice and `./dev test`, and prints a summary.
#
#   tools/fresh.sh [--keep] [--no-test] [--folder DIR]
#   tools/fresh.sh --package FILE.deb [--keep] [--folder DIR]
#
# With --package it installs that Debian package instead (./dev package makes one), starts what the
# package's unit starts, looks at pages and health, and purges it again.
#
# Needs root and debootstrap. Takes this machine's Debian mirror, apt proxy, npm configuration and
# certificates along, so that it works where packages come from a mirror. Ends every process it
# started (they live in a process namespace of their own) and removes the folder on success.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
suite=bookworm
run_limit_seconds=3600  # from nothing to "reachable" on two slow cores
stop_limit_seconds=15
keep=no with_test=${with_test:-yes} folder=${folder:-} package=${package:-}
# shellcheck source=tools/fresh_package.sh
source "$root/tools/fresh_package.sh"

fail() {
  printf 'fresh: %s\n' "$*" >&2
  exit 1
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --keep) keep=yes ;;
      --no-test) with_test=no ;;
      --folder) folder=$2 && shift ;;
      --package) package=$(realpath "$2") && shift ;;
      *) fail "unknown argument $1" ;;
    esac
    shift
  done
}

# The machine's mirror of a suite, from one-line and deb822 sources; $2 where there is none.
mirror_of() {
  local files=() file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && files+=("$file")
  done
  ((${#files[@]} == 0)) && printf '%s' "$2" && return
  awk -v suite="$1" -v fallback="$2" '
    $1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /^https?:/ && $(i + 1) == suite) found = $i }
    $1 == "URIs:" { uri = $2 }
    $1 == "Suites:" { for (i = 2; i <= NF; i++) if ($i == suite) found = uri }
    END { printf "%s", found == "" ? fallback : found }' "${files[@]}"
}

make_system() {
  local mirror security
  mirror=$(mirror_of $suite http://deb.debian.org/debian)
  security=$(mirror_of $suite-security http://deb.debian.org/debian-security)
  debootstrap --variant=minbase --include=git,bash,ca-certificates $suite "$system" "$mirror" \
    >"$folder/debootstrap.log" 2>&1 || fail "debootstrap failed, see $folder/debootstrap.log"
  printf 'deb %s %s main\ndeb %s %s-security main\n' "$mirror" $suite "$security" $suite \
    >"$system/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(http|https|Check)[A-Za-z:-]* ' \
    >"$system/etc/apt/apt.conf.d/90-fresh" || true
  cp -L /etc/resolv.conf /etc/hosts "$system/etc/"
}

# How this machine reaches the npm registry: files as they are, variables into fresh.env.
take_npm_configuration() {
  local file name
  for file in /etc/npmrc /usr/etc/npmrc; do
    if [ -f "$file" ]; then mkdir -p "$system${file%/*}" && cp "$file" "$system$file"; fi
  done
  if [ -f "$HOME/.npmrc" ]; then cp "$HOME/.npmrc" "$system/root/.npmrc"; fi
  cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$system/root/ca.pem"
  {
    printf 'export NODE_EXTRA_CA_CERTS=/root/ca.pem npm_config_cafile=/root/ca.pem\n'
    for name in $(compgen -e | grep -iE '^(npm_config_.*|https?_proxy|no_proxy|CONFAB_JOBS)$'); do
      case "${name,,}" in
        npm_config_cafile | npm_config_prefix | npm_config_cache | npm_config_userconfig | \
          npm_config_globalconfig | npm_config_local_prefix) continue ;;
      esac
      printf 'export %s=%q\n' "$name" "${!name}"
    done
  } >"$system/root/fresh.env"
}

take_repository() {
  [ -z "$(git -C "$root" status --porcelain)" ] ||
    printf 'fresh: what is not committed is not tested\n' >&2
  git -C "$root" bundle create -q "$system/root/confab.bundle" HEAD
}

# Becomes a shell inside that runs $1: call it in a subshell.
enter() {
  exec chroot "$system" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    TERM=dumb bash -c ". /root/fresh.env; cd /root; $1"
}

now_ms() { date +%s%3N; }

# run_once LOG: starts ./dev run, waits for "reachable", ends it. Sets took_ms.
run_once() {
  local log=$1 begin pid status=0
  begin=$(now_ms)
  enter 'cd confab && exec ./dev run' >"$log" 2>&1 &
  pid=$!
  until grep -q reachable "$log"; do
    kill -0 $pid 2>/dev/null || { tail -n 40 "$log" >&2 && fail './dev run ended by itself'; }
    (($(now_ms) - begin < run_limit_seconds * 1000)) || fail './dev run takes too long'
    sleep 0.05
  done
  took_ms=$(($(now_ms) - begin))
  kill -TERM $pid
  begin=$(now_ms)
  while kill -0 $pid 2>/dev/null; do
    (($(now_ms) - begin < stop_limit_seconds * 1000)) || fail './dev run does not end'
    sleep 0.05
  done
  stop_ms=$(($(now_ms) - begin))
  wait $pid || status=$?
  [ "$status" = 0 ] || fail "./dev run ended with status $status"
}

seconds() { printf '%d.%01d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# In namespaces of its own: mounts disappear and processes end with it.
prove() {
  local first second stop test_ms=0 status=0 begin
  mount -t proc proc "$system/proc"
  mount -t sysfs -o ro sysfs "$system/sys"
  mount --rbind /dev "$system/dev"
  mount -t tmpfs tmpfs "$system/dev/shm"
  (enter 'git clone -q -c advice.detachedHead=false confab.bundle confab')
  run_once "$folder/run-1.log"
  first=$took_ms
  run_once "$folder/run-2.log"
  second=$took_ms stop=$stop_ms
  if [ $with_test = yes ]; then
    begin=$(now_ms)
    (enter 'cd confab && CI=true exec ./dev test') >"$folder/test.log" 2>&1 || status=$?
    test_ms=$(($(now_ms) - begin))
  fi
  printf '\n--- a minimal Debian %s, commit %s, %s cores\n' "$(cat "$system/etc/debian_version")" \
    "$(git -C "$root" rev-parse --short HEAD)" "$(nproc)"
  grep reachable "$folder/run-2.log"
  printf 'first ./dev run, from nothing to reachable   %8s s\n' "$(seconds "$first")"
  printf 'second ./dev run                             %8s s\n' "$(seconds "$second")"
  printf 'its end after SIGTERM                        %8s s\n' "$(seconds "$stop")"
  if [ $with_test = yes ]; then
    printf './dev test                                   %8s s\n' "$(seconds $test_ms)"
    tail -n 14 "$folder/test.log"
  fi
  return $status
}

main() {
  [ "$(id -u)" = 0 ] || fail 'only root can make a system in a folder'
  command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'
  local status=0 proof=prove
  if [ -n "$package" ]; then
    [ -f "$package" ] || fail "$package is no file: ./dev package makes one"
    proof=prove_package
  fi
  if [ -z "$folder" ]; then folder=$(mktemp -d /var/tmp/confab-fresh.XXXXXX); fi
  mkdir -p "$folder"
  system=$folder/system
  printf 'fresh: working in %s\n' "$folder"
  make_system
  take_npm_configuration
  if [ -n "$package" ]; then cp "$package" "$system/root/confab.deb"; else take_repository; fi
  export folder system with_test root package
  unshare --mount --pid --fork --kill-child --propagation private \
    bash -c "set -euo pipefail; source '${BASH_SOURCE[0]}' --functions; $proof" &
  local inside=$!
  # shellcheck disable=SC2064  # the process that runs now
  trap "kill $inside 2>/dev/null; exit 1" INT TERM
  wait $inside || status=$?
  if [ $status != 0 ]; then
    fail "failed; everything is in $folder (logs beside the system), remove it when done"
  fi
  if [ $keep = no ]; then rm -rf --one-file-system "$folder"; fi
  printf 'fresh: passed\n'
}

if [ "${1:-}" != --functions ]; then
  parse_arguments "$@"
  main
fi
