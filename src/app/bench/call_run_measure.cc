// What a call run measures, and what it makes of it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>

#include "app/bench/call_run.h"
#include "net/clock.h"

namespace confab::app {
namespace {

constexpr TimeDelta kProgressInterval = TimeDelta::Seconds(5);
// After the last packet was sent: what is missing is asked for and repeated.
constexpr TimeDelta kSettle = TimeDelta::Seconds(1);
// What has not come for longer, when the sending ends, has stopped on the way.
constexpr TimeDelta kStopped = TimeDelta::Seconds(1);
// Who has heard nobody for longer is not back.
constexpr TimeDelta kHearsNobody = TimeDelta::Seconds(1);
// More names than that make no better sentence.
constexpr size_t kMostNames = 5;

TimeDelta OwnCpu() {
  const auto load = ReadProcessLoad(getpid());
  return load ? load->cpu : TimeDelta();
}

// Down to the system, which may have no room for it.
bool IsWritten(const std::string& line, const std::string& file) {
  std::ofstream stream(file);
  stream << line << '\n' << std::flush;
  return stream.good();
}

std::string ListOf(const std::set<std::string>& names) {
  std::string list;
  size_t listed = 0;
  for (const std::string& name : names) {
    if (listed++ == kMostNames) return list + " and others";
    list += (list.empty() ? "" : ", ") + name;
  }
  return list;
}

}  // namespace

bool CallRun::AllFlows() const {
  const client::SubscriberProgress all = ProgressOfAll();
  return all.streams >= bench_.consumers() && all.silent_streams == 0;
}

asio::awaitable<void> CallRun::Measure() {
  for (const auto& room : rooms_) room->octets_at_begin = ProgressOf(*room).payload_octets;
  if (report_.server) {
    report_.server->begin = ReadProcessLoad(bench_.server_pid).value_or(report_.server->before);
  }
  const TimeDelta cpu_at_begin = OwnCpu();
  const Timestamp begin = net::MonotonicNow();
  const Timestamp end =
      bench_.seconds == 0 ? Timestamp::Never() : begin + TimeDelta::Seconds(bench_.seconds);
  while (goes_on() && net::MonotonicNow() < end) {
    const TimeDelta rest = end - net::MonotonicNow();
    co_await by_signal_.end().Wait(std::min(rest, kProgressInterval));
    PrintProgress(net::MonotonicNow() - begin);
  }
  // After a stall of this process packets wait to be read, which are not silence.
  co_await asio::post(io_.get_executor(), asio::use_awaitable);
  EndListening(net::MonotonicNow());
  report_.measured = net::MonotonicNow() - begin;
  report_.own_cpu = OwnCpu() - cpu_at_begin;
  if (report_.server) {
    report_.server->end = ReadProcessLoad(bench_.server_pid).value_or(report_.server->begin);
  }
  for (const auto& room : rooms_) {
    CallFigures figures;
    const uint64_t octets = ProgressOf(*room).payload_octets;  // fewer where somebody has come back
    figures.measured_octets = octets - std::min(octets, room->octets_at_begin);
    report_.rooms.push_back(figures);
    StopSending(*room);
  }
  net::Event never(io_.get_executor());
  co_await never.Wait(kSettle);
}

void CallRun::StopSending(Room& room) {
  room.sent_until = Timestamp::Never();
  for (const auto& publisher : room.publishers) {
    room.sent_until = std::min(room.sent_until, publisher->last_sent());
    publisher->Stop();
  }
}

uint64_t CallRun::StoppedStreams(const Room& room) {
  if (room.sent_until.is_never()) return 0;  // nobody has sent
  std::set<std::string> senders;
  for (const auto& publisher : room.publishers) senders.insert(publisher->participant_id());
  uint64_t stopped = 0;
  for (const auto& subscriber : room.subscribers) {
    stopped += subscriber->StreamsStoppedBefore(room.sent_until - kStopped, senders);
  }
  return stopped;
}

void CallRun::EndListening(Timestamp now) {
  const std::set<std::string> not_back = NotBack(now);
  for (const auto& room : rooms_) {
    for (const auto& heard : room->sound_gaps) heard->End(now);
  }
  if (not_back.empty()) return;
  Report(fmt::format("{} of {} are not back at the end: {}", not_back.size(), bench_.participants(),
                     ListOf(not_back)));
}

std::set<std::string> CallRun::NotBack(Timestamp now) const {
  std::set<std::string> not_back = away_;
  if (bench_.come_back_seconds == 0 || bench_.publishers == 0) return not_back;
  for (const auto& room : rooms_) {
    for (size_t i = 0; i < room->sound_gaps.size(); ++i) {
      const auto& last = room->sound_gaps[i]->last();
      const bool hears = last && now - *last <= kHearsNobody;
      if (!hears) not_back.insert(NameOf("subscriber", *room, i));
    }
  }
  return not_back;
}

CallFigures CallRun::FiguresOf(const Room& room) const {
  CallFigures figures;
  figures.name = room.name;
  figures.publishers = room.publishers.size();
  figures.subscribers = room.subscribers.size();
  for (const auto& publisher : room.publishers) figures.sent += publisher->counters();
  for (const auto& subscriber : room.subscribers) figures.received += subscriber->counters();
  for (const auto& heard : room.sound_gaps) {
    figures.sound_gaps.insert(figures.sound_gaps.end(), heard->gaps().begin(), heard->gaps().end());
  }
  return figures;
}

client::SubscriberProgress CallRun::ProgressOf(const Room& room) {
  client::SubscriberProgress progress;
  for (const auto& subscriber : room.subscribers) progress += subscriber->progress();
  return progress;
}

client::SubscriberProgress CallRun::ProgressOfAll() const {
  client::SubscriberProgress all;
  for (const auto& room : rooms_) all += ProgressOf(*room);
  return all;
}

void CallRun::PrintProgress(TimeDelta since) {
  const client::SubscriberProgress all = ProgressOfAll();
  const std::string away = away_.empty() ? "" : fmt::format(", {} away", away_.size());
  fmt::print("{:>6.0f} s: {} packets received, {} missing, {} recovered, {} frames{}\n",
             since.seconds(), all.packets, all.missing, all.recovered, all.complete_frames, away);
  std::fflush(stdout);
}

void CallRun::Finish() {
  for (size_t i = 0; i < rooms_.size(); ++i) {
    const uint64_t measured_octets = report_.rooms[i].measured_octets;
    report_.rooms[i] = FiguresOf(*rooms_[i]);
    report_.rooms[i].measured_octets = measured_octets;
    report_.rooms[i].stopped_streams = StoppedStreams(*rooms_[i]);
  }
  const std::string line = boost::json::serialize(ToJson(report_));
  fmt::print("{}{}\n", ToTable(report_), line);
  std::fflush(stdout);
  if (!bench_.json.empty() && !IsWritten(line, bench_.json)) {
    Report(fmt::format("{} cannot be written", bench_.json));
  }
  Judge(report_.Sum());
}

void CallRun::Judge(const CallFigures& sum) {
  // Of those who came and went meanwhile nothing need have come.
  const bool is_silent = sum.received.silent_streams > 0 && bench_.come_back_seconds == 0;
  if (sum.received.streams < bench_.consumers() || is_silent) {
    Report(fmt::format("{} streams should have been received, {} were there, on {} nothing came",
                       bench_.consumers(), sum.received.streams, sum.received.silent_streams));
  }
  // What comes after the last packet is not missing by the numbers.
  if (sum.stopped_streams > 0 && bench_.come_back_seconds == 0) {
    Report(fmt::format("on {} of {} streams nothing came any more while it was sent",
                       sum.stopped_streams, sum.received.streams));
  }
  if (sum.missing_percent() > bench_.max_missing_percent) {
    Report(fmt::format("{:.3f} % of the packets are missing, more than {} %: see --max-missing",
                       sum.missing_percent(), bench_.max_missing_percent));
  }
}

}  // namespace confab::app
