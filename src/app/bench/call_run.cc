#include "app/bench/call_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <utility>

#include "app/bench/clip_step.h"
#include "net/clock.h"

namespace confab::app {
namespace {

// For the first packet of every stream, after the last has joined. What does not come by then is
// found missing at the end.
constexpr TimeDelta kBeginWait = TimeDelta::Seconds(10);
constexpr TimeDelta kBeginPoll = TimeDelta::Millis(20);
// Between two tries to come back.
constexpr TimeDelta kTryAgain = TimeDelta::Millis(100);

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

std::string CallRun::NameOf(std::string_view role, const Room& room, size_t index) {
  return fmt::format("{} {} of {}", role, index + 1, room.name);
}

asio::awaitable<void> CallRun::Live() {
  const auto before = ReadProcessLoad(bench_.server_pid);
  if (bench_.server_pid != 0 && before) report_.server = ServerLoad{.before = *before};
  co_await JoinAll();
  co_await UntilAllFlows();
  const bool measures = goes_on();
  if (!measures) Report("interrupted before everybody was there");
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
    Report(fmt::format("{}: {}", NameOf("publisher", room, index), joined.error().message));
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
    Report(fmt::format("{}: {}", NameOf("subscriber", room, index), joined.error().message));
    co_return;
  }
  room.subscribers.push_back(*joined);
  asio::co_spawn(io_, Receive(room, index), asio::detached);
}

asio::awaitable<void> CallRun::Send(Room& room, size_t index) {
  const std::string name = NameOf("publisher", room, index);
  for (;;) {
    const auto publisher = room.publishers[index];
    const auto ended = co_await publisher->Run();
    if (ended) co_return;
    if (bench_.come_back_seconds == 0) co_return Report(ended.error().message);
    away_.insert(name);
    const auto returned = co_await publisher->Return(certificate_, random_);
    if (!returned) {
      co_await publisher->Leave();
      const bool is_back = co_await PublishAgain(room, index);
      if (!is_back) co_return;
    }
    away_.erase(name);
  }
}

asio::awaitable<void> CallRun::Receive(Room& room, size_t index) {
  const std::string name = NameOf("subscriber", room, index);
  for (;;) {
    const auto subscriber = room.subscribers[index];
    const auto ended = co_await subscriber->Run();
    if (ended) co_return;
    if (bench_.come_back_seconds == 0) co_return Report(ended.error().message);
    away_.insert(name);
    const auto returned = co_await subscriber->Return(certificate_);
    if (!returned) {
      co_await subscriber->Leave();
      const bool is_back = co_await SubscribeAgain(room, index);
      if (!is_back) co_return;
    }
    away_.erase(name);
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
