#!/bin/sh
# Chromium, after everything else that wants the processor: where what others do in time is measured.
# A session that the kernel schedules as a group has a nice value of its own (sched(7), autogroup).
echo 10 2>/dev/null >/proc/self/autogroup || true
exec nice -n 10 "${CONFAB_CHROMIUM:-/usr/bin/chromium}" "$@"
