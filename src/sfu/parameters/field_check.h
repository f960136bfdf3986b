#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::sfu {

// Which characters a text from outside may have. All are visible ASCII: the texts end up in other
// participants' SDP, where a line break, a space or a semicolon would start something new.
enum class TextRule : uint8_t {
  kVisible,  // any visible ASCII
  kValue,    // visible ASCII without ';'
  kName,     // visible ASCII without ';', '=' and '"'
  kToken,    // RFC 3261 token: letters, digits and -.!%*_+`'~
  kRid,      // letters, digits, '-' and '_' (RFC 8851 §10, and what browsers send)
};

// Collects the first thing that is wrong with a message. Owned by one validation; every check says
// whether the field is good, and leaves a sentence otherwise. After the first failure the rest of
// the message need not be looked at.
class FieldCheck {
 public:
  bool ok() const { return !error_; }
  // Only after a failure.
  Error TakeError() { return std::move(*error_); }

  bool Range(std::string_view field, uint32_t value, uint32_t lowest, uint32_t highest);
  bool Count(std::string_view field, size_t count, size_t lowest, size_t highest);
  // Length in bytes. Empty text passes where `shortest` is 0.
  bool Text(std::string_view field, std::string_view text, TextRule rule, size_t shortest,
            size_t longest);
  // "`field` `why`."
  bool Refuse(std::string_view field, std::string_view why);

 private:
  std::optional<Error> error_;
};

// "codecs[2]", "codecs[2].payloadType".
std::string At(std::string_view list, size_t index);
std::string Dot(std::string_view parent, std::string_view field);

}  // namespace confab::sfu
