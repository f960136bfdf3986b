#pragma once

#include <string_view>

namespace confab::app {

// "0.1.0".
std::string_view Version();

}  // namespace confab::app
