#pragma once

#include <string>
#include <vector>

#include "services/logs/log_entry.h"

namespace confab::logs {

// Appends an entry as JSON: {"id":…,"file":…,"line":{…}}, the line as it stands in its file; of a
// damaged one {"id":…,"time":…,"file":…,"damage":…,"octets":…,"text":…}. Whatever the file holds,
// this is valid JSON in UTF-8.
void AppendJson(std::string& out, const LogEntry& entry);

// An array of them.
std::string ToJson(const std::vector<EntryPtr>& entries);

}  // namespace confab::logs
