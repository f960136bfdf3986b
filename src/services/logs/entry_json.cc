#include "services/logs/entry_json.h"

#include <fmt/format.h>

#include "observe/json_line.h"
#include "observe/logger.h"
#include "services/logs/log_index.h"

namespace confab::logs {

void AppendJson(std::string& out, const LogEntry& entry) {
  out += fmt::format(R"({{"id":"{}","file":)", LogCursor{entry.time_us, entry.number}.ToString());
  observe::AppendJsonString(out, entry.file ? *entry.file : std::string());
  if (entry.damage == Damage::kNone) {
    out += R"(,"line":)";
    out += entry.text;  // was parsed as a whole when it was read
  } else {
    out += fmt::format(R"(,"time":"{}","damage":"{}","octets":{},"text":)",
                       observe::FormatUtc(entry.time_us), ToString(entry.damage), entry.octets);
    observe::AppendJsonString(out, entry.text);
  }
  out += '}';
}

std::string ToJson(const std::vector<EntryPtr>& entries) {
  std::string text = "[";
  for (const EntryPtr& entry : entries) {
    if (text.size() > 1) text += ',';
    AppendJson(text, *entry);
  }
  return text + ']';
}

}  // namespace confab::logs
