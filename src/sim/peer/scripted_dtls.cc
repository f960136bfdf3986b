#include "sim/peer/scripted_dtls.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace confab::sim {
namespace {

using rtc::DtlsEvent;
using rtc::DtlsReason;
using rtc::DtlsRole;
using rtc::DtlsState;

constexpr uint8_t kHandshake = 22;       // RFC 5246 §6.2.1
constexpr uint16_t kVersion = 0xfefd;    // DTLS 1.2
constexpr size_t kRecordHeader = 13;     // RFC 6347 §4.1
constexpr uint32_t kMark = 0x53494d21;   // "SIM!": never part of a real handshake
constexpr TimeDelta kRepetitionInterval = TimeDelta::Millis(20);

// Octets of the datagrams of each flight, as OpenSSL's with P-256 certificates.
constexpr std::array<std::array<size_t, 2>, 5> kSizes = {
    {{0, 0}, {230, 0}, {820, 190}, {840, 250}, {100, 0}}};

constexpr size_t PiecesOf(size_t flight) {
  return kSizes[flight][1] == 0 ? 1 : 2;
}

rtc::SrtpMasterKey MakeKey(rtc::SrtpProfile profile, Prng& random) {
  rtc::SrtpMasterKey key{.profile = profile};
  random.Fill(MutableBytes(key.key).first(rtc::KeySizes(profile).key));
  random.Fill(MutableBytes(key.salt).first(rtc::KeySizes(profile).salt));
  return key;
}

}  // namespace

ScriptedDtls::ScriptedDtls(Options options, RandomSource& random)
    : DtlsAgent(options.role),
      profile_(options.profile),
      certificate_(options.role == DtlsRole::kServer ? kServerCertificate : kClientCertificate),
      secret_(random.U64()) {}

rtc::Fingerprint ScriptedDtls::FingerprintOf(uint64_t certificate) {
  rtc::Fingerprint fingerprint{.algorithm = rtc::FingerprintAlgorithm::kSha256, .size = 32};
  StoreU64(fingerprint.bytes.data(), certificate);
  return fingerprint;
}

DtlsEvent ScriptedDtls::SetRemoteFingerprints(Timestamp now,
                                              std::vector<rtc::Fingerprint> fingerprints,
                                              rtc::DatagramSink& sink) {
  if (!fingerprints_.empty() || state_ != DtlsState::kNew) return DtlsEvent::kNone;
  if (fingerprints.empty()) return Fail(DtlsReason::kFingerprintMismatch);
  fingerprints_ = std::move(fingerprints);
  DtlsEvent event = DtlsEvent::kNone;
  if (started_) event = Start(now, path_, sink);
  for (const Early& early : std::exchange(early_, {})) {
    if (event == DtlsEvent::kNone) event = HandleRecords(now, early.path, early.bytes, sink);
  }
  return event;
}

DtlsEvent ScriptedDtls::Start(Timestamp now, const rtc::Path& path, rtc::DatagramSink& sink) {
  if (state_ != DtlsState::kNew) return DtlsEvent::kNone;
  path_ = path;
  started_ = true;
  if (role_ == DtlsRole::kServer || fingerprints_.empty()) return DtlsEvent::kNone;
  state_ = DtlsState::kConnecting;
  deadline_ = now + kHandshakeTimeout;
  SendFlight(now, 1, sink);
  return DtlsEvent::kNone;
}

DtlsEvent ScriptedDtls::HandleRecords(Timestamp now, const rtc::Path& path, BytesView datagram,
                                      rtc::DatagramSink& sink) {
  const auto record = Parse(datagram);
  if (!record || state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) {
    return DtlsEvent::kNone;
  }
  if (state_ == DtlsState::kNew) {
    if (fingerprints_.empty()) {
      if (early_.size() < kMaxEarlyDatagrams) {
        early_.push_back({path, {datagram.begin(), datagram.end()}});
      }
      return DtlsEvent::kNone;
    }
    if (role_ == DtlsRole::kClient) return DtlsEvent::kNone;
    state_ = DtlsState::kConnecting;
    deadline_ = now + kHandshakeTimeout;
  }
  path_ = path;
  return HandleFlight(now, *record, sink);
}

// The peer's flights are those of the other parity: the client sends 1 and 3.
DtlsEvent ScriptedDtls::HandleFlight(Timestamp now, const Record& record,
                                     rtc::DatagramSink& sink) {
  const bool from_client = record.flight % 2 == 1;
  if (from_client != (role_ == DtlsRole::kServer)) return DtlsEvent::kNone;
  if (record.flight > sent_ + 1) return DtlsEvent::kNone;  // what it answers was never sent
  if (record.flight == 4 && state_ == DtlsState::kConnected) return DtlsEvent::kNone;
  if (record.flight <= sent_) {
    // Our answer was lost, or this is a late copy: the answer again, but not for each piece.
    const bool answered = sent_ == record.flight + 1;
    if (answered && now - last_repetition_ >= kRepetitionInterval) {
      last_repetition_ = now;
      WriteFlight(sent_, sink);
    }
    return DtlsEvent::kNone;
  }
  if (!IsTrusted(record.certificate)) return Fail(DtlsReason::kFingerprintMismatch);
  if (!Complete(record)) return DtlsEvent::kNone;
  remote_secret_ = record.secret;
  if (record.flight < 4) SendFlight(now, static_cast<uint8_t>(record.flight + 1), sink);
  if (record.flight < 3) return DtlsEvent::kNone;
  Connect();
  return DtlsEvent::kConnected;
}

bool ScriptedDtls::Complete(const Record& record) {
  uint8_t& came = pieces_[record.flight];
  came = static_cast<uint8_t>(came | 1u << record.piece);
  return static_cast<size_t>(std::popcount(came)) == PiecesOf(record.flight);
}

bool ScriptedDtls::IsTrusted(uint64_t certificate) const {
  return std::ranges::find(fingerprints_, FingerprintOf(certificate)) != fingerprints_.end();
}

void ScriptedDtls::SendFlight(Timestamp now, uint8_t flight, rtc::DatagramSink& sink) {
  sent_ = flight;
  retransmission_ = kFirstRetransmission;
  // Nothing answers the last one; it is repeated when the one before it is.
  retransmit_at_ = flight == 4 ? Timestamp::Never() : now + retransmission_;
  WriteFlight(flight, sink);
}

void ScriptedDtls::WriteFlight(uint8_t flight, rtc::DatagramSink& sink) const {
  for (size_t piece = 0; piece < PiecesOf(flight); ++piece) {
    const size_t size = kSizes[flight][piece];
    const MutableBytes out = sink.Reserve(path_, size);
    if (out.empty()) return;
    ByteWriter writer(out);
    writer.U8(kHandshake);
    writer.U16(kVersion);
    writer.U64(uint64_t{flight} << 8 | piece);  // epoch and sequence number
    writer.U16(static_cast<uint16_t>(size - kRecordHeader));
    writer.U32(kMark);
    writer.U8(flight);
    writer.U8(static_cast<uint8_t>(piece));
    writer.U64(certificate_);
    writer.U64(secret_);
    writer.Zeros(size - writer.size());
    sink.Commit(writer.size());
  }
}

std::optional<ScriptedDtls::Record> ScriptedDtls::Parse(BytesView datagram) {
  ByteReader reader(datagram);
  const uint8_t type = reader.U8();
  reader.Skip(kRecordHeader - 1);
  const uint32_t mark = reader.U32();
  Record record{};
  record.flight = reader.U8();
  record.piece = reader.U8();
  record.certificate = reader.U64();
  record.secret = reader.U64();
  if (!reader.ok() || type != kHandshake || mark != kMark) return std::nullopt;
  if (record.flight == 0 || record.flight >= kFlights) return std::nullopt;
  if (record.piece >= PiecesOf(record.flight)) return std::nullopt;
  return record;
}

void ScriptedDtls::Connect() {
  state_ = DtlsState::kConnected;
  retransmit_at_ = Timestamp::Never();
  deadline_ = Timestamp::Never();
  const bool is_client = role_ == DtlsRole::kClient;
  const uint64_t client = is_client ? secret_ : remote_secret_;
  const uint64_t server = is_client ? remote_secret_ : secret_;
  Prng random(client ^ std::rotl(server, 32));
  const rtc::SrtpMasterKey client_key = MakeKey(profile_, random);
  const rtc::SrtpMasterKey server_key = MakeKey(profile_, random);
  srtp_ = is_client ? rtc::SrtpSession{client_key, server_key}
                    : rtc::SrtpSession{server_key, client_key};
}

DtlsEvent ScriptedDtls::HandleTimeout(Timestamp now, rtc::DatagramSink& sink) {
  if (now < NextTimeout()) return DtlsEvent::kNone;
  if (now >= deadline_) return Fail(DtlsReason::kTimeout);
  WriteFlight(sent_, sink);
  retransmission_ = std::min(retransmission_ * 2, kLongestRetransmission);
  retransmit_at_ = now + retransmission_;
  return DtlsEvent::kNone;
}

Timestamp ScriptedDtls::NextTimeout() const {
  return std::min(retransmit_at_, deadline_);
}

// Nothing to free; a client that goes on repeating is answered all the same.
void ScriptedDtls::ReleaseHandshake() {}

// As a server that has freed its SSL object: says nothing.
DtlsEvent ScriptedDtls::Close(rtc::DatagramSink&) {
  if (state_ == DtlsState::kFailed || state_ == DtlsState::kClosed) return DtlsEvent::kNone;
  state_ = DtlsState::kClosed;
  reason_ = DtlsReason::kClosedByUs;
  retransmit_at_ = Timestamp::Never();
  deadline_ = Timestamp::Never();
  return DtlsEvent::kClosed;
}

DtlsEvent ScriptedDtls::Fail(DtlsReason reason) {
  state_ = DtlsState::kFailed;
  reason_ = reason;
  retransmit_at_ = Timestamp::Never();
  deadline_ = Timestamp::Never();
  return DtlsEvent::kFailed;
}

}  // namespace confab::sim
