#!/usr/bin/env bash
# Writes a token for Prometheus into FILE, now and twice in each of its lives: no token lives longer
# than a day (docs/tokens.md). Ends with status 1 where none can be made; whoever runs it starts it again.
#
#   renew_token.sh FILE
set -euo pipefail
umask 027
file=$1
minutes=1440
pause_seconds=$((minutes * 60 / 3))
# A wait that a signal ends.
trap 'kill "${pause:-}" 2>/dev/null; exit 0' TERM INT

while true; do
  confab token api --scope metrics:read --subject prometheus --minutes "$minutes" >"$file.part"
  mv "$file.part" "$file"
  sleep "$pause_seconds" &
  pause=$!
  wait "$pause"
done
