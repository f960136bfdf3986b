// Socket.IO packets: a connection's frames, texts and attachments, one after another. A frame of
// the input ends with 0x1f; one that begins with 0x1e is binary.

#include <boost/json/value.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "socketio/packet.h"

namespace confab::socketio {
namespace {

namespace json = boost::json;

constexpr char kEndOfFrame = '\x1f';
constexpr char kBinary = '\x1e';

bool Same(const json::value& a, const json::value& b);

bool Same(const json::array& a, const json::array& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return Same(x, y); });
}

bool Same(const json::object& a, const json::object& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&b](const auto& field) {
           const json::value* other = b.if_contains(field.key());
           return other != nullptr && Same(field.value(), *other);
         });
}

// Boost reads a decimal fraction to within a few units in the last place.
bool SameNumber(const json::value& a, const json::value& b) {
  const double x = a.to_number<double>(), y = b.to_number<double>();
  return x == y || std::abs(x - y) <= 1e-12 * std::abs(x);
}

bool Same(const json::value& a, const json::value& b) {
  if (a.is_double() && b.is_number()) return SameNumber(a, b);
  if (a.kind() != b.kind()) return false;
  if (a.is_array()) return Same(a.get_array(), b.get_array());
  if (a.is_object()) return Same(a.get_object(), b.get_object());
  return a == b;
}

// Every placeholder that a packet holds leads to an attachment (arguments.h).
void CheckPlaceholders(const json::value& value, const Arguments& arguments) {
  if (PlaceholderIndex(value)) CHECK(arguments.Binary(value) != nullptr);
  if (const auto* array = value.if_array()) {
    for (const json::value& item : *array) CheckPlaceholders(item, arguments);
  }
  if (const auto* object = value.if_object()) {
    for (const auto& field : *object) CheckPlaceholders(field.value(), arguments);
  }
}

void RoundTrip(const Packet& packet) {
  const auto again = DecodeText(EncodeHeader(packet));
  CHECK(again.has_value());
  CHECK(again->missing_attachments == packet.arguments.attachments.size());
  CHECK(again->packet.type == packet.type);
  CHECK(again->packet.nsp == packet.nsp);
  CHECK(again->packet.id == packet.id);
  CHECK(Same(packet.object, again->packet.object));
  CHECK(Same(packet.arguments.values, again->packet.arguments.values));
}

void Use(const Packet& packet) {
  CHECK(packet.arguments.attachments.size() <= kMaxAttachments);
  CHECK(packet.nsp.starts_with('/') && packet.nsp.size() <= kMaxNamespaceBytes);
  if (!packet.arguments.attachments.empty()) {
    for (const json::value& value : packet.arguments.values) {
      CheckPlaceholders(value, packet.arguments);
    }
  }
  RoundTrip(packet);
}

}  // namespace

CONFAB_FUZZ_TARGET(socketio) {
  PacketAssembler assembler;
  for (std::string_view rest = AsText(input); !rest.empty();) {
    const size_t end = rest.find(kEndOfFrame);
    const std::string frame(rest.substr(0, end));
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    auto added = frame.starts_with(kBinary) ? assembler.AddBinary(Blob(frame.begin(), frame.end()))
                                            : assembler.AddText(frame);
    if (!added) return;
    if (*added) Use(**added);
  }
}

}  // namespace confab::socketio
