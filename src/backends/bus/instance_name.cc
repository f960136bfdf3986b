#include "backends/bus/instance_name.h"

#include <algorithm>

#include "backends/bus/limits.h"
#include "base/id.h"

namespace confab::bus {
namespace {

constexpr size_t kMaxIdOctets = 64;
constexpr size_t kMaxRegionOctets = 63;
constexpr size_t kRunOctets = 12;

bool IsLower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdOctets && std::ranges::all_of(text, [](char c) {
    return IsLower(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

bool IsRegion(std::string_view text) {
  return text.size() <= kMaxRegionOctets &&
         std::ranges::all_of(text, [](char c) { return IsLower(c) || c == '-'; });
}

bool IsRoom(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRoomOctets;
}

std::optional<InstanceName> InstanceName::Make(std::string_view id, std::string_view region,
                                               RandomSource& random) {
  std::array<uint8_t, 16> bytes;
  random.Fill(bytes);
  return Parse(std::string(id) + '~' + EncodeId(bytes).substr(0, kRunOctets) + '@' +
               std::string(region));
}

std::optional<InstanceName> InstanceName::Parse(std::string_view text) {
  const size_t run = text.find('~');
  const size_t region = text.find('@');
  if (run == text.npos || region == text.npos || region != run + 1 + kRunOctets) return {};
  if (!IsId(text.substr(0, run)) || !IsRegion(text.substr(region + 1))) return {};
  if (!std::ranges::all_of(text.substr(run + 1, kRunOctets), IsLower)) return {};
  return InstanceName(std::string(text));
}

std::string_view InstanceName::id() const {
  return std::string_view(text_).substr(0, text_.find('~'));
}

std::string_view InstanceName::region() const {
  return is_nobody() ? std::string_view() : std::string_view(text_).substr(text_.find('@') + 1);
}

}  // namespace confab::bus
