#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backends/discovery/discovery.h"

namespace confab::discovery {

inline constexpr size_t kMaxStaticInstances = 256;  // of one service

// An instance as configuration has it: ID=HOST:HTTP_PORT/GRPC_PORT[@REGION], such as
// "signaling-1=10.0.0.5:5000/5001@eu-north" or "media-1=[2001:db8::5]:6000/50051". A port that the
// service has not is 0. Error kInvalidConfiguration with what is wrong and the form.
Result<Instance> ParseStaticInstance(ServiceKind service, std::string_view text);

// A whole list. Error: as above, two of one id, or more than kMaxStaticInstances.
Result<std::vector<Instance>> ParseStaticInstances(ServiceKind service,
                                                   const std::vector<std::string>& texts);

}  // namespace confab::discovery
