// A transport without ICE and DTLS: mediasoup's PlainTransport.

#include <fmt/format.h>

#include <utility>

#include "sfu/transport.h"

namespace confab::sfu {
namespace {

rtc::PlainPathOptions PathOptions(const PlainTransportOptions& plain,
                                  const WorkerContext& context) {
  return {.rtp = plain.rtp.number,
          .rtcp = plain.rtcp ? plain.rtcp->number : plain.rtp.number,
          .remote = plain.remote,
          .networks = context.plain_networks};
}

}  // namespace

Transport::Transport(Timestamp now, TransportOptions options, PlainTransportOptions plain,
                     WorkerContext& context, AudioLevelObserver& speakers)
    : options_(std::move(options)),
      context_(&context),
      speakers_(&speakers),
      plain_(std::in_place, plain, context.random),
      session_(PathOptions(plain, context), context.engine, context.random),
      record_(now) {
  if (plain_->has_srtp()) return;
  // It is not connected by that: nobody knows the peer's address yet.
  rtc::SessionOutput output(context.sink);
  session_.GiveKeys(plain_->keys(), output);
}

Result<void> Transport::ConnectPlain(const PlainRemote& remote, rtc::SessionOutput& output) {
  if (!is_plain()) {
    return Fail(ErrorCode::kInvalidState,
                fmt::format("transport {} is not plain: it is connected by ICE and DTLS", id()));
  }
  if (auto told = plain_->SetRemote(remote, context_->plain_networks, context_->random); !told) {
    return told;
  }
  has_remote_ = true;
  if (plain_->has_srtp()) session_.GiveKeys(plain_->keys(), output);
  if (plain_->is_given()) session_.FixPath(plain_->rtp(), plain_->rtcp(), output);
  return {};
}

}  // namespace confab::sfu
