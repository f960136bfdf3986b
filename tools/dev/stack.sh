# ./dev stack: the whole system on this machine, from Debian's packages; tools/stack/ does it.
# shellcheck disable=SC2154  # root and start_seconds are set by ./dev and its parts

dev_stack() {
  local command=${1:-}
  [ $# -gt 0 ] && shift
  case "$command" in
    up) stack_up "$@" ;;
    status | down) need_node && stack_program "$command" "$@" ;;
    *) fail "there is no ./dev stack $command; there are: up, status, down" ;;
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
