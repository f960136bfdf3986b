#include "app/config/config_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace confab::app {
namespace {

constexpr int64_t kMaxPort = 65'535;
constexpr int64_t kMaxPortTries = 1000;
constexpr int64_t kMaxWorkers = 256;
constexpr int64_t kMaxGraceMs = 10 * 60 * 1000;
constexpr int64_t kMaxParticipants = 10'000;
constexpr int64_t kMaxRooms = 1'000'000;
constexpr int64_t kMaxRequests = 100'000;
constexpr int64_t kMaxTransports = 1'000'000;
constexpr int64_t kMaxKeptDays = 3650;
constexpr int64_t kMaxLogMegabytes = 1024 * 1024;
constexpr int64_t kMaxLogHours = 24 * 365;
constexpr int64_t kMaxBusTtlMs = 60 * 1000;
constexpr int64_t kMaxTurnLifetimeMs = 24 * 3600 * 1000;
constexpr int64_t kMaxShutdownMs = 10 * 60 * 1000;

constexpr ConfigKey kKeys[] = {
    {.name = "data_dir",
     .flag = "--data-dir",
     .help = "folder for what confab makes itself, such as the certificate of --https; empty means "
             "$XDG_DATA_HOME/confab or ~/.local/share/confab",
     .field = [](Config& c) -> FieldPointer { return &c.data_dir; }},
    {.name = "log.level",
     .flag = "--log-level",
     .help = "the least important log lines that are written",
     .field = [](Config& c) -> FieldPointer { return &c.log.level; },
     .choices = "debug|info|warning|error"},
    {.name = "log.format",
     .flag = "--log-format",
     .help = "one JSON object a line, or text for people; auto is text on a terminal, else JSON",
     .field = [](Config& c) -> FieldPointer { return &c.log.format; },
     .choices = "auto|json|text"},
    {.name = "log.folder",
     .flag = "--log-folder",
     .help = "folder that the log lines are written to as well, always as JSON, in files of each "
             "process's own; all services may share one; empty means logs in data_dir for `confab "
             "serve` and none for the others, off none at all",
     .field = [](Config& c) -> FieldPointer { return &c.log.folder; }},
    {.name = "log.file_megabytes",
     .help = "after how many megabytes the next log file is begun",
     .field = [](Config& c) -> FieldPointer { return &c.log.file_megabytes; },
     .min = 1,
     .max = kMaxLogMegabytes},
    {.name = "log.file_hours",
     .help = "after how many hours the next log file is begun",
     .field = [](Config& c) -> FieldPointer { return &c.log.file_hours; },
     .min = 1,
     .max = kMaxLogHours},
    {.name = "log.keep_megabytes",
     .help = "megabytes that all log files of one process take at most; the oldest are removed",
     .field = [](Config& c) -> FieldPointer { return &c.log.keep_megabytes; },
     .min = 1,
     .max = kMaxLogMegabytes},
    {.name = "log.keep_days",
     .help = "days after which a log file is removed, from its last line",
     .field = [](Config& c) -> FieldPointer { return &c.log.keep_days; },
     .min = 1,
     .max = kMaxKeptDays},
    {.name = "logs.address",
     .help = "address that the log viewer listens on, in `confab logs` and `confab serve`; its "
             "tokens travel in plain text, so beyond this machine put TLS in front",
     .field = [](Config& c) -> FieldPointer { return &c.logs.address; }},
    {.name = "logs.port",
     .help = "TCP port of the log viewer; where it is taken, `confab serve` tries the next ones, "
             "and with 0 it shows no logs",
     .field = [](Config& c) -> FieldPointer { return &c.logs.port; },
     .max = kMaxPort},
    {.name = "gateway.address",
     .flag = "--address",
     .help =
         "address to serve pages on; auto is every address with --https, else this machine only, "
         "because browsers give cameras to encrypted pages alone",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.address; }},
    {.name = "gateway.port",
     .flag = "--port",
     .help = "TCP port of the pages and of Socket.IO",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "gateway.port_tries",
     .help = "how many ports to try, beginning with gateway.port, when one is taken",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.port_tries; },
     .min = 1,
     .max = kMaxPortTries},
    {.name = "gateway.web_dir",
     .flag = "--web-dir",
     .help = "folder of the exported web pages; auto looks beside the program and in ./web/out",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.web_dir; }},
    {.name = "gateway.https",
     .flag = "--https",
     .help = "serve HTTPS, with a certificate made by confab where none is given",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.https; }},
    {.name = "gateway.certificate",
     .flag = "--cert",
     .help = "PEM file with the certificate chain, leaf first; switches HTTPS on",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.certificate; }},
    {.name = "gateway.key",
     .flag = "--key",
     .help = "PEM file with the certificate's private key",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.key; }},
    {.name = "gateway.metrics",
     .help = "who may read /metrics of any service: token is who shows an API token with the scope "
             "metrics:read, local is this machine without a proxy besides, all everyone",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.metrics; },
     .choices = "off|token|local|all"},
    {.name = "gateway.guests",
     .help = "whether who knows a room's name may enter it without a token of their own",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.guests; }},
    {.name = "gateway.requests_per_second",
     .help = "requests to the REST interface that one address may make in a second, invitations "
             "included; ten seconds' worth may come at once",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.requests_per_second; },
     .min = 1,
     .max = kMaxRequests},
    {.name = "gateway.handshakes_per_second",
     .help = "connections to signaling that one address may begin in a second; ten seconds' worth "
             "may come at once, as when everybody in one office comes back",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.handshakes_per_second; },
     .min = 1,
     .max = kMaxRequests},
    {.name = "gateway.trusted_proxies",
     .help =
         "addresses or networks of proxies in front, such as 127.0.0.1 or 10.1.0.0/16: what they "
         "say about their client's address (X-Forwarded-For) and scheme is believed; empty "
         "means nobody is",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.trusted_proxies; }},
    {.name = "gateway.origins",
     .help = "other sites whose pages may connect and ask for invitations, such as "
             "https://app.example; \"*\" is every site, empty only the pages that are served here",
     .field = [](Config& c) -> FieldPointer { return &c.gateway.origins; }},
    {.name = "auth.openid.issuer",
     .help = "OpenID Connect issuer whose people may sign in, as its tokens name it (iss); empty "
             "means nobody signs in",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.issuer; }},
    {.name = "auth.openid.jwks_url",
     .help = "where the issuer's public keys are, jwks_uri in its "
             ".well-known/openid-configuration: https://, or http:// on this machine",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.jwks_url; }},
    {.name = "auth.openid.audience",
     .help = "what the issuer's tokens for this server have as aud: the client id, or the name of "
             "the API",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.audience; }},
    {.name = "auth.openid.groups_claim",
     .help = "the claim with a person's groups, a list of texts or one text",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.groups_claim; }},
    {.name = "auth.openid.groups",
     .help =
         "the role of each group that may come in, GROUP=ROLE, the most important first: guest, "
         "member or moderator; *=ROLE is everyone else, who is refused without",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.groups; }},
    {.name = "auth.openid.grants",
     .help = "what a role may do in a call, \"ROLE=audio video screen chat data hidden moderate\" "
             "or fewer; a role that is not named may do the first five, a moderator moderate too",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.grants; }},
    {.name = "auth.openid.scopes",
     .help = "what a role may do at the REST interface, such as \"moderator=rooms:read "
             "participants:moderate\"; a role that is not named nothing",
     .field = [](Config& c) -> FieldPointer { return &c.auth.openid.scopes; }},
    {.name = "signaling.address",
     .help = "address that `confab signaling` listens on, for gateways and gRPC",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.address; }},
    {.name = "signaling.port",
     .help = "TCP port of `confab signaling` for Socket.IO, from gateways, and for /readyz and "
             "/metrics",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "signaling.grpc_port",
     .help = "TCP port of `confab signaling` for gRPC",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.grpc_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "signaling.grace_ms",
     .help = "how long a participant whose connection broke is waited for",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.grace; },
     .max = kMaxGraceMs},
    {.name = "signaling.max_participants",
     .help = "participants that a room takes",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.max_participants; },
     .min = 1,
     .max = kMaxParticipants},
    {.name = "signaling.max_rooms",
     .help = "rooms that are open at the same time",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.max_rooms; },
     .min = 1,
     .max = kMaxRooms},
    {.name = "signaling.chat_history",
     .help =
         "what those who come later see of what was written to everybody before: everything that "
         "is kept, what was written since the room was opened, or nothing",
     .field = [](Config& c) -> FieldPointer { return &c.signaling.chat_history; },
     .choices = "kept|call|off"},
    {.name = "media.address",
     .flag = "--media-address",
     .help = "address to receive media on; auto is every address",
     .field = [](Config& c) -> FieldPointer { return &c.media.address; }},
    {.name = "media.port",
     .flag = "--media-port",
     .help = "UDP and TCP port of the first media worker",
     .field = [](Config& c) -> FieldPointer { return &c.media.port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "media.workers",
     .flag = "--workers",
     .help = "media threads, each with a port of its own",
     .field = [](Config& c) -> FieldPointer { return &c.media.workers; },
     .min = 1,
     .max = kMaxWorkers},
    {.name = "media.announce",
     .flag = "--announce",
     .help =
         "IP addresses under which clients reach the media port, for a machine behind NAT or in a "
         "container; empty means every local address",
     .field = [](Config& c) -> FieldPointer { return &c.media.announce; }},
    {.name = "media.srtp_profiles",
     .help = "how SRTP may be encrypted, the most wanted first; every client has "
             "AES_CM_128_HMAC_SHA1_80, some have nothing else, the others cost less",
     .field = [](Config& c) -> FieldPointer { return &c.media.srtp_profiles; }},
    {.name = "media.plain_rtp_networks",
     .flag = "--plain-rtp-networks",
     .help =
         "networks to and from which participants may have plain RTP, for ffmpeg and GStreamer, "
         "such as 127.0.0.0/8; empty means no plain RTP, because it lets a participant make "
         "this machine send there",
     .field = [](Config& c) -> FieldPointer { return &c.media.plain_rtp_networks; }},
    {.name = "media.plain_rtp_first_port",
     .help = "the first UDP port of plain RTP; each plain transport takes two, an even one for RTP "
             "and the next for RTCP",
     .field = [](Config& c) -> FieldPointer { return &c.media.plain_rtp_first_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "media.plain_rtp_last_port",
     .help = "the last UDP port of plain RTP",
     .field = [](Config& c) -> FieldPointer { return &c.media.plain_rtp_last_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "media.max_transports",
     .help =
         "transports of all workers together, two for a participant; beyond, rooms go to another "
         "instance",
     .field = [](Config& c) -> FieldPointer { return &c.media.max_transports; },
     .min = 1,
     .max = kMaxTransports},
    {.name = "media.grpc_address",
     .help = "address that `confab media` listens on for gRPC, from signaling, and for /readyz and "
             "/metrics",
     .field = [](Config& c) -> FieldPointer { return &c.media.grpc_address; }},
    {.name = "media.grpc_port",
     .help = "TCP port of `confab media` for gRPC",
     .field = [](Config& c) -> FieldPointer { return &c.media.grpc_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "media.http_port",
     .help = "TCP port of `confab media` for /readyz and /metrics, for curl and Prometheus: "
             "Chromium refuses to open port 6000",
     .field = [](Config& c) -> FieldPointer { return &c.media.http_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "discovery.backend",
     .help = "how services that run as processes of their own find each other: by the lists below, "
             "or through a Consul agent",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.backend; },
     .choices = "static|consul"},
    {.name = "discovery.consul_url",
     .help = "HTTP API of the Consul agent",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.consul_url; }},
    {.name = "discovery.consul_token_file",
     .help = "file that holds the ACL token for Consul; empty means no token",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.consul_token_file; }},
    {.name = "discovery.gateways",
     .help = "the gateways, each as ID=HOST:HTTP_PORT/GRPC_PORT or with @REGION behind it; 0 for a "
             "port that it has not",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.gateways; }},
    {.name = "discovery.signaling",
     .help = "the signaling services, in the same form, such as "
             "signaling-1=10.0.0.5:5000/5001@eu-north",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.signaling; }},
    {.name = "discovery.media",
     .help = "the media services, in the same form",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.media; }},
    {.name = "discovery.logs",
     .help = "the log viewers (`confab logs`), in the same form, such as logs-1=10.0.0.9:9000/0; "
             "gateways ask them to explain a call",
     .field = [](Config& c) -> FieldPointer { return &c.discovery.logs; }},
    {.name = "instance.id",
     .help =
         "this process among all of the same system: 1 to 64 letters, digits, '-' or '_'; empty "
         "means a random one at each start",
     .field = [](Config& c) -> FieldPointer { return &c.instance.id; }},
    {.name = "instance.region",
     .help = "where this process runs, so that others prefer what is near: 1 to 63 lower-case "
             "letters, digits or '-'; empty where there is one region",
     .field = [](Config& c) -> FieldPointer { return &c.instance.region; }},
    {.name = "rpc.certificate",
     .help = "PEM file with this process's certificate chain for gRPC between services, leaf "
             "first, under the name or address by which others reach it; with rpc.key and rpc.ca "
             "it switches TLS on",
     .field = [](Config& c) -> FieldPointer { return &c.rpc.certificate; }},
    {.name = "rpc.key",
     .help = "PEM file with the private key of rpc.certificate",
     .field = [](Config& c) -> FieldPointer { return &c.rpc.key; }},
    {.name = "rpc.ca",
     .help = "PEM file with the authorities that sign the services' certificates",
     .field = [](Config& c) -> FieldPointer { return &c.rpc.ca; }},
    {.name = "rpc.client_certificates",
     .help = "required: whoever calls must show a certificate of rpc.ca too (mutual TLS)",
     .field = [](Config& c) -> FieldPointer { return &c.rpc.client_certificates; },
     .choices = "off|required"},
    {.name = "rpc.insecure",
     .help = "let gRPC between services, and their tokens with it, leave this machine in plain "
             "text; only for a network that nobody else hears",
     .field = [](Config& c) -> FieldPointer { return &c.rpc.insecure; }},
    {.name = "store.url",
     .help =
         "where `confab serve` and `confab signaling` keep what outlives them, and all find API "
         "keys: postgresql://USER@HOST/DATABASE, the same for every signaling service, gateway and "
         "`confab token`, or sqlite:PATH on one machine; auto is sqlite:confab.db in data_dir, "
         "without API keys",
     .field = [](Config& c) -> FieldPointer { return &c.store.url; }},
    {.name = "store.password_file",
     .help = "file that holds the password of PostgreSQL's user; empty means that of store.url",
     .field = [](Config& c) -> FieldPointer { return &c.store.password_file; }},
    {.name = "store.keep_messages_days",
     .help = "days for which messages are kept",
     .field = [](Config& c) -> FieldPointer { return &c.store.keep_messages_days; },
     .min = 1,
     .max = kMaxKeptDays},
    {.name = "store.keep_sessions_days",
     .help = "days for which it is kept who was in which room, from the end of their stay",
     .field = [](Config& c) -> FieldPointer { return &c.store.keep_sessions_days; },
     .min = 1,
     .max = kMaxKeptDays},
    {.name = "store.keep_audit_days",
     .help = "days for which it is kept what moderators and API keys did",
     .field = [](Config& c) -> FieldPointer { return &c.store.keep_audit_days; },
     .min = 1,
     .max = kMaxKeptDays},
    {.name = "bus.backend",
     .help = "what signaling services share while calls go on: redis, memory within this process "
             "alone, or none; auto is redis where bus.redis_url is given, else none",
     .field = [](Config& c) -> FieldPointer { return &c.bus.backend; },
     .choices = "auto|none|memory|redis"},
    {.name = "bus.redis_url",
     .help = "the Redis of this region, the same for all its signaling services: "
             "redis://[USER@]HOST[:PORT][/DATABASE], or rediss:// for TLS",
     .field = [](Config& c) -> FieldPointer { return &c.bus.redis_url; }},
    {.name = "bus.redis_password_file",
     .help = "file that holds the password of bus.redis_url; empty means that it needs none",
     .field = [](Config& c) -> FieldPointer { return &c.bus.redis_password_file; }},
    {.name = "bus.redis_ca_file",
     .help = "PEM file with the authorities that sign the certificate of a rediss:// server; empty "
             "means those of the system",
     .field = [](Config& c) -> FieldPointer { return &c.bus.redis_ca_file; }},
    {.name = "bus.ttl_ms",
     .help = "after how long without a sign a signaling service is taken for gone, and with it its "
             "participants; the same for every one of them",
     .field = [](Config& c) -> FieldPointer { return &c.bus.ttl; },
     .min = 1000,
     .max = kMaxBusTtlMs},
    {.name = "relay.region",
     .help = "the other region, which `confab relay` joins with instance.region",
     .field = [](Config& c) -> FieldPointer { return &c.relay.region; }},
    {.name = "relay.redis_url",
     .help = "the Redis of the other region; that of this one is bus.redis_url",
     .field = [](Config& c) -> FieldPointer { return &c.relay.redis_url; }},
    {.name = "relay.redis_password_file",
     .help = "file that holds the password of relay.redis_url; empty means that it needs none",
     .field = [](Config& c) -> FieldPointer { return &c.relay.redis_password_file; }},
    {.name = "relay.redis_ca_file",
     .help = "like bus.redis_ca_file, for relay.redis_url",
     .field = [](Config& c) -> FieldPointer { return &c.relay.redis_ca_file; }},
    {.name = "relay.address",
     .help = "address that `confab relay` listens on, for /readyz and /metrics",
     .field = [](Config& c) -> FieldPointer { return &c.relay.address; }},
    {.name = "relay.http_port",
     .help = "TCP port of `confab relay` for /readyz and /metrics",
     .field = [](Config& c) -> FieldPointer { return &c.relay.http_port; },
     .min = 1,
     .max = kMaxPort},
    {.name = "turn.servers",
     .help = "TURN servers that clients are offered, such as "
             "\"eu=turn:turn.example.org:3478?transport=udp\": the region before the = may be left "
             "out, further addresses of the same server follow after a space",
     .field = [](Config& c) -> FieldPointer { return &c.turn.servers; }},
    {.name = "turn.secret_file",
     .help = "file with the TURN servers' static-auth-secret, from which credentials are made",
     .field = [](Config& c) -> FieldPointer { return &c.turn.secret_file; }},
    {.name = "turn.lifetime_ms",
     .help = "how long TURN credentials are good to begin with",
     .field = [](Config& c) -> FieldPointer { return &c.turn.lifetime; },
     .min = 10'000,
     .max = kMaxTurnLifetimeMs},
    {.name = "shutdown.deadline_ms",
     .help = "how long the end of the program may take for goodbyes",
     .field = [](Config& c) -> FieldPointer { return &c.shutdown.deadline; },
     .max = kMaxShutdownMs},
};

// Levenshtein's distance.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

FieldPointer FieldOf(const ConfigKey& key) {
  static Config config;  // only its types matter
  return key.field(config);
}

std::string ChoicesForPeople(std::string_view choices) {
  std::string text;
  for (const char c : choices) text += c == '|' ? std::string(", ") : std::string(1, c);
  return "one of: " + text;
}

}  // namespace

std::span<const ConfigKey> ConfigKeys() {
  return kKeys;
}

std::string_view ConfigKey::section() const {
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

std::string_view ConfigKey::key() const {
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string ConfigKey::environment_name() const {
  std::string text = "CONFAB_";
  for (const char c : name) {
    text += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

bool ConfigKey::is_flag_without_value() const {
  return std::holds_alternative<bool*>(FieldOf(*this));
}

bool ConfigKey::is_list() const {
  return std::holds_alternative<std::vector<std::string>*>(FieldOf(*this));
}

std::string ConfigKey::expected() const {
  struct Describe {
    const ConfigKey& key;
    std::string operator()(bool*) const { return "true or false"; }
    std::string operator()(int64_t*) const {
      return fmt::format("a whole number from {} to {}", key.min, key.max);
    }
    std::string operator()(TimeDelta*) const {
      return fmt::format("milliseconds, a whole number from {} to {}", key.min, key.max);
    }
    std::string operator()(std::string*) const {
      return key.choices.empty() ? "text" : ChoicesForPeople(key.choices);
    }
    std::string operator()(std::vector<std::string>*) const { return "a list of texts"; }
  };
  return std::visit(Describe{*this}, FieldOf(*this));
}

const ConfigKey* FindConfigKey(std::string_view name) {
  const auto found = std::ranges::find(kKeys, name, &ConfigKey::name);
  return found == std::end(kKeys) ? nullptr : found;
}

std::optional<std::string_view> NearestConfigKey(std::string_view name) {
  std::optional<std::string_view> nearest;
  size_t best = name.size() / 2 + 1;  // farther than that is no mistyping
  for (const ConfigKey& key : kKeys) {
    // "prot" in the wrong section may mean "gateway.port".
    const size_t distance = std::min(EditDistance(name, key.name), EditDistance(name, key.key()));
    if (distance < best) {
      best = distance;
      nearest = key.name;
    }
  }
  return nearest;
}

}  // namespace confab::app
