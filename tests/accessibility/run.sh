#!/usr/bin/env bash
# Runs the accessibility tests, with the packages and the environment of the browser tests.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../e2e/run.sh" ../accessibility/accessibility.test.mjs
