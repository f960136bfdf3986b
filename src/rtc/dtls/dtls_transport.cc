#include "rtc/dtls/dtls_transport.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "rtc/dtls/dtls_handshake.h"

namespace confab::rtc {
namespace {

// RFC 5246 §6.2.1.
constexpr uint8_t kContentTypeChangeCipherSpec = 20;
constexpr uint8_t kContentTypeHandshake = 22;

// A client's repeated flight is several datagrams: they get one answer.
constexpr TimeDelta kRepetitionInterval = TimeDelta::Millis(20);

}  // namespace

DtlsTransport::DtlsTransport(const DtlsCertificate& certificate, DtlsOptions options)
    : DtlsAgent(options.role), certificate_(&certificate), options_(std::move(options)) {
  CHECK(!options_.profiles.empty());
}

DtlsTransport::~DtlsTransport() = default;

DtlsEvent DtlsTransport::SetRemoteFingerprints(Timestamp now, std::vector<Fingerprint> fingerprints,
                                               DatagramSink& sink) {
  if (!fingerprints_.empty() || state_ != DtlsState::kNew) return DtlsEvent::kNone;
  if (fingerprints.empty()) return Fail(DtlsReason::kFingerprintMismatch);
  fingerprints_ = std::move(fingerprints);
  DtlsEvent event = DtlsEvent::kNone;
  if (started_ && role() == DtlsRole::kClient) event = Start(now, path_, sink);
  const std::vector<EarlyDatagram> early = std::exchange(early_, {});
  for (const EarlyDatagram& datagram : early) {
    if (event != DtlsEvent::kNone) break;
    event = HandleRecords(now, datagram.path, datagram.bytes, sink);
  }
  return event;
}

DtlsEvent DtlsTransport::Start(Timestamp now, const Path& path, DatagramSink& sink) {
  if (state_ != DtlsState::kNew) return DtlsEvent::kNone;
  path_ = path;
  started_ = true;
  if (role() == DtlsRole::kServer || fingerprints_.empty()) return DtlsEvent::kNone;
  if (!BeginHandshake(now)) return Fail(DtlsReason::kInternal);
  return Step(now, {}, sink);
}

DtlsEvent DtlsTransport::HandleRecords(Timestamp now, const Path& path, BytesView datagram,
                                       DatagramSink& sink) {
  switch (state_) {
    case DtlsState::kNew:
      if (fingerprints_.empty()) {
        KeepEarly(path, datagram);
        return DtlsEvent::kNone;
      }
      // What comes before our ClientHello cannot be an answer to it.
      if (role() == DtlsRole::kClient) return DtlsEvent::kNone;
      path_ = path;
      if (!BeginHandshake(now)) return Fail(DtlsReason::kInternal);
      return Step(now, datagram, sink);
    case DtlsState::kConnecting: path_ = path; return Step(now, datagram, sink);
    case DtlsState::kConnected:
      path_ = path;
      if (handshake_ != nullptr) return Read(datagram, sink);
      AnswerRepetition(now, datagram, sink);
      return DtlsEvent::kNone;
    case DtlsState::kFailed:
    case DtlsState::kClosed: ++dropped_; return DtlsEvent::kNone;
  }
  return DtlsEvent::kNone;
}

void DtlsTransport::KeepEarly(const Path& path, BytesView datagram) {
  if (early_.size() == kMaxEarlyDatagrams || datagram.size() > kMaxEarlyDatagramSize) {
    ++dropped_;
    return;
  }
  early_.push_back({path, {datagram.begin(), datagram.end()}});
}

bool DtlsTransport::BeginHandshake(Timestamp now) {
  options_.role = role();
  handshake_ = DtlsHandshake::Create(*certificate_, options_, fingerprints_);
  if (handshake_ == nullptr) return false;
  state_ = DtlsState::kConnecting;
  deadline_ = now + kHandshakeTimeout;
  return true;
}

DtlsEvent DtlsTransport::Step(Timestamp now, BytesView datagram, DatagramSink& sink) {
  const auto status = handshake_->Advance(
      {.datagram = datagram, .path = path_, .sink = sink, .flight = FlightToKeep()});
  switch (status) {
    case DtlsHandshake::Status::kWaiting:
      if (handshake_->awaits_answer()) {
        retransmission_ = kFirstRetransmission;
        retransmit_at_ = now + retransmission_;
      }
      return DtlsEvent::kNone;
    case DtlsHandshake::Status::kDone: return Connect(now, sink);
    case DtlsHandshake::Status::kClosed:
    case DtlsHandshake::Status::kFailed:
      return Fail(handshake_->fingerprint_mismatch() ? DtlsReason::kFingerprintMismatch
                                                     : DtlsReason::kHandshake);
  }
  return DtlsEvent::kNone;
}

// Only the last flight of the server outlives the SSL object; that of the client is acknowledged by
// it.
DtlsFlight* DtlsTransport::FlightToKeep() {
  const bool keep =
      role() == DtlsRole::kServer && options_.after_handshake == DtlsAfterHandshake::kFree;
  return keep ? &flight_ : nullptr;
}

DtlsEvent DtlsTransport::Connect(Timestamp now, DatagramSink& sink) {
  srtp_ = handshake_->ExportKeys(role());
  if (!srtp_) {
    handshake_->SendCloseNotify(path_, sink);
    return Fail(DtlsReason::kNoSrtpProfile);
  }
  state_ = DtlsState::kConnected;
  retransmit_at_ = Timestamp::Never();
  deadline_ = Timestamp::Never();
  if (options_.after_handshake == DtlsAfterHandshake::kKeep) {
    return DtlsEvent::kConnected;  // OpenSSL answers repetitions itself
  }
  handshake_.reset();
  if (!flight_.empty()) deadline_ = now + kLastFlightLifetime;
  return DtlsEvent::kConnected;
}

DtlsEvent DtlsTransport::Read(BytesView datagram, DatagramSink& sink) {
  switch (handshake_->ReadAfterHandshake({.datagram = datagram, .path = path_, .sink = sink})) {
    case DtlsHandshake::Status::kWaiting:
    case DtlsHandshake::Status::kDone: return DtlsEvent::kNone;
    case DtlsHandshake::Status::kClosed:
      handshake_->SendCloseNotify(path_, sink);
      return End(DtlsState::kClosed, DtlsReason::kClosedByPeer);
    case DtlsHandshake::Status::kFailed: return Fail(DtlsReason::kHandshake);
  }
  return DtlsEvent::kNone;
}

void DtlsTransport::AnswerRepetition(Timestamp now, BytesView datagram, DatagramSink& sink) {
  const bool handshake = !datagram.empty() && (datagram[0] == kContentTypeHandshake ||
                                               datagram[0] == kContentTypeChangeCipherSpec);
  if (!handshake || flight_.empty() || now - last_repetition_ < kRepetitionInterval) return;
  last_repetition_ = now;
  flight_.SendAll(path_, sink);
}

DtlsEvent DtlsTransport::HandleTimeout(Timestamp now, DatagramSink& sink) {
  if (now < NextTimeout()) return DtlsEvent::kNone;
  if (now >= deadline_) {
    if (state_ == DtlsState::kConnecting) return Fail(DtlsReason::kTimeout);
    ReleaseHandshake();
    return DtlsEvent::kNone;
  }
  const DtlsHandshake::Io io = {
      .datagram = {}, .path = path_, .sink = sink, .flight = FlightToKeep()};
  if (handshake_->Retransmit(io) == DtlsHandshake::Status::kFailed) {
    return Fail(DtlsReason::kTimeout);
  }
  retransmission_ = std::min(retransmission_ * 2, kLongestRetransmission);
  retransmit_at_ = now + retransmission_;
  return DtlsEvent::kNone;
}

Timestamp DtlsTransport::NextTimeout() const {
  return std::min(retransmit_at_, deadline_);
}

void DtlsTransport::ReleaseHandshake() {
  if (state_ != DtlsState::kConnected) return;
  flight_.Release();
  deadline_ = Timestamp::Never();
}

DtlsEvent DtlsTransport::Close(DatagramSink& sink) {
  if (state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) return DtlsEvent::kNone;
  if (handshake_ != nullptr) handshake_->SendCloseNotify(path_, sink);
  return End(DtlsState::kClosed, DtlsReason::kClosedByUs);
}

DtlsEvent DtlsTransport::Fail(DtlsReason reason) {
  return End(DtlsState::kFailed, reason);
}

DtlsEvent DtlsTransport::End(DtlsState state, DtlsReason reason) {
  state_ = state;
  reason_ = reason;
  handshake_.reset();
  flight_.Release();
  early_.clear();
  retransmit_at_ = Timestamp::Never();
  deadline_ = Timestamp::Never();
  return state == DtlsState::kFailed ? DtlsEvent::kFailed : DtlsEvent::kClosed;
}

}  // namespace confab::rtc
