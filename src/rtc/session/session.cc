#include "rtc/session/session.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "rtc/demux.h"
#include "rtc/dtls/dtls_transport.h"

namespace confab::rtc {

Session::Session(Timestamp now, IceCredentials credentials, const DtlsCertificate& certificate,
                 DtlsOptions dtls, SrtpEngine& engine, RandomSource& random)
    : Session(now, IceRole::kControlled, std::move(credentials), certificate, std::move(dtls),
              engine, random) {}

Session::Session(Timestamp now, IceRole role, IceCredentials credentials,
                 const DtlsCertificate& certificate, DtlsOptions dtls, SrtpEngine& engine,
                 RandomSource& random)
    : Session(now, role, std::move(credentials),
              std::make_unique<DtlsTransport>(certificate, std::move(dtls)), engine, random) {}

Session::Session(Timestamp now, IceRole role, IceCredentials credentials,
                 std::unique_ptr<DtlsAgent> dtls, SrtpEngine& engine, RandomSource& random)
    : dtls_(std::move(dtls)),
      engine_(&engine),
      random_(&random),
      rtcp_ssrc_(random.U32()),
      next_transport_sequence_(static_cast<uint16_t>(random.U32())) {
  if (role == IceRole::kControlled) {
    lite_ = std::make_unique<IceLite>(now, std::move(credentials));
    ice_ = lite_.get();
  } else {
    controlling_ = std::make_unique<IceControlling>(now, std::move(credentials), random);
    ice_ = controlling_.get();
  }
}

void Session::Connect(Timestamp now, DtlsRole role, std::vector<Fingerprint> fingerprints,
                      SessionOutput& output) {
  dtls_->set_role(role);
  HandleDtlsEvent(dtls_->SetRemoteFingerprints(now, std::move(fingerprints), *output.datagrams),
                  output);
  StartDtlsIfClient(now, output);
}

void Session::StartDtlsIfClient(Timestamp now, SessionOutput& output) {
  if (dtls_->role() != DtlsRole::kClient || dtls_->state() != DtlsState::kNew) return;
  if (const auto& path = ice_->selected()) {
    HandleDtlsEvent(dtls_->Start(now, *path, *output.datagrams), output);
  }
}

void Session::CheckPeer(Timestamp now, IceCredentials remote, std::span<const Path> candidates,
                        SessionOutput& output) {
  CHECK(controlling_ != nullptr);
  IceOutput ice_output(*output.datagrams);
  controlling_->SetRemote(now, std::move(remote), candidates, ice_output);
  if (ice_output.Has(IceEvent::kDisconnected)) output.Raise(SessionEvent::kIceTimeout);
}

void Session::RestartIce(IceCredentials credentials, SessionOutput& output) {
  CHECK(lite_ != nullptr);
  IceOutput ice_output(*output.datagrams);
  lite_->Restart(std::move(credentials), ice_output);
  output.Raise(SessionEvent::kUfragsChanged);
}

void Session::ForgetLocalSocket(LocalSocket local, SessionOutput& output) {
  if (lite_ == nullptr) return;  // a participant's paths are known from the beginning
  IceOutput ice_output(*output.datagrams);
  lite_->ForgetLocalSocket(local, ice_output);
  if (ice_output.Has(IceEvent::kSelectedChanged)) output.Raise(SessionEvent::kPathChanged);
  if (move_.active() && move_.path()->local == local) move_.End();
}

void Session::set_receive_extensions(const ExtensionMap& extensions) {
  receive_extensions_ = extensions;
  if (extensions.Has(RtpExtension::kTransportSequenceNumber) && feedback_ == nullptr) {
    feedback_ = std::make_unique<TransportFeedbackGenerator>();
  }
}

std::optional<OutgoingStreamIndex> Session::AddStream(OutgoingStreamConfig config) {
  // Below 2^15: see SequenceRewriter.
  const auto first = static_cast<uint16_t>(random_->U32() & 0x7fff);
  if (!send_state_.AddStream(config.ssrc)) return std::nullopt;
  streams_.emplace_back(std::move(config), first);
  return OutgoingStreamIndex(static_cast<uint32_t>(streams_.size() - 1));
}

void Session::CloseStream(OutgoingStreamIndex stream) {
  OutgoingStream& closed = streams_[stream.value()];
  closed.open = false;
  closed.sent = SentLog();
}

void Session::Close(SessionOutput& output) {
  (void)dtls_->Close(*output.datagrams);
}

void Session::HandleTimeout(Timestamp now, SessionOutput& output) {
  if (ice_->NextTimeout() <= now) {
    IceOutput ice_output(*output.datagrams);
    ice_->HandleTimeout(now, ice_output);
    if (ice_output.Has(IceEvent::kDisconnected)) output.Raise(SessionEvent::kIceTimeout);
    if (ice_output.Has(IceEvent::kSelectedChanged)) output.Raise(SessionEvent::kPathChanged);
  }
  if (dtls_->NextTimeout() <= now) {
    HandleDtlsEvent(dtls_->HandleTimeout(now, *output.datagrams), output);
  }
  if (feedback_ == nullptr || feedback_->NextTimeout() > now) return;
  std::array<uint8_t, kMaxPacketSize - 300> packet;
  while (const size_t size = feedback_->Write(now, rtcp_ssrc_, last_media_ssrc_, packet)) {
    AdmitRtcp(BytesView(packet).first(size));
  }
}

Deadline Session::NextTimeout() const {
  Deadline next{ice_->NextTimeout(), SessionTimer::kIce};
  const auto consider = [&next](Timestamp at, SessionTimer reason) {
    if (at < next.at) next = {at, reason};
  };
  consider(dtls_->NextTimeout(), SessionTimer::kDtls);
  if (feedback_ != nullptr) consider(feedback_->NextTimeout(), SessionTimer::kTransportFeedback);
  return next;
}

}  // namespace confab::rtc
