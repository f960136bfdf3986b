#!/usr/bin/env bash
# Rules on the files of the repository themselves. Prints every breach; status 1 on any.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
max_lines=800 # a file this long is a design that wants splitting
status=0
breach() {
  printf '%s\n' "$1:" "$2"
  status=1
}
files() { git ls-files -z -co --exclude-standard -- "$@"; }
search() { # search TITLE PATTERN PATHSPEC…
  local title=$1 pattern=$2 found
  shift 2
  found=$(files "$@" | xargs -0 -r grep -nIE -- "$pattern" 2>/dev/null | cut -c1-160)
  [ -n "$found" ] && breach "$title" "$found"
  return 0
}

search 'a path of one machine' '(^|[^A-Za-z0-9_.])/(home|Users)/[A-Za-z]' ':!tools/check_repo.sh'
search 'a registry host in a lock' '"resolved": *"https?:' '*package-lock.json'
search 'white space at the end of a line' '[[:blank:]]+$' ':!*.patch' ':!*.svg'
search 'a conflict marker' '^(<<<<<<<|>>>>>>>) '
search 'a tab in a source' "$(printf '\t')" '*.cc' '*.h' '*.ts' '*.tsx' '*.py'

long=$(files '*.cc' '*.h' '*.ts' '*.tsx' '*.py' '*.sh' '*.mjs' '*.js' '*.css' dev | xargs -0 -r wc -l |
  awk -v max=$max_lines '$2 != "total" && $1 > max {print $2 ": " $1 " lines"}')
[ -n "$long" ] && breach "more than $max_lines lines" "$long"

# Paths in the documents are given from the root, from src/ or from web/.
lost=$(grep -ohE '`[A-Za-z0-9_./-]+/[A-Za-z0-9_.-]+\.(cc|h|ts|tsx|mjs|py|sh|proto|md|cmake)`' \
  ./*.md docs/*.md docs/adr/*.md web/*.md bench/*.md | tr -d '`' | sort -u |
  while read -r path; do [ -e "$path" ] || [ -e "src/$path" ] || [ -e "web/$path" ] || echo "$path"; done)
[ -n "$lost" ] && breach 'a path in the documents that leads nowhere' "$lost"

# Whoever waits for an event of the list sees it one day.
silent=$(comm -23 \
  <(sed -n '/^enum class LogEvent/,/^};/s/^  \(k[A-Za-z]*\),.*/\1/p' src/observe/log_event.h | sort) \
  <(files 'src/*.cc' 'src/*.h' ':!*_test.cc' ':!src/observe/log_event.*' |
    xargs -0 -r grep -ohE 'LogEvent::k[A-Za-z]+' | sed 's/.*:://' | sort -u))
[ -n "$silent" ] && breach 'an event of src/observe/log_event.h that nothing logs' "$silent"

unsafe=$(files '*.sh' dev .ci/run | xargs -0 -r -n 1 bash -n 2>&1)
[ -n "$unsafe" ] && breach 'a script that bash cannot parse' "$unsafe"
[ "$status" = 0 ] && echo 'repository rules: kept'
exit "$status"
