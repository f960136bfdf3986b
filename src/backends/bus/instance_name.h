#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace confab::bus {

// One run of an instance, as the bus knows it: "ID~RUN@REGION", for example
// "signaling-1~k3jq8xw2@eu". A process that starts anew has the same id and another run: what the
// run before owned in rooms is not its own. The default value is nobody. A value.
class InstanceName {
 public:
  static constexpr size_t kMaxOctets = 160;

  InstanceName() = default;
  // `id`: 1 to 64 of [A-Za-z0-9_-]; `region`: 0 to 63 of [a-z0-9-]; nothing where they are not.
  static std::optional<InstanceName> Make(std::string_view id, std::string_view region,
                                          RandomSource& random);
  static std::optional<InstanceName> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view id() const;
  std::string_view region() const;
  bool is_nobody() const { return text_.empty(); }
  auto operator<=>(const InstanceName&) const = default;

 private:
  explicit InstanceName(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// A region as InstanceName takes it.
bool IsRegion(std::string_view text);
// 1 to kMaxRoomOctets octets of any value.
bool IsRoom(std::string_view text);

}  // namespace confab::bus
