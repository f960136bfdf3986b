# ./dev check, lint, format, mutants, screens, protocol.

cpp_sources() { git ls-files -co --exclude-standard '*.h' '*.cc' | grep -v '^build/'; }

check_format() {
  cpp_sources | xargs -r -P 2 -n 16 clang-format-19 --dry-run -Werror
}

dev_format() {
  need base test
  cpp_sources | xargs -r -P 2 -n 16 clang-format-19 -i
  [ -f web/package.json ] || return 0
  need_npm_packages web
  need_node
  npm_run web format
}

dev_lint() {
  need base build test
  begin_suites
  suite 'layers' check - python3 tools/check_layers.py || true
  suite 'repository rules' check - tools/check_repo.sh || true
  suite 'mutants fit' check - python3 tools/mutants.py check || true
  suite 'format' check - check_format || true
  if [ -f web/package.json ]; then
    need_node
    need_npm_packages web
    suite 'web lint' check - npm_run web lint || true
    suite 'web types' check - npm_run web typecheck || true
  fi
  python3 tools/test_report.py "$results/suites.tsv"
}

# Files of src/ that differ from where this work began: the parent commit in CI, main elsewhere.
changed_files() {
  local base
  if [ "${CI:-}" = true ]; then
    base=HEAD^
  else
    base=$(git merge-base HEAD main 2>/dev/null || git merge-base HEAD origin/main 2>/dev/null ||
      echo HEAD^)
  fi
  { git diff --name-only --diff-filter=d "$base" -- "$@" 2>/dev/null ||
    git ls-files "$@"; } | grep '^src/' || true
}

# Everything that has changed since it passed; in CI, where nothing has, what the commit changed.
tidy() {
  local files=()
  if [ "${CI:-}" = true ]; then
    mapfile -t files < <(changed_files '*.cc')
    ((${#files[@]} > 0)) || return 0
  fi
  python3 tools/tidy.py --jobs "$jobs" "${files[@]}"
}

# Long enough to notice what a change broke at once; ./dev fuzz looks further.
short_fuzz_seconds=10

fuzz_shortly() { (dev_fuzz "$short_fuzz_seconds"); }

dev_check() {
  local status=0
  dev_test || status=$?
  need check
  begin_suites
  record_build clang && suite 'headers compile alone (clang)' check - \
    ninja -C build/clang -j "$jobs" headers || true
  suite 'clang-tidy' check - tidy || true
  suite 'fuzz' check - fuzz_shortly || true
  python3 tools/test_report.py "$results/suites.tsv" || status=$?
  return "$status"
}

# The folders of tests/ in which some mutant is noticed.
mutant_suites() { sed -n 's,^suite = "\(.*\)"$,tests/\1,p' tests/mutants/*.toml | sort -u; }

# Breaks the source in small ways and shows that the tests notice.
dev_mutants() {
  need base build test
  need_node
  build_web || exit 1
  local lock
  for lock in $(mutant_suites | sed 's,$,/package-lock.json,'); do
    if [ -f "$lock" ]; then need_npm_packages "${lock%/*}"; fi
  done
  python3 tools/mutants.py run "$@"
}

dev_screens() {
  need base test
  need_node
  build_web || exit 1
  need_npm_packages tests/e2e
  exec node tests/e2e/screens.mjs "$@"
}

# The folders with the published suites in DIR: a checkout of socketio/engine.io-protocol or of
# socketio/socket.io-protocol, or a folder that holds both.
protocol_suites() {
  local folder
  for folder in "$1" "$1/test-suite" "$1"/{engine,socket}.io-protocol/test-suite; do
    if [ -f "$folder/package.json" ] && [ -f "$folder/test-suite.js" ]; then printf '%s\n' "$folder"; fi
  done
}

# Runs the published suites against our server, on the port that both expect.
dev_protocol() {
  local suites suite log=$log_folder/protocol-server.log status=0
  [ $# -eq 1 ] && [ -d "$1" ] || fail 'give the checkout of a protocol: ./dev protocol DIR'
  suites=$(protocol_suites "$(cd "$1" && pwd)")
  [ -n "$suites" ] || fail "there is no test-suite of Engine.IO or Socket.IO in $1"
  need base build
  need_node
  compile asan protocol_server || exit 1
  mkdir -p "$log_folder"
  build/asan/src/socketio/testing/protocol_server --port=3000 >"$log" 2>&1 &
  protocol_server=$!
  trap 'kill "$protocol_server" 2>/dev/null || true' EXIT
  until grep -q listening "$log"; do
    kill -0 $protocol_server 2>/dev/null || fail "the server does not start: $(cat "$log")"
    sleep 0.05
  done
  for suite in $suites; do
    [ -d "$suite/node_modules" ] || stage 'npm packages of the suite' npm_ci "$suite" || exit 1
    (cd "$suite" && npm test) || status=$?
  done
  kill -0 $protocol_server 2>/dev/null || fail "the server died: $(cat "$log")"
  return $status
}
