#include "app/bench/publish_command.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

#include "app/bench/clip_step.h"
#include "app/bench/end_by_signal.h"
#include "client/publisher.h"

namespace confab::app {
namespace {

// The life of one `confab bench publish`, on the main thread.
class PublishRun {
 public:
  PublishRun(const PublishBench& bench, std::shared_ptr<const client::EncodedClip> clip,
             const rtc::DtlsCertificate& certificate)
      : bench_(bench), clip_(std::move(clip)), certificate_(certificate) {}

  int Run() {
    asio::co_spawn(io_, Publish(), asio::detached);
    io_.run();
    return failed_ ? 1 : 0;
  }

 private:
  asio::awaitable<void> Publish() {
    while (publishers_.size() < bench_.publishers && !end_.is_set() && !failed_) {
      co_await JoinOne();
    }
    const bool all_joined = publishers_.size() == bench_.publishers;
    if (all_joined) {
      fmt::print("{} publishers send into {}\n", publishers_.size(), bench_.room);
      std::fflush(stdout);
      co_await end_.Wait(bench_.seconds == 0 ? TimeDelta::Infinite()
                                             : TimeDelta::Seconds(bench_.seconds));
    }
    for (const auto& publisher : publishers_) co_await publisher->Leave();
    if (all_joined) fmt::print("{}\n", boost::json::serialize(Summary()));
    io_.stop();  // time limits of what is done may still be pending
  }

  asio::awaitable<void> JoinOne() {
    const size_t index = publishers_.size();
    client::PublisherOptions options;
    options.url = bench_.url;
    options.room = bench_.room;
    options.name = fmt::format("Publisher {}", index + 1);
    options.clip = clip_;
    options.clip_start = index * kClipStep;
    auto joined = co_await client::Publisher::Join(std::move(options), certificate_, random_);
    if (!joined) co_return Report(joined.error());
    publishers_.push_back(*joined);
    asio::co_spawn(io_, Send(*joined), asio::detached);
  }

  asio::awaitable<void> Send(std::shared_ptr<client::Publisher> publisher) {
    const auto ended = co_await publisher->Run();
    if (!ended) Report(ended.error());
  }

  void Report(const Error& error) {
    if (!failed_) fmt::print(stderr, "confab bench: {}\n", error.message);
    failed_ = true;
    end_.Set();
  }

  boost::json::object Summary() const {
    client::PublisherCounters sum;
    for (const auto& publisher : publishers_) sum += publisher->counters();
    return {{"publishers", publishers_.size()},
            {"videoPackets", sum.video_packets},
            {"audioPackets", sum.audio_packets},
            {"keyframes", sum.keyframes},
            {"keyframeRequests", sum.keyframe_requests}};
  }

  const PublishBench bench_;
  const std::shared_ptr<const client::EncodedClip> clip_;
  const rtc::DtlsCertificate& certificate_;
  SecureRandom random_;
  asio::io_context io_{1};
  EndBySignal by_signal_{io_};
  net::Event& end_ = by_signal_.end();
  std::vector<std::shared_ptr<client::Publisher>> publishers_;
  bool failed_ = false;
};

}  // namespace

int PublishCommand(const PublishBench& bench) {
  std::signal(SIGPIPE, SIG_IGN);
  auto clip = client::ReadIvfFile(bench.clip);
  if (!clip) {
    fmt::print(stderr, "confab bench: {}\n", clip.error().message);
    return 2;
  }
  const auto certificate = rtc::DtlsCertificate::Generate();
  if (!certificate) {
    fmt::print(stderr, "confab bench: OpenSSL cannot make a certificate\n");
    return 1;
  }
  auto shared = std::make_shared<const client::EncodedClip>(std::move(*clip));
  return PublishRun(bench, std::move(shared), *certificate).Run();
}

}  // namespace confab::app
