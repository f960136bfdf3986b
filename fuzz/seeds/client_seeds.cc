#include "fuzz/seeds/seed_writer.h"

namespace confab::fuzz {
namespace {

// IVF is little-endian.
void Little(Seed& seed, uint32_t value, int octets) {
  for (int i = 0; i < octets; ++i) seed.U8(static_cast<uint8_t>(value >> (8 * i)));
}

void Frame(Seed& seed, uint8_t first_octet, uint32_t size) {
  Little(seed, size, 4);
  Little(seed, 0, 4);
  Little(seed, 0, 4);
  seed.U8(first_octet);
  for (uint32_t i = 1; i < size; ++i) seed.U8(static_cast<uint8_t>(i));
}

}  // namespace

void WriteClientSeeds() {
  Seed clip;
  clip.Bytes(AsBytes("DKIF"));
  Little(clip, 0, 2);   // version
  Little(clip, 32, 2);  // octets of this header
  clip.Bytes(AsBytes("VP80"));
  Little(clip, 320, 2);
  Little(clip, 240, 2);
  Little(clip, 30, 4);  // frames a second, and
  Little(clip, 1, 4);   // what to divide that by
  Little(clip, 2, 4);   // frames
  Little(clip, 0, 4);
  Frame(clip, 0x10, 1500);  // bit 0 clear: a keyframe
  Frame(clip, 0x11, 40);
  clip.Save("client", "clip");
}

}  // namespace confab::fuzz
