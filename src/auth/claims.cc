#include "auth/claims.h"

#include <algorithm>

#include "base/check.h"

namespace confab::auth {

std::string_view ToString(Audience audience) {
  switch (audience) {
    case Audience::kJoin: return "confab/join";
    case Audience::kResume: return "confab/resume";
    case Audience::kApi: return "confab/api";
    case Audience::kService: return "confab/service";
  }
  CheckFailed(__FILE__, __LINE__, "Audience is one of its enumerators");
}

bool ApiClaims::Allows(std::string_view scope) const {
  return std::ranges::find(scopes, scope) != scopes.end();
}

}  // namespace confab::auth
