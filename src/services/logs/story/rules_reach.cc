#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "services/logs/story/client_paths.h"
#include "services/logs/story/rules.h"
#include "services/logs/story/sentences.h"

// Whether media finds its way: what STUN checks and candidate pairs tell.
namespace confab::logs {
namespace {

// Transports that were made so shortly before their instance was lost had no chance.
constexpr int64_t kLastMomentUs = 10 * kSecondUs;
constexpr size_t kMaxInstances = 64;

// That UDP does not get through for somebody.
struct TcpPath {
  std::string how;  // "by TCP"
  int64_t at_us = 0;
  std::string line;
};

std::optional<TcpPath> TcpOf(const TransportStory& transport) {
  if (transport.protocol != "tcp") return std::nullopt;
  return TcpPath{"by TCP", transport.path_at_us, transport.path_line};
}

std::optional<TcpPath> TcpOf(const ClientReport& report) {
  bool is_udp = false;
  for (const std::string_view direction : kDirections) {
    const ClientPath path = PathOf(report, direction);
    if (!path.is_connected()) continue;
    if (path.relay_protocol == "tcp" || path.relay_protocol == "tls") {
      return TcpPath{
          fmt::format("through a relay over {}", path.relay_protocol == "tls" ? "TLS" : "TCP"),
          report.at_us, report.line};
    }
    if (path.protocol == "tcp") return TcpPath{"by TCP", report.at_us, report.line};
    is_udp = is_udp || path.is_udp();
  }
  const std::string failed = report.words.ValueOr("relays_failed", "");
  // Relays that do not answer over TCP either are away, whatever the network lets through.
  const bool has_failed =
      failed.find("udp") != std::string::npos && failed.find("tcp") == std::string::npos;
  // A relay that is not reached on one of several ways is no trouble while UDP carries media.
  if (!has_failed || is_udp) return std::nullopt;
  return TcpPath{"not by UDP: relays did not answer over it", report.at_us, report.line};
}

void FindBlockedUdpOf(const ParticipantStory& participant, Findings& found) {
  std::vector<TcpPath> paths;
  for (const TransportStory& transport : participant.transports) {
    if (auto path = TcpOf(transport)) paths.push_back(std::move(*path));
  }
  if (!participant.reports.empty()) {
    if (auto path = TcpOf(participant.reports.back())) paths.push_back(std::move(*path));
  }
  if (paths.empty()) return;
  std::ranges::stable_sort(paths, std::less{}, &TcpPath::at_us);
  std::vector<std::string> lines;
  for (const TcpPath& path : paths) lines.push_back(path.line);
  found.Add({.cause = Cause::kUdpBlocked,
             .severity = Severity::kWarning,
             .participant = participant.id,
             .instance = "",
             .time = {paths.front().at_us, participant.left_us},
             .sentence = fmt::format("UDP does not get through for {}: media goes {}.",
                                     Named(participant.id), paths.back().how),
             .advice =
                 "Calls go on over TCP, but suffer more from loss. Let UDP through to the media "
                 "ports, and to the TURN servers where there are some.",
             .lines = std::move(lines)});
}

enum class Reach { kUnknown, kReached, kSilent };

Reach ReachOf(const TransportStory& transport) {
  if (transport.is_connected()) return Reach::kReached;
  for (const TransportStory::Report& report : transport.reports) {
    if (report.figures.ValueOr("checks", 0) > 0 ||
        report.figures.ValueOr("packets_received", 0) > 0) {
      return Reach::kReached;
    }
  }
  return transport.reports.empty() ? Reach::kUnknown : Reach::kSilent;
}

// Someone from whom nothing came to an instance.
struct Silent {
  const ParticipantStory* participant = nullptr;
  int64_t since_us = 0;
  std::string announced;  // the address that they were told
  std::vector<std::string> lines;
};
struct MediaReach {
  bool is_reached = false;
  std::vector<Silent> silent;
};
using Reaches = std::map<std::string, MediaReach, std::less<>>;

// The report by which the page says that it tried and has no connection.
const ClientReport* TriedSince(const ParticipantStory& participant, int64_t since_us) {
  const auto found = std::ranges::find_if(participant.reports, [&](const ClientReport& report) {
    return report.at_us >= since_us && HasTried(report) && !IsConnected(report);
  });
  return found == participant.reports.end() ? nullptr : &*found;
}

bool HadNoChance(const TransportStory& transport, const Findings& found) {
  const Finding* lost = found.Of(Cause::kMediaLost, transport.media);
  return lost != nullptr && transport.made_us.value_or(0) > lost->time.from_us - kLastMomentUs;
}

void LookAt(const ParticipantStory& participant, const Findings& found, Reaches& reaches) {
  std::map<std::string, Silent> silent;
  std::vector<std::string> reached;
  for (const TransportStory& transport : participant.transports) {
    if (transport.media.empty() || transport.kind == "plain") continue;
    const Reach reach = ReachOf(transport);
    if (reach == Reach::kReached) reached.push_back(transport.media);
    if (reach != Reach::kSilent || HadNoChance(transport, found)) continue;
    const int64_t made_us = transport.made_us.value_or(transport.reports.front().at_us);
    auto& entry =
        silent.try_emplace(transport.media, Silent{&participant, made_us, transport.announced, {}})
            .first->second;
    entry.since_us = std::min(entry.since_us, made_us);
    entry.lines.push_back(transport.reports.back().line);
  }
  for (const std::string& media : reached) {
    silent.erase(media);
    if (reaches.size() < kMaxInstances || reaches.contains(media)) reaches[media].is_reached = true;
  }
  for (auto& [media, entry] : silent) {
    const ClientReport* tried = TriedSince(participant, entry.since_us);
    if (!tried || (reaches.size() == kMaxInstances && !reaches.contains(media))) continue;
    entry.lines.push_back(tried->line);
    reaches[media].silent.push_back(std::move(entry));
  }
}

void AddAnnouncedAddress(const std::string& media, const MediaReach& reach, Findings& found) {
  Finding finding{.cause = Cause::kAnnouncedAddress,
                  .severity = Severity::kError,
                  .participant = "",
                  .instance = media,
                  .time = {reach.silent.front().since_us, std::nullopt},
                  .sentence = "",
                  .advice =
                      "Set media.announce of that instance to the address under which browsers "
                      "reach it, and let its media ports through the firewall, UDP and TCP.",
                  .lines = {}};
  for (const Silent& silent : reach.silent) {
    finding.time.from_us = std::min(finding.time.from_us, silent.since_us);
    finding.lines.insert(finding.lines.end(), silent.lines.begin(), silent.lines.end());
  }
  const std::string& announced = reach.silent.front().announced;
  finding.sentence = fmt::format(
      "Nothing that {} sent reached the media instance {}: the address that it announces{} is not "
      "where it is reached.",
      reach.silent.size() == 1 ? Named(reach.silent.front().participant->id)
                               : fmt::format("{} participants", reach.silent.size()),
      media, announced.empty() ? "" : fmt::format(" ({})", announced));
  found.Add(std::move(finding));
}

void AddNothingArrives(const std::string& media, const Silent& silent, Findings& found) {
  const std::string& id = silent.participant->id;
  const TimeSpan time{silent.since_us, silent.participant->left_us};
  if (found.Has({Cause::kUdpBlocked}, id, time)) return;
  found.Add(
      {.cause = Cause::kNothingArrives,
       .severity = Severity::kError,
       .participant = id,
       .instance = media,
       .time = time,
       .sentence = fmt::format("Nothing that {} sent reached the media instance {}, which others "
                               "reach: a network on their way lets neither UDP nor TCP through.",
                               Named(id), media),
       .advice = "Their network has to let the media ports through. A TURN server with TLS on port "
                 "443 helps where that cannot be had.",
       .lines = silent.lines});
}

}  // namespace

void FindBlockedUdp(const Scene& scene, Findings& found) {
  for (const ParticipantStory& participant : scene.story.participants) {
    FindBlockedUdpOf(participant, found);
  }
}

void FindSilentMedia(const Scene& scene, Findings& found) {
  Reaches reaches;
  for (const ParticipantStory& participant : scene.story.participants) {
    LookAt(participant, found, reaches);
  }
  for (const auto& [media, reach] : reaches) {
    if (reach.silent.empty()) continue;
    if (!reach.is_reached) {
      AddAnnouncedAddress(media, reach, found);
    } else {
      for (const Silent& silent : reach.silent) AddNothingArrives(media, silent, found);
    }
  }
}

}  // namespace confab::logs
