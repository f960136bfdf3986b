#include "sfu/parameters/scalability_mode.h"

#include <fmt/core.h>

namespace confab::sfu {
namespace {

// Takes a prefix from the text it refers to.
bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// One digit from 1 to `limit`; limits above 9 do not occur.
std::optional<uint8_t> TakeCount(std::string_view& text, uint8_t limit) {
  if (text.empty() || text[0] < '1' || text[0] > static_cast<char>('0' + limit)) {
    return std::nullopt;
  }
  const auto count = static_cast<uint8_t>(text[0] - '0');
  text.remove_prefix(1);
  return count;
}

}  // namespace

std::optional<ScalabilityMode> ParseScalabilityMode(std::string_view text) {
  const bool independent = Take(text, "S");
  if (!independent && !Take(text, "L")) return std::nullopt;
  const auto spatial = TakeCount(text, kMaxSpatialLayers);
  if (!spatial || !Take(text, "T")) return std::nullopt;
  const auto temporal = TakeCount(text, kMaxTemporalLayers);
  if (!temporal) return std::nullopt;

  Take(text, "h");  // layers differ by 1.5 instead of 2 in size
  const bool key = Take(text, "_KEY");
  if (key) Take(text, "_SHIFT");
  if (!text.empty() || (independent && key)) return std::nullopt;

  using enum ScalabilityMode::Dependency;
  const auto dependency = independent ? kIndependent : key ? kKeyFrameOnly : kInterLayer;
  return ScalabilityMode{*spatial, *temporal, dependency};
}

std::string ToScalabilityMode(uint8_t spatial_layers, uint8_t temporal_layers) {
  return fmt::format("L{}T{}", spatial_layers, temporal_layers);
}

}  // namespace confab::sfu
