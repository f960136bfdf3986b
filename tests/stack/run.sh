#!/usr/bin/env bash
# Runs the tests of ./dev stack, each file with a stack of its own, with the packages and the
# environment of the browser tests. Whatever happens, no stack is left.
# Argument: --short for those that CI runs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CONFAB_STACKS=$(mktemp -d "${TMPDIR:-/tmp}/confab-stacks-XXXXXX")
export CONFAB_STACKS

take_down() {
  local plan
  for plan in "$CONFAB_STACKS"/*/stack.json; do
    [ -f "$plan" ] || continue
    printf 'taking down %s\n' "${plan%/*}"
    node "$here/../../tools/stack/main.mjs" down --folder "${plan%/*}" || true
  done
  rm -rf "$CONFAB_STACKS"
}
trap take_down EXIT
trap 'exit 130' INT TERM

files=("$here"/*.test.mjs)
[ "${1:-}" != --short ] || files=("$here"/{call,commands}.test.mjs)
"$here/../e2e/run.sh" "${files[@]}"
