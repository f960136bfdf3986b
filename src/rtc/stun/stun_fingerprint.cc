#include "rtc/stun/stun_fingerprint.h"

#include <array>

#include "rtc/stun/stun_types.h"

namespace confab::rtc {
namespace {

constexpr uint32_t kReflectedPolynomial = 0xedb88320;

constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1) != 0 ? (crc >> 1) ^ kReflectedPolynomial : crc >> 1;
    }
    table[i] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kTable = MakeTable();

}  // namespace

uint32_t Crc32(BytesView bytes) {
  uint32_t crc = 0xffffffff;
  for (const uint8_t byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 0xff];
  return ~crc;
}

uint32_t StunFingerprint(BytesView covered) {
  return Crc32(covered) ^ kStunFingerprintXor;
}

}  // namespace confab::rtc
