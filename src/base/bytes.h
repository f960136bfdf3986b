#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "base/check.h"

namespace confab {

using BytesView = std::span<const uint8_t>;
using MutableBytes = std::span<uint8_t>;

inline BytesView AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Big-endian loads and stores at an address that the caller knows to be inside a buffer.
// Wire bytes go through these or through ByteReader and ByteWriter, never through casts.
inline uint16_t LoadU16(const uint8_t* p) {
  return static_cast<uint16_t>(p[0] << 8 | p[1]);
}
inline uint32_t LoadU24(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) << 16 | static_cast<uint32_t>(p[1]) << 8 | p[2];
}
inline uint32_t LoadU32(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) << 24 | LoadU24(p + 1);
}
inline uint64_t LoadU64(const uint8_t* p) {
  return static_cast<uint64_t>(LoadU32(p)) << 32 | LoadU32(p + 4);
}
inline void StoreU16(uint8_t* p, uint16_t v) {
  p[0] = static_cast<uint8_t>(v >> 8);
  p[1] = static_cast<uint8_t>(v);
}
inline void StoreU24(uint8_t* p, uint32_t v) {
  p[0] = static_cast<uint8_t>(v >> 16);
  StoreU16(p + 1, static_cast<uint16_t>(v));
}
inline void StoreU32(uint8_t* p, uint32_t v) {
  StoreU16(p, static_cast<uint16_t>(v >> 16));
  StoreU16(p + 2, static_cast<uint16_t>(v));
}
inline void StoreU64(uint8_t* p, uint64_t v) {
  StoreU32(p, static_cast<uint32_t>(v >> 32));
  StoreU32(p + 4, static_cast<uint32_t>(v));
}

// Reads big-endian fields from a buffer it does not own. A read past the end returns zeros, takes
// nothing and makes `ok()` false for good, so a parser may read a whole structure and test once.
class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t remaining() const { return bytes_.size() - offset_; }
  size_t offset() const { return offset_; }

  uint8_t U8() { return Have(1) ? bytes_[Advance(1)] : uint8_t{0}; }
  uint16_t U16() { return Have(2) ? LoadU16(&bytes_[Advance(2)]) : uint16_t{0}; }
  uint32_t U24() { return Have(3) ? LoadU24(&bytes_[Advance(3)]) : 0; }
  uint32_t U32() { return Have(4) ? LoadU32(&bytes_[Advance(4)]) : 0; }
  uint64_t U64() { return Have(8) ? LoadU64(&bytes_[Advance(8)]) : 0; }
  // A view into the buffer; empty when fewer than `count` bytes are left.
  BytesView Bytes(size_t count) {
    return Have(count) ? bytes_.subspan(Advance(count), count) : BytesView{};
  }
  void Skip(size_t count) {
    if (Have(count)) offset_ += count;
  }

 private:
  bool Have(size_t count) { return ok_ = ok_ && remaining() >= count; }
  size_t Advance(size_t count) {
    const size_t at = offset_;
    offset_ += count;
    return at;
  }

  BytesView bytes_;
  size_t offset_ = 0;
  bool ok_ = true;
};

// Writes big-endian fields into a buffer it does not own. A write that does not fit writes nothing
// and makes `ok()` false for good.
class ByteWriter {
 public:
  explicit ByteWriter(MutableBytes buffer) : buffer_(buffer) {}

  bool ok() const { return ok_; }
  size_t size() const { return offset_; }
  MutableBytes written() const { return buffer_.first(offset_); }

  void U8(uint8_t v) {
    if (Fits(1)) buffer_[Advance(1)] = v;
  }
  void U16(uint16_t v) {
    if (Fits(2)) StoreU16(&buffer_[Advance(2)], v);
  }
  void U24(uint32_t v) {
    if (Fits(3)) StoreU24(&buffer_[Advance(3)], v);
  }
  void U32(uint32_t v) {
    if (Fits(4)) StoreU32(&buffer_[Advance(4)], v);
  }
  void U64(uint64_t v) {
    if (Fits(8)) StoreU64(&buffer_[Advance(8)], v);
  }
  void Bytes(BytesView bytes) {
    if (!bytes.empty() && Fits(bytes.size())) {
      std::memcpy(&buffer_[Advance(bytes.size())], bytes.data(), bytes.size());
    }
  }
  void Zeros(size_t count) {
    if (count > 0 && Fits(count)) std::memset(&buffer_[Advance(count)], 0, count);
  }

 private:
  bool Fits(size_t count) { return ok_ = ok_ && buffer_.size() - offset_ >= count; }
  size_t Advance(size_t count) {
    const size_t at = offset_;
    offset_ += count;
    return at;
  }

  MutableBytes buffer_;
  size_t offset_ = 0;
  bool ok_ = true;
};

}  // namespace confab
