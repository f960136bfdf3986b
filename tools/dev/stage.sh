# Stages: one line on what is being done and how long it took; output goes to a log file.
#   say TEXT                a plain line
#   fail TEXT               an error line, and the end
#   stage NAME COMMAND…     runs quietly, shows elapsed seconds, shows the log's end on failure
#   loud_stage NAME COMMAND…  the same, but the output is shown while it runs

log_folder=build/logs
start_seconds=$SECONDS
on_terminal() { [ -t 1 ] && [ "${CI:-}" != true ]; }

say() { printf '[%4d s] %s\n' $((SECONDS - start_seconds)) "$*"; }
fail() {
  printf '[%4d s] FAILED: %s\n' $((SECONDS - start_seconds)) "$*" >&2
  exit 1
}

# Prints a sign of life while process $2 runs: in place on a terminal, else a line every 15 seconds.
show_progress() {
  local name=$1 pid=$2 begin=$SECONDS
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if on_terminal; then
      ((SECONDS - begin >= 1)) && printf '\r[%4d s] %s … %d s\033[K' \
        $((SECONDS - start_seconds)) "$name" $((SECONDS - begin))
    elif ((SECONDS - begin >= ${next_report:=15})); then
      next_report=$((next_report + 15))
      say "$name … $((SECONDS - begin)) s"
    fi
  done
  unset next_report
  on_terminal && printf '\r\033[K'
  return 0
}

stage() {
  local name=$1 begin=$SECONDS status=0 log
  shift
  mkdir -p "$log_folder"
  log=$log_folder/$(printf '%s' "$name" | tr -c 'A-Za-z0-9' -).log
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  show_progress "$name" "$pid"
  wait "$pid" || status=$?
  if ((status != 0)); then
    tail -n 60 "$log" >&2
    say "$name: failed after $((SECONDS - begin)) s, everything it said is in $log" >&2
    return "$status"
  fi
  say "$name: done in $((SECONDS - begin)) s"
}

loud_stage() {
  local name=$1 begin=$SECONDS status=0
  shift
  say "$name"
  "$@" || status=$?
  if ((status != 0)); then
    say "$name: failed after $((SECONDS - begin)) s" >&2
    return "$status"
  fi
  say "$name: done in $((SECONDS - begin)) s"
}
