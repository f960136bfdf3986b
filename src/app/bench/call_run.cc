#include "app/bench/call_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <utility>

#include "app/bench/clip_step.h"
#include "net/clock.h"

namespace confab::app {
namespace {

constexpr TimeDelta kProgressInterval = TimeDelta::Seconds(5);
// After the last packet was sent: what is missing is asked for and repeated.
constexpr TimeDelta kSettle = TimeDelta::Seconds(1);
// For the first packet of every stream, after the last has joined. What does not come by then is
// found missing at the end.
constexpr TimeDelta kBeginWait = TimeDelta::Seconds(10);
constexpr TimeDelta kBeginPoll = TimeDelta::Millis(20);
// Between two tries to come back.
constexpr TimeDelta kTryAgain = TimeDelta::Millis(100);

TimeDelta OwnCpu() {
  const auto load = ReadProcessLoad(getpid());
  return load ? load->cpu : TimeDelta();
}

}  // namespace

CallRun::CallRun(const CallBench& bench, std::shared_ptr<const client::EncodedClip> clip,
                 const rtc::DtlsCertificate& certificate)
    : bench_(bench), clip_(std::move(clip)), certificate_(certificate) {
  for (uint32_t i = 1; i <= bench_.rooms; ++i) {
    rooms_.push_back(std::make_unique<Room>());
    rooms_.back()->name = fmt::format("{}-{}", bench_.room, i);
  }
}

int CallRun::Run() {
  asio::co_spawn(io_, Live(), asio::detached);
  io_.run();
  return failed_ ? 1 : 0;
}

asio::awaitable<void> CallRun::Live() {
  const auto before = ReadProcessLoad(bench_.server_pid);
  if (bench_.server_pid != 0 && before) report_.server = ServerLoad{.before = *before};
  co_await JoinAll();
  co_await UntilAllFlows();
  const bool measures = goes_on();
  if (measures) {
    fmt::print("{} participants are in {} rooms\n", bench_.participants(), bench_.rooms);
    std::fflush(stdout);
    co_await Measure();
    Finish();
  }
  co_await LeaveAll();
  io_.stop();  // time limits of what is done may still be pending
}

// In turns, so that some find streams there and others are told of new ones.
asio::awaitable<void> CallRun::JoinAll() {
  for (const auto& room : rooms_) {
    for (uint32_t i = 0; i < std::max(bench_.publishers, bench_.subscribers); ++i) {
      if (goes_on() && i < bench_.publishers) co_await JoinPublisher(*room);
      if (goes_on() && i < bench_.subscribers) co_await JoinSubscriber(*room);
    }
  }
}

asio::awaitable<void> CallRun::UntilAllFlows() {
  const Timestamp end = net::MonotonicNow() + kBeginWait;
  while (goes_on() && !AllFlows() && net::MonotonicNow() < end) {
    co_await by_signal_.end().Wait(kBeginPoll);
  }
}

bool CallRun::AllFlows() const {
  CallFigures sum;
  for (const auto& room : rooms_) sum.Add(FiguresOf(*room));
  return sum.received.streams >= bench_.consumers() && sum.received.silent_streams == 0;
}

client::PublisherOptions CallRun::PublisherAt(const Room& room, size_t index) const {
  client::PublisherOptions options;
  options.url = bench_.url;
  options.room = room.name;
  options.name = fmt::format("Publisher {}", index + 1);
  options.clip = clip_;
  options.clip_start = index * kClipStep;
  return options;
}

client::SubscriberOptions CallRun::SubscriberAt(const Room& room, size_t index) const {
  client::SubscriberOptions options;
  options.url = bench_.url;
  options.room = room.name;
  options.name = fmt::format("Subscriber {}", index + 1);
  options.lose_per_mille = bench_.lose_per_mille;
  options.sound_gaps = room.sound_gaps[index];
  return options;
}

asio::awaitable<void> CallRun::JoinPublisher(Room& room) {
  const size_t index = room.publishers.size();
  client::PublisherOptions options = PublisherAt(room, index);
  auto joined = co_await client::Publisher::Join(std::move(options), certificate_, random_);
  if (!joined) {
    Report(fmt::format("publisher {} of {}: {}", index + 1, room.name, joined.error().message));
    co_return;
  }
  room.publishers.push_back(*joined);
  asio::co_spawn(io_, Send(room, index), asio::detached);
}

asio::awaitable<void> CallRun::JoinSubscriber(Room& room) {
  const size_t index = room.subscribers.size();
  room.sound_gaps.push_back(std::make_shared<client::SoundGaps>());
  client::SubscriberOptions options = SubscriberAt(room, index);
  auto joined = co_await client::Subscriber::Join(std::move(options), certificate_, random_);
  if (!joined) {
    Report(fmt::format("subscriber {} of {}: {}", index + 1, room.name, joined.error().message));
    co_return;
  }
  room.subscribers.push_back(*joined);
  asio::co_spawn(io_, Receive(room, index), asio::detached);
}

asio::awaitable<void> CallRun::Send(Room& room, size_t index) {
  for (;;) {
    const auto publisher = room.publishers[index];
    const auto ended = co_await publisher->Run();
    if (ended) co_return;
    if (bench_.come_back_seconds == 0) co_return Report(ended.error().message);
    const auto returned = co_await publisher->Return(certificate_, random_);
    if (returned) continue;
    co_await publisher->Leave();
    const bool is_back = co_await PublishAgain(room, index);
    if (!is_back) co_return;
  }
}

asio::awaitable<void> CallRun::Receive(Room& room, size_t index) {
  for (;;) {
    const auto subscriber = room.subscribers[index];
    const auto ended = co_await subscriber->Run();
    if (ended) co_return;
    if (bench_.come_back_seconds == 0) co_return Report(ended.error().message);
    const auto returned = co_await subscriber->Return(certificate_);
    if (returned) continue;
    co_await subscriber->Leave();
    const bool is_back = co_await SubscribeAgain(room, index);
    if (!is_back) co_return;
  }
}

asio::awaitable<bool> CallRun::PublishAgain(Room& room, size_t index) {
  const Timestamp end = net::MonotonicNow() + TimeDelta::Seconds(bench_.come_back_seconds);
  for (;;) {
    client::PublisherOptions options = PublisherAt(room, index);
    auto joined = co_await client::Publisher::Join(std::move(options), certificate_, random_);
    if (joined) {
      room.publishers[index] = *joined;
      co_return true;
    }
    const bool again = co_await TriesAgain(joined.error(), end);
    if (!again) co_return false;
  }
}

asio::awaitable<bool> CallRun::SubscribeAgain(Room& room, size_t index) {
  const Timestamp end = net::MonotonicNow() + TimeDelta::Seconds(bench_.come_back_seconds);
  for (;;) {
    client::SubscriberOptions options = SubscriberAt(room, index);
    auto joined = co_await client::Subscriber::Join(std::move(options), certificate_, random_);
    if (joined) {
      room.subscribers[index] = *joined;
      co_return true;
    }
    const bool again = co_await TriesAgain(joined.error(), end);
    if (!again) co_return false;
  }
}

asio::awaitable<bool> CallRun::TriesAgain(const Error& error, Timestamp end) {
  if (goes_on() && net::MonotonicNow() >= end) {
    Report(fmt::format("nobody comes back: {}", error.message));
  }
  co_await by_signal_.end().Wait(kTryAgain);
  co_return goes_on();
}

asio::awaitable<void> CallRun::Measure() {
  for (const auto& room : rooms_) room->octets_at_begin = FiguresOf(*room).octets();
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
  report_.measured = net::MonotonicNow() - begin;
  report_.own_cpu = OwnCpu() - cpu_at_begin;
  if (report_.server) {
    report_.server->end = ReadProcessLoad(bench_.server_pid).value_or(report_.server->begin);
  }
  for (const auto& room : rooms_) {
    CallFigures figures;
    const uint64_t octets = FiguresOf(*room).octets();  // fewer where somebody has come back
    figures.measured_octets = octets - std::min(octets, room->octets_at_begin);
    report_.rooms.push_back(figures);
    for (const auto& publisher : room->publishers) publisher->Stop();
  }
  net::Event never(io_.get_executor());
  co_await never.Wait(kSettle);
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

void CallRun::PrintProgress(TimeDelta since) {
  CallFigures sum;
  for (const auto& room : rooms_) sum.Add(FiguresOf(*room));
  fmt::print("{:>6.0f} s: {} packets received, {} missing, {} recovered, {} frames\n",
             since.seconds(), sum.packets(), sum.missing(), sum.received.video.recovered,
             sum.received.video.frames.complete);
  std::fflush(stdout);
}

void CallRun::Finish() {
  for (size_t i = 0; i < rooms_.size(); ++i) {
    const uint64_t measured_octets = report_.rooms[i].measured_octets;
    report_.rooms[i] = FiguresOf(*rooms_[i]);
    report_.rooms[i].measured_octets = measured_octets;
  }
  const std::string line = boost::json::serialize(ToJson(report_));
  fmt::print("{}{}\n", ToTable(report_), line);
  std::fflush(stdout);
  if (!bench_.json.empty() && !(std::ofstream(bench_.json) << line << '\n')) {
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
  if (sum.missing_percent() > bench_.max_missing_percent) {
    Report(fmt::format("{:.3f} % of the packets are missing, more than {} %: see --max-missing",
                       sum.missing_percent(), bench_.max_missing_percent));
  }
}

asio::awaitable<void> CallRun::LeaveAll() {
  for (const auto& room : rooms_) {
    for (const auto& subscriber : room->subscribers) co_await subscriber->Leave();
    for (const auto& publisher : room->publishers) co_await publisher->Leave();
  }
}

// One thing that went wrong leads to others: the first one is told.
void CallRun::Report(const std::string& message) {
  if (!failed_) fmt::print(stderr, "confab bench: {}\n", message);
  failed_ = true;
  by_signal_.end().Set();
}

}  // namespace confab::app
