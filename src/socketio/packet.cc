#include "socketio/packet.h"

#include <algorithm>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "net/json_numbers.h"

namespace confab::socketio {
namespace {

std::unexpected<Error> Bad(const char* what) {
  return Fail(ErrorCode::kInvalidMessage, what);
}

bool IsBinary(PacketType type) {
  return type == PacketType::kBinaryEvent || type == PacketType::kBinaryAck;
}

void AppendPrefix(std::string& out, PacketType type, size_t attachments, std::string_view nsp,
                  std::optional<uint64_t> id) {
  out += static_cast<char>('0' + static_cast<int>(type));
  if (IsBinary(type)) {
    out += std::to_string(attachments);
    out += '-';
  }
  if (nsp != "/") {
    out += nsp;
    out += ',';
  }
  if (id) out += std::to_string(*id);
}

void AppendArray(std::string& out, const boost::json::array& values, std::string_view first) {
  out += '[';
  bool need_comma = false;
  if (!first.empty()) {
    out += boost::json::serialize(first);
    need_comma = true;
  }
  for (const auto& value : values) {
    if (need_comma) out += ',';
    out += boost::json::serialize(value);
    need_comma = true;
  }
  out += ']';
}

// Digits from the front of `text`; nothing where there are none or too many.
std::optional<uint64_t> TakeNumber(std::string_view& text) {
  uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

Result<boost::json::value> ParseJson(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::json::parser parser({}, options);
  boost::system::error_code ec;
  parser.write(text.data(), text.size(), ec);
  if (ec) return Bad("the payload is not JSON");
  boost::json::value value = parser.release();
  if (!net::NumbersAreFinite(value)) return Bad("a number is too large");
  return value;
}

// Every placeholder, at any depth, names one of `count` attachments.
bool PlaceholdersFit(const boost::json::value& value, size_t count) {
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) {
      if (!PlaceholdersFit(item, count)) return false;
    }
  } else if (const auto* object = value.if_object()) {
    const auto* mark = object->if_contains("_placeholder");
    if (mark && mark->is_bool() && mark->get_bool()) {
      const auto index = PlaceholderIndex(value);
      return index && *index < count;
    }
    for (const auto& item : *object) {
      if (!PlaceholdersFit(item.value(), count)) return false;
    }
  }
  return true;
}

Result<void> TakeObject(Packet& packet, boost::json::value json) {
  if (json.is_null()) return {};
  if (!json.is_object()) return Bad("the payload is not an object");
  packet.object = std::move(json.get_object());
  return {};
}

Result<void> TakeArguments(Packet& packet, boost::json::value json, size_t attachments) {
  if (!json.is_array()) return Bad("the payload is not an array");
  if (attachments > 0 && !PlaceholdersFit(json, attachments)) return Bad("a placeholder is wrong");
  packet.arguments.values = std::move(json.get_array());
  return {};
}

Result<void> TakeEvent(Packet& packet, boost::json::value json, size_t attachments) {
  if (auto taken = TakeArguments(packet, std::move(json), attachments); !taken) return taken;
  const auto& values = packet.arguments.values;
  if (values.empty() || !values.front().is_string()) return Bad("the event has no name");
  if (values.front().get_string().size() > kMaxEventBytes) return Bad("the event's name is long");
  return {};
}

Result<void> TakePayload(Packet& packet, std::string_view text, size_t attachments) {
  boost::json::value json;
  if (!text.empty()) {
    auto parsed = ParseJson(text);
    if (!parsed) return std::unexpected(parsed.error());
    json = std::move(*parsed);
  }
  switch (packet.type) {
    case PacketType::kConnect:
    case PacketType::kConnectError: return TakeObject(packet, std::move(json));
    case PacketType::kDisconnect:
      if (!text.empty()) return Bad("DISCONNECT has no payload");
      return {};
    case PacketType::kEvent:
    case PacketType::kBinaryEvent: return TakeEvent(packet, std::move(json), attachments);
    case PacketType::kAck:
    case PacketType::kBinaryAck:
      if (!packet.id) return Bad("an acknowledgement has no id");
      return TakeArguments(packet, std::move(json), attachments);
  }
  return Bad("unknown packet type");
}

Result<size_t> TakeAttachmentCount(std::string_view& text) {
  const auto count = TakeNumber(text);
  if (!count || !text.starts_with('-')) return Bad("the number of attachments is missing");
  if (*count > kMaxAttachments) return Bad("too many attachments");
  text.remove_prefix(1);
  return static_cast<size_t>(*count);
}

// "/name," or "/name" to the end; a query after '?' is dropped, as the reference server does.
Result<std::string> TakeNamespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const size_t comma = text.find(',');
  std::string_view name = text.substr(0, comma);
  text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  name = name.substr(0, name.find('?'));
  if (name.size() > kMaxNamespaceBytes) return Bad("the namespace is too long");
  return std::string(name);
}

}  // namespace

std::string EncodeHeader(const Packet& packet) {
  std::string out;
  AppendPrefix(out, packet.type, packet.arguments.attachments.size(), packet.nsp, packet.id);
  switch (packet.type) {
    case PacketType::kConnect:
    case PacketType::kConnectError: out += boost::json::serialize(packet.object); break;
    case PacketType::kDisconnect: break;
    case PacketType::kEvent:
    case PacketType::kAck:
    case PacketType::kBinaryEvent:
    case PacketType::kBinaryAck: AppendArray(out, packet.arguments.values, ""); break;
  }
  return out;
}

std::string EncodeEvent(std::string_view nsp, std::optional<uint64_t> id, std::string_view event,
                        const Arguments& arguments) {
  const size_t attachments = arguments.attachments.size();
  std::string out;
  AppendPrefix(out, attachments > 0 ? PacketType::kBinaryEvent : PacketType::kEvent, attachments,
               nsp, id);
  AppendArray(out, arguments.values, event);
  return out;
}

std::string EncodeAck(std::string_view nsp, uint64_t id, const Arguments& arguments) {
  const size_t attachments = arguments.attachments.size();
  std::string out;
  AppendPrefix(out, attachments > 0 ? PacketType::kBinaryAck : PacketType::kAck, attachments, nsp,
               id);
  AppendArray(out, arguments.values, "");
  return out;
}

Result<DecodedText> DecodeText(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return Bad("unknown packet type");
  DecodedText decoded;
  Packet& packet = decoded.packet;
  packet.type = static_cast<PacketType>(text.front() - '0');
  text.remove_prefix(1);
  if (IsBinary(packet.type)) {
    const auto count = TakeAttachmentCount(text);
    if (!count) return std::unexpected(count.error());
    decoded.missing_attachments = *count;
  }
  auto nsp = TakeNamespace(text);
  if (!nsp) return std::unexpected(nsp.error());
  packet.nsp = std::move(*nsp);
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    packet.id = TakeNumber(text);
    if (!packet.id) return Bad("the id is too large");
  }
  if (auto taken = TakePayload(packet, text, decoded.missing_attachments); !taken) {
    return std::unexpected(taken.error());
  }
  return decoded;
}

Result<std::optional<Packet>> PacketAssembler::AddText(std::string_view text) {
  if (pending_) return Bad("text where an attachment was due");
  auto decoded = DecodeText(text);
  if (!decoded) return std::unexpected(decoded.error());
  if (decoded->missing_attachments == 0) return std::move(decoded->packet);
  pending_ = std::move(*decoded);
  return std::nullopt;
}

Result<std::optional<Packet>> PacketAssembler::AddBinary(Blob blob) {
  if (!pending_) return Bad("an attachment that belongs to nothing");
  pending_->packet.arguments.attachments.push_back(std::move(blob));
  if (--pending_->missing_attachments > 0) return std::nullopt;
  std::optional<Packet> packet(std::move(pending_->packet));
  pending_.reset();
  return packet;
}

}  // namespace confab::socketio
