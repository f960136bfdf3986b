// One session of a server. The first octet chooses the state it is in, then come steps: datagrams
// that authenticate whatever they hold (support/one_seal_engine.h), checks, time, sending, control.

#include <memory>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/connected_session.h"
#include "fuzz/support/input.h"
#include "fuzz/support/one_seal_engine.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/session/session.h"

namespace confab::rtc {
namespace {

enum class State : uint8_t { kNew, kValidated, kConnected, kWithStreams };
constexpr size_t kStates = 4;
// A longer input is only slower.
constexpr int kMaxSteps = 200;
constexpr size_t kPaths = 3;
constexpr size_t kStreams = 2;

// Kept from input to input: large, and without memory of what was in them.
struct Buffers {
  PacketPool pool;
  DatagramSink sink;
  OpenBatch open;
  SealBatch seal;
};
Buffers& Shared() {
  static Buffers buffers;
  return buffers;
}

// Visits every structure, as the transport does, and reads the lists inside.
struct ReadsAll {
  template <typename T>
  void operator()(const T&) const {}
  void operator()(const Nack& nack) const {
    nack.ForEachSequence([](uint16_t) {});
  }
  void operator()(const TransportFeedback& feedback) const {
    feedback.ForEachStatus([](const PacketStatus&) {});
  }
};

class Run {
 public:
  explicit Run(fuzz::Input input)
      : input_(input),
        random_(1),
        session_(now_, {.ufrag = "localUfrag01", .password = "localPassword0123456789a"},
                 Handshake().server_certificate(), {}, engine_, random_),
        output_(Shared().sink) {
    Shared().sink.Clear();
  }

  void Go() {
    Reach(static_cast<State>(input_.Below(kStates)));
    for (int step = 0; step < kMaxSteps && !input_.empty(); ++step) Step();
    // Nothing may be left that keeps a worker awake for ever.
    Wait(TimeDelta::Seconds(200));
    CHECK(Shared().open.size() == 0);
  }

 private:
  static const fuzz::RecordedHandshake& Handshake() { return fuzz::RecordedHandshake::Instance(); }
  static Path PathOf(size_t number) {
    return {LocalSocket(static_cast<uint32_t>(number)),
            SocketAddress::Ipv4({192, 0, 2, 7}, static_cast<uint16_t>(5000 + number))};
  }

  void Reach(State state) {
    if (state == State::kNew) return;
    session_.Connect(now_, DtlsRole::kServer, {Handshake().client_fingerprint()}, output_);
    SendCheck(0, {});
    CHECK(session_.ice().IsValidated(PathOf(0)));
    if (state == State::kValidated) return;
    Handshake().Play([this](BytesView datagram) { Receive(0, datagram); });
    CHECK(session_.connected());
    if (state == State::kConnected) return;
    ExtensionMap extensions;
    for (size_t i = 0; i < kRtpExtensionCount; ++i) {
      CHECK(extensions.Add(static_cast<uint8_t>(i + 1), static_cast<RtpExtension>(i)));
    }
    session_.set_receive_extensions(extensions);
    for (uint32_t i = 0; i < kStreams; ++i) {
      CHECK(session_.AddStream({.ssrc = Ssrc(1000 + i),
                                .payload_type = PayloadType(96),
                                .mid = "video",
                                .extensions = extensions}));
    }
    streams_ = kStreams;
  }

  void Step() {
    switch (input_.Below(12)) {
      case 0:
      case 1: {
        const size_t path = input_.Below(kPaths);
        return Receive(path, input_.Piece());
      }
      case 2: return ReceiveBatch();
      case 3: return SendOwnCheck();
      case 4: return Wait(TimeDelta::Millis(int64_t{input_.U16()}));
      case 5: return Admit();
      case 6: return Release();
      case 7: return AdmitRtcp();
      case 8: return session_.RestartIce(IceCredentials::Random(random_), output_);
      case 9: return session_.ForgetReceivedStream(Ssrc(input_.U32()));
      case 10:
        if (streams_ > 0) session_.CloseStream(SomeStream());
        return;
      case 11:
        return session_.Connect(now_, input_.Flag() ? DtlsRole::kServer : DtlsRole::kClient,
                                {Handshake().client_fingerprint()}, output_);
    }
  }

  OutgoingStreamIndex SomeStream() {
    return OutgoingStreamIndex(static_cast<uint32_t>(input_.Below(streams_)));
  }

  void Classify(size_t path, BytesView bytes) {
    const PacketRef packet = Shared().pool.Acquire();
    CHECK(static_cast<bool>(packet));
    Packet& p = packet.writable();
    p.size = static_cast<uint16_t>(std::min(bytes.size(), kMaxPacketSize));
    std::ranges::copy(bytes.first(p.size), p.buffer().begin());
    p.received_at = now_;
    p.path = PathOf(path);
    session_.Classify(now_, packet, Shared().open, output_);
  }

  void OpenAll() {
    OpenBatch& open = Shared().open;
    engine_.Open(open.jobs());
    for (size_t i = 0; i < open.size(); ++i) {
      const PacketRef& packet = open.packet(i);
      switch (session_.Opened(open.jobs()[i], packet.writable())) {
        case OpenedAs::kDropped: break;
        case OpenedAs::kRtp:
          CHECK(packet->payload_offset + packet->payload_size <= packet->size);
          for (const ExtensionSlot slot : packet->extensions) {
            CHECK(slot.offset + slot.size <= packet->size);
          }
          last_rtp_ = packet;
          break;
        case OpenedAs::kRtcp: (void)ForEachRtcp(packet->bytes(), ReadsAll()); break;
      }
    }
    open.Clear();
    Drain();
  }

  void Receive(size_t path, BytesView bytes) {
    Classify(path, bytes);
    OpenAll();
  }

  // Copies of one packet within a batch must not both count.
  void ReceiveBatch() {
    const BytesView piece = input_.Piece();
    for (size_t copies = input_.Below(4) + 1; copies > 0; --copies) Classify(0, piece);
    Classify(0, input_.Piece());
    OpenAll();
  }

  void SendCheck(size_t path, fuzz::Check check) {
    const IceCredentials& credentials = session_.ice().local_credentials();
    check.ufrag = credentials.ufrag;
    check.password = credentials.password;
    Receive(path, fuzz::CheckBytes(check));
  }

  void SendOwnCheck() {
    const size_t path = input_.Below(kPaths);
    const uint8_t flags = input_.U8();
    fuzz::Check check{.priority = input_.U32(),
                      .use_candidate = (flags & 1) != 0,
                      .controlling = (flags & 2) == 0};
    if ((flags & 4) != 0) {
      check.extra_type = input_.U16();
      check.extra = input_.Piece();
    }
    SendCheck(path, check);
  }

  void Wait(TimeDelta time) {
    const Timestamp end = now_ + time;
    for (int turns = 0; session_.NextTimeout().at <= end; ++turns) {
      now_ = std::max(now_, session_.NextTimeout().at);
      session_.HandleTimeout(now_, output_);
      CHECK(session_.NextTimeout().at > now_);
      // 200 s hold some thousand deadlines at most.
      CHECK(turns < 10'000);
      Drain();
    }
    now_ = end;
  }

  void Admit() {
    if (streams_ == 0) return;
    SendIntent intent;
    intent.stream = SomeStream();
    // As the producer counts: up, with gaps and late ones.
    source_sequence_ += static_cast<int8_t>(input_.U8());
    intent.source_sequence = source_sequence_;
    const uint8_t flags = input_.U8();
    if ((flags & 1) == 0) intent.packet = last_rtp_;
    intent.plan.marker = (flags & 2) != 0;
    intent.plan.rebase = (flags & 4) != 0;
    intent.plan.rtp_timestamp = input_.U32();
    session_.Admit(std::move(intent));
  }

  void AdmitRtcp() {
    const BytesView compound = input_.Piece();
    // What the transport writes has a header and a sender at least.
    if (compound.size() >= 8) session_.AdmitRtcp(compound);
  }

  void Release() {
    SealBatch& seal = Shared().seal;
    for (bool done = false; !done;) {
      done = session_.Release(now_, seal);
      engine_.Seal(seal.jobs());
      CHECK(done || !seal.empty());
      for (const SealJob& job : seal.jobs()) CHECK(job.sealed_size == job.out.size());
      seal.Clear();
    }
    CHECK(!session_.has_work());
  }

  // What went out by itself, and what it said.
  void Drain() {
    for (const OutgoingDatagram& datagram : Shared().sink.datagrams()) {
      CHECK(!datagram.bytes.empty() && datagram.bytes.size() <= kMaxPacketSize);
    }
    Shared().sink.Clear();
    output_.Clear();
  }

  fuzz::Input input_;
  Timestamp now_ = Timestamp::Millis(1000);
  Prng random_;
  fuzz::OneSealEngine engine_;
  Session session_;
  SessionOutput output_;
  size_t streams_ = 0;
  int64_t source_sequence_ = 0;
  PacketRef last_rtp_;
};

}  // namespace

CONFAB_FUZZ_TARGET(session) {
  std::make_unique<Run>(fuzz::Input(input))->Go();
}

}  // namespace confab::rtc
