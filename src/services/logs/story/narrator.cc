#include "services/logs/story/narrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace confab::logs {
namespace {

// Errors that are told at a level below a warning.
constexpr std::array<std::string_view, 5> kRefusals{"message.refused", "connection.refused",
                                                    "participant.refused", "client.failed",
                                                    "media.call_failed"};

void NoteName(std::vector<std::string>& names, std::string_view name) {
  if (name.empty() || names.size() >= ParticipantStory::kMaxNames) return;
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

// Who only prepared a join, and left no other trace inside.
bool NeverCame(const ParticipantStory& participant) {
  return !participant.joined_us && participant.changes.empty() && participant.reports.empty() &&
         std::ranges::all_of(participant.producers,
                             [](const ProducerStory& each) { return each.source.empty(); });
}

}  // namespace

const std::map<std::string_view, Narrator::Handler>& Narrator::Handlers() {
  static const std::map<std::string_view, Handler> handlers{
      {"participant.joined", &Narrator::Joined},
      {"participant.left", &Narrator::Left},
      {"participant.lost", &Narrator::Lost},
      {"participant.resumed", &Narrator::Resumed},
      {"transport.created", &Narrator::TransportCreated},
      {"transport.connected", &Narrator::TransportConnected},
      {"transport.moved", &Narrator::TransportMoved},
      {"transport.report", &Narrator::TransportReported},
      {"transport.closed", &Narrator::TransportClosed},
      {"producer.added", &Narrator::ProducerAdded},
      {"producer.paused", &Narrator::ProducerPaused},
      {"producer.resumed", &Narrator::ProducerResumed},
      {"producer.closed", &Narrator::ProducerClosed},
      {"client.report", &Narrator::ClientReported}};
  return handlers;
}

ParticipantStory* Narrator::ParticipantOf(const Line& line) {
  const std::string_view id = line.participant();
  if (id.empty()) return nullptr;
  auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    if (story_.participants.size() == Story::kMaxParticipants) return nullptr;
    found = by_id_.emplace(std::string(id), story_.participants.size()).first;
    story_.participants.emplace_back().id = id;
  }
  return &story_.participants[found->second];
}

void Narrator::Take(const Line& line) {
  const std::string instance = line.Id("instance");
  if (!instance.empty() && story_.instances.size() < kMaxInstances &&
      std::ranges::find(story_.instances, instance) == story_.instances.end()) {
    story_.instances.push_back(instance);
  }
  TakePlace(line);
  TakeFailure(line);
  const auto handler = Handlers().find(line.event());
  if (handler == Handlers().end()) return;
  ParticipantStory* participant = ParticipantOf(line);
  if (participant == nullptr) return;
  NoteName(participant->sessions, line.session());
  NoteName(participant->traces, line.trace());
  (this->*handler->second)(line, *participant);
}

void Narrator::TakePlace(const Line& line) {
  if (line.event() == "room.placed" || line.event() == "room.moved") {
    // Another instance may say late what was true before.
    const int64_t epoch = line.Number("epoch").value_or(epoch_);
    if (epoch < epoch_) return;
    epoch_ = epoch;
    if (story_.media.empty()) Stay(line.Id("from"), story_.call.from_us);
    if (line.event() == "room.moved" && !story_.media.empty() &&
        story_.media.back().instance != line.Id("media")) {
      story_.media.back().moved_line = line.id();
    }
    Stay(line.Id("media"), line.time_us());
  } else if (story_.media.empty()) {
    Stay(line.Id(line.service() == "media" ? "instance" : "media"), line.time_us());
  }
}

void Narrator::Stay(std::string instance, int64_t at_us) {
  std::vector<MediaStay>& stays = story_.media;
  if (instance.empty() || stays.size() == Story::kMaxStays) return;
  if (!stays.empty()) {
    if (stays.back().instance == instance) return;
    stays.back().time.to_us = at_us;
  }
  stays.push_back({std::move(instance), {at_us, std::nullopt}});
}

void Narrator::TakeFailure(const Line& line) {
  std::string message = line.Sentence("message");
  const bool is_refusal = std::ranges::find(kRefusals, line.event()) != kRefusals.end();
  if (message.empty() && line.event() == "transport.closed" &&
      line.level() >= observe::LogLevel::kWarning) {
    message = fmt::format("A transport was closed: {}.", line.Id("reason"));
  }
  if (message.empty() || (!is_refusal && line.level() < observe::LogLevel::kWarning)) return;
  KeepFailure(line, std::move(message));
}

void Narrator::TakeOfSystem(const Line& line) {
  std::string message = line.Sentence("message");
  if (line.event() == "media.lost") {
    message = fmt::format("The media instance {} is not reached any more.", line.Id("media"));
  }
  if (message.empty() || line.level() < observe::LogLevel::kWarning) return;
  KeepFailure(line, std::move(message));
}

void Narrator::KeepFailure(const Line& line, std::string message) {
  if (story_.failures.size() == Story::kMaxFailures) {
    ++story_.lines_left_out;
    return;
  }
  FailureStory failure{.at_us = line.time_us(),
                       .event = std::string(line.event()),
                       .service = std::string(line.service()),
                       .participant = std::string(line.participant()),
                       .code = line.Id("code"),
                       .message = std::move(message),
                       .error_id = line.Id("error_id"),
                       .trace = std::string(line.trace()),
                       .line = line.id(),
                       .reason = line.Id("reason"),
                       .ago_us = {},
                       .is_of_room = line.has_room()};
  if (const auto ago_ms = line.Number("ago_ms")) {
    failure.ago_us = std::min<int64_t>(*ago_ms, 3'600'000) * kMillisUs;
  }
  story_.failures.push_back(std::move(failure));
}

void Narrator::Finish(const std::map<std::string, int64_t>& vanished) {
  for (ParticipantStory& participant : story_.participants) {
    const auto gone = vanished.find(participant.id);
    if (gone != vanished.end() && !participant.left_us) {
      participant.left_us = gone->second;
      participant.reason = "vanished";
    }
    if (!participant.left_us) continue;
    for (ProducerStory& producer : participant.producers) {
      for (MuteStory& mute : producer.mutes) {
        if (!mute.time.to_us) mute.time.to_us = std::max(mute.time.from_us, *participant.left_us);
      }
    }
  }
  std::erase_if(story_.participants, NeverCame);
}

}  // namespace confab::logs
