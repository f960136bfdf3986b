#pragma once

#include <span>
#include <string>
#include <string_view>

#include "services/gateway/api/api_route.h"

namespace confab::gateway {

// The readable page of the REST interface: HTML without scripts, styled by /api/docs.css.
std::string ApiPage(std::span<const ApiRoute> routes, std::string_view version);
std::string_view ApiPageStyle();

}  // namespace confab::gateway
