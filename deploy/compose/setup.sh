#!/usr/bin/env bash
# Makes what compose.yaml needs before anything else: secrets, once, and configurations, each time.
# It runs as the service `setup`, without a network, and ends; everything else waits for that.
#
# Each folder below $CONFAB_SETUP_FOLDER is a volume that one kind of service mounts, so that it sees
# its own secrets and nobody else's. `secrets` is mounted here alone: what is there stays, and a
# volume that is removed (docker compose down -v) is a new password everywhere.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deploy=$(dirname "$here")
folder=${CONFAB_SETUP_FOLDER:-/setup}
secrets=$folder/secrets

# Under which people reach this machine. compose.yaml has the same defaults.
names=${CONFAB_NAME:-confab.localhost}
network=${CONFAB_NETWORK:-172.31.250}
http_port=${CONFAB_HTTP_PORT:-80}
https_port=${CONFAB_HTTPS_PORT:-443}

# Who the services run as: numbers of compose.yaml and of the images.
confab=900:900 postgres=999:999 redis=999:999 consul=100:1000 nginx=33:33 turn=903:903
prometheus=65534:65534 grafana=472:0 metrics_token=900:65534

certificate_days=365
renew_before_seconds=$((30 * 24 * 3600))

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# own WHO PATH…: only root can give files away; in tests everything belongs to who runs them.
own() {
  [ "$(id -u)" = 0 ] || return 0
  chown -R "$@"
}

# secret NAME: made at the first start, 256 bits as text; Consul wants its token in another form.
secret() {
  local file=$secrets/$1
  if [ "$1" = consul-token ]; then
    consul_token
    return
  fi
  [ -s "$file" ] || put "$file" <<<"$(openssl rand -hex 32)"
  cat "$file"
}

# As Consul wants its tokens: 128 bits.
consul_token() {
  local file=$secrets/consul-token hex
  if [ ! -s "$file" ]; then
    hex=$(openssl rand -hex 16)
    put "$file" <<<"${hex:0:8}-${hex:8:4}-${hex:12:4}-${hex:16:4}-${hex:20:12}"
  fi
  cat "$file"
}

# put FILE: what is read becomes the file, as a whole or not at all.
put() {
  cat >"$1.part"
  mv "$1.part" "$1"
}

# The certificate: yours where there is one, else one of our own that browsers warn of.
certificate() {
  local yours=${CONFAB_CERTIFICATE_FOLDER:-/certificates} own=$secrets/certificate.pem
  if [ -f "$yours/fullchain.pem" ] || [ -f "$yours/privkey.pem" ]; then
    [[ -f $yours/fullchain.pem && -f $yours/privkey.pem ]] ||
      fail 'the folder of certificates holds one of fullchain.pem and privkey.pem: give both, or neither'
    certificate_file=$yours/fullchain.pem certificate_key=$yours/privkey.pem
    return
  fi
  certificate_file=$own certificate_key=$secrets/key.pem
  if [ "$(cat "$secrets/certificate-names" 2>/dev/null)" = "$names" ] &&
    openssl x509 -in "$own" -noout -checkend $renew_before_seconds >/dev/null 2>&1; then
    return
  fi
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $certificate_days \
    -keyout "$certificate_key" -out "$own" -subj "/CN=${names%% *}" \
    -addext "subjectAltName=$(alternative_names)" 2>/dev/null ||
    fail "no certificate can be made for \"$names\": give host names or IP addresses in CONFAB_NAME"
  put "$secrets/certificate-names" <<<"$names"
}

alternative_names() {
  local name text=
  for name in $names; do
    if [[ $name =~ ^[0-9.]+$|: ]]; then text+=,IP:$name; else text+=,DNS:$name; fi
  done
  printf '%s' "${text#,}"
}

# give KIND NAME…: to the services of confab of this kind these secrets, and no others.
give() {
  local to=$folder/$1 name
  shift
  for name in "$@"; do
    secret "$name" | put "$to/$name"
  done
  own $confab "$to"
}

# Media reads the packets of strangers: the less there is to be found, the better.
for_confab() {
  give gateway postgres-password turn-secret consul-token
  give signaling postgres-password redis-password consul-token
  give media consul-token
  give logs postgres-password consul-token
  # What a renewed token for Prometheus is written to: by confab's user, for Prometheus' group.
  own $metrics_token "$folder/metrics-token"
  chmod 2750 "$folder/metrics-token"
}

for_stores() {
  secret postgres-password | put "$folder/postgres/postgres-password"
  own $postgres "$folder/postgres"
  secret redis-password | put "$folder/redis/redis-password"
  # In memory alone: signaling services write it anew when it comes back empty. Full before its
  # container is, which would be killed: so it refuses what is new, and goes on.
  put "$folder/redis/redis.conf" <<TEXT
bind * -::*
port 6379
dir /data
requirepass $(secret redis-password)
save ""
appendonly no
maxmemory 384mb
maxmemory-policy noeviction
TEXT
  own $redis "$folder/redis"
}

# Nobody may do anything but with the token: neither read nor register.
for_consul() {
  local token
  token=$(consul_token)
  put "$folder/consul/consul.json" <<TEXT
{
  "acl": {
    "enabled": true,
    "default_policy": "deny",
    "tokens": { "initial_management": "$token", "agent": "$token" }
  }
}
TEXT
  own $consul "$folder/consul"
}

# render SERVER FOLDER: the settings are what is read.
render() {
  local settings=$secrets/settings.part
  cat >"$settings"
  "$deploy/render.sh" "$1" "$settings" "$2" || fail "$1 cannot be configured, see above"
  rm "$settings"
}

for_nginx() {
  local to=$folder/nginx
  render nginx "$to" <<TEXT
server_names = $names
certificate = /etc/confab-nginx/certificate.pem
certificate_key = /etc/confab-nginx/key.pem
gateways = $network.11:4000 $network.12:4000
pages = ui
ui_servers = $network.21:3000
http_port = $http_port
https_port = $https_port
public_port = $https_port
addresses = 0.0.0.0
local_networks = 127.0.0.0/8 ::1 $network.129
trusted_proxies = ${CONFAB_TRUSTED_PROXIES:-}
acme_dir = /var/lib/confab-acme
pid_file = /run/nginx/nginx.pid
log_dir = /var/log/nginx
state_dir = /run/nginx
TEXT
  put "$to/certificate.pem" <"$certificate_file"
  put "$to/key.pem" <"$certificate_key"
  own $nginx "$to"
}

# coturn reaches media by the containers' own network, and nothing else there or anywhere.
for_turn() {
  local number to
  for number in 1 2; do
    to=$folder/turn/turn-$number
    render coturn "$to" <<TEXT
secret = $(secret turn-secret)
realm = ${names%% *}
addresses = $network.15$number
relay_addresses = $network.5$number
media_addresses = $network.41 $network.42
certificate = /etc/confab-turn/certificate.pem
certificate_key = /etc/confab-turn/key.pem
port = $((3477 + number))
tls_port = $((5348 + number))
pid_file = /run/turn/turnserver.pid
state_dir = /run/turn
TEXT
  done
  put "$folder/turn/certificate.pem" <"$certificate_file"
  put "$folder/turn/key.pem" <"$certificate_key"
  own $turn "$folder/turn"
}

# copy FROM TO: what the repository has for Prometheus or Grafana, with the folders as they are.
copy() {
  [ -d "$deploy/$1" ] || { printf 'setup: there is no %s, %s stays empty\n' "$deploy/$1" "$2" && return 0; }
  cp -rT "$deploy/$1" "$2"
}

# Prometheus asks both gateways where everything is, with the token that metrics-token renews.
for_prometheus() {
  local to=$folder/prometheus
  copy prometheus "$to"
  if [ -f "$to/prometheus.yml" ]; then
    sed 's#credentials_file: .*#credentials_file: /run/metrics-token/token#' "$to/prometheus.yml" |
      for_each_gateway | put "$to/prometheus.yml"
  fi
  own $prometheus "$to"
}

# Each entry of http_sd_configs once for each gateway.
for_each_gateway() {
  awk -v one="http://$network.11:4000" -v two="http://$network.12:4000" '
    function flush(  text) {
      text = block; gsub(/http:\/\/127\.0\.0\.1:4000/, one, text); printf "%s", text
      text = block; gsub(/http:\/\/127\.0\.0\.1:4000/, two, text); printf "%s", text
      block = ""; inside = 0
    }
    { match($0, /^ */) }
    inside && RLENGTH <= depth { flush() }
    inside { block = block $0 "\n"; next }
    { print }
    /http_sd_configs:/ { inside = 1; depth = RLENGTH }
    END { if (inside) flush() }'
}

for_grafana() {
  local files=$folder/grafana/files provider
  copy grafana "$files"
  for provider in "$files"/provisioning/dashboards/*.yml; do
    [ -f "$provider" ] || continue
    sed 's#^\( *\)path: .*#\1path: /run/confab/files/dashboards#' "$provider" | put "$provider"
  done
  secret grafana-password | put "$folder/grafana/grafana-password"
  own $grafana "$folder/grafana"
}

for name in secrets gateway signaling media logs metrics-token postgres redis consul nginx turn prometheus grafana; do
  mkdir -p "$folder/$name"
  chmod 700 "$folder/$name"
done
certificate
for_confab
for_stores
for_consul
for_nginx
for_turn
for_prometheus
for_grafana
printf 'setup: secrets and configurations are there; people reach this at https://%s\n' "${names%% *}"
