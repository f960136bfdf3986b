# tools/fresh.sh --package: the Debian package on a machine that has nothing. What tools/fresh.sh calls
# in its namespaces; it has set system, folder and package, and made the functions used here.
# shellcheck shell=bash disable=SC2154

package_start_seconds=60
package_port=4000
package_unit=/lib/systemd/system/confab-serve.service

# in_system COMMAND: inside, with its output in the log.
in_system() { (enter "$1") >>"$folder/package.log" 2>&1 || fail "failed inside: $1, see $folder/package.log"; }

# The whole answer to GET $1, by bash itself: there is nothing else yet.
answer_to() {
  (enter "exec 3<>/dev/tcp/127.0.0.1/$package_port
    printf 'GET $1 HTTP/1.1\r\nHost: localhost:$package_port\r\nConnection: close\r\n\r\n' >&3
    cat <&3") 2>>"$folder/package.log" || true
}

# has PATH TEXT: asks until what is answered holds the text.
has() {
  local deadline=$((SECONDS + package_start_seconds))
  until answer_to "$1" | grep -q -- "$2"; do
    kill -0 "$package_pid" 2>/dev/null || { tail -n 20 "$folder/serve.log" >&2 && fail 'confab serve ended by itself'; }
    ((SECONDS < deadline)) || fail "$1 does not answer with \"$2\": $(answer_to "$1" | head -n 1)"
    sleep 0.2
  done
}

start_of_unit() { sed -n 's/^ExecStart=//p' "$system$package_unit"; }

prove_package() {
  local begin installed status=0
  mount -t proc proc "$system/proc"
  mount --rbind /dev "$system/dev"
  begin=$(now_ms)
  in_system 'apt-get update'
  in_system 'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /root/confab.deb'
  installed=$(($(now_ms) - begin))
  in_system 'dpkg --verify confab && [ -z "$(dpkg --verify confab)" ]'
  in_system '[ "$(stat -c %U:%G:%a /var/lib/confab)" = confab:confab:750 ]'
  in_system '[ "$(stat -c %U:%G:%a /etc/confab)" = root:confab:750 ]'
  in_system 'confab config check --config /etc/confab/confab.toml'
  # What the unit starts, as the user that it names; there is no systemd here.
  (enter "cd /var/lib/confab && exec setpriv --reuid confab --regid confab --init-groups -- $(start_of_unit)") \
    >"$folder/serve.log" 2>&1 &
  package_pid=$!
  begin=$(now_ms)
  has /healthz '"status":"ok"'
  has / '<!DOCTYPE html>'
  has /r/first '<!DOCTYPE html>'
  has /readyz '"status":"ready"'
  started=$(($(now_ms) - begin))
  kill -TERM $package_pid
  wait $package_pid || status=$?
  [ $status = 0 ] || fail "confab serve ended with status $status"
  in_system '[ -n "$(ls /var/lib/confab/keys)" ]'
  in_system 'DEBIAN_FRONTEND=noninteractive apt-get purge -y confab'
  in_system '! ls -d /usr/bin/confab /etc/confab /var/lib/confab /usr/share/confab 2>/dev/null'
  printf '\n--- a minimal Debian %s, %s\n' "$(cat "$system/etc/debian_version")" "${package##*/}"
  printf 'installed, with everything that it needs     %8s s\n' "$(seconds "$installed")"
  printf 'confab serve, from start to ready            %8s s\n' "$(seconds "$started")"
  printf '/healthz, /readyz, the pages: answered; ended in order; purged: nothing is left\n'
  grep -v '^{' "$folder/serve.log" || true
}
