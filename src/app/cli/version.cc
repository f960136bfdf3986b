#include "app/cli/version.h"

namespace confab::app {

std::string_view Version() {
  return CONFAB_VERSION;
}

}  // namespace confab::app
