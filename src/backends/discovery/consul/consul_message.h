#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

// How an Instance stands in Consul. Service "confab-gateway", "confab-signaling", "confab-media";
// service id that name, '-' and the instance's id; Address the host; Port the HTTP port (what
// Prometheus' and VictoriaMetrics' consul_sd scrape), or the gRPC port where there is none; the
// region as a tag; Meta: instance, http_port, grpc_port, region.

inline constexpr size_t kMaxConsulInstances = 1000;  // of one service; more are skipped

std::string ConsulServiceName(ServiceKind kind);
std::string ConsulServiceId(const Instance& instance);
std::string ConsulCheckId(const Instance& instance);

// The body of PUT /v1/agent/service/register, with a TTL check that passes until `ttl` is over.
std::string RegistrationJson(const Instance& instance, TimeDelta ttl);

struct ConsulAnswer {
  std::vector<Instance> instances;  // in Consul's order; no id twice
  size_t skipped = 0;               // entries that are no instances
  std::string first_skipped;        // why, of the first of them: a sentence
};

// The answer of GET /v1/health/service/NAME. An entry that is no instance is skipped, and of two
// with one id the later. Error kInvalidMessage: no JSON, or no array.
Result<ConsulAnswer> ParseConsulAnswer(ServiceKind kind, std::string_view json);

}  // namespace confab::discovery
