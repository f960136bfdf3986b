#include "services/signaling/protocol/error_json.h"

#include <algorithm>

namespace confab::signaling {
namespace {

bool IsSmallLetter(char c) {
  return c >= 'a' && c <= 'z';
}

// Not so "transportId names …". A message about a field, such as "name must …", is kInvalidMessage.
bool BeginsWithAWord(const Error& error) {
  const std::string_view message = error.message;
  const size_t length = message.find(' ');
  return error.code != ErrorCode::kInvalidMessage && length != std::string_view::npos &&
         std::ranges::all_of(message.substr(0, length), IsSmallLetter);
}

}  // namespace

Error AsSentence(Error error) {
  std::string& message = error.message;
  if (message.empty()) return error;
  if (BeginsWithAWord(error) && IsSmallLetter(message.front())) {
    message.front() = static_cast<char>(message.front() - 'a' + 'A');
  }
  if (std::string_view(".!?").find(message.back()) == std::string_view::npos) message += '.';
  return error;
}

json::object ErrorJson(const Error& error, std::string_view id,
                       std::optional<TimeDelta> retry_after) {
  json::object object{{"code", ToString(error.code)}, {"message", error.message}, {"id", id}};
  // Rounded up: who waits so long is not too early.
  if (retry_after) object["retry_after_ms"] = (*retry_after + TimeDelta::Micros(999)).ms();
  return object;
}

}  // namespace confab::signaling
