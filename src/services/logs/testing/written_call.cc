#include "services/logs/testing/written_call.h"

#include <boost/json/parse.hpp>
#include <stdexcept>
#include <utility>

#include "services/logs/story/times.h"

namespace confab::logs::testing {
namespace {

constexpr int64_t kLineUs = 1000;
constexpr int64_t kPacketsOfAReport = 3000;

}  // namespace

WrittenCall& WrittenCall::After(double seconds) {
  now_us_ += static_cast<int64_t>(seconds * kSecondUs);
  return *this;
}

WrittenCall& WrittenCall::By(std::string signaling) {
  signaling_ = std::move(signaling);
  return *this;
}

WrittenCall& WrittenCall::At(std::string media) {
  media_ = std::move(media);
  return *this;
}

void WrittenCall::Write(std::string_view service, const std::string& instance,
                        std::string_view event, std::string_view level, const std::string& more) {
  now_us_ += kLineUs;
  const std::string process = fmt::format("{}-{}", service, instance);
  auto& file = files_[process];
  if (!file) file = std::make_shared<const std::string>(process + ".20261129T064413.1Z.jsonl");
  std::string text =
      fmt::format(R"({{"time":"{}","level":"{}","service":"{}","instance":"{}","event":"{}"{}}})",
                  observe::FormatUtc(now_us_), level, service, instance, event, more);
  const uint64_t octets = text.size();
  std::vector<LogEntry> entries;
  entries.push_back(ParseLine({.bytes = std::move(text), .octets = octets}, file, 0, now_us_));
  if (entries.front().damage != Damage::kNone) throw std::runtime_error("no line: " + more);
  index_.Add(std::move(entries));
}

std::string WrittenCall::Of(std::string_view participant, std::string_view more) const {
  std::string members = fmt::format(R"(,"room":"{}")", room_);
  if (!participant.empty()) {
    members +=
        fmt::format(R"(,"participant":"{0}","session":"s1-{0}","trace":"trace-{0}")", participant);
  }
  if (!more.empty()) members += fmt::format(",{}", more);
  return members;
}

WrittenCall& WrittenCall::Signaling(std::string_view event, std::string_view participant,
                                    std::string_view more, std::string_view level) {
  Write("signaling", signaling_, event, level, Of(participant, more));
  return *this;
}

WrittenCall& WrittenCall::Media(std::string_view event, std::string_view participant,
                                std::string_view more, std::string_view level) {
  Write("media", media_, event, level, Of(participant, more));
  return *this;
}

WrittenCall& WrittenCall::Instance(std::string_view event, std::string_view more,
                                   std::string_view level) {
  const std::string members = more.empty() ? std::string() : fmt::format(",{}", more);
  Write("signaling", signaling_, event, level, members);
  return *this;
}

WrittenCall& WrittenCall::Joins(std::string_view participant) {
  Makes(participant, "send").Makes(participant, "recv");
  Signaling("participant.joined", participant,
            fmt::format(R"("media":"{}","took_us":12500,"reach_us":100,"token_us":2000,)"
                        R"("transports_us":9000,"consumers_us":1400,"prepared":false)",
                        media_));
  return After(0.2).Connects(participant, "send").Connects(participant, "recv");
}

WrittenCall& WrittenCall::Leaves(std::string_view participant) {
  Reports(participant, R"("send_state":"connected","recv_state":"connected")", "ended");
  Signaling("participant.left", participant, R"("reason":"left")");
  for (const std::string_view direction : {"send", "recv"}) {
    Media("transport.closed", participant,
          fmt::format(R"("transport":"{}-{}","reason":"asked")", participant, direction));
  }
  return *this;
}

WrittenCall& WrittenCall::Makes(std::string_view participant, std::string_view direction) {
  return Media("transport.created", participant,
               fmt::format(R"("transport":"{}-{}","kind":"webrtc")", participant, direction));
}

WrittenCall& WrittenCall::Connects(std::string_view participant, std::string_view direction,
                                   std::string_view protocol) {
  Media("transport.connected", participant,
        fmt::format(R"("transport":"{}-{}","protocol":"{}","local":"203.0.113.7:40000",)"
                    R"("remote":"private:1","after_us":200000)",
                    participant, direction, protocol));
  return Signaling("transport.connected", participant,
                   fmt::format(R"("transport":"{0}-{1}","direction":"{1}","after_us":201000)",
                               participant, direction));
}

WrittenCall& WrittenCall::Produces(std::string_view participant, std::string_view source) {
  return Signaling(
      "producer.added", participant,
      fmt::format(R"("producer":"{0}-{1}","source":"{1}","paused":false)", participant, source));
}

WrittenCall& WrittenCall::Figures(std::string_view participant, std::string_view direction,
                                  std::string_view more) {
  return Media("transport.report", participant,
               fmt::format(R"("transport":"{}-{}",{})", participant, direction, more));
}

WrittenCall& WrittenCall::Reports(std::string_view participant, std::string_view more,
                                  std::string_view phase) {
  return Signaling("client.report", participant,
                   more.empty() ? fmt::format(R"("phase":"{}")", phase)
                                : fmt::format(R"("phase":"{}",{})", phase, more));
}

WrittenCall& WrittenCall::IsFine(std::string_view participant) {
  const int64_t packets = ++reports_[std::string(participant)] * kPacketsOfAReport;
  for (const std::string_view direction : {"send", "recv"}) {
    Figures(participant, direction,
            fmt::format(R"("state":"connected","dtls":"connected","protocol":"udp",)"
                        R"("local":"203.0.113.7:40000","checks":9,"packets_received":{0},)"
                        R"("packets_sent":{0},"lost_received":2,"round_trip_ms":20)",
                        packets));
  }
  std::string page =
      fmt::format(R"("sent_packets":{0},"sent_lost":3,"received_packets":{0},"received_lost":5,)"
                  R"("sent_round_trip_ms":21,"received_freezes":0,"received_freeze_ms":0)",
                  packets);
  for (const std::string_view direction : {"send", "recv"}) {
    page += fmt::format(R"(,"{0}_state":"connected","{0}_protocol":"udp","{0}_local_type":"host",)"
                        R"("{0}_checks_sent":9,"{0}_checks_answered":9,"{0}_round_trip_ms":20)",
                        direction);
  }
  return Reports(participant, page);
}

WrittenCall& WrittenCall::Refuses(std::string_view reason, std::string_view code) {
  return Signaling("connection.refused", "",
                   fmt::format(R"("reason":"{}","code":"{}","message":"Not this time.",)"
                               R"("error_id":"e1")",
                               reason, code),
                   "warning");
}

WrittenCall& WrittenCall::Raw(std::string text) {
  const uint64_t octets = text.size();
  std::vector<LogEntry> entries;
  entries.push_back(ParseLine({.bytes = std::move(text), .octets = octets},
                              std::make_shared<const std::string>("x"), now_us_, now_us_));
  index_.Add(std::move(entries));
  return *this;
}

Result<std::string> WrittenCall::Text(std::optional<int64_t> at_us, double later_s) const {
  return TellRoom(index_, {.room = {.hashed = "-", .as_written = room_},
                           .at_us = at_us,
                           .now_us = now_us_ + static_cast<int64_t>(later_s * kSecondUs)});
}

boost::json::value WrittenCall::Told(std::optional<int64_t> at_us, double later_s) const {
  const auto text = Text(at_us, later_s);
  if (!text) throw std::runtime_error(text.error().message);
  return boost::json::parse(*text);
}

std::vector<std::string> WrittenCall::Causes(double later_s) const {
  std::vector<std::string> causes;
  const boost::json::value told = Told(std::nullopt, later_s);
  for (const auto& finding : told.at("findings").as_array()) {
    std::string cause(finding.at("cause").as_string());
    for (const char* who : {"participant", "instance"}) {
      if (finding.at(who).is_string()) cause += " " + std::string(finding.at(who).as_string());
    }
    causes.push_back(std::move(cause));
  }
  return causes;
}

}  // namespace confab::logs::testing
