#include "services/gateway/api/api_replies.h"

namespace confab::gateway {
namespace {

namespace pb = rooms::v1;

json::object ToJson(const pb::Participant& participant) {
  json::array producers;
  for (const pb::Producer& producer : participant.producers()) {
    producers.push_back(json::object{{"id", producer.id()},
                                     {"kind", producer.kind()},
                                     {"source", producer.source()},
                                     {"paused", producer.paused()}});
  }
  return {{"id", participant.id()},
          {"name", participant.name()},
          {"joined_at_ms", participant.joined_at_ms()},
          {"connected", participant.connected()},
          {"producers", std::move(producers)}};
}

}  // namespace

json::object ToJson(const pb::Room& room) {
  return {{"id", room.id()},
          {"name", room.name()},
          {"created_at_ms", room.created_at_ms()},
          {"participants", room.participants()},
          {"max_participants", room.max_participants()}};
}

json::object ToJson(const pb::GetStateResponse& signaling) {
  json::array media;
  for (const pb::MediaInstance& instance : signaling.media()) {
    media.push_back(json::object{
        {"id", instance.id()}, {"is_up", instance.is_up()}, {"rooms", instance.rooms()}});
  }
  return {{"id", signaling.instance()},
          {"version", signaling.version()},
          {"region", signaling.region()},
          {"uptime_ms", signaling.uptime_ms()},
          {"rooms", signaling.rooms()},
          {"participants", signaling.participants()},
          {"connections", signaling.connections()},
          {"media", std::move(media)}};
}

json::object ToJson(const MediaState& media) {
  json::object object{{"id", media.id}, {"is_up", media.answer.has_value()}};
  if (!media.answer) return object;
  const media::v1::GetStateResponse& state = *media.answer;
  object["version"] = state.version();
  object["region"] = state.region();
  object["uptime_ms"] = state.uptime_ms();
  object["workers"] = state.workers();
  object["routers"] = state.routers();
  object["transports"] = state.transports();
  object["producers"] = state.producers();
  object["consumers"] = state.consumers();
  object["ports"] = json::array(state.ports().begin(), state.ports().end());
  return object;
}

json::array ToJson(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.push_back(json::value(text));
  return list;
}

json::array ParticipantsOf(const pb::GetRoomResponse& room) {
  json::array list;
  for (const pb::Participant& participant : room.participants())
    list.push_back(ToJson(participant));
  return list;
}

}  // namespace confab::gateway
