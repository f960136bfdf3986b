#pragma once

#include <optional>
#include <vector>

#include "observe/log_field.h"
#include "services/media/local_ends.h"
#include "sfu/transport_figures.h"

namespace confab::media {

using LogFields = std::vector<observe::LogField>;

// "protocol", "local" and "remote", which tells nobody where the peer is; of no path nothing.
void AddPath(const std::optional<PathEnds>& path, LogFields& fields);

// All that figures say, their path aside; what they say nothing of is left out.
void AddFigures(const sfu::TransportFigures& figures, LogFields& fields);

}  // namespace confab::media
