#include "rpc/call_scope_metadata.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "base/trace_context.h"

namespace confab::rpc {
namespace {

constexpr const char* kTraceparent = "traceparent";
constexpr const char* kBaggage = "baggage";

struct Part {
  std::string_view key;
  std::string CallScope::* value;
};
constexpr std::array<Part, 3> kParts{{{"room", &CallScope::room},
                                      {"participant", &CallScope::participant},
                                      {"session", &CallScope::session}}};

// The characters of ids, which need no percent-encoding (W3C Baggage §3.2.1.3).
bool IsValue(std::string_view text) {
  return !text.empty() && text.size() <= kMaxScopeValueSize &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::string_view ValueOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto [first, last] = context.client_metadata().equal_range(key);
  // Of two nobody knows which is meant.
  if (first == last || std::next(first) != last) return {};
  return {first->second.data(), first->second.size()};
}

}  // namespace

std::string ToBaggage(const CallScope& scope) {
  std::string text;
  for (const Part& part : kParts) {
    const std::string& value = scope.*part.value;
    if (!IsValue(value)) continue;
    if (!text.empty()) text += ',';
    text.append(part.key).append("=").append(value);
  }
  return text;
}

void ReadBaggage(std::string_view baggage, CallScope& scope) {
  while (!baggage.empty()) {
    const std::string_view member = baggage.substr(0, baggage.find(','));
    baggage.remove_prefix(std::min(member.size() + 1, baggage.size()));
    const size_t equals = member.find('=');
    if (equals == std::string_view::npos) continue;
    const auto part = std::ranges::find(kParts, member.substr(0, equals), &Part::key);
    const std::string_view value = member.substr(equals + 1);
    if (part != kParts.end() && IsValue(value)) scope.*part->value = value;
  }
}

void PutScope(const CallScope& scope, grpc::ClientContext& context) {
  SecureRandom random;
  if (const auto trace = TraceContext::OfTraceId(scope.trace, random)) {
    context.AddMetadata(kTraceparent, trace->ToString());
  }
  if (std::string baggage = ToBaggage(scope); !baggage.empty()) {
    context.AddMetadata(kBaggage, std::move(baggage));
  }
}

CallScope ScopeOf(const grpc::CallbackServerContext& context) {
  CallScope scope;
  SecureRandom random;
  scope.trace = TraceContext::OfOrRandom(ValueOf(context, kTraceparent), random).trace_id();
  ReadBaggage(ValueOf(context, kBaggage), scope);
  return scope;
}

}  // namespace confab::rpc
