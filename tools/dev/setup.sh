# Brings what is missing: Debian packages and npm packages (node.sh: Node itself). Each function is
# quick when there is nothing to do.

# The packages of the named sections of tools/packages.txt.
packages_of() {
  local section
  for section in "$@"; do
    awk -v want="[$section]" '/^#|^$/ {next} /^\[/ {on = $0 == want; next} on' tools/packages.txt
  done
}

missing_packages() {
  local wanted installed
  wanted=$(packages_of "$@" | sort -u)
  # shellcheck disable=SC2086  # one word a package is what is wanted
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null |
    awk '$1 == "ii" {print $2}' | sort -u)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

apt_install() {
  local options=(-y --no-install-recommends -o Dpkg::Use-Pty=0)
  # A machine that lives for one run need not survive a power cut.
  [ "${CI:-}" = true ] && options+=(-o Dpkg::Options::=--force-unsafe-io)
  as_root apt-get install "${options[@]}" "$@"
}

# need SECTION…: after this the packages of these sections are installed.
need() {
  local missing
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    fail "confab's set-up knows Debian 12. Install these yourself, or their likes:" $missing
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      fail "packages are missing and there is no sudo. As root: apt-get install" $missing
    sudo -v || fail "packages are missing and sudo refused. As root: apt-get install" $missing
  fi
  say "installing $(wc -w <<<"$missing") packages:" $missing
  stage 'package lists' as_root apt-get update || exit 1
  # shellcheck disable=SC2086
  stage "packages ($*)" apt_install $missing || exit 1
  # shellcheck disable=SC2086
  stop_services $missing
}

# stop_services PACKAGE…: Debian starts what it installs. The tests start servers of their own, and
# this machine has not asked for one.
stop_services() {
  local package
  [ -d /run/systemd/system ] || return 0
  for package in "$@"; do
    case "$package" in nginx | coturn | postgresql) stage "stop $package" as_root systemctl disable --now "$package" || true ;; esac
  done
}

# need_npm_packages FOLDER…: `npm ci` where the lock changed since the last time.
need_npm_packages() {
  local folder
  for folder in "$@"; do
    local stamp=$folder/node_modules/.confab-lock
    cmp -s "$folder/package-lock.json" "$stamp" && continue
    need_node
    stage "npm packages of $folder" npm_ci "$folder" || exit 1
    cp "$folder/package-lock.json" "$stamp"
  done
}

npm_ci() { (cd "$1" && npm ci --no-audit --no-fund); }
