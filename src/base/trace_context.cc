#include "base/trace_context.h"

#include <algorithm>
#include <span>

namespace confab {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr uint8_t kForbiddenVersion = 0xFF;
// Of version 00 one flag is known (§3.2.2.5); others must not be passed on.
constexpr uint8_t kSampled = 0x01;
// Where the fields of version 00 begin.
constexpr size_t kTraceIdAt = 3;
constexpr size_t kParentIdAt = 36;
constexpr size_t kFlagsAt = 53;

// Upper-case digits are forbidden (§3.2.1, HEXDIGLC).
bool ReadHex(std::string_view text, std::span<uint8_t> out) {
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t high = kDigits.find(text[2 * i]), low = kDigits.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

void AppendHex(std::string& out, std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xF];
  }
}

bool IsZero(std::span<const uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

// An id of zeros is none.
void FillNonZero(RandomSource& random, std::span<uint8_t> bytes) {
  random.Fill(bytes);
  if (IsZero(bytes)) bytes.back() = 1;
}

bool HasDashes(std::string_view text) {
  return text[kTraceIdAt - 1] == '-' && text[kParentIdAt - 1] == '-' && text[kFlagsAt - 1] == '-';
}

}  // namespace

std::optional<TraceContext> TraceContext::Parse(std::string_view traceparent) {
  if (traceparent.size() < kTextSize || !HasDashes(traceparent)) return std::nullopt;
  std::array<uint8_t, 1> version{}, flags{};
  TraceContext context;
  if (!ReadHex(traceparent, version) || version[0] == kForbiddenVersion) return std::nullopt;
  const bool has_more = traceparent.size() > kTextSize;
  if (has_more && (version[0] == 0 || traceparent[kTextSize] != '-')) return std::nullopt;
  if (!ReadHex(traceparent.substr(kTraceIdAt), context.trace_id_) ||
      !ReadHex(traceparent.substr(kParentIdAt), context.parent_id_) ||
      !ReadHex(traceparent.substr(kFlagsAt), flags)) {
    return std::nullopt;
  }
  if (IsZero(context.trace_id_) || IsZero(context.parent_id_)) return std::nullopt;
  context.flags_ = flags[0] & kSampled;
  return context;
}

TraceContext TraceContext::Random(RandomSource& random) {
  TraceContext context;
  FillNonZero(random, context.trace_id_);
  FillNonZero(random, context.parent_id_);
  context.flags_ = kSampled;
  return context;
}

TraceContext TraceContext::OfOrRandom(std::string_view traceparent, RandomSource& random) {
  const auto given = Parse(traceparent);
  return given ? *given : Random(random);
}

std::optional<TraceContext> TraceContext::OfTraceId(std::string_view trace_id,
                                                    RandomSource& random) {
  TraceContext context;
  if (trace_id.size() != 2 * kTraceIdSize || !ReadHex(trace_id, context.trace_id_) ||
      IsZero(context.trace_id_)) {
    return std::nullopt;
  }
  FillNonZero(random, context.parent_id_);
  context.flags_ = kSampled;
  return context;
}

std::string TraceContext::trace_id() const {
  std::string text;
  AppendHex(text, trace_id_);
  return text;
}

std::string TraceContext::ToString() const {
  std::string text = "00-";
  AppendHex(text, trace_id_);
  text += '-';
  AppendHex(text, parent_id_);
  text += flags_ == kSampled ? "-01" : "-00";
  return text;
}

}  // namespace confab
