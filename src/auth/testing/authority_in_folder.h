#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "auth/authority.h"
#include "auth/testing/times.h"

// For tests: an Authority over a given folder, and resume tokens of it.
namespace confab::auth::testing {

inline Result<std::unique_ptr<Authority>> TryOpen(const std::filesystem::path& folder,
                                                  int64_t now_s = kNow) {
  return Authority::Open({.folder = folder}, now_s);
}

inline std::unique_ptr<Authority> Open(const std::filesystem::path& folder, int64_t now_s = kNow) {
  auto opened = TryOpen(folder, now_s);
  EXPECT_TRUE(opened) << opened.error().message;
  return std::move(*opened);
}

inline std::string Sign(Authority& authority, int64_t now_s, int64_t expires_at_s = 0) {
  auto token = authority.SignResume(
      {.room = "tea", .participant = "p", .expires_at_s = expires_at_s}, now_s);
  EXPECT_TRUE(token) << token.error().message;
  return *token;
}

inline bool Verifies(Authority& authority, const std::string& token, int64_t now_s) {
  return authority.VerifyResume(token, now_s).has_value();
}

}  // namespace confab::auth::testing
