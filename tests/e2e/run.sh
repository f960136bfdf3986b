#!/usr/bin/env bash
# Runs the browser tests against the release build. Environment, all optional:
#   CONFAB_BINARY, CONFAB_BIN  the program (default: build/release/src/app/confab)
#   CONFAB_WEB_DIR             the exported pages (default: web/out)
#   CONFAB_CHROMIUM            the browser (default: /usr/bin/chromium)
#   CONFAB_RESULT              also write the result there, in JUnit's form
#   CONFAB_E2E_REPORT          folder for pictures, statistics and logs of failed tests
#   CONFAB_TEST_PREFIX         what runs the tests, for example in another network
# Arguments: test files in this folder; without any, all of them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=${CONFAB_BINARY:-${CONFAB_BIN:-$root/build/release/src/app/confab}}
# Relative to where the caller stands, not to this folder.
CONFAB_BINARY=$(realpath -m "$binary")
CONFAB_WEB_DIR=$(realpath -m "${CONFAB_WEB_DIR:-$root/web/out}")
export CONFAB_BINARY CONFAB_WEB_DIR
[ -z "${CONFAB_RESULT:-}" ] || CONFAB_RESULT=$(realpath -m "$CONFAB_RESULT")
[ -z "${CONFAB_E2E_REPORT:-}" ] || CONFAB_E2E_REPORT=$(realpath -m "$CONFAB_E2E_REPORT")
cd "$here"

stamp=node_modules/.confab-lock
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --no-audit --no-fund
  cp package-lock.json "$stamp"
fi

[ $# -gt 0 ] || set -- *.test.mjs
reporters=(--test-reporter=spec --test-reporter-destination=stdout)
if [ -n "${CONFAB_RESULT:-}" ]; then
  mkdir -p "$(dirname "$CONFAB_RESULT")"
  reporters+=(--test-reporter=junit "--test-reporter-destination=$CONFAB_RESULT")
fi
# shellcheck disable=SC2086  # a prefix may have words
exec ${CONFAB_TEST_PREFIX:-} node --test --test-concurrency=1 "${reporters[@]}" "$@"
