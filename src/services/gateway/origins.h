#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

namespace confab::gateway {

// Whose pages use this gateway, as far as browsers say: Sec-Fetch-Site (W3C Fetch Metadata §2.4),
// or else Origin (RFC 6454 §7) beside Host. A page can forge neither; programs send neither, and
// could say anything. No right rests on it alone: it keeps pages of other sites from using their
// visitors' browsers. A value; at most kMaxListed origins.
class Origins {
 public:
  enum class Kind : uint8_t {
    kNone,     // no page asks, or a person typed the address
    kOwn,      // a page of this host
    kListed,   // a page of an origin that the operator has listed
    kForeign,  // a page of any other site, or one whose site is hidden ("null")
  };

  static constexpr size_t kMaxListed = 64;
  // Any origin, in the list.
  static constexpr std::string_view kAny = "*";

  Origins() = default;
  explicit Origins(std::vector<std::string> listed) : listed_(std::move(listed)) {}

  // Whether this may stand in the list: "*", or scheme://host[:port] as browsers write it, in small
  // letters and without a path.
  static bool IsOrigin(std::string_view text);

  Kind Look(const net::HttpRequest& request) const;
  bool has_listed() const { return !listed_.empty(); }

 private:
  bool IsListed(std::string_view origin) const;

  std::vector<std::string> listed_;
};

}  // namespace confab::gateway
