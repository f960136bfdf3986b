#include "services/signaling/protocol/message_json.h"

namespace confab::signaling {

json::object ToJson(const v1::SharedMessage& message, Reader reader) {
  json::object object{{"number", message.number()},       {"id", message.id()},
                      {"from", message.from()},           {"name", message.name()},
                      {"text", message.text()},           {"sentAt", message.sent_at_ms()},
                      {"mine", reader == Reader::kAuthor}};
  if (!message.to().empty()) {
    object["to"] = message.to();
    object["toName"] = message.to_name();
  }
  return object;
}

}  // namespace confab::signaling
