#!/usr/bin/env bash
# Makes a server's configuration from its templates and your settings.
#
#   deploy/render.sh nginx SETTINGS FOLDER     FOLDER/nginx.conf and its parts
#   deploy/render.sh coturn SETTINGS FOLDER    FOLDER/turnserver.conf
#
# SETTINGS holds lines NAME = VALUE; deploy/nginx/defaults and deploy/coturn/defaults list the names,
# what they mean, and what counts where you say nothing. In a template {{name}} stands for a value; a
# line with {{name*}} is repeated for each word of the value, and left out where there is none.
# Settings that cannot be used are all named, and nothing is written: status 2.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

problems=()
problem() { problems+=("$1"); }
fail_if_problems() {
  ((${#problems[@]} == 0)) && return 0
  printf 'render: %s\n' "${problems[@]}" >&2
  exit 2
}

[ $# = 3 ] || { problem 'give three words: nginx or coturn, a file of settings, a folder to write to'; fail_if_problems; }
server=$1 settings=$2 folder=$3
[ -d "$here/$server/templates" ] || problem "there is no server \"$server\": give nginx or coturn"
[ -r "$settings" ] || problem "$settings cannot be read: give a file with lines NAME = VALUE"
fail_if_problems

declare -A value
# What could end a directive or begin another has no place in an address, a name or a path.
safe='^[]A-Za-z0-9 ._:/@+=%[-]*$'

# read_settings FILE KIND: `defaults` declare names, `settings` may only use them.
read_settings() {
  local line number=0 name text
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    if ! [[ $line =~ ^([a-z_]+)[[:space:]]*=[[:space:]]*(.*)$ ]]; then
      problem "$1, line $number: this is no NAME = VALUE: $line"
      continue
    fi
    name=${BASH_REMATCH[1]} text=${BASH_REMATCH[2]}
    text=${text%"${text##*[![:space:]]}"}
    if [ "$2" = settings ] && [ -z "${value[$name]+known}" ]; then
      problem "$1, line $number: there is no setting $name; $server/defaults lists those there are"
    elif [ "$2" = settings ] && ! [[ $text =~ $safe ]]; then
      problem "$1, line $number: $name has a character that cannot stand in a configuration"
    else
      value[$name]=$text
    fi
  done <"$1"
}

# expand LINE: with its values, once or once a word.
expand() {
  local line=$1 name word
  if [[ $line =~ \{\{([a-z_]+)\*\}\} ]]; then
    name=${BASH_REMATCH[1]}
    need "$name"
    for word in ${value[$name]:-}; do expand "${line//"{{$name*}}"/$word}"; done
    return
  fi
  while [[ $line =~ \{\{([a-z_]+)\}\} ]]; do
    name=${BASH_REMATCH[1]}
    need "$name"
    line=${line//"{{$name}}"/${value[$name]:-}}
  done
  printf '%s\n' "$line"
}

need() { [ -n "${value[$1]+known}" ] || { echo "render: the templates name {{$1}}, which nobody declares" >&2; exit 2; }; }

read_settings "$here/$server/defaults" defaults
# A default of "?" is one that only you can know.
read_settings "$settings" settings
for name in "${!value[@]}"; do
  [ "${value[$name]}" != '?' ] || problem "$name is missing: $server/defaults says what it is"
done
fail_if_problems

umask 077 # the settings of coturn hold a secret
mkdir -p "$folder"
for template in "$here/$server/templates"/*; do
  while IFS= read -r line || [ -n "$line" ]; do expand "$line"; done <"$template" \
    >"$folder/$(basename "$template")"
done
