#include <algorithm>
#include <array>
#include <utility>

#include "services/logs/story/narrator.h"

// What lines tell of participants, their connections and what they send.
namespace confab::logs {
namespace {

// A stage in lines, and as it is told.
struct StageName {
  std::string_view field;
  std::string_view name;
};
constexpr std::array<StageName, 6> kServerStages{{{"reach_us", "reach"},
                                                  {"token_us", "token"},
                                                  {"home_us", "home"},
                                                  {"transports_us", "transports"},
                                                  {"consumers_us", "consumers"},
                                                  {"took_us", "all"}}};
constexpr std::array<StageName, 5> kClientStages{{{"stage_reply_us", "client-reply"},
                                                  {"stage_ice_us", "client-ice"},
                                                  {"stage_dtls_us", "client-dtls"},
                                                  {"stage_packet_us", "client-packet"},
                                                  {"stage_frame_us", "client-frame"}}};

template <size_t kCount>
void TakeStages(const Line& line, const std::array<StageName, kCount>& names,
                std::vector<Stage>& stages) {
  for (const auto& [field, name] : names) {
    const auto took_us = line.Number(field);
    if (!took_us) continue;
    const auto known = std::ranges::find(stages, name, &Stage::name);
    if (known != stages.end()) {
      known->took_us = *took_us;
    } else {
      stages.push_back({std::string(name), *took_us});
    }
  }
}

void Change(ParticipantStory& participant, const Line& line, std::string what,
            std::string from = "") {
  if (participant.changes.size() == ParticipantStory::kMaxChanges) return;
  participant.changes.push_back({line.time_us(), std::move(what), std::move(from), line.id()});
}

void BeginMute(ProducerStory& producer, const Line& line) {
  producer.is_paused = true;
  const bool is_open = !producer.mutes.empty() && !producer.mutes.back().time.to_us;
  if (is_open || producer.mutes.size() == ProducerStory::kMaxMutes) return;
  producer.mutes.push_back({{line.time_us(), std::nullopt}, line.Id("by"), line.id()});
}

void EndMute(ProducerStory& producer, const Line& line) {
  if (!producer.mutes.empty() && !producer.mutes.back().time.to_us) {
    producer.mutes.back().time.to_us = line.time_us();
  }
}

}  // namespace

void Narrator::Joined(const Line& line, ParticipantStory& participant) {
  if (!participant.joined_us) participant.joined_us = line.time_us();
  participant.left_us.reset();
  participant.reason.clear();
  TakeStages(line, kServerStages, participant.stages);
  Change(participant, line, "joined");
}

void Narrator::Left(const Line& line, ParticipantStory& participant) {
  participant.left_us = line.time_us();
  participant.reason = line.Id("reason");
  participant.left_line = line.id();
  Change(participant, line, "left");
}

void Narrator::Lost(const Line& line, ParticipantStory& participant) {
  Change(participant, line, "lost");
}

void Narrator::Resumed(const Line& line, ParticipantStory& participant) {
  participant.left_us.reset();
  participant.reason.clear();
  Change(participant, line, "resumed", line.Id("from"));
}

void Narrator::ClientReported(const Line& line, ParticipantStory& participant) {
  TakeStages(line, kClientStages, participant.stages);
  if (participant.reports.size() == ParticipantStory::kMaxReports) {
    participant.reports.pop_back();  // the last one is what is told
    ++story_.lines_left_out;
  }
  participant.reports.push_back(
      {line.time_us(), line.id(), FiguresOf(line, ClientFigures()), WordsOf(line, ClientWords())});
}

ProducerStory* Narrator::ProducerOf(const Line& line, ParticipantStory& participant) {
  std::string id = line.Id("producer");
  if (id.empty()) return nullptr;
  const auto known = std::ranges::find(participant.producers, id, &ProducerStory::id);
  if (known != participant.producers.end()) return &*known;
  if (participant.producers.size() == ParticipantStory::kMaxProducers) return nullptr;
  ProducerStory& producer = participant.producers.emplace_back();
  producer.id = std::move(id);
  return &producer;
}

void Narrator::ProducerAdded(const Line& line, ParticipantStory& participant) {
  ProducerStory* producer = ProducerOf(line, participant);
  if (producer == nullptr) return;
  if (!producer->added_us) producer->added_us = line.time_us();
  if (std::string source = line.Id("source"); !source.empty()) producer->source = std::move(source);
  if (line.IsTrue("paused")) BeginMute(*producer, line);
}

void Narrator::ProducerPaused(const Line& line, ParticipantStory& participant) {
  ProducerStory* producer = ProducerOf(line, participant);
  if (producer == nullptr) return;
  if (std::string source = line.Id("source"); !source.empty()) producer->source = std::move(source);
  BeginMute(*producer, line);
}

void Narrator::ProducerResumed(const Line& line, ParticipantStory& participant) {
  ProducerStory* producer = ProducerOf(line, participant);
  if (producer == nullptr) return;
  producer->is_paused = false;
  EndMute(*producer, line);
}

void Narrator::ProducerClosed(const Line& line, ParticipantStory& participant) {
  ProducerStory* producer = ProducerOf(line, participant);
  if (producer == nullptr) return;
  if (!producer->closed_us) producer->closed_us = line.time_us();
  EndMute(*producer, line);
}

}  // namespace confab::logs
