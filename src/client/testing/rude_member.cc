#include "client/testing/rude_member.h"

#include <array>
#include <utility>

#include "client/signaling/consume_parameters.h"
#include "client/signaling/json_fields.h"
#include "client/testing/absurd_reports.h"
#include "net/clock.h"
#include "net/event.h"

namespace confab::client {
namespace {

namespace json = boost::json;

constexpr uint32_t kClockRate = 90'000;
constexpr rtc::PayloadType kPayloadType(100);
constexpr std::array<uint8_t, 200> kPayload{};
// Of each stream that nobody announced.
constexpr uint32_t kPacketsPerSsrc = 4;
// So many at once, then a pause: the sender's and the receiver's queues are not what is tried here.
constexpr uint32_t kBurst = 16;
constexpr TimeDelta kPause = TimeDelta::Millis(2);
constexpr size_t kMaxCompound = 1440;
// One of so many rounds through all shapes is in the name of senders that nobody knows.
constexpr uint32_t kStrangeRounds = 5;

}  // namespace

RudeMember::RudeMember(RudeOptions options, const rtc::DtlsCertificate& certificate,
                       RandomSource& random)
    : options_(std::move(options)), certificate_(certificate), random_(random) {}

RudeMember::~RudeMember() = default;

asio::awaitable<Result<RudeResult>> RudeMember::Run() {
  const auto joined = co_await Join();
  if (joined) {
    co_await SendUnknownSsrcs();
    co_await SendAbsurdReports();
  }
  if (sender_) sender_->Close();
  if (receiver_) receiver_->Close();
  if (room_) co_await room_->Leave();
  if (!joined) co_return std::unexpected(joined.error());
  co_return result_;
}

asio::awaitable<Result<void>> RudeMember::Join() {
  const auto executor = co_await asio::this_coro::executor;
  auto room = co_await RoomConnection::Connect(options_);
  if (!room) co_return std::unexpected(room.error());
  room_ = std::move(*room);
  const auto joined = co_await room_->Join();
  if (!joined) co_return std::unexpected(joined.error());
  auto sender = MediaPeer::Open(executor, certificate_, random_);
  auto receiver = MediaPeer::Open(executor, certificate_, random_);
  if (!sender) co_return std::unexpected(sender.error());
  if (!receiver) co_return std::unexpected(receiver.error());
  sender_ = std::move(*sender);
  receiver_ = std::move(*receiver);
  const auto send = co_await room_->OpenTransport("send", sender_, certificate_);
  if (!send) co_return std::unexpected(send.error());
  co_return co_await ConsumeAll(*joined);
}

asio::awaitable<Result<void>> RudeMember::ConsumeAll(const json::value& joined) {
  const auto transport = co_await room_->OpenTransport("recv", receiver_, certificate_);
  if (!transport) co_return std::unexpected(transport.error());
  for (const json::value& participant : ListOf(joined, "participants")) {
    for (const json::value& producer : ListOf(participant, "producers")) {
      json::object request{{"transportId", *transport},
                           {"producerId", TextOf(producer, "id")},
                           {"rtpCapabilities", ReceiveCapabilities(room_->router_capabilities())}};
      const auto answer = co_await room_->Ask("consume", std::move(request));
      if (!answer) co_return std::unexpected(answer.error());
      const auto parameters = ParseConsumer(*answer);
      if (!parameters) co_return std::unexpected(parameters.error());
      json::object resume{{"consumerId", parameters->consumer_id}};
      const auto resumed = co_await room_->Ask("resumeConsumer", std::move(resume));
      if (!resumed) co_return std::unexpected(resumed.error());
      consumed_.push_back(parameters->ssrc);
    }
  }
  result_.consumers = consumed_.size();
  co_return Result<void>();
}

asio::awaitable<void> RudeMember::SendUnknownSsrcs() {
  net::Event never(co_await asio::this_coro::executor);
  const Timestamp now = net::MonotonicNow();
  for (uint32_t i = 0; i < options_.ssrcs; ++i) {
    PublishParameters parameters;
    parameters.clock_rate_hz = kClockRate;
    parameters.stream.ssrc = rtc::Ssrc(random_.U32());
    parameters.stream.payload_type = kPayloadType;
    auto stream = std::make_unique<OutgoingMedia>(sender_->session(), sender_->pool(),
                                                  std::move(parameters), "nobody", now);
    if (!stream->open()) break;
    for (uint32_t sent = 0; sent < kPacketsPerSsrc; ++sent, ++result_.rtp) {
      stream->Send(now, kPayload, sent == 0);
    }
    sender_->Flush();
    streams_.push_back(std::move(stream));
    if (i % kBurst == kBurst - 1) co_await never.Wait(kPause);
  }
}

asio::awaitable<void> RudeMember::SendAbsurdReports() {
  net::Event never(co_await asio::this_coro::executor);
  constexpr auto kShapes = static_cast<uint32_t>(AbsurdReport::kCount);
  for (uint32_t i = 0; i < options_.compounds && !receiver_->failed(); ++i) {
    std::array<uint8_t, kMaxCompound> bytes;
    const rtc::Ssrc media =
        consumed_.empty() ? rtc::Ssrc(random_.U32()) : consumed_[i / kShapes % consumed_.size()];
    const bool is_stranger = i / kShapes % kStrangeRounds == kStrangeRounds - 1;
    const rtc::Ssrc sender =
        is_stranger ? rtc::Ssrc(random_.U32()) : receiver_->session().rtcp_ssrc();
    const size_t size =
        WriteAbsurdReport(static_cast<AbsurdReport>(i % kShapes), sender, media, random_, bytes);
    receiver_->session().AdmitRtcp(BytesView(bytes).first(size));
    receiver_->Flush();
    ++result_.rtcp;
    if (i % kBurst == kBurst - 1) co_await never.Wait(kPause);
  }
}

}  // namespace confab::client
