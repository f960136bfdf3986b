#include <algorithm>
#include <utility>

#include "services/logs/story/narrator.h"

// What lines tell of transports: media of their paths and figures, signaling of their directions.
namespace confab::logs {
namespace {

bool IsOfMedia(const Line& line) {
  return line.service() == "media";
}

void TakePath(const Line& line, TransportStory& transport) {
  std::string protocol = line.Id("protocol");
  if (protocol.empty()) return;
  if (protocol != transport.protocol) {
    transport.path_line = line.id();
    transport.path_at_us = line.time_us();
  }
  transport.protocol = std::move(protocol);
  transport.local = line.Id("local");
  transport.remote = line.Id("remote");
}

void TakeReport(const Line& line, TransportStory& transport) {
  TakePath(line, transport);
  if (transport.reports.size() == TransportStory::kMaxReports) transport.reports.pop_back();
  transport.reports.push_back({line.time_us(), line.id(), FiguresOf(line, TransportFigures()),
                               WordsOf(line, TransportWords())});
}

}  // namespace

TransportStory* Narrator::TransportOf(const Line& line, ParticipantStory& participant) {
  std::string id = line.Id("transport");
  if (id.empty()) return nullptr;
  auto& transports = participant.transports;
  auto known = std::ranges::find(transports, id, &TransportStory::id);
  if (known == transports.end()) {
    if (transports.size() == ParticipantStory::kMaxTransports) return nullptr;
    known = transports.insert(transports.end(), TransportStory());
    known->id = std::move(id);
  }
  if (IsOfMedia(line) && known->media.empty()) known->media = line.Id("instance");
  return &*known;
}

void Narrator::TransportCreated(const Line& line, ParticipantStory& participant) {
  TransportStory* transport = TransportOf(line, participant);
  if (transport == nullptr) return;
  transport->made_us = line.time_us();
  transport->kind = line.Id("kind");
}

void Narrator::TransportConnected(const Line& line, ParticipantStory& participant) {
  TransportStory* transport = TransportOf(line, participant);
  if (transport == nullptr) return;
  if (!transport->connected_us) transport->connected_us = line.time_us();
  const auto after_us = line.Number("after_us");
  if (!transport->made_us && after_us) transport->made_us = line.time_us() - *after_us;
  if (IsOfMedia(line)) return TakePath(line, *transport);
  if (std::string direction = line.Id("direction"); !direction.empty()) {
    transport->direction = std::move(direction);
  }
  auto& stages = participant.stages;
  if (after_us && std::ranges::find(stages, "connect", &Stage::name) == stages.end()) {
    stages.push_back({"connect", *after_us});
  }
}

void Narrator::TransportMoved(const Line& line, ParticipantStory& participant) {
  if (TransportStory* transport = TransportOf(line, participant)) TakePath(line, *transport);
}

void Narrator::TransportReported(const Line& line, ParticipantStory& participant) {
  if (TransportStory* transport = TransportOf(line, participant)) TakeReport(line, *transport);
}

void Narrator::TransportClosed(const Line& line, ParticipantStory& participant) {
  TransportStory* transport = TransportOf(line, participant);
  if (transport == nullptr) return;
  if (!transport->closed_us) transport->closed_us = line.time_us();
  // The media service knows better than who heard of it.
  if (IsOfMedia(line) || transport->reason.empty()) transport->reason = line.Id("reason");
  if (!FiguresOf(line, TransportFigures()).empty()) TakeReport(line, *transport);
}

}  // namespace confab::logs
