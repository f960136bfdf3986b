#include "rtc/stun/stun_answer.h"

#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::rtc {

bool AnswerPlainBinding(const Path& path, BytesView request, DatagramSink& sink) {
  const auto message = StunMessage::Parse(request);
  if (!message || !message->is_binding() || message->message_class() != StunClass::kRequest ||
      message->username() || !message->VerifyFingerprint()) {
    return false;
  }
  const MutableBytes buffer = sink.Reserve(path, kMaxStunMessageSize);
  if (buffer.empty()) return false;
  StunWriter writer(buffer, StunClass::kSuccessResponse, message->transaction_id());
  writer.AddXorMappedAddress(path.remote);
  sink.Commit(writer.size());
  return true;
}

}  // namespace confab::rtc
