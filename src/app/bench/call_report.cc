#include "app/bench/call_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <iterator>

namespace confab::app {
namespace {

namespace json = boost::json;

constexpr uint32_t kMedian = 500;
constexpr uint32_t kSlow = 950;  // per mille

double PerUnit(double sum, uint64_t units) {
  return units == 0 ? 0 : sum / static_cast<double>(units);
}

double MegabitsPerSecond(const CallFigures& figures, TimeDelta measured) {
  const double seconds = measured.seconds();
  return seconds <= 0 ? 0 : static_cast<double>(figures.measured_octets) * 8e-6 / seconds;
}

std::string Row(const CallFigures& figures, TimeDelta measured) {
  const client::IncomingCounters& video = figures.received.video;
  return fmt::format(
      "{:<20} {:>10} {:>10} {:>8} {:>9} {:>8} {:>8} {:>10} {:>9.2f} {:>5}/{}\n", figures.name,
      figures.sent.video_packets + figures.sent.audio_packets, figures.packets(), figures.missing(),
      video.recovered, video.nacked, video.frames.complete, video.frames.incomplete,
      MegabitsPerSecond(figures, measured), video.frames.latency.PercentileMs(kMedian),
      video.frames.latency.PercentileMs(kSlow));
}

json::array Milliseconds(const std::vector<TimeDelta>& durations) {
  json::array array;
  for (const TimeDelta duration : durations) array.push_back(duration.ms());
  return array;
}

json::object RoomJson(const CallFigures& figures, TimeDelta measured) {
  const client::IncomingCounters& video = figures.received.video;
  const client::IncomingCounters& audio = figures.received.audio;
  return {{"publishers", figures.publishers},
          {"subscribers", figures.subscribers},
          {"consumers", figures.received.streams},
          {"silentConsumers", figures.received.silent_streams},
          {"stoppedConsumers", figures.stopped_streams},
          {"packetsSent", figures.sent.video_packets + figures.sent.audio_packets},
          {"packetsReceived", figures.packets()},
          {"packetsMissing", figures.missing()},
          {"soundPacketsMissing", audio.missing},
          {"packetsRecovered", video.recovered},
          {"packetsDuplicate", video.duplicates + audio.duplicates},
          {"packetsThrownAway", figures.received.thrown_away},
          {"nackedByReceivers", video.nacked},
          {"pliByReceivers", video.plis},
          {"nackedByServer", figures.sent.asked_for},
          {"repeatedToServer", figures.sent.repeated},
          {"keyframes", figures.sent.keyframes},
          {"keyframeRequests", figures.sent.keyframe_requests},
          {"framesComplete", video.frames.complete},
          {"framesDecodable", video.frames.decodable},
          {"framesIncomplete", video.frames.incomplete},
          {"soundGapsMs", Milliseconds(figures.sound_gaps)},
          {"megabitsPerSecond", MegabitsPerSecond(figures, measured)},
          {"latencyMs",
           {{"p50", video.frames.latency.PercentileMs(kMedian)},
            {"p95", video.frames.latency.PercentileMs(kSlow)}}}};
}

struct ServerCost {
  double cpu_seconds;
  double cpu_percent;  // of one core
  double joining_cpu_seconds;
  int64_t growth_kb;
  double cpu_ms_per_consumer_second;
  double kb_per_participant;
  double kb_per_consumer;
};

ServerCost CostOf(const ServerLoad& load, const CallFigures& sum, TimeDelta measured) {
  const double cpu = (load.end.cpu - load.begin.cpu).seconds();
  const double seconds = measured.seconds();
  const double share = seconds <= 0 ? 0 : cpu / seconds;
  const auto growth =
      static_cast<int64_t>(load.end.resident_kb) - static_cast<int64_t>(load.before.resident_kb);
  return {
      .cpu_seconds = cpu,
      .cpu_percent = share * 100,
      .joining_cpu_seconds = (load.begin.cpu - load.before.cpu).seconds(),
      .growth_kb = growth,
      .cpu_ms_per_consumer_second = PerUnit(share * 1000, sum.received.streams),
      .kb_per_participant = PerUnit(static_cast<double>(growth), sum.publishers + sum.subscribers),
      .kb_per_consumer = PerUnit(static_cast<double>(growth), sum.received.streams)};
}

}  // namespace

void CallFigures::Add(const CallFigures& other) {
  publishers += other.publishers;
  subscribers += other.subscribers;
  sent += other.sent;
  received += other.received;
  measured_octets += other.measured_octets;
  stopped_streams += other.stopped_streams;
  sound_gaps.insert(sound_gaps.end(), other.sound_gaps.begin(), other.sound_gaps.end());
}

double CallFigures::missing_percent() const {
  return PerUnit(static_cast<double>(missing()) * 100, packets() + missing());
}

CallFigures CallReport::Sum() const {
  CallFigures sum;
  sum.name = "all";
  for (const CallFigures& room : rooms) sum.Add(room);
  return sum;
}

std::string ToTable(const CallReport& report) {
  std::string table = fmt::format("{:<20} {:>10} {:>10} {:>8} {:>9} {:>8} {:>8} {:>10} {:>9} {}\n",
                                  "room", "sent", "received", "missing", "recovered", "nacked",
                                  "frames", "incomplete", "Mbit/s", "ms p50/p95");
  for (const CallFigures& room : report.rooms) table += Row(room, report.measured);
  const CallFigures sum = report.Sum();
  table += Row(sum, report.measured);
  fmt::format_to(std::back_inserter(table),
                 "{:.1f} s measured, {} consumers; this process used {:.1f} % of a core\n",
                 report.measured.seconds(), sum.received.streams,
                 report.own_cpu.seconds() * 100 / std::max(report.measured.seconds(), 1e-6));
  if (!report.server) return table;
  const ServerCost cost = CostOf(*report.server, sum, report.measured);
  fmt::format_to(std::back_inserter(table),
                 "the server used {:.1f} % of a core, {:.3f} ms a second for each consumer; its "
                 "memory went from {} to {} KB: {:.0f} KB for each participant, {:.0f} KB for each "
                 "consumer\n",
                 cost.cpu_percent, cost.cpu_ms_per_consumer_second,
                 report.server->before.resident_kb, report.server->end.resident_kb,
                 cost.kb_per_participant, cost.kb_per_consumer);
  return table;
}

json::object ToJson(const CallReport& report) {
  const CallFigures sum = report.Sum();
  json::array rooms;
  for (const CallFigures& room : report.rooms) {
    json::object object = RoomJson(room, report.measured);
    object["name"] = room.name;
    rooms.push_back(std::move(object));
  }
  json::object object{{"seconds", report.measured.seconds()},
                      {"ownCpuSeconds", report.own_cpu.seconds()},
                      {"all", RoomJson(sum, report.measured)},
                      {"rooms", std::move(rooms)}};
  if (!report.server) return object;
  const ServerCost cost = CostOf(*report.server, sum, report.measured);
  object["server"] = json::object{{"cpuSeconds", cost.cpu_seconds},
                                  {"cpuPercent", cost.cpu_percent},
                                  {"joiningCpuSeconds", cost.joining_cpu_seconds},
                                  {"cpuMsPerConsumerSecond", cost.cpu_ms_per_consumer_second},
                                  {"residentKbBefore", report.server->before.resident_kb},
                                  {"residentKb", report.server->end.resident_kb},
                                  {"kbPerParticipant", cost.kb_per_participant},
                                  {"kbPerConsumer", cost.kb_per_consumer}};
  return object;
}

}  // namespace confab::app
