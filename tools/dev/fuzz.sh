# ./dev fuzz [SECONDS] [TARGET…]: runs the fuzz targets, two at a time, each as long as the others.
#
# What a run learns (inputs that reach something new) stays below build/fuzz/corpus and is where the
# next one begins; the kept seeds in fuzz/corpus are only read. CONTRIBUTING.md says what to do with
# an input that is found.

fuzz_seconds=60     # for each target
fuzz_at_once=${CONFAB_JOBS:-2} # targets that run side by side
fuzz_max_len=2048   # octets of an input: more than a datagram, less than what only costs time
fuzz_timeout=10     # seconds for one input; beyond, it is a finding
fuzz_memory_mb=2048 # for one target; beyond, it is a finding
fuzz_folder=build/fuzz/corpus
fuzz_findings=build/fuzz/findings
fuzz_logs=build/fuzz/logs

# The targets: a file each.
fuzz_target_names() { git ls-files -co --exclude-standard 'fuzz/targets/*.cc' | sed 's#.*/##; s#\.cc$##' | sort; }

# Memory is used again soon: a fresh object for each input would cost mostly page faults.
fuzz_environment() {
  env ASAN_OPTIONS=quarantine_size_mb=16:thread_local_quarantine_size_kb=64:malloc_context_size=8:allocator_release_to_os_interval_ms=-1:detect_stack_use_after_return=0:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1 "$@"
}

# run_fuzz_target NAME SECONDS: status 0, or the fuzzer's own where it found something.
run_fuzz_target() {
  local name=$1 seconds=$2 options=() inputs=()
  mkdir -p "$fuzz_folder/$name" "$fuzz_findings/$name" "$fuzz_logs"
  if [ -f "fuzz/dictionaries/$name.dict" ]; then options=("-dict=fuzz/dictionaries/$name.dict"); fi
  for folder in corpus regressions; do
    if [ -d "fuzz/$folder/$name" ]; then inputs+=("fuzz/$folder/$name"); fi
  done
  fuzz_environment nice -n 5 "build/fuzz/fuzz/fuzz_$name" -max_total_time="$seconds" \
    -max_len=$fuzz_max_len -timeout=$fuzz_timeout -rss_limit_mb=$fuzz_memory_mb \
    -print_final_stats=1 "-artifact_prefix=$fuzz_findings/$name/" "${options[@]}" \
    "$fuzz_folder/$name" "${inputs[@]}" >"$fuzz_logs/$name.log" 2>&1
}

# One line of the table, from what the fuzzer said last.
fuzz_row() {
  awk -v name="$1" -v status="$2" '
    # What was found ends the run without its figures: these lines have them so far.
    /^#[0-9]+/ { runs = substr($1, 2) }
    /exec\/s:/ { for (i = 1; i < NF; ++i) if ($i == "exec/s:") rate = $(i + 1) }
    /^#[0-9]+[ \t]+NEW/ { ++added }
    /^stat::number_of_executed_units:/ { runs = $2 }
    /^stat::average_exec_per_sec:/ { rate = $2 }
    /^stat::new_units_added:/ { added = $2 }
    / cov: / { for (i = 1; i < NF; ++i) if ($i == "cov:") coverage = $(i + 1) }
    END {
      printf "%-20s %12s %8s %9s %7s   %s\n", name, runs, rate, coverage, added,
        status == 0 ? "nothing found" : "FOUND SOMETHING"
    }' "$fuzz_logs/$1.log"
}

# Where the input lies that was found, and how to see it again.
fuzz_finding() {
  local input
  input=$(sed -n 's/.*Test unit written to //p' "$fuzz_logs/$1.log" | tail -n 1)
  printf '\n%s: %s\n' "$1" "$(grep -m 1 -E 'CHECK failed|ERROR:|runtime error:' "$fuzz_logs/$1.log")"
  if [ -z "$input" ]; then
    printf '  no input was written; everything it said is in %s\n' "$fuzz_logs/$1.log"
    return
  fi
  printf '  input:  %s (%d octets)\n' "$input" "$(stat -c %s "$input")"
  printf '  again:  build/fuzz/fuzz/fuzz_%s %s\n' "$1" "$input"
  printf '  to keep, once it is mended:  install -D -m 644 %s fuzz/regressions/%s/WHAT_IT_IS\n' "$input" "$1"
}

# Runs the named targets, $fuzz_at_once at a time, with a line as each ends. Status 1 on a finding.
run_fuzz_targets() {
  local seconds=$1 name total done=0 found=() pids=() names=()
  shift
  total=$#
  while (($# > 0 || ${#pids[@]} > 0)); do
    while (($# > 0 && ${#pids[@]} < fuzz_at_once)); do
      run_fuzz_target "$1" "$seconds" &
      pids+=($!)
      names+=("$1")
      shift
    done
    local status=0
    # The oldest: all run equally long.
    wait "${pids[0]}" || status=$?
    name=${names[0]}
    pids=("${pids[@]:1}")
    names=("${names[@]:1}")
    done=$((done + 1))
    ((status == 0)) || found+=("$name")
    fuzz_rows+="$(fuzz_row "$name" "$status")"$'\n'
    say "fuzz $name: $([ $status = 0 ] && echo 'nothing found' || echo 'FOUND SOMETHING') ($done of $total)"
  done
  printf '\n%-20s %12s %8s %9s %7s   %s\n%s' target executions exec/s coverage new result "$fuzz_rows"
  for name in "${found[@]}"; do fuzz_finding "$name"; done
  ((${#found[@]} == 0))
}

dev_fuzz() {
  local seconds=$fuzz_seconds name known fuzz_rows=
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
  fi
  known=$(fuzz_target_names)
  # shellcheck disable=SC2086  # names have no spaces
  [ $# -gt 0 ] || set -- $known
  for name in "$@"; do
    has_word "$name" "$known" || fail "there is no fuzz target $name; there are: $(xargs <<<"$known")"
  done
  need base build check
  # shellcheck disable=SC2046
  compile fuzz $(printf 'fuzz_%s ' "$@") || exit 1
  say "fuzzing $# targets for $seconds s each, $fuzz_at_once at a time"
  run_fuzz_targets "$seconds" "$@"
}
