// STUN messages: parsing, checking, answering, and writing what was understood.

#include <array>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "rtc/demux.h"
#include "rtc/stun/stun_answer.h"
#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::rtc {
namespace {

constexpr size_t kMaxMessage = 4096;
constexpr const char* kPassword = "VOkJxbRl1RmTxUk/WvJxBt";  // RFC 5769 §2

// The writer knows the codes of one enum.
std::optional<StunError> KnownError(const StunMessage& message) {
  for (const StunError known : {StunError::kBadRequest, StunError::kUnauthenticated,
                                StunError::kUnknownAttribute, StunError::kRoleConflict}) {
    if (message.error_code() == static_cast<uint16_t>(known)) return known;
  }
  return std::nullopt;
}

// The message again, as far as it was understood, authenticated by `key`.
size_t Rewrite(const StunMessage& message, StunHmac& key, MutableBytes out) {
  StunWriter writer(out, message.message_class(), message.transaction_id());
  if (const auto username = message.username()) writer.AddUsername(*username);
  if (const auto priority = message.priority()) writer.AddPriority(*priority);
  if (message.use_candidate()) writer.AddUseCandidate();
  if (const auto tie = message.ice_controlled()) writer.AddIceControlled(*tie);
  if (const auto tie = message.ice_controlling()) writer.AddIceControlling(*tie);
  if (const auto address = message.xor_mapped_address()) writer.AddXorMappedAddress(*address);
  if (const auto error = KnownError(message)) writer.AddErrorCode(*error, message.error_reason());
  for (const uint16_t type : message.unknown_required()) writer.AddRaw(type, {});
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  return writer.size();
}

void CheckSameMeaning(const StunMessage& a, const StunMessage& b) {
  CHECK(a.message_class() == b.message_class());
  CHECK(a.transaction_id() == b.transaction_id());
  CHECK(a.username() == b.username());
  CHECK(a.priority() == b.priority());
  CHECK(a.use_candidate() == b.use_candidate());
  CHECK(a.ice_controlled() == b.ice_controlled());
  CHECK(a.ice_controlling() == b.ice_controlling());
  CHECK(a.xor_mapped_address() == b.xor_mapped_address());
  CHECK(std::ranges::equal(a.unknown_required(), b.unknown_required()));
  if (!KnownError(a)) return;
  CHECK(a.error_code() == b.error_code());
  CHECK(a.error_reason() == b.error_reason());
}

void RoundTrip(const StunMessage& message) {
  StunHmac key(kPassword);
  std::array<uint8_t, kMaxMessage> buffer;
  const size_t size = Rewrite(message, key, buffer);
  if (size == 0) return;  // larger than what is ever written
  const auto again = StunMessage::Parse(BytesView(buffer).first(size));
  CHECK(again.has_value());
  CHECK(again->VerifyIntegrity(key));
  CHECK(again->VerifyFingerprint());
  CheckSameMeaning(message, *again);
}

// What the I/O layer finds the session by is the beginning of what the agent will see.
void CheckPeek(const StunMessage& message) {
  if (!message.username()) return;
  const size_t colon = message.username()->find(':');
  const auto ufrag = PeekLocalUfrag(message.bytes());
  CHECK(ufrag.has_value() == (colon != std::string_view::npos && colon > 0));
  if (ufrag) CHECK(*ufrag == message.username()->substr(0, colon));
}

void Answer(BytesView input) {
  static DatagramSink sink;
  sink.Clear();
  const Path path{LocalSocket(0), SocketAddress::Ipv4({192, 0, 2, 7}, 5000)};
  if (!AnswerPlainBinding(path, input, sink)) return CHECK(sink.empty());
  CHECK(sink.datagrams().size() == 1);
  const BytesView answer = sink.datagrams()[0].bytes;
  // No gain from a forged source: stun_answer.h.
  CHECK(answer.size() <= 32 && input.size() >= 28);
  const auto parsed = StunMessage::Parse(answer);
  CHECK(parsed && parsed->xor_mapped_address() == path.remote);
}

}  // namespace

CONFAB_FUZZ_TARGET(stun) {
  (void)PeekLocalUfrag(input);
  Answer(input);
  const auto message = StunMessage::Parse(input);
  if (!message) return;
  // RFC 7983 §7 leaves the higher methods to DTLS.
  if (message->is_binding()) CHECK(ClassifyDatagram(input) == DatagramKind::kStun);
  StunHmac key(kPassword);
  (void)message->VerifyIntegrity(key);
  (void)message->VerifyFingerprint();
  CheckPeek(*message);
  RoundTrip(*message);
}

}  // namespace confab::rtc
