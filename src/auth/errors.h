#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

// The kinds of refusal that several files of this module have in common.
namespace confab::auth {

// A key or a setting.
inline std::unexpected<Error> Unusable(std::string what) {
  return Fail(ErrorCode::kInvalidConfiguration, std::move(what));
}

// A token.
inline std::unexpected<Error> Refused(std::string sentence) {
  return Fail(ErrorCode::kUnauthorized, std::move(sentence));
}

}  // namespace confab::auth
