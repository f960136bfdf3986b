#!/usr/bin/env bash
# Runs the tests of the log viewer, with the packages and the environment of the browser tests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec "$here/../e2e/run.sh" "$here"/*.test.mjs
