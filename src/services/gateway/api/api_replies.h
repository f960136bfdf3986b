#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>

#include "confab/rooms/v1/rooms.pb.h"
#include "services/gateway/api/media_port.h"

namespace confab::gateway {

namespace json = boost::json;

// What the routes answer, as the schemas of openapi_schemas.cc describe it.

json::object ToJson(const rooms::v1::Room& room);
json::object ToJson(const rooms::v1::GetStateResponse& signaling);
json::object ToJson(const MediaState& media);
json::array ToJson(const google::protobuf::RepeatedPtrField<std::string>& texts);
json::array ParticipantsOf(const rooms::v1::GetRoomResponse& room);

}  // namespace confab::gateway
