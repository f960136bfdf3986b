#pragma once

#include <vector>

#include "services/gateway/api/api_handlers.h"
#include "services/gateway/api/api_route.h"

namespace confab::gateway {

// The table of all operations. `handlers` must outlive it.
std::vector<ApiRoute> ApiRoutes(ApiHandlers& handlers);

}  // namespace confab::gateway
