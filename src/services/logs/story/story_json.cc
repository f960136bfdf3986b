#include "services/logs/story/story_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "observe/logger.h"
#include "services/logs/story/client_paths.h"

namespace confab::logs {
namespace {

namespace json = boost::json;

// Of the whole; together with the frame they are less than kMaxStoryBytes.
constexpr size_t kFindingsBytes = 768 * 1024;
constexpr size_t kParticipantsBytes = 2560 * 1024;
constexpr size_t kFailuresBytes = 512 * 1024;
static_assert(kFindingsBytes + kParticipantsBytes + kFailuresBytes < kMaxStoryBytes);

// An array as text that takes elements as long as they fit.
class BoundedArray {
 public:
  explicit BoundedArray(size_t max_bytes) : max_bytes_(max_bytes) {}

  void Add(const json::value& element) {
    const std::string text = json::serialize(element);
    if (left_out_ > 0 || text_.size() + text.size() + 2 > max_bytes_) {
      ++left_out_;
      return;
    }
    if (text_.size() > 1) text_ += ',';
    text_ += text;
  }
  std::string text() const { return text_ + ']'; }
  size_t left_out() const { return left_out_; }

 private:
  size_t max_bytes_;
  std::string text_ = "[";
  size_t left_out_ = 0;
};

json::value TextOrNull(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

json::value TimeOrNull(const std::optional<int64_t>& us) {
  return us ? json::value(json::string(observe::FormatUtc(*us))) : json::value(nullptr);
}

// Whole milliseconds as whole numbers.
json::value Millis(int64_t us) {
  if (us % kMillisUs == 0) return us / kMillisUs;
  return static_cast<double>(us) / static_cast<double>(kMillisUs);
}

json::array Texts(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.push_back(json::value(json::string(text)));
  return list;
}

void AddTo(json::object& object, const Words& words) {
  for (const auto& [name, word] : words) object[name] = json::string(word);
}

void AddTo(json::object& object, const Figures& figures) {
  for (const auto& [name, number] : figures) object[name] = number;
}

// What the page says of a transport in this direction, last.
json::object ClientSide(const ParticipantStory& participant, const TransportStory& transport) {
  const std::string_view direction = transport.direction == "recv" ? "recv" : "send";
  ClientPath path;
  if (!transport.direction.empty() && !participant.reports.empty()) {
    path = PathOf(participant.reports.back(), direction);
  }
  return {{"local_type", TextOrNull(path.local_type)},
          {"relay_protocol", TextOrNull(path.relay_protocol)}};
}

json::object ToObject(const ParticipantStory& participant, const TransportStory& transport) {
  json::object object{{"id", transport.id},
                      {"direction", TextOrNull(transport.direction)},
                      {"media", TextOrNull(transport.media)},
                      {"made", TimeOrNull(transport.made_us)},
                      {"connected", TimeOrNull(transport.connected_us)},
                      {"closed", TimeOrNull(transport.closed_us)},
                      {"reason", TextOrNull(transport.reason)},
                      {"protocol", TextOrNull(transport.protocol)},
                      {"local", TextOrNull(transport.local)},
                      {"remote", TextOrNull(transport.remote)}};
  for (const auto& side : ClientSide(participant, transport)) object[side.key()] = side.value();
  json::object figures;
  if (!transport.reports.empty()) {
    AddTo(figures, transport.reports.back().words);
    AddTo(figures, transport.reports.back().figures);
  }
  object["figures"] = std::move(figures);
  object["at"] =
      transport.reports.empty() ? json::value(nullptr) : TimeOrNull(transport.reports.back().at_us);
  return object;
}

json::object ToObject(const ProducerStory& producer) {
  json::array mutes;
  for (const MuteStory& mute : producer.mutes) {
    mutes.push_back(json::object{{"from", TimeOrNull(mute.time.from_us)},
                                 {"to", TimeOrNull(mute.time.to_us)},
                                 {"by", TextOrNull(mute.by)}});
  }
  return {{"id", producer.id},
          {"source", TextOrNull(producer.source)},
          {"added", TimeOrNull(producer.added_us)},
          {"closed", TimeOrNull(producer.closed_us)},
          {"paused", producer.is_paused},
          {"muted", std::move(mutes)}};
}

json::value ClientOf(const ParticipantStory& participant) {
  if (participant.reports.empty()) return nullptr;
  const ClientReport& report = participant.reports.back();
  json::object object{{"at", TimeOrNull(report.at_us)}};
  AddTo(object, report.words);
  AddTo(object, report.figures);
  return object;
}

json::array StagesOf(const ParticipantStory& participant) {
  json::array stages;
  for (const Stage& stage : participant.stages) {
    stages.push_back(json::object{{"name", stage.name}, {"ms", Millis(stage.took_us)}});
  }
  return stages;
}

json::array ConnectionsOf(const ParticipantStory& participant) {
  json::array changes;
  for (const ConnectionChange& change : participant.changes) {
    changes.push_back(json::object{{"at", TimeOrNull(change.at_us)},
                                   {"what", change.what},
                                   {"from", TextOrNull(change.from)}});
  }
  return changes;
}

json::object ToObject(const ParticipantStory& participant) {
  json::array transports, producers;
  for (const TransportStory& each : participant.transports) {
    transports.push_back(ToObject(participant, each));
  }
  for (const ProducerStory& each : participant.producers) producers.push_back(ToObject(each));
  return {{"id", participant.id},
          {"joined", TimeOrNull(participant.joined_us)},
          {"left", TimeOrNull(participant.left_us)},
          {"reason", TextOrNull(participant.reason)},
          {"sessions", Texts(participant.sessions)},
          {"traces", Texts(participant.traces)},
          {"stages", StagesOf(participant)},
          {"connections", ConnectionsOf(participant)},
          {"transports", std::move(transports)},
          {"producers", std::move(producers)},
          {"client", ClientOf(participant)}};
}

json::object ToObject(const FailureStory& failure) {
  return {{"at", TimeOrNull(failure.at_us)},
          {"event", failure.event},
          {"service", failure.service},
          {"participant", TextOrNull(failure.participant)},
          {"code", TextOrNull(failure.code)},
          {"message", failure.message},
          {"error_id", TextOrNull(failure.error_id)},
          {"trace", TextOrNull(failure.trace)},
          {"line", failure.line}};
}

json::object ToObject(const Finding& finding) {
  return {{"cause", ToString(finding.cause)},
          {"severity", ToString(finding.severity)},
          {"participant", TextOrNull(finding.participant)},
          {"instance", TextOrNull(finding.instance)},
          {"from", TimeOrNull(finding.time.from_us)},
          {"to", TimeOrNull(finding.time.to_us)},
          {"sentence", finding.sentence},
          {"advice", finding.advice},
          {"lines", Texts(finding.lines)}};
}

json::object FrameOf(const Story& story) {
  json::array calls, media;
  for (const CallStory& call : story.calls) {
    calls.push_back(json::object{{"from", TimeOrNull(call.from_us)},
                                 {"to", TimeOrNull(call.to_us)},
                                 {"participants", call.participants}});
  }
  for (const MediaStay& stay : story.media) {
    media.push_back(json::object{{"instance", stay.instance},
                                 {"from", TimeOrNull(stay.time.from_us)},
                                 {"to", TimeOrNull(stay.time.to_us)}});
  }
  return {{"room", story.room},
          {"live", story.is_live()},
          {"from", TimeOrNull(story.call.from_us)},
          {"to", TimeOrNull(story.call.to_us)},
          {"complete", story.is_complete},
          {"calls", std::move(calls)},
          {"media", std::move(media)}};
}

}  // namespace

std::string ToJson(const Story& story, const std::vector<Finding>& findings,
                   size_t findings_left_out) {
  BoundedArray told(kFindingsBytes), people(kParticipantsBytes), failures(kFailuresBytes);
  for (const Finding& finding : findings) told.Add(ToObject(finding));
  for (const ParticipantStory& participant : story.participants) people.Add(ToObject(participant));
  for (const FailureStory& failure : story.failures) failures.Add(ToObject(failure));
  json::object frame = FrameOf(story);
  frame["left_out"] = json::object{{"lines", story.lines_left_out},
                                   {"participants", people.left_out()},
                                   {"failures", failures.left_out()},
                                   {"findings", told.left_out() + findings_left_out}};
  std::string text = json::serialize(frame);
  text.pop_back();  // of the frame, which goes on
  text += R"(,"participants":)" + people.text();
  text += R"(,"failures":)" + failures.text();
  text += R"(,"findings":)" + told.text();
  return text + '}';
}

}  // namespace confab::logs
