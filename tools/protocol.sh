#!/usr/bin/env bash
# tools/protocol.sh DIR: runs the published conformance suites of Engine.IO and Socket.IO against
# our server. DIR holds the two checkouts, engine.io-protocol and socket.io-protocol; their
# dependencies are installed there. BUILD names the build folder (default: build/asan).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "protocol: $*" >&2
  exit 1
}

[[ $# -eq 1 ]] || fail "usage: tools/protocol.sh DIR (with engine.io-protocol and socket.io-protocol)"
dir=$(cd "$1" && pwd)
build=${BUILD:-$root/build/asan}
server=$build/src/socketio/testing/protocol_server
for suite in engine.io-protocol socket.io-protocol; do
  [[ -f $dir/$suite/test-suite/package.json ]] || fail "$dir/$suite is no checkout of $suite"
done
[[ -x $server ]] || ninja -C "$build" protocol_server >&2 || fail "cannot build protocol_server"

log=$(mktemp)
"$server" --port=3000 --ping-interval-ms=300 --ping-timeout-ms=200 --max-payload=1000000 \
  --connect-timeout-ms=1000 >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 100); do
  grep -q '^listening' "$log" && break
  kill -0 "$pid" 2>/dev/null || fail "the server ended: $(cat "$log")"
  sleep 0.05
done

failed=0
summary=
for suite in engine.io-protocol socket.io-protocol; do
  cd "$dir/$suite/test-suite"
  [[ -d node_modules ]] || npm ci --no-audit --no-fund --silent || fail "npm ci failed in $suite"
  output=$(npm test --silent 2>&1) || failed=1
  echo "$output"
  passed=$(sed -n 's/^ *\([0-9]*\) passing.*/\1/p' <<<"$output")
  missed=$(sed -n 's/^ *\([0-9]*\) failing.*/\1/p' <<<"$output")
  summary+="$suite: ${passed:-0} passed, ${missed:-0} failed"$'\n'
done
kill -0 "$pid" 2>/dev/null || { echo "the server died: $(cat "$log")"; failed=1; }
printf '%s' "$summary"
exit "$failed"
