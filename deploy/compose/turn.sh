#!/bin/sh
# Starts coturn over tables that are there already, in FOLDER, which is empty at every start of the
# container. Else each thread of coturn makes them at its first request, finds the file locked by
# another one, and refuses whoever asked.
#
#   turn.sh FOLDER [ARGUMENT…]     the arguments are turnserver's
set -eu
database=$1/turndb
shift
[ -e "$database" ] || sqlite3 "$database" </usr/share/coturn/schema.sql
exec turnserver "$@"
