#!/usr/bin/env bash
# Runs the tests of coturn on a small Internet of network namespaces, which root alone can make;
# without, they are skipped. The packages and the environment are those of the browser tests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export CONFAB_TEST_PREFIX=$here/support/in_network.mjs
exec "$here/../e2e/run.sh" "$here"/*.test.mjs
