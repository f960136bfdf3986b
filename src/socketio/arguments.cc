#include "socketio/arguments.h"

#include <boost/json/object.hpp>

namespace confab::socketio {

const boost::json::value& Arguments::At(size_t index) const {
  static const boost::json::value kNull;
  return index < values.size() ? values[index] : kNull;
}

boost::json::value Arguments::Attach(Blob blob) {
  attachments.push_back(std::move(blob));
  return Placeholder(attachments.size() - 1);
}

const Blob* Arguments::Binary(const boost::json::value& value) const {
  const auto index = PlaceholderIndex(value);
  return index && *index < attachments.size() ? &attachments[*index] : nullptr;
}

boost::json::value Placeholder(size_t index) {
  return boost::json::object{{"_placeholder", true}, {"num", index}};
}

std::optional<size_t> PlaceholderIndex(const boost::json::value& value) {
  const auto* object = value.if_object();
  if (!object || object->size() != 2) return std::nullopt;
  const auto* mark = object->if_contains("_placeholder");
  const auto* number = object->if_contains("num");
  if (!mark || !mark->is_bool() || !mark->get_bool() || !number) return std::nullopt;
  if (const auto* index = number->if_uint64()) return static_cast<size_t>(*index);
  const auto* index = number->if_int64();
  if (!index || *index < 0) return std::nullopt;
  return static_cast<size_t>(*index);
}

boost::json::value ErrorValue(const Error& error) {
  const boost::json::object inner{{"code", ToString(error.code)}, {"message", error.message}};
  return boost::json::object{{"error", inner}};
}

}  // namespace confab::socketio
