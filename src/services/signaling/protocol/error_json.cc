#include "services/signaling/protocol/error_json.h"

namespace confab::signaling {

json::object ErrorJson(const Error& error, std::string_view id,
                       std::optional<TimeDelta> retry_after) {
  json::object object{{"code", ToString(error.code)}, {"message", error.message}, {"id", id}};
  // Rounded up: who waits so long is not too early.
  if (retry_after) object["retry_after_ms"] = (*retry_after + TimeDelta::Micros(999)).ms();
  return object;
}

}  // namespace confab::signaling
