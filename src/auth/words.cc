#include "auth/words.h"

#include <algorithm>

#include "auth/limits.h"

namespace confab::auth {
namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

template <typename Predicate>
bool IsWord(std::string_view text, size_t max_bytes, Predicate is_letter) {
  return !text.empty() && text.size() <= max_bytes && std::ranges::all_of(text, is_letter);
}

}  // namespace

bool IsRoomName(std::string_view text) {
  return IsWord(text, kMaxRoomBytes, [](char c) {
    return IsLower(c) || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '-';
  });
}

bool IsTokenId(std::string_view text) {
  return IsWord(text, kMaxTokenIdBytes, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool IsIdentity(std::string_view text) {
  return IsWord(text, kMaxIdentityBytes, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0x20 && octet != 0x7f;
  });
}

bool IsScope(std::string_view text) {
  return IsWord(text, kMaxScopeBytes, [](char c) {
    return IsLower(c) || IsDigit(c) || c == ':' || c == '.' || c == '_' || c == '-';
  });
}

bool IsRole(std::string_view text) {
  return text == "guest" || text == "member" || text == "moderator";
}

std::optional<std::vector<std::string>> ParseScopes(std::string_view text) {
  std::vector<std::string> scopes;
  if (text.empty()) return scopes;
  for (;;) {
    const size_t end = text.find(' ');
    const std::string_view scope = text.substr(0, end);
    if (!IsScope(scope) || scopes.size() == kMaxScopes) return std::nullopt;
    scopes.emplace_back(scope);
    if (end == text.npos) return scopes;
    text.remove_prefix(end + 1);
  }
}

std::string JoinScopes(const std::vector<std::string>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

}  // namespace confab::auth
