#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace confab {

// Of which trace a request is part: the header `traceparent` of W3C Trace Context
// (https://www.w3.org/TR/trace-context/#traceparent-header). A value that cannot be wrong.
class TraceContext {
 public:
  static constexpr size_t kTraceIdSize = 16;
  static constexpr size_t kParentIdSize = 8;
  // Of version 00. Text that is longer can only be of a later version, of which the part that
  // version 00 has is taken.
  static constexpr size_t kTextSize = 55;

  // nothing: malformed, of the forbidden version ff, or with an id of zeros (§3.2.2).
  static std::optional<TraceContext> Parse(std::string_view traceparent);
  // A new trace that begins here.
  static TraceContext Random(RandomSource& random);
  // What came with a request, or a new trace where nothing usable came (§4.2).
  static TraceContext OfOrRandom(std::string_view traceparent, RandomSource& random);

  // A request of the trace that is known by its id alone; nothing: that is no id of a trace.
  static std::optional<TraceContext> OfTraceId(std::string_view trace_id, RandomSource& random);

  // 32 lower-case hexadecimal digits: what log lines carry.
  std::string trace_id() const;
  // `00-<trace id>-<parent id>-<flags>`.
  std::string ToString() const;
  bool operator==(const TraceContext&) const = default;

 private:
  TraceContext() = default;

  std::array<uint8_t, kTraceIdSize> trace_id_{};
  std::array<uint8_t, kParentIdSize> parent_id_{};
  uint8_t flags_ = 0;
};

}  // namespace confab
