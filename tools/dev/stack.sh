# ./dev stack: the whole system on this machine, from Debian's packages; tools/stack/ does it.
# shellcheck disable=SC2154  # root, results and start_seconds are set by ./dev and its parts

dev_stack() {
  local command=${1:-}
  [ $# -gt 0 ] && shift
  case "$command" in
    up) stack_up "$@" ;;
    status | down) need_node && stack_program "$command" "$@" ;;
    test) stack_test "$@" ;;
    *) fail "there is no ./dev stack $command; there are: up, status, down, test" ;;
  esac
}

stack_program() { CONFAB_STAGE_SECONDS=$((SECONDS - start_seconds)) node tools/stack/main.mjs "$@"; }

# CONFAB_BINARY and CONFAB_WEB_DIR: another program and other pages than the release build's.
stack_up() {
  need base build stack
  [ -n "${CONFAB_BINARY:-}" ] || compile release confab || exit 1
  [ -n "${CONFAB_WEB_DIR:-}" ] || build_web || exit 1
  need_node
  stack_program up --binary "${CONFAB_BINARY:-$root/build/release/src/app/confab}" \
    --web-dir "${CONFAB_WEB_DIR:-$root/web/out}" "$@"
}

stack_test() {
  case "$*" in
    '' | --short) ;;
    '--sequences '[0-9]*) ;;
    *) fail "./dev stack test takes --short, or --sequences and seeds such as 1-1000: $*" ;;
  esac
  need base build stack test
  begin_suites
  stack_suite "$@"
  python3 tools/test_report.py "$results/suites.tsv"
}

# How long recoveries take is a matter of what users run. --short, as other suites of browsers, meets
# the program that is built with the sanitizers.
stack_suite() {
  local preset=release
  [ "${1:-}" != --short ] || preset=asan
  [ -n "${CONFAB_BINARY:-}" ] || record_build "$preset" confab || return 0
  [ -n "${CONFAB_WEB_DIR:-}" ] || record_web || return 0
  need_node
  need_npm_packages tests/e2e tests/services
  local faults=$root/$results/faults.txt
  rm -f "$faults"
  suite stack junit "$results/stack.xml" env CONFAB_RESULT="$root/$results/stack.xml" \
    CONFAB_FAULT_TABLE="$faults" CONFAB_E2E_REPORT="${CONFAB_E2E_REPORT:-$root/build/e2e-report}" \
    CONFAB_BINARY="${CONFAB_BINARY:-$root/build/$preset/src/app/confab}" \
    CONFAB_WEB_DIR="${CONFAB_WEB_DIR:-$root/web/out}" tests/stack/run.sh "$@" || true
  [ ! -f "$faults" ] || cat "$faults"
}
