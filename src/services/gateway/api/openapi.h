#pragma once

#include <span>
#include <string>
#include <string_view>

#include "services/gateway/api/api_route.h"

namespace confab::gateway {

// The OpenAPI 3.1 document of these routes, serialised.
std::string OpenApiDocument(std::span<const ApiRoute> routes, std::string_view version);

// The schemas that routes name: a JSON object, name → JSON Schema (draft 2020-12).
std::string_view ApiSchemas();

// What an HTTP status means for these routes, in words.
std::string_view MeaningOf(unsigned status);

}  // namespace confab::gateway
