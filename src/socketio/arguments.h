#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"

namespace confab::socketio {

using Blob = std::vector<uint8_t>;

// What an event or an acknowledgement carries, after the event's name. JSON has no bytes, so a
// binary value stands in `values`, at any depth, as a placeholder (Socket.IO 5, "binary event")
// for one of `attachments`. A received message is checked: every placeholder names an attachment.
struct Arguments {
  boost::json::array values;
  std::vector<Blob> attachments;

  Arguments() = default;
  Arguments(std::initializer_list<boost::json::value_ref> list) : values(list) {}
  explicit Arguments(boost::json::array array) : values(std::move(array)) {}

  size_t size() const { return values.size(); }
  // The argument at `index`, or null where there are fewer.
  const boost::json::value& At(size_t index) const;
  // Takes `blob` and returns the placeholder to put into `values`.
  boost::json::value Attach(Blob blob);
  // The bytes behind a placeholder; nullptr for every other value.
  const Blob* Binary(const boost::json::value& value) const;
};

// {"_placeholder":true,"num":index}
boost::json::value Placeholder(size_t index);
// The index where `value` is a placeholder and nothing else.
std::optional<size_t> PlaceholderIndex(const boost::json::value& value);

// {"error":{"code":…,"message":…}}: how a refusal looks in an acknowledgement.
boost::json::value ErrorValue(const Error& error);

}  // namespace confab::socketio
