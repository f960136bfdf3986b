#include "app/config/config_load.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "app/config/bus_rules.h"
#include "app/config/config_file.h"
#include "app/config/openid_rules.h"
#include "app/config/turn_rules.h"
#include "backends/discovery/instance_rules.h"
#include "backends/discovery/make_discovery.h"
#include "backends/discovery/static/static_instance.h"
#include "base/ip_network.h"
#include "base/socket_address.h"
#include "rtc/srtp/srtp_profile_names.h"
#include "services/gateway/origins.h"

namespace confab::app {
namespace {

constexpr std::string_view kPrefix = "CONFAB_";

// Whether a variable is meant for the configuration: CONFAB_ and the name of a section.
bool BelongsToASection(std::string_view name) {
  return std::ranges::any_of(ConfigKeys(), [name](const ConfigKey& key) {
    if (key.section().empty()) return false;
    const std::string own = key.environment_name();
    return name.starts_with(own.substr(0, kPrefix.size() + key.section().size() + 1));
  });
}

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Its value is not shown: it may be a password for which there is another place.
ConfigProblem UnknownVariable(const std::string& name) {
  const std::string key = LowerCase(std::string_view(name).substr(kPrefix.size()));
  const auto nearest = NearestConfigKey(key);
  const std::string fix = nearest ? fmt::format("there is no such key; {} is probably meant",
                                                FindConfigKey(*nearest)->environment_name())
                                  : "there is no such key; `confab config print` lists them";
  return {key, std::string(kHiddenValue), "environment variable " + name, fix};
}

void ApplyEnvironment(const ConfigSources& sources, LoadedConfig& loaded) {
  for (const auto& [name, value] : sources.environment) {
    if (!name.starts_with(kPrefix)) continue;
    const auto key = std::ranges::find_if(
        ConfigKeys(), [&](const ConfigKey& each) { return each.environment_name() == name; });
    if (key == ConfigKeys().end()) {
      if (BelongsToASection(name)) loaded.problems.push_back(UnknownVariable(name));
      continue;
    }
    std::string fix = SetConfigValue(loaded.config, *key, value, InputForm::kText);
    if (fix.empty()) continue;
    loaded.problems.push_back({std::string(key->name), ShowInputFor(&*key, value),
                               "environment variable " + name, std::move(fix)});
  }
}

void ApplyFlags(const ConfigSources& sources, LoadedConfig& loaded) {
  for (const auto& [name, value] : sources.flags) {
    const ConfigKey* key = FindConfigKey(name);
    std::string fix =
        key ? SetConfigValue(loaded.config, *key, value, InputForm::kText) : "there is no such key";
    if (fix.empty()) continue;
    const std::string flag(key ? key->flag : std::string_view("?"));
    loaded.problems.push_back({name, ShowInputFor(key, value), "flag " + flag, std::move(fix)});
  }
}

bool IsIpAddress(const std::string& text) {
  return SocketAddress::Parse(text, 0).has_value();
}

void CheckAddress(const std::string& key, const std::string& value,
                  std::vector<ConfigProblem>& problems) {
  if (value == "auto" || IsIpAddress(value)) return;
  problems.push_back({key, ShowInput(value), "configuration",
                      "give auto or an IP address of this machine, such as 0.0.0.0"});
}

void CheckSrtpProfiles(const std::vector<std::string>& names,
                       std::vector<ConfigProblem>& problems) {
  std::string all;
  for (const rtc::SrtpProfile profile : rtc::AllSrtpProfiles()) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", ToString(profile));
  }
  const std::string fix = "give one or more of " + all;
  if (names.empty()) {
    problems.push_back({"media.srtp_profiles", "[]", "configuration", fix});
  }
  for (const std::string& name : names) {
    if (rtc::ParseSrtpProfile(name)) continue;
    problems.push_back({"media.srtp_profiles", ShowInput(name), "configuration", fix});
  }
}

void CheckNetworks(const std::string& key, const std::vector<std::string>& networks,
                   std::vector<ConfigProblem>& problems) {
  for (const std::string& network : networks) {
    if (IpNetwork::Parse(network)) continue;
    problems.push_back({key, ShowInput(network), "configuration",
                        "give networks such as 127.0.0.0/8, 10.1.0.0/16 or fd00::/8, without bits "
                        "beyond their length, or single IP addresses"});
  }
}

void CheckOrigins(const std::vector<std::string>& origins, std::vector<ConfigProblem>& problems) {
  if (origins.size() > gateway::Origins::kMaxListed) {
    problems.push_back({"gateway.origins", fmt::format("{} origins", origins.size()),
                        "configuration",
                        fmt::format("list at most {}", gateway::Origins::kMaxListed)});
  }
  for (const std::string& origin : origins) {
    if (gateway::Origins::IsOrigin(origin)) continue;
    problems.push_back({"gateway.origins", ShowInput(origin), "configuration",
                        "give origins as browsers write them, in small letters and without a path, "
                        "such as https://app.example or http://localhost:5173, or \"*\""});
  }
}

void CheckPlainRtp(const Config::Media& media, std::vector<ConfigProblem>& problems) {
  CheckNetworks("media.plain_rtp_networks", media.plain_rtp_networks, problems);
  // A pair begins with an even number.
  if (media.plain_rtp_first_port + media.plain_rtp_first_port % 2 >= media.plain_rtp_last_port) {
    problems.push_back({"media.plain_rtp_last_port", std::to_string(media.plain_rtp_last_port),
                        "configuration",
                        "from media.plain_rtp_first_port to here there must be an even port and "
                        "the odd one above it: give a higher number"});
  }
}

// "auto" has no meaning here: other machines must be told an address.
void CheckServiceAddress(const std::string& key, const std::string& value, const Config& config,
                         std::vector<ConfigProblem>& problems) {
  const auto address = SocketAddress::Parse(value, 0);
  if (!address) {
    problems.push_back(
        {key, ShowInput(value), "configuration", "give an IP address, such as 127.0.0.1"});
    return;
  }
  if (address->is_loopback() || config.rpc.insecure || !config.rpc.certificate.empty()) return;
  problems.push_back({key, ShowInput(value), "configuration",
                      "the services' tokens would travel in plain text: give rpc.certificate, "
                      "rpc.key and rpc.ca, or, in a network that nobody else hears, set "
                      "rpc.insecure = true"});
}

void CheckRpc(const Config& config, std::vector<ConfigProblem>& problems) {
  CheckServiceAddress("signaling.address", config.signaling.address, config, problems);
  CheckServiceAddress("media.grpc_address", config.media.grpc_address, config, problems);
  const Config::Rpc& rpc = config.rpc;
  const bool has_all = !rpc.certificate.empty() && !rpc.key.empty() && !rpc.ca.empty();
  const bool has_any = !rpc.certificate.empty() || !rpc.key.empty() || !rpc.ca.empty();
  if (has_any && !has_all) {
    const char* missing = rpc.certificate.empty() ? "rpc.certificate"
                          : rpc.key.empty()       ? "rpc.key"
                                                  : "rpc.ca";
    problems.push_back({missing, "\"\"", "configuration",
                        "rpc.certificate, rpc.key and rpc.ca belong together: give all three, or "
                        "none for plain text"});
  }
  if (rpc.client_certificates == "required" && !has_any) {
    problems.push_back({"rpc.client_certificates", "\"required\"", "configuration",
                        "certificates need TLS: give rpc.certificate, rpc.key and rpc.ca"});
  }
}

void CheckInstances(const std::string& key, discovery::ServiceKind service,
                    const std::vector<std::string>& texts, std::vector<ConfigProblem>& problems) {
  const auto instances = discovery::ParseStaticInstances(service, texts);
  if (instances) return;
  problems.push_back({key, ShowInput(texts), "configuration", instances.error().message});
}

// The URL is not shown: it may hold a password.
void CheckStore(const Config::Store& config, std::vector<ConfigProblem>& problems) {
  const std::string& url = config.url;
  if (url == "auto" || url.starts_with("sqlite:") || url.starts_with("postgresql://")) return;
  problems.push_back({"store.url", std::string(kHiddenValue), "configuration",
                      "give auto, sqlite:PATH, or postgresql://USER@HOST/DATABASE"});
}

void CheckDiscovery(const Config& config, std::vector<ConfigProblem>& problems) {
  using discovery::ServiceKind;
  const Config::Discovery& lists = config.discovery;
  CheckInstances("discovery.gateways", ServiceKind::kGateway, lists.gateways, problems);
  CheckInstances("discovery.signaling", ServiceKind::kSignaling, lists.signaling, problems);
  CheckInstances("discovery.media", ServiceKind::kMedia, lists.media, problems);
  CheckInstances("discovery.logs", ServiceKind::kLogs, lists.logs, problems);
  if (const auto usable = discovery::CheckConsulUrl(lists.consul_url); !usable) {
    problems.push_back({"discovery.consul_url", ShowInput(lists.consul_url), "configuration",
                        usable.error().message});
  }
  if (!config.instance.id.empty() && !discovery::IsInstanceId(config.instance.id)) {
    problems.push_back({"instance.id", ShowInput(config.instance.id), "configuration",
                        "give 1 to 64 letters, digits, '-' or '_', or nothing for a random id"});
  }
  if (!discovery::IsRegion(config.instance.region)) {
    problems.push_back({"instance.region", ShowInput(config.instance.region), "configuration",
                        "give 1 to 63 lower-case letters, digits or '-', such as eu-north"});
  }
}

}  // namespace

LoadedConfig LoadConfig(const ConfigSources& sources) {
  LoadedConfig loaded;
  if (!sources.file.empty()) ApplyConfigFile(sources.file, loaded);
  ApplyEnvironment(sources, loaded);
  ApplyFlags(sources, loaded);
  for (ConfigProblem& problem : CheckConfig(loaded.config)) {
    loaded.problems.push_back(std::move(problem));
  }
  return loaded;
}

std::vector<ConfigProblem> CheckConfig(const Config& config) {
  std::vector<ConfigProblem> problems;
  CheckAddress("gateway.address", config.gateway.address, problems);
  CheckNetworks("gateway.trusted_proxies", config.gateway.trusted_proxies, problems);
  CheckOrigins(config.gateway.origins, problems);
  CheckAddress("media.address", config.media.address, problems);
  if (!IsIpAddress(config.logs.address)) {
    problems.push_back({"logs.address", ShowInput(config.logs.address), "configuration",
                        "give an IP address of this machine, such as 127.0.0.1"});
  }
  for (const std::string& address : config.media.announce) {
    if (IsIpAddress(address)) continue;
    problems.push_back({"media.announce", ShowInput(address), "configuration",
                        "give IP addresses, such as 203.0.113.7; names are not looked up"});
  }
  CheckSrtpProfiles(config.media.srtp_profiles, problems);
  CheckPlainRtp(config.media, problems);
  CheckDiscovery(config, problems);
  CheckStore(config.store, problems);
  CheckRpc(config, problems);
  for (ConfigProblem& problem : CheckBus(config)) problems.push_back(std::move(problem));
  for (ConfigProblem& problem : CheckTurn(config.turn)) problems.push_back(std::move(problem));
  for (ConfigProblem& problem : ReadOpenIdRules(config.auth.openid).problems) {
    problems.push_back(std::move(problem));
  }
  if (config.gateway.certificate.empty() != config.gateway.key.empty()) {
    const bool lacks_key = config.gateway.key.empty();
    problems.push_back({lacks_key ? "gateway.key" : "gateway.certificate", "\"\"", "configuration",
                        "a certificate and its key belong together: give both (--cert and --key), "
                        "or neither and --https"});
  }
  if (config.media.port + config.media.workers - 1 > 65'535) {
    problems.push_back({"media.workers", std::to_string(config.media.workers), "configuration",
                        "each worker takes a port from media.port upwards: choose a lower "
                        "media.port or fewer workers"});
  }
  return problems;
}

std::vector<std::pair<std::string, std::string>> ProcessEnvironment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace confab::app
