#!/usr/bin/env bash
# Runs the tests of ./dev stack, each file with a stack of its own, with the packages and the
# environment of the browser tests. Whatever happens, no stack is left.
# Argument: --short for those that CI runs, or --sequences FIRST-LAST: faults at random, of these
# seeds. The table of faults goes to CONFAB_FAULT_TABLE. Of two that run at the same time each takes a
# CONFAB_PORTS of its own (tools/stack/ports.mjs).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CONFAB_STACKS=$(mktemp -d "${TMPDIR:-/tmp}/confab-stacks-XXXXXX")
export CONFAB_STACKS

take_down() {
  local plan left=no
  trap '' PIPE # also where nobody reads any more what this says
  for plan in "$CONFAB_STACKS"/*/stack.json; do
    if [ -f "$plan" ]; then end_stack "${plan%/*}" || left=yes; fi
  done
  [ $left = yes ] || rm -rf "$CONFAB_STACKS"
}

# Again and again: an `up` that a test was waiting for may still be at work there.
end_stack() {
  local said
  for _ in {1..10}; do
    said=$(node "$here/../../tools/stack/main.mjs" down --folder "$1" 2>&1) && return 0
    sleep 1
  done
  printf 'the stack in %s does not end: %s\n' "$1" "$said" >&2 || true
  return 1
}
trap take_down EXIT
trap 'exit 130' INT TERM

files=("$here"/*.test.mjs)
if [ "${1:-}" = --short ]; then
  files=("$here"/{call,commands,faults}.test.mjs)
  export CONFAB_STACK_SHORT=1
elif [ "${1:-}" = --sequences ]; then
  files=("$here"/sequences.test.mjs)
  export CONFAB_SEQUENCES=$2
fi
"$here/../e2e/run.sh" "${files[@]}"
