#pragma once

#include <vector>

#include "app/config/config.h"
#include "app/config/config_value.h"

namespace confab::app {

// What is wrong with turn.*. The file with the secret is not looked at.
std::vector<ConfigProblem> CheckTurn(const Config::Turn& config);

}  // namespace confab::app
