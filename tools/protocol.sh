#!/usr/bin/env bash
# tools/protocol.sh DIR: runs the published conformance suites of Engine.IO and Socket.IO against
# our server. DIR is a checkout of one of them, or holds both as engine.io-protocol and
# socket.io-protocol; what they depend on is installed there. CONFAB_BUILD names the build folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "protocol: $*" >&2
  exit 1
}

[[ $# -eq 1 && -d $1 ]] || fail "usage: tools/protocol.sh DIR (a checkout, or a folder with both)"
dir=$(cd "$1" && pwd)
suites=()
for folder in "$dir" "$dir/engine.io-protocol" "$dir/socket.io-protocol"; do
  [[ -f $folder/test-suite/package.json ]] && suites+=("$folder")
done
[[ ${#suites[@]} -gt 0 ]] || fail "there is no test-suite/ in $dir, nor in engine.io-protocol below"
build=${CONFAB_BUILD:-$root/build/asan}
server=$build/src/socketio/testing/protocol_server
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
for folder in "${suites[@]}"; do
  suite=$(basename "$folder")
  cd "$folder/test-suite"
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
