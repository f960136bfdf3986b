#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace confab::sfu {

inline constexpr uint8_t kMaxSpatialLayers = 8;   // VP9 has 3 bits for them
inline constexpr uint8_t kMaxTemporalLayers = 8;  // so have VP9 and AV1

// How one encoding is layered (W3C "Scalable Video Coding (SVC) Extension for WebRTC").
struct ScalabilityMode {
  enum class Dependency : uint8_t {
    kInterLayer,    // "L": a spatial layer builds on those below in every frame
    kKeyFrameOnly,  // "_KEY", "_KEY_SHIFT": only in keyframes
    kIndependent,   // "S": simulcast within one RTP stream
  };
  uint8_t spatial_layers = 1;
  uint8_t temporal_layers = 1;
  Dependency dependency = Dependency::kInterLayer;

  bool is_layered() const { return spatial_layers > 1 || temporal_layers > 1; }
  bool operator==(const ScalabilityMode&) const = default;
};

// "L3T3_KEY", "S2T1h", …; nothing for text that is no mode. Empty text is no mode either.
std::optional<ScalabilityMode> ParseScalabilityMode(std::string_view text);

// The hint on a consumer's single encoding: "L3T2" for three spatial and two temporal layers.
std::string ToScalabilityMode(uint8_t spatial_layers, uint8_t temporal_layers);

}  // namespace confab::sfu
