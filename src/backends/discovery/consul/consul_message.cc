#include "backends/discovery/consul/consul_message.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <optional>
#include <set>

#include "backends/discovery/instance_rules.h"

namespace confab::discovery {
namespace {

namespace json = boost::json;

// Consul's least: "The minimum timeout is 1 minute".
constexpr std::string_view kDeregisterAfter = "1m";
constexpr size_t kMaxJsonDepth = 16;
constexpr size_t kShownIdSize = 64;

constexpr std::string_view kInstanceKey = "instance";
constexpr std::string_view kHttpPortKey = "http_port";
constexpr std::string_view kGrpcPortKey = "grpc_port";
constexpr std::string_view kRegionKey = "region";

json::string_view AsJson(std::string_view text) {
  return {text.data(), text.size()};
}

const json::object* FindObject(const json::object& in, std::string_view key) {
  const json::value* found = in.if_contains(AsJson(key));
  return found ? found->if_object() : nullptr;
}

// "" where there is none, or another type.
std::string_view FindText(const json::object& in, std::string_view key) {
  const json::value* found = in.if_contains(AsJson(key));
  const json::string* text = found ? found->if_string() : nullptr;
  return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

// A port as Meta has it, "" for none; nothing for what is no port.
std::optional<uint16_t> ParsePort(std::string_view text) {
  if (text.empty()) return 0;
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return port;
}

// The entry as an instance, or what is wrong with it.
std::expected<Instance, std::string_view> ReadEntry(ServiceKind kind, const json::value& entry) {
  const json::object* object = entry.if_object();
  const json::object* service = object ? FindObject(*object, "Service") : nullptr;
  if (!service) return std::unexpected("it has no Service");
  const json::object* meta = FindObject(*service, "Meta");
  if (!meta) return std::unexpected("its Service has no Meta");
  Instance instance{.service = kind};
  instance.id = FindText(*meta, kInstanceKey);
  instance.host = FindText(*service, "Address");
  const json::object* node = FindObject(*object, "Node");
  // "If empty, node address should be used."
  if (instance.host.empty() && node) instance.host = FindText(*node, "Address");
  instance.region = FindText(*meta, kRegionKey);
  const auto http_port = ParsePort(FindText(*meta, kHttpPortKey));
  const auto grpc_port = ParsePort(FindText(*meta, kGrpcPortKey));
  if (!http_port || !grpc_port) return std::unexpected("a port in its Meta is none");
  instance.http_port = *http_port;
  instance.grpc_port = *grpc_port;
  if (const std::string_view fault = FaultOf(instance); !fault.empty()) {
    return std::unexpected(fault);
  }
  return instance;
}

// What an entry calls itself, as far as a log line should hold it.
std::string NameOf(const json::value& entry) {
  const json::object* object = entry.if_object();
  const json::object* service = object ? FindObject(*object, "Service") : nullptr;
  const std::string_view id = service ? FindText(*service, "ID") : std::string_view();
  return id.empty() ? "without an ID" : fmt::format("\"{}\"", id.substr(0, kShownIdSize));
}

void Skip(ConsulAnswer& answer, const json::value& entry, std::string_view why) {
  if (answer.skipped == 0) {
    answer.first_skipped = fmt::format("The entry {} is left out: {}.", NameOf(entry), why);
  }
  ++answer.skipped;
}

}  // namespace

std::string ConsulServiceName(ServiceKind kind) {
  return fmt::format("confab-{}", ToString(kind));
}

std::string ConsulServiceId(const Instance& instance) {
  return fmt::format("{}-{}", ConsulServiceName(instance.service), instance.id);
}

std::string ConsulCheckId(const Instance& instance) {
  return "service:" + ConsulServiceId(instance);
}

std::string RegistrationJson(const Instance& instance, TimeDelta ttl) {
  json::array tags;
  if (!instance.region.empty()) tags.emplace_back(instance.region);
  const uint16_t port = instance.http_port != 0 ? instance.http_port : instance.grpc_port;
  const json::object body{
      {"ID", ConsulServiceId(instance)},
      {"Name", ConsulServiceName(instance.service)},
      {"Tags", std::move(tags)},
      {"Address", instance.host},
      {"Port", port},
      {"Meta", json::object{{AsJson(kInstanceKey), instance.id},
                            {AsJson(kHttpPortKey), std::to_string(instance.http_port)},
                            {AsJson(kGrpcPortKey), std::to_string(instance.grpc_port)},
                            {AsJson(kRegionKey), instance.region}}},
      {"Check", json::object{{"CheckID", ConsulCheckId(instance)},
                             {"Name", "confab renews this while it is at work"},
                             {"TTL", fmt::format("{}ms", ttl.ms())},
                             // Without it the check is critical until the first renewal.
                             {"Status", "passing"},
                             {"DeregisterCriticalServiceAfter", AsJson(kDeregisterAfter)}}}};
  return json::serialize(body);
}

Result<ConsulAnswer> ParseConsulAnswer(ServiceKind kind, std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::error_code error;
  const json::value parsed = json::parse(AsJson(text), error, {}, options);
  if (error) {
    return Fail(ErrorCode::kInvalidMessage, "the answer is no JSON: " + error.message());
  }
  const json::array* entries = parsed.if_array();
  if (!entries) return Fail(ErrorCode::kInvalidMessage, "the answer is no JSON array");
  ConsulAnswer answer;
  std::set<std::string, std::less<>> ids;
  for (const json::value& entry : *entries) {
    auto instance = ReadEntry(kind, entry);
    if (!instance) {
      Skip(answer, entry, instance.error());
    } else if (answer.instances.size() >= kMaxConsulInstances) {
      Skip(answer, entry, "there are too many");
    } else if (!ids.insert(instance->id).second) {
      Skip(answer, entry, "another one has its instance id");
    } else {
      answer.instances.push_back(std::move(*instance));
    }
  }
  return answer;
}

}  // namespace confab::discovery
