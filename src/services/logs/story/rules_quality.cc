#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/logs/story/rules.h"
#include "services/logs/story/sentences.h"

// How well media came: loss, round trip, freezes, by what reports say one after another.
namespace confab::logs {
namespace {

constexpr double kMostLost = 0.05;
constexpr int64_t kLeastPackets = 100;  // fewer say nothing
constexpr int64_t kLongRoundTripMs = 400;
constexpr size_t kLeastRoundTrips = 2;  // reports: one alone may be a moment's
constexpr double kMostFrozen = 0.05;
constexpr double kManyFreezes = 3;
// Someone's video begins and ends somewhat beside the lines about it.
constexpr int64_t kMuteMarginUs = 3 * kSecondUs;
constexpr size_t kMaxPauses = 500;
constexpr int64_t kFirstReportUs = 10 * kSecondUs;  // after the beginning
constexpr double kMillisPerSecond = 1000;
constexpr double kPercent = 100;

// How much a total grew; nothing where one is missing or it began anew.
std::optional<int64_t> Grown(const Figures& before, const Figures& now, std::string_view name) {
  const int64_t* end = now.Find(name);
  if (end == nullptr) return std::nullopt;
  const int64_t grown = *end - before.ValueOr(name, 0);
  return grown < 0 ? std::nullopt : std::optional(grown);
}

// Bad stretches of a participant, put together.
struct Stretch {
  TimeSpan time;
  double worst = 0;
  std::string what;  // of the worst
  std::vector<std::string> lines;

  void Add(const TimeSpan& span, double how_bad, std::string_view which, const std::string& line) {
    if (lines.empty()) time = span;
    time.from_us = std::min(time.from_us, span.from_us);
    time.to_us = std::max(time.to_us, span.to_us);
    if (how_bad > worst) {
      worst = how_bad;
      what = which;
    }
    if (lines.size() < Finding::kMaxLines) lines.push_back(line);
  }
};

// Names of totals: of what was lost, and of what came besides.
struct LossNames {
  std::string_view lost, packets;
  enum class Count { kWithoutLost, kWithLost } count;  // whether packets count the lost ones too
  std::string_view what;
};
using Count = LossNames::Count;
constexpr LossNames kClientLoss[] = {
    {"sent_lost", "sent_packets", Count::kWithLost, "of what they sent"},
    {"received_lost", "received_packets", Count::kWithoutLost, "of what they were sent"}};
constexpr LossNames kTransportLoss[] = {
    {"lost_received", "packets_received", Count::kWithoutLost, "of what they sent"},
    {"lost_sent", "packets_sent", Count::kWithLost, "of what they were sent"}};

double LostShare(const Figures& before, const Figures& now, const LossNames& names) {
  const auto lost = Grown(before, now, names.lost);
  const auto packets = Grown(before, now, names.packets);
  if (!lost || !packets) return 0;
  const int64_t all = *packets + (names.count == Count::kWithoutLost ? *lost : 0);
  if (all < kLeastPackets) return 0;
  return std::min(1.0, static_cast<double>(*lost) / static_cast<double>(all));
}

// Of reports that follow each other. Reports have at_us, line and figures.
template <typename Report, typename Names>
void AddLoss(const std::vector<Report>& reports, int64_t begin_us, const Names& names,
             const Findings& found, Stretch& stretch) {
  const Figures none;
  for (size_t i = 0; i < reports.size(); ++i) {
    const TimeSpan span{i == 0 ? begin_us : reports[i - 1].at_us, reports[i].at_us};
    for (const LossNames& each : names) {
      const double share =
          LostShare(i == 0 ? none : reports[i - 1].figures, reports[i].figures, each);
      if (share <= kMostLost || FollowsFromLostMedia(span, found)) continue;
      stretch.Add(span, share, each.what, reports[i].line);
    }
  }
}

int64_t BeginOf(const ParticipantStory& participant) {
  if (participant.joined_us) return *participant.joined_us;
  return participant.reports.empty() ? 0 : participant.reports.front().at_us - kFirstReportUs;
}

void FindLossOf(const ParticipantStory& participant, Findings& found) {
  Stretch stretch;
  AddLoss(participant.reports, BeginOf(participant), kClientLoss, found, stretch);
  for (const TransportStory& transport : participant.transports) {
    if (transport.reports.empty()) continue;
    const int64_t begin_us = transport.made_us.value_or(transport.reports.front().at_us);
    AddLoss(transport.reports, begin_us, kTransportLoss, found, stretch);
  }
  if (stretch.lines.empty()) return;
  found.Add({.cause = Cause::kLoss,
             .severity = Severity::kWarning,
             .participant = participant.id,
             .instance = "",
             .time = stretch.time,
             .sentence = fmt::format("{} lost up to {:.0f} % {}.", Named(participant.id),
                                     stretch.worst * kPercent, stretch.what),
             .advice =
                 "A weak wireless or mobile network, or a line that is full: a cable, or less "
                 "video, helps. Where many have it, look at the server's own line.",
             .lines = std::move(stretch.lines)});
}

int64_t LongestRoundTrip(const Figures& figures, std::initializer_list<std::string_view> names) {
  int64_t longest = 0;
  for (const std::string_view name : names) longest = std::max(longest, figures.ValueOr(name, 0));
  return longest;
}

void AddRoundTrip(int64_t at_us, int64_t round_trip_ms, const std::string& line,
                  const Findings& found, Stretch& stretch, size_t& count) {
  if (round_trip_ms <= kLongRoundTripMs || FollowsFromLostMedia({at_us, at_us}, found)) return;
  stretch.Add({at_us, at_us}, static_cast<double>(round_trip_ms), "", line);
  ++count;
}

void FindRoundTripOf(const ParticipantStory& participant, Findings& found) {
  Stretch stretch;
  size_t count = 0;
  for (const ClientReport& report : participant.reports) {
    const int64_t longest = LongestRoundTrip(
        report.figures, {"send_round_trip_ms", "recv_round_trip_ms", "sent_round_trip_ms"});
    AddRoundTrip(report.at_us, longest, report.line, found, stretch, count);
  }
  for (const TransportStory& transport : participant.transports) {
    for (const TransportStory::Report& report : transport.reports) {
      AddRoundTrip(report.at_us, LongestRoundTrip(report.figures, {"round_trip_ms"}), report.line,
                   found, stretch, count);
    }
  }
  if (count < kLeastRoundTrips) return;
  found.Add({.cause = Cause::kRoundTrip,
             .severity = Severity::kWarning,
             .participant = participant.id,
             .instance = "",
             .time = stretch.time,
             .sentence = fmt::format("What {} sends takes up to {:.0f} ms there and back.",
                                     Named(participant.id), stretch.worst),
             .advice =
                 "A long way, or a line that is full. A media instance nearer to them, or less "
                 "that runs over their line, helps.",
             .lines = std::move(stretch.lines)});
}

// When somebody's video was off: for the others it then stands still, as it should.
struct Pause {
  std::string_view participant;
  TimeSpan time;
};
std::vector<Pause> VideoPauses(const Story& story) {
  std::vector<Pause> pauses;
  for (const ParticipantStory& participant : story.participants) {
    for (const ProducerStory& producer : participant.producers) {
      if (producer.source == "microphone" || producer.source == "screen-audio") continue;
      for (const MuteStory& mute : producer.mutes) {
        if (pauses.size() == kMaxPauses) return pauses;
        pauses.push_back({participant.id, Widened(mute.time, kMuteMarginUs, kMuteMarginUs)});
      }
    }
  }
  return pauses;
}

bool IsExcused(const ParticipantStory& participant, const TimeSpan& span,
               const std::vector<Pause>& pauses, const Findings& found) {
  return FollowsFromLostMedia(span, found) || found.Has({Cause::kLoss}, participant.id, span) ||
         std::ranges::any_of(pauses, [&](const Pause& pause) {
           return pause.participant != participant.id && Overlap(pause.time, span);
         });
}

double GrownOrNone(const Figures& before, const Figures& now, std::string_view name) {
  return static_cast<double>(Grown(before, now, name).value_or(0));
}

bool IsFrozen(const Figures& before, const Figures& now, const TimeSpan& span) {
  const double freezes = GrownOrNone(before, now, "received_freezes");
  const double frozen_us = GrownOrNone(before, now, "received_freeze_ms") * kMillisUs;
  return freezes >= kManyFreezes ||
         frozen_us > static_cast<double>(*span.to_us - span.from_us) * kMostFrozen;
}

void FindFreezesOf(const ParticipantStory& participant, const std::vector<Pause>& pauses,
                   Findings& found) {
  Stretch stretch;
  double freezes = 0, frozen_ms = 0;
  Figures before;
  TimeSpan span{BeginOf(participant), std::nullopt};
  for (const ClientReport& report : participant.reports) {
    span.to_us = report.at_us;
    if (IsFrozen(before, report.figures, span) && !IsExcused(participant, span, pauses, found)) {
      stretch.Add(span, 1, "", report.line);
      freezes += GrownOrNone(before, report.figures, "received_freezes");
      frozen_ms += GrownOrNone(before, report.figures, "received_freeze_ms");
    }
    before = report.figures;
    span.from_us = report.at_us;
  }
  if (stretch.lines.empty()) return;
  found.Add({.cause = Cause::kFreezes,
             .severity = Severity::kWarning,
             .participant = participant.id,
             .instance = "",
             .time = stretch.time,
             .sentence = fmt::format("Video stood still {:.0f} times for {}, {:.1f} s altogether.",
                                     freezes, Named(participant.id), frozen_ms / kMillisPerSecond),
             .advice =
                 "Mostly a slow computer or a line that is full. Where others in the call have it "
                 "too, look at who sends, and at the media instance's load.",
             .lines = std::move(stretch.lines)});
}

}  // namespace

void FindLoss(const Scene& scene, Findings& found) {
  for (const ParticipantStory& each : scene.story.participants) FindLossOf(each, found);
}

void FindRoundTrips(const Scene& scene, Findings& found) {
  for (const ParticipantStory& each : scene.story.participants) FindRoundTripOf(each, found);
}

void FindFreezes(const Scene& scene, Findings& found) {
  const std::vector<Pause> pauses = VideoPauses(scene.story);
  for (const ParticipantStory& each : scene.story.participants) FindFreezesOf(each, pauses, found);
}

}  // namespace confab::logs
