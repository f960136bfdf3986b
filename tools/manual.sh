#!/usr/bin/env bash
# Writes a manual page, from what the program says of itself, so that it cannot be out of date.
#
#   tools/manual.sh program PROGRAM         confab(1)
#   tools/manual.sh configuration PROGRAM   confab.toml(5)
set -euo pipefail
page=$1 program=$2

# Text as roff wants it: no letter of it is a command.
escape() { sed -e 's/\\/\\e/g; s/-/\\-/g; s/–/\\-/g; s/…/.../g; s/^\([.'"'"']\)/\\\&\1/'; }

# The entries of one block of --help: names, and texts that may go on in further lines.
entries() {
  awk -v block="$1:" '
    $0 == block { inside = 1; next }
    inside && /^$/ { exit }
    inside && /^  [^ ]/ {
      line = substr($0, 3)
      at = match(line, /  +/)
      name = at ? substr(line, 1, at - 1) : line
      text = at ? substr(line, at + RLENGTH) : ""
      printf "%s.TP\n.B %s\n%s\n", (count++ ? "" : ""), name, text
      next
    }
    inside { sub(/^ +/, ""); print }'
}

# roff's own lines stay as they are.
escape_entries() { sed -e 's/\\/\\e/g; s/-/\\-/g; s/–/\\-/g; s/…/.../g' | sed '/^$/d'; }

program_page() {
  cat <<'TEXT'
.TH CONFAB 1 "" "confab" "User Commands"
.SH NAME
confab \- video calls on your own machine
.SH SYNOPSIS
.B confab
.I COMMAND
.RI [ FLAG ...]
.SH DESCRIPTION
confab is a video\-calling service in one program.
.B confab serve
is all of it in one process; the other services are the same parts as processes of their own.
Every command says with
.B \-\-help
what it takes.
.SH COMMANDS
TEXT
  "$program" --help | entries Subcommands | escape_entries
  printf '.SH FLAGS OF THE SERVICES\n'
  "$program" serve --help | entries Options | escape_entries
  cat <<'TEXT'
.SH FILES
.TP
.I /etc/confab/confab.toml
The configuration of the services that systemd starts.
.TP
.I /etc/confab/NAME.env
Variables for one service that systemd starts as confab@NAME, such as CONFAB_INSTANCE_ID.
.TP
.I /var/lib/confab
What confab makes itself: keys, certificate, and where nothing else is configured its store.
.SH SIGNALS
SIGTERM and SIGINT end it in order; a second one at once.
.SH EXIT STATUS
0 after an end in order, 1 where it failed, 2 where the configuration cannot be used.
.SH SEE ALSO
.BR confab.toml (5)
.br
/usr/share/doc/confab
TEXT
}

configuration_page() {
  cat <<'TEXT'
.TH CONFAB.TOML 5 "" "confab" "File Formats"
.SH NAME
confab.toml \- configuration of confab
.SH DESCRIPTION
A TOML file, named with
.BR "confab \-\-config" .
Nothing has to be in it. A variable CONFAB_SECTION_KEY beats the file, a flag beats both.
.B confab config check
says what cannot be used, and why.
.SH KEYS
Each with its default.
TEXT
  "$program" config print | escape | awk '
    /^\[/ { gsub(/[][]/, ""); section = $0 "."; next }
    /^# / { line = substr($0, 3); sub(/^[.'"'"']/, "\\\\\\&&", line); text = text (text == "" ? "" : "\n") line; next }
    / = / { at = index($0, " = "); printf ".TP\n.BR %s%s \" = %s\"\n%s\n", section, substr($0, 1, at - 1), quoted(substr($0, at + 3)), text; text = ""; next }
    { text = "" }
    function quoted(value) { gsub(/"/, "\\(dq", value); return value }'
  cat <<'TEXT'
.SH SEE ALSO
.BR confab (1)
.br
/usr/share/doc/confab/configuration.md
TEXT
}

"${page}_page"
