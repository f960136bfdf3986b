// What a session does without ICE and DTLS: for plain transports.

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/session/session.h"

namespace confab::rtc {
namespace {

// Of a packet that nothing authenticates, what can be known is whether it is one: before it settles
// the peer's address or moves a replay window.
bool IsValid(SrtpKind kind, BytesView packet) {
  if (kind == SrtpKind::kRtcp) {
    return packet.size() >= 8 && ForEachRtcp(packet, [](const SenderReport&) {}) == RtcpResult::kOk;
  }
  const auto header = ParseRtpHeader(packet);
  return header && PayloadOf(*header, packet);
}

// Of a valid packet.
Ssrc SenderOf(SrtpKind kind, BytesView packet) {
  return Ssrc(LoadU32(&packet[kind == SrtpKind::kRtcp ? 4 : 8]));
}

}  // namespace

Session::Session(PlainPathOptions path, SrtpEngine& engine, RandomSource& random)
    : plain_(std::make_unique<PlainPath>(std::move(path))),
      ice_(plain_.get()),
      engine_(&engine),
      random_(&random),
      rtcp_ssrc_(random.U32()),
      next_transport_sequence_(static_cast<uint16_t>(random.U32())) {
  auto keys = std::make_unique<GivenKeys>();
  given_keys_ = keys.get();
  dtls_ = std::move(keys);
}

void Session::FixPath(const SocketAddress& rtp, const SocketAddress& rtcp, SessionOutput& output) {
  CHECK(plain_ != nullptr);
  plain_->Fix(rtp, rtcp);
  if (StartSending()) output.Raise(SessionEvent::kConnected);
}

void Session::GiveKeys(SrtpSession keys, SessionOutput& output) {
  CHECK(given_keys_ != nullptr);
  HandleDtlsEvent(given_keys_->Give(std::move(keys)), output);
}

// True once: when keys and, without ICE, a path are there. A session with ICE has checked it by
// then. Until there are keys to send with, nothing is released.
bool Session::StartSending() {
  const bool has_path = plain_ == nullptr || plain_->selected();
  if (send_keys_ != nullptr || !dtls_->srtp() || !has_path) return false;
  send_keys_ = engine_->PrepareKeys(dtls_->srtp()->local);
  return true;
}

bool Session::AdmitsPlain(DatagramKind datagram, const Packet& packet) {
  if (datagram != DatagramKind::kRtcp && datagram != DatagramKind::kRtp) {
    Drop(DropReason::kUnknownKind);
    return false;
  }
  const SrtpKind kind = datagram == DatagramKind::kRtcp ? SrtpKind::kRtcp : SrtpKind::kRtp;
  if (!AdmitsFrom(kind, packet.path)) return false;
  const bool is_clear = receive_keys_ != nullptr && receive_keys_->profile() == SrtpProfile::kClear;
  return !is_clear || AdmitsClear(kind, packet.bytes());
}

bool Session::AdmitsClear(SrtpKind kind, BytesView packet) {
  if (!IsValid(kind, packet)) {
    Drop(DropReason::kMalformed);
    return false;
  }
  if (plain_->knows(kind) || plain_->MayTeach(kind, SenderOf(kind, packet))) return true;
  Drop(DropReason::kUnknownSsrc);
  return false;
}

bool Session::AdmitsFrom(SrtpKind kind, const Path& path) {
  const auto reason = plain_->Refuses(kind, path);
  if (reason) Drop(*reason);
  return !reason;
}

void Session::ExpectReceivedStream(std::optional<Ssrc> ssrc) {
  if (plain_ != nullptr) return plain_->Expect(ssrc);
  if (ssrc) receive_state_.Revive(*ssrc);
}

void Session::ForgetReceivedStream(Ssrc ssrc) {
  if (plain_ == nullptr) return receive_state_.Retire(ssrc);
  // A program that begins anew may take the same ssrc, and any numbers.
  receive_state_.Remove(ssrc);
  plain_->ForgetExpected(ssrc);
}

void Session::LearnPath(SrtpKind kind, const Path& path) {
  plain_->Learn(kind, path);
  (void)StartSending();
}

}  // namespace confab::rtc
