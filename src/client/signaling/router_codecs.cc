#include "client/signaling/router_codecs.h"

#include <boost/algorithm/string/predicate.hpp>

#include "client/signaling/json_fields.h"

namespace confab::client {

namespace json = boost::json;

const json::value* FindCodec(const json::value& capabilities, std::string_view mime_type) {
  for (const json::value& codec : ListOf(capabilities, "codecs")) {
    if (boost::algorithm::iequals(TextOf(codec, "mimeType"), mime_type)) return &codec;
  }
  return nullptr;
}

const json::value* FindRtx(const json::value& capabilities, uint32_t payload_type) {
  for (const json::value& codec : ListOf(capabilities, "codecs")) {
    const json::value* parameters = Find(codec, "parameters");
    if (parameters == nullptr) continue;
    if (!boost::algorithm::iends_with(TextOf(codec, "mimeType"), "/rtx")) continue;
    if (NumberOf(*parameters, "apt", kMaxPayloadType) == payload_type) return &codec;
  }
  return nullptr;
}

}  // namespace confab::client
