#pragma once

#include <vector>

#include "observe/log_field.h"
#include "services/signaling/protocol/reports.h"

namespace confab::signaling {

// The fields of a line `client.report` (docs/logs.md): what the page did not tell is left out.
std::vector<observe::LogField> FieldsOf(const ClientReport& report);

}  // namespace confab::signaling
