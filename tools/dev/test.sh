# ./dev test: every suite, each timed; a table and one closing line by tools/test_report.py.
#
# A suite is a line "name kind seconds status path" in build/results/suites.tsv. Kinds:
#   check   one pass or fail, by exit status
#   junit   a file in JUnit's form (vitest, node --test, tests/*/run.sh)
#   ctest   a build folder whose GoogleTest programs were run by ctest

results=build/results
# The modules whose code runs on more than one thread: also tested under ThreadSanitizer.
threaded_modules='auth observe media'

# suite NAME KIND PATH COMMAND…: runs, records, and never ends the run.
suite() {
  local name=$1 kind=$2 path=$3 begin=$SECONDS status=0
  shift 3
  stage "$name" "$@" || status=$?
  printf '%s\t%s\t%d\t%d\t%s\n' "$name" "$kind" $((SECONDS - begin)) "$status" "$path" \
    >>"$results/suites.tsv"
  return "$status"
}

# CONFAB_GO_ON: with the table of the command before.
begin_suites() {
  if [ -n "${CONFAB_GO_ON:-}" ] && [ -f "$results/suites.tsv" ]; then return 0; fi
  rm -rf "$results"
  mkdir -p "$results"
  : >"$results/suites.tsv"
}

# record_build PRESET TARGET…: compiles, visibly; a suite of its own only when it fails.
record_build() {
  local begin=$SECONDS
  compile "$@" && return 0
  printf 'build %s\tcheck\t%d\t1\t-\n' "$1" $((SECONDS - begin)) >>"$results/suites.tsv"
  return 1
}

# Pages that cannot be built are a failure that counts.
record_web() {
  local begin=$SECONDS
  build_web && return 0
  printf 'web pages\tcheck\t%d\t1\t-\n' $((SECONDS - begin)) >>"$results/suites.tsv"
  return 1
}

record_ui_server() {
  local begin=$SECONDS
  build_ui_server && return 0
  printf 'UI server\tcheck\t%d\t1\t-\n' $((SECONDS - begin)) >>"$results/suites.tsv"
  return 1
}

# unit_modules: the modules that have unit tests, by the name that confab_module gave them.
unit_modules() {
  git ls-files -co --exclude-standard 'src/*_test.cc' |
    sed -E 's#^src/(services/|backends/)?([^/]+)/.*#\2#' | sort -u
}

has_word() { grep -qxF "$1" <<<"$(tr ' ' '\n' <<<"$2")"; }

# units PRESET [MODULE…]: builds and runs the modules' GoogleTest programs.
units() {
  local preset=$1 pattern targets
  shift
  pattern="^($(IFS='|' && printf '%s' "$*"))(_[0-9]+)?\$"
  targets=$(printf '%s_test ' "$@")
  # shellcheck disable=SC2086
  record_build "$preset" $targets || return 1
  suite "units $preset" ctest "build/$preset" run_ctest "$preset" "$pattern" || true
}

run_ctest() {
  local preset=$1 pattern=$2 wrapper=()
  # GCC's ThreadSanitizer cannot live with the kernel's wide address randomisation.
  [ "$preset" = tsan ] && setarch -R true 2>/dev/null && wrapper=(setarch -R)
  rm -rf "build/$preset/results" "build/$preset/ctest.xml"
  mkdir -p "build/$preset/results"
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1 \
    TSAN_OPTIONS=suppressions=$root/tools/tsan.supp:ignore_noninstrumented_modules=1 \
    "${wrapper[@]}" ctest --test-dir "build/$preset" -R "$pattern" --output-on-failure \
    --parallel "$jobs" --no-tests=error --output-junit "$root/build/$preset/ctest.xml"
}

# Each changed header in a source of its own. All of them take minutes: ./dev check does that.
compile_changed_headers() {
  local header objects=()
  for header in $(changed_files '*.h'); do
    mapfile -t -O "${#objects[@]}" objects < <(ninja -C build/asan -t targets all |
      sed -n "s#^\([^:]*headers/${header#src/}\.cc\.o\): .*#\1#p")
  done
  printf '%d headers\n' "${#objects[@]}"
  ((${#objects[@]} == 0)) || ninja -C build/asan -j "$jobs" "${objects[@]}"
}

checks() {
  record_build asan || return 0
  suite 'changed headers compile alone' check - compile_changed_headers || true
  suite 'layers' check - python3 tools/check_layers.py || true
  suite 'repository rules' check - tools/check_repo.sh || true
  suite 'mutants fit' check - python3 tools/mutants.py check || true
  suite 'format' check - check_format || true
}

# Every kept input of every fuzz target, with the compiler and the sanitizers of the other tests.
fuzz_regressions() {
  record_build asan fuzz_regressions || return 0
  suite 'fuzz regressions' junit "$results/fuzz.xml" env \
    ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1 \
    build/asan/fuzz/fuzz_regressions --gtest_output="xml:$results/fuzz.xml" || true
}

web_suites() {
  [ -f web/package.json ] || return 0
  need_node
  need_npm_packages web
  suite 'web lint' check - npm_run web lint || true
  suite 'web types' check - npm_run web typecheck || true
  suite 'web units' junit "$results/web.xml" web_units || true
}

web_units() {
  (cd web && npx --no-install vitest run --reporter=default --reporter=junit \
    --outputFile.junit="../$results/web.xml")
}

# folder_suite NAME: tests/NAME. A run.sh there is told where everything is by the environment and
# writes $CONFAB_RESULT in JUnit's form; without one, its *.test.* files are run by node --test.
folder_suite() {
  local name=$1 folder=tests/$1
  need_node
  if [ -f "$folder/package-lock.json" ]; then need_npm_packages "$folder"; fi
  if [ "$name" = store ]; then need_npm_packages tests/services; fi # its guests are those
  suite "$name" junit "$results/$name.xml" env \
    CONFAB_RESULT="$root/$results/$name.xml" CONFAB_BUILD="$root/build/asan" \
    BUILD="$root/build/asan" CONFAB_E2E_REPORT="${CONFAB_E2E_REPORT:-$root/build/e2e-report}" \
    CONFAB_BINARY="$root/build/asan/src/app/confab" CONFAB_WEB_DIR="$root/web/out" \
    bash -c "$(declare -f run_folder); run_folder $folder" || true
}

run_folder() {
  if [ -x "$1/run.sh" ]; then
    "$1/run.sh"
  else
    # shellcheck disable=SC2046  # test files have no spaces in their names
    node --test --test-concurrency=1 --test-reporter=spec --test-reporter-destination=stdout \
      --test-reporter=junit --test-reporter-destination="$CONFAB_RESULT" \
      $(git ls-files -co --exclude-standard "$1" | grep -E '\.test\.[cm]?[jt]s$')
  fi
}

# A suite's folder may name in a file `inputs`, one a line, all files and folders that its outcome
# depends on. Such a suite is not repeated by ./dev test while they are as they were when it passed;
# ./dev test NAME repeats it.
fingerprint() {
  # shellcheck disable=SC2046  # paths in the list have no spaces
  { git ls-files -co --exclude-standard -- $(cat "tests/$1/inputs") | sort | xargs sha256sum
    "${CONFAB_CHROMIUM:-chromium}" --version 2>/dev/null; } | sha256sum
}

has_passed_as_it_is() {
  [ -f "tests/$1/inputs" ] && [ -f "build/passed/$1" ] &&
    [ "$(fingerprint "$1")" = "$(cat "build/passed/$1")" ]
}

# Of the suite that was run last.
remember_if_passed() {
  [ -f "tests/$1/inputs" ] || return 0
  rm -f "build/passed/$1"
  tail -n 1 "$results/suites.tsv" | cut -f1,4 | grep -qx "$1"$'\t0' || return 0
  mkdir -p build/passed
  fingerprint "$1" >"build/passed/$1"
}

# The folders under tests/ that are suites, the browsers last. tests/stack is ./dev stack test.
suite_folders() {
  git ls-files -co --exclude-standard tests | cut -s -d/ -f2,3 |
    grep -E '^[a-z0-9-]+/(run\.sh|.*\.test\.[cm]?[jt]s|test)$' | cut -d/ -f1 | sort -u |
    awk '$0 == "stack" {next} $0 == "e2e" {last = $0; next} {print} END {if (last) print last}'
}

# The browsers meet the program that is built with the sanitizers: a call is also a search for
# faults in memory.
build_for_folder() {
  record_build asan || return 1
  case "$1" in
    accessibility | e2e | gateway | logs | nginx | store | turn) record_web ;;
    ui) record_ui_server ;;
  esac
}

test_everything() {
  local module folder
  checks
  # shellcheck disable=SC2046
  units asan $(unit_modules) || true
  local threaded=()
  for module in $(unit_modules); do
    has_word "$module" "$threaded_modules" && threaded+=("$module")
  done
  if ((${#threaded[@]} > 0)); then units tsan "${threaded[@]}" || true; fi
  fuzz_regressions
  web_suites
  for folder in $(suite_folders); do
    if has_passed_as_it_is "$folder"; then
      say "$folder: nothing that it depends on has changed since it passed; not repeated"
    elif build_for_folder "$folder" && folder_suite "$folder"; then
      remember_if_passed "$folder"
    fi
  done
}

# A name may stand for unit tests, for a folder of tests/, or for both.
test_module() {
  local module=$1 found=no
  if [ "$module" = web ]; then
    found=yes
    web_suites
  fi
  if [ "$module" = fuzz ]; then
    found=yes
    fuzz_regressions
  fi
  if has_word "$module" "$(unit_modules)"; then
    found=yes
    units asan "$module" && has_word "$module" "$threaded_modules" && units tsan "$module" || true
  fi
  if has_word "$module" "$(suite_folders)"; then
    found=yes
    build_for_folder "$module" && folder_suite "$module" && remember_if_passed "$module"
  fi
  [ $found = yes ] ||
    fail "there are no tests named $module; there are: $(unit_modules | xargs) fuzz web $(suite_folders | xargs)"
}

dev_test() {
  need base build test
  begin_suites
  if [ $# -eq 0 ]; then
    test_everything
  else
    local module
    for module in "$@"; do test_module "$module"; done
  fi
  python3 tools/test_report.py "$results/suites.tsv"
}
