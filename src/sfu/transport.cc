#include "sfu/transport.h"

#include <fmt/format.h>

#include "sfu/parameters/codec.h"
#include "sfu/parameters/consumer_parameters.h"
#include "sfu/parameters/header_extensions.h"

namespace confab::sfu {
namespace {

rtc::SendPriority PriorityOf(const RtpCodecParameters& codec) {
  return KindOfMimeType(codec.mime_type) == rtc::MediaKind::kVideo ? rtc::SendPriority::kVideo
                                                                   : rtc::SendPriority::kAudio;
}

}  // namespace

Transport::Transport(Timestamp now, TransportOptions options, WorkerContext& context,
                     AudioLevelObserver& speakers)
    : options_(std::move(options)),
      context_(&context),
      speakers_(&speakers),
      session_(now, rtc::IceRole::kControlled, rtc::IceCredentials::Random(context.random),
               context.make_dtls(), context.engine, context.random),
      record_(now) {}

Transport::~Transport() {
  context_->work.Remove(*this);
}

void Transport::Schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  context_->work.Add(*this);
}

Result<void> Transport::Connect(Timestamp now, RemoteDtls remote, rtc::SessionOutput& output) {
  if (is_plain()) {
    return Fail(ErrorCode::kInvalidState,
                fmt::format("transport {} is plain: it has no DTLS to connect by", id()));
  }
  if (has_remote_) {
    return Fail(ErrorCode::kInvalidState,
                fmt::format("transport {} has been connected already", id()));
  }
  has_remote_ = true;
  session_.Connect(now, remote.role, std::move(remote.fingerprints), output);
  return {};
}

void Transport::OnConnected(Timestamp now) {
  record_.NoteConnected(now, session_.send_path());
  timers_.Set(Timer::kReports, now + kReportInterval / 4);
  for (const auto& consumer : consumers_) UpdateFlow(now, *consumer);
}

void Transport::CountConnected(Timestamp now) {
  ++counters().connected;
  if (is_reached()) counters().handshakes.Observe(now - reached_at_);
}

Result<Producer*> Transport::AddProducer(Timestamp now, ProducerOptions options) {
  if (producers_.size() >= kMaxProducers) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a transport takes {} producers at most", kMaxProducers));
  }
  if (auto unique = CheckUnique(options.parameters); !unique) {
    return std::unexpected(unique.error());
  }
  auto producer = Producer::Create(std::move(options), *this);
  if (!producer) return std::unexpected(producer.error());
  Producer& added = *producers_.emplace_back(std::move(*producer));
  AddRoutes(added);
  UpdateReceiveExtensions();
  for (const rtc::PacketRef& packet : early_.Take()) {
    session_.ReadExtensionsAnew(packet.writable());
    HandleRtp(now, packet);
  }
  return &added;
}

Result<void> Transport::CheckUnique(const RtpParameters& parameters) const {
  for (const auto& producer : producers_) {
    const std::string& mid = producer->parameters().mid;
    if (!mid.empty() && mid == parameters.mid) {
      return Fail(ErrorCode::kDuplicateId, fmt::format("mid {} is in use on this transport", mid));
    }
  }
  for (const RtpEncodingParameters& encoding : parameters.encodings) {
    for (const auto& ssrc : {encoding.ssrc, encoding.rtx_ssrc}) {
      if (ssrc && FindRoute(*ssrc) != nullptr) {
        return Fail(ErrorCode::kDuplicateId,
                    fmt::format("ssrc {} is in use on this transport", ssrc->value()));
      }
    }
  }
  return {};
}

void Transport::RemoveProducer(Producer& producer) {
  closed_media_.received += FiguresOf(producer);
  closed_media_.received.jitter = {};  // of the past
  for (const Route& route : routes_) {
    if (route.producer == &producer) session_.ForgetReceivedStream(route.ssrc);
  }
  std::erase_if(routes_, [&producer](const Route& r) { return r.producer == &producer; });
  std::erase_if(producers_, [&producer](const auto& p) { return p.get() == &producer; });
  UpdateReceiveExtensions();
}

Result<Consumer*> Transport::AddConsumer(Timestamp now, std::string id, Producer& producer,
                                         const RtpCapabilities& capabilities, bool paused) {
  if (consumers_.size() >= kMaxConsumers) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("a transport takes {} consumers at most", kMaxConsumers));
  }
  // Odd for media, even for RTX: the two never meet. A number that was used before is drawn anew.
  rtc::Ssrc ssrc(context_->random.U32() | 1);
  while (session_.HasUsed(ssrc)) ssrc = rtc::Ssrc(context_->random.U32() | 1);
  const ConsumerIdentity identity{.mid = std::to_string(next_mid_++),
                                  .ssrc = ssrc,
                                  .rtx_ssrc = rtc::Ssrc(ssrc.value() ^ 1),
                                  .cname = producer.consumable().cname};
  auto parameters = ConsumerRtpParameters(producer.consumable(), capabilities, identity);
  if (!parameters) return std::unexpected(parameters.error());
  const auto streams = AddStreams(*parameters);
  if (!streams) {
    return Fail(ErrorCode::kLimitExceeded,
                "too many streams in the life of this transport: create a new one");
  }
  auto& consumer = *consumers_.emplace_back(
      std::make_unique<Consumer>(ConsumerOptions{.id = std::move(id),
                                                 .parameters = std::move(*parameters),
                                                 .streams = *streams,
                                                 .paused = paused},
                                 producer, *this));
  producer.AddConsumer(consumer);
  UpdateFlow(now, consumer);
  return &consumer;
}

std::optional<ConsumerStreams> Transport::AddStreams(const RtpParameters& parameters) {
  const RtpEncodingParameters& encoding = parameters.encodings.front();
  const RtpCodecParameters& codec = parameters.codecs.front();
  const RtpCodecParameters* rtx = FindRtx(parameters.codecs, codec.payload_type);
  const bool repairs = rtx != nullptr && encoding.rtx_ssrc;
  rtc::OutgoingStreamConfig config{.ssrc = *encoding.ssrc,
                                   .payload_type = rtc::PayloadType(codec.payload_type),
                                   .mid = parameters.mid,
                                   .extensions = MapOf(parameters.header_extensions),
                                   .keep_sent = repairs,
                                   .priority = PriorityOf(codec)};
  const auto media = session_.AddStream(config);
  if (!media || !repairs) return media ? std::optional(ConsumerStreams{*media, {}}) : std::nullopt;
  config.ssrc = *encoding.rtx_ssrc;
  config.payload_type = rtc::PayloadType(rtx->payload_type);
  config.keep_sent = false;
  const auto repair = session_.AddStream(config);
  if (!repair) return std::nullopt;
  return ConsumerStreams{*media, repair};
}

void Transport::RemoveConsumer(Consumer& consumer) {
  closed_media_.sent += FiguresOf(consumer);
  closed_media_.sent.round_trip = {};  // of the past
  if (is_plain() && session_.connected()) SayBye(consumer.ssrc());
  consumer.producer().RemoveConsumer(consumer);
  session_.CloseStream(consumer.streams().media);
  if (consumer.streams().rtx) session_.CloseStream(*consumer.streams().rtx);
  std::erase_if(consumers_, [&consumer](const auto& c) { return c.get() == &consumer; });
}

void Transport::UpdateFlow(Timestamp now, Consumer& consumer) {
  if (!session_.connected() || consumer.paused()) return consumer.Stop();
  // A plain receiver cannot ask for what was lost of the frames that it is started with.
  if (consumer.Start(now) == Consumer::Wants::kKeyframe || is_plain()) {
    Producer& producer = consumer.producer();
    producer.transport().RequestKeyframe(now, producer);
  }
}

void Transport::UpdateReceiveExtensions() {
  rtc::ExtensionMap extensions;
  // All producers of a transport are one BUNDLE group and agree on ids (RFC 9143 §9.2); of those
  // that do not, the first counts.
  for (const auto& producer : producers_) {
    AddExtensions(producer->parameters().header_extensions, extensions);
  }
  session_.set_receive_extensions(extensions);
}

void Transport::HandleTimeout(Timestamp now, rtc::SessionOutput& output) {
  session_.HandleTimeout(now, output);
  if (timers_.Expire(Timer::kReports, now)) {
    SendReports(now);
    timers_.Set(Timer::kReports, now + kReportInterval);
  }
  if (timers_.Expire(Timer::kKeyframes, now)) {
    for (const auto& producer : producers_) {
      for (ProducerStream& stream : producer->streams()) {
        if (stream.keyframes().HandleTimeout(now)) SendPli(stream);
      }
    }
    ArmKeyframeTimer();
  }
  if (timers_.Expire(Timer::kNack, now)) RequestMissing(now);
  if (timers_.Expire(Timer::kCache, now)) SweepCaches(now);
  if (session_.has_work()) Schedule();
}

// Caches that are empty cost nothing until the next packet comes.
void Transport::SweepCaches(Timestamp now) {
  const TimeDelta max_age =
      context_->pool.is_scarce() ? PacketCache::kMaxAgeWhenScarce : PacketCache::kMaxAge;
  for (const auto& producer : producers_) {
    for (ProducerStream& stream : producer->streams()) {
      stream.cache().Expire(now, max_age);
      if (stream.cache().empty()) continue;
      timers_.SetEarlier(Timer::kCache, now + PacketCache::kSweepInterval);
    }
  }
}

Timestamp Transport::NextTimeout() const {
  return std::min({session_.NextTimeout().at, timers_.next(), record_.next_report()});
}

}  // namespace confab::sfu
