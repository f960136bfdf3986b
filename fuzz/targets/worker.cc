// A whole media worker with a room of two: one who sends and one who receives. The first octet
// chooses how far they have come, then come steps: datagrams, time, control calls.

#include <memory>
#include <string>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/connected_session.h"
#include "fuzz/support/input.h"
#include "fuzz/support/one_seal_engine.h"
#include "fuzz/support/producer_parameters.h"
#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtp/rtp_writer.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sfu/worker.h"

namespace confab::sfu {
namespace {

enum class State : uint8_t { kNew, kValidated, kConnected, kWithMedia };
constexpr size_t kStates = 4;
constexpr int kMaxSteps = 150;
constexpr size_t kPeople = 2;  // "a" sends, "b" receives
constexpr size_t kPathsEach = 2;

class Run {
 public:
  explicit Run(fuzz::Input input)
      : input_(input),
        random_(1),
        worker_(engine_, Handshake().server_certificate(), random_,
                NodeClock(now_, 1'700'000'000'000'000), {}) {}

  void Go() {
    const auto state = static_cast<State>(input_.Below(kStates));
    video_variant_ = input_.Below(3);
    for (size_t person = 0; person < kPeople; ++person) Join(person, state);
    if (state == State::kWithMedia) {
      Produce(rtc::MediaKind::kVideo);
      Produce(rtc::MediaKind::kAudio);
      Consume(0);
      Consume(1);
    }
    for (int step = 0; step < kMaxSteps && !input_.empty(); ++step) Step();
    Wait(TimeDelta::Seconds(1));
    Empty();
  }

 private:
  static const fuzz::RecordedHandshake& Handshake() { return fuzz::RecordedHandshake::Instance(); }
  static rtc::Path PathOf(size_t person, size_t number) {
    return {rtc::LocalSocket(0), SocketAddress::Ipv4({198, 51, 100, static_cast<uint8_t>(person)},
                                                     static_cast<uint16_t>(5000 + number))};
  }
  static std::string TransportId(size_t person) { return person == 0 ? "a" : "b"; }
  static std::string ProducerId(size_t number) { return "p" + std::to_string(number); }
  static std::string ConsumerId(size_t number) { return "c" + std::to_string(number); }

  Router* FindRouter() { return worker_.FindRouter("room").value_or(nullptr); }
  Transport* FindTransport(size_t person) {
    Router* router = FindRouter();
    return router == nullptr ? nullptr
                             : router->FindTransport(TransportId(person)).value_or(nullptr);
  }

  void Join(size_t person, State state) {
    RemoteDtls remote;
    if (state != State::kNew) remote.fingerprints = {Handshake().client_fingerprint()};
    const auto transport = worker_.CreateTransport(
        now_,
        {.id = TransportId(person), .router_id = "room", .capabilities = RouterRtpCapabilities()},
        remote);
    if (!transport || state == State::kNew) return;
    SendCheck(person, 0, {});
    if (state == State::kValidated) return;
    Handshake().Play([&](BytesView datagram) { Receive(PathOf(person, 0), datagram); });
    CHECK((*transport)->session().connected());
  }

  void Produce(rtc::MediaKind kind) {
    Router* router = FindRouter();
    if (router == nullptr) return;
    (void)router->Produce(now_, TransportId(0),
                          {.id = ProducerId(kind == rtc::MediaKind::kVideo ? 0 : 1),
                           .kind = kind,
                           .parameters = fuzz::ProducerParameters(kind, video_variant_),
                           .cname = "someone"});
    Touch();
  }

  void Consume(size_t number) {
    Router* router = FindRouter();
    if (router == nullptr) return;
    (void)router->Consume(now_, TransportId(1),
                          {.consumer_id = ConsumerId(number), .producer_id = ProducerId(number)},
                          nullptr);
    Touch();
  }

  // As the control API does after each call.
  void Touch() {
    for (size_t person = 0; person < kPeople; ++person) {
      if (Transport* transport = FindTransport(person)) worker_.Touch(*transport);
    }
  }

  void Step() {
    switch (input_.Below(11)) {
      case 0: {
        const size_t person = input_.Below(kPeople + 1);  // the last is a stranger
        const size_t path = input_.Below(kPathsEach);
        return Receive(PathOf(person, path), input_.Piece());
      }
      case 1:
      case 2: return SendMedia();
      case 3: return SendRtcp();
      case 4: {
        const size_t person = input_.Below(kPeople);
        const size_t path = input_.Below(kPathsEach);
        const bool use_candidate = input_.Flag();
        return SendCheck(person, path, {.priority = input_.U32(), .use_candidate = use_candidate});
      }
      case 5: return Wait(TimeDelta::Millis(int64_t{input_.U16()}));
      case 6: return SendAll();
      case 7: return ControlMedia();
      case 8: return ControlTransport();
      case 9: return Join(input_.Below(kPeople), State::kConnected);
      case 10: return SendFeedback();
    }
  }

  void Receive(const rtc::Path& path, BytesView bytes) {
    rtc::PacketRef packet = worker_.AcquirePacket();
    CHECK(static_cast<bool>(packet));
    rtc::Packet& p = packet.writable();
    p.size = static_cast<uint16_t>(std::min(bytes.size(), rtc::kMaxPacketSize));
    std::ranges::copy(bytes.first(p.size), p.buffer().begin());
    p.received_at = now_;
    p.path = path;
    worker_.Receive(now_, {&packet, 1});
  }

  void SendCheck(size_t person, size_t path, fuzz::Check check) {
    const Transport* transport = FindTransport(person);
    if (transport == nullptr) return;
    const rtc::IceCredentials credentials = transport->session().ice().local_credentials();
    check.ufrag = credentials.ufrag;
    check.password = credentials.password;
    Receive(PathOf(person, path), fuzz::CheckBytes(check));
  }

  // A packet whose header is right, with what follows from the input.
  void SendMedia() {
    const uint8_t flags = input_.U8();
    const bool audio = (flags & 1) != 0;
    sequence_ = static_cast<uint16_t>(sequence_ + static_cast<int8_t>(input_.U8()));
    const std::array<uint8_t, 2> transport_cc{static_cast<uint8_t>(sequence_ >> 8),
                                              static_cast<uint8_t>(sequence_)};
    const std::array<uint8_t, 1> level{input_.U8()};
    const char* rid = (flags & 2) != 0 ? "q" : "h";
    const rtc::ExtensionElement elements[] = {
        {fuzz::kTransportCcId, transport_cc},
        {fuzz::kAudioLevelId, level},
        {(flags & 4) != 0 ? fuzz::kMidId : uint8_t{0}, AsBytes(audio ? "audio" : "video")},
        {(flags & 8) != 0 ? fuzz::kRidId : uint8_t{0}, AsBytes(rid)}};
    const uint32_t base = audio ? fuzz::kAudioSsrc : fuzz::kVideoSsrc;
    const rtc::RtpHeaderFields fields{.marker = (flags & 16) != 0,
                                      .payload_type = rtc::PayloadType(audio               ? 111
                                                                       : (flags & 32) != 0 ? 97
                                                                                           : 96),
                                      .sequence_number = sequence_,
                                      .timestamp = input_.U32(),
                                      .ssrc = rtc::Ssrc(base + (flags >> 6)),
                                      .csrcs = {},
                                      .extensions = elements};
    Seal(
        [&](ByteWriter& writer) {
          std::array<uint8_t, 100> header;
          writer.Bytes(BytesView(header).first(rtc::WriteRtpHeader(fields, header)));
        },
        0, {});
  }

  // A sender's ssrc and more in front of the input's own; the index counts up.
  void SendRtcp() {
    const size_t person = input_.Below(kPeople);
    std::array<uint8_t, 4> trailer;
    StoreU32(trailer.data(), ++rtcp_index_);
    Seal([](ByteWriter&) {}, person, trailer);
  }

  // What the receiver says of the packet that went out last, or of one before it.
  void SendFeedback() {
    const size_t kind = input_.Below(3);
    const uint16_t number = static_cast<uint16_t>(sent_.sequence - input_.U8());
    std::array<uint8_t, 4> trailer;
    StoreU32(trailer.data(), ++rtcp_index_);
    const auto write = [&](ByteWriter& writer) {
      switch (kind) {
        case 0: return rtc::Pli{rtc::Ssrc(1), sent_.ssrc}.Write(writer);
        case 1: return void(rtc::WriteNack(writer, rtc::Ssrc(1), sent_.ssrc, {&number, 1}));
        case 2: {
          const rtc::ReportBlock block{.ssrc = sent_.ssrc,
                                       .fraction_lost_q8 = input_.U8(),
                                       .extended_highest_sequence = number,
                                       .last_sender_report = input_.U32(),
                                       .delay_since_report_q16 = input_.U32()};
          return rtc::ReceiverReport{rtc::Ssrc(1), {block}}.Write(writer);
        }
      }
    };
    Seal(write, 1, trailer);
  }

  template <typename WriteFront>
  void Seal(WriteFront&& write_front, size_t person, BytesView trailer) {
    std::array<uint8_t, rtc::kMaxPacketSize> buffer;
    ByteWriter writer(buffer);
    write_front(writer);
    const BytesView piece = input_.Piece();
    writer.Bytes(piece.first(std::min(piece.size(), size_t{1200})));
    writer.Zeros(16);  // the tag
    writer.Bytes(trailer);
    Receive(PathOf(person, 0), writer.written());
  }

  void Wait(TimeDelta time) {
    const Timestamp end = now_ + time;
    for (int turns = 0; worker_.NextTimeout() <= end; ++turns) {
      CHECK(turns < 20'000);
      now_ = std::max(now_, worker_.NextTimeout());
      worker_.HandleTimeouts(now_);
      CHECK(worker_.NextTimeout() > now_);
      SendAll();
    }
    now_ = end;
  }

  void SendAll() {
    for (int batches = 0; const rtc::SealBatch* batch = worker_.NextBatch(now_); ++batches) {
      CHECK(!batch->empty() && batches < 1000);
      for (const rtc::SealJob& job : batch->jobs()) {
        if (job.kind == rtc::SrtpKind::kRtp) sent_ = {job.ssrc, static_cast<uint16_t>(job.index)};
      }
    }
    worker_.ClearDatagrams();
    (void)worker_.TakeEvents();
  }

  void ControlMedia() {
    Router* router = FindRouter();
    if (router == nullptr) return;
    const size_t number = input_.Below(2);
    Producer* producer = router->FindProducer(ProducerId(number)).value_or(nullptr);
    Consumer* consumer = router->FindConsumer(ConsumerId(number)).value_or(nullptr);
    switch (input_.Below(8)) {
      case 0: return Produce(number == 0 ? rtc::MediaKind::kVideo : rtc::MediaKind::kAudio);
      case 1: return Consume(number);
      case 2: return producer ? router->PauseProducer(*producer) : void();
      case 3: return producer ? router->ResumeProducer(now_, *producer) : void();
      case 4: return consumer ? router->PauseConsumer(now_, *consumer) : void();
      case 5: return consumer ? router->ResumeConsumer(now_, *consumer) : void();
      case 6: return producer ? void(router->CloseProducer(*producer)) : void();
      case 7: return consumer ? router->CloseConsumer(*consumer) : void();
    }
  }

  void ControlTransport() {
    Transport* transport = FindTransport(input_.Below(kPeople));
    if (transport == nullptr) return;
    switch (input_.Below(4)) {
      case 0: (void)worker_.CloseTransport(*transport); break;
      case 1: (void)worker_.RestartIce(*transport); break;
      case 2: {
        RemoteDtls remote{.role = input_.Flag() ? rtc::DtlsRole::kServer : rtc::DtlsRole::kClient,
                          .fingerprints = {Handshake().client_fingerprint()}};
        (void)worker_.ConnectTransport(now_, *transport, remote);
        break;
      }
      case 3:
        if (Router* router = FindRouter()) worker_.CloseRouter(*router);
        break;
    }
  }

  // Everyone goes: every packet is back in the pool.
  void Empty() {
    if (Router* router = FindRouter()) worker_.CloseRouter(*router);
    SendAll();
    CHECK(worker_.packets_in_use() == 0);
  }

  fuzz::Input input_;
  Timestamp now_ = Timestamp::Millis(1000);
  Prng random_;
  fuzz::OneSealEngine engine_;
  Worker worker_;
  size_t video_variant_ = 0;
  uint16_t sequence_ = 100;
  uint32_t rtcp_index_ = 0;
  struct Sent {
    rtc::Ssrc ssrc;
    uint16_t sequence = 0;
  };
  Sent sent_;
};

}  // namespace

CONFAB_FUZZ_TARGET(worker) {
  std::make_unique<Run>(fuzz::Input(input))->Go();
}

}  // namespace confab::sfu
