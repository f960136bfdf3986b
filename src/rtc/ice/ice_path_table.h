#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/units.h"
#include "rtc/types.h"

namespace confab::rtc {

// A candidate pair that an authenticated check has come over.
struct IcePath {
  Path path;
  Timestamp last_check;
  uint32_t priority = 0;  // PRIORITY of the newest check: the peer's candidate
};

// The validated paths of one agent, bounded. Owned by IceLite.
class IcePathTable {
 public:
  // A phone with Wi-Fi, cellular and VPN, IPv4 and IPv6, UDP and TCP, needs twelve.
  static constexpr size_t kMaxPaths = 16;

  std::span<const IcePath> paths() const { return std::span(paths_).first(count_); }
  const IcePath* Find(const Path& path) const;
  // Notes a check on `path`. A new one in a full table takes the place of the one whose last check
  // is oldest, except `keep`.
  void Touch(Timestamp now, const Path& path, uint32_t priority, const std::optional<Path>& keep);
  // Removes the paths without a check since `limit`.
  void RemoveOlderThan(Timestamp limit);
  void RemoveLocal(LocalSocket local);
  // The path with the newest check; null when there is none.
  const IcePath* Freshest() const;
  // Of the oldest last check; Timestamp::Never() when there is none.
  Timestamp OldestCheck() const;

 private:
  void RemoveAt(size_t index);

  std::array<IcePath, kMaxPaths> paths_;
  size_t count_ = 0;
};

}  // namespace confab::rtc
