#include "services/signaling/call/report_fields.h"

#include <optional>
#include <string>
#include <string_view>

namespace confab::signaling {
namespace {

using Fields = std::vector<observe::LogField>;

// The names of one direction's fields: LogField keeps none of its own.
struct TransportKeys {
  std::string_view state;
  std::string_view local_type;
  std::string_view remote_type;
  std::string_view protocol;
  std::string_view relay_protocol;
  std::string_view checks_sent;
  std::string_view checks_answered;
  std::string_view round_trip_ms;
};
constexpr TransportKeys kSendKeys{.state = "send_state",
                                  .local_type = "send_local_type",
                                  .remote_type = "send_remote_type",
                                  .protocol = "send_protocol",
                                  .relay_protocol = "send_relay_protocol",
                                  .checks_sent = "send_checks_sent",
                                  .checks_answered = "send_checks_answered",
                                  .round_trip_ms = "send_round_trip_ms"};
constexpr TransportKeys kRecvKeys{.state = "recv_state",
                                  .local_type = "recv_local_type",
                                  .remote_type = "recv_remote_type",
                                  .protocol = "recv_protocol",
                                  .relay_protocol = "recv_relay_protocol",
                                  .checks_sent = "recv_checks_sent",
                                  .checks_answered = "recv_checks_answered",
                                  .round_trip_ms = "recv_round_trip_ms"};

void AddValue(Fields& fields, std::string_view key, const ReportedCount& count) {
  if (count) fields.emplace_back(key, *count);
}
void AddValue(Fields& fields, std::string_view key, const std::optional<TimeDelta>& time) {
  if (time) fields.emplace_back(key, *time);
}
template <typename Word>
void AddWord(Fields& fields, std::string_view key, const std::optional<Word>& word) {
  if (word) fields.emplace_back(key, ToString(*word));
}

void AddStages(Fields& fields, const ReportedStages& stages) {
  AddValue(fields, "stage_reply_us", stages.reply);
  AddValue(fields, "stage_ice_us", stages.ice);
  AddValue(fields, "stage_dtls_us", stages.dtls);
  AddValue(fields, "stage_packet_us", stages.packet);
  AddValue(fields, "stage_frame_us", stages.frame);
}

void AddTransport(Fields& fields, const ReportedTransport& transport) {
  const TransportKeys& keys = transport.direction == Direction::kSend ? kSendKeys : kRecvKeys;
  AddWord(fields, keys.state, transport.state);
  AddWord(fields, keys.local_type, transport.local_type);
  AddWord(fields, keys.remote_type, transport.remote_type);
  AddWord(fields, keys.protocol, transport.protocol);
  AddWord(fields, keys.relay_protocol, transport.relay_protocol);
  AddValue(fields, keys.checks_sent, transport.checks_sent);
  AddValue(fields, keys.checks_answered, transport.checks_answered);
  AddValue(fields, keys.round_trip_ms, transport.round_trip_ms);
}

void AddRelays(Fields& fields, const std::vector<RelayProtocol>& relays) {
  std::string words;
  for (const RelayProtocol relay : relays) {
    if (!words.empty()) words += ',';
    words += ToString(relay);
  }
  if (!words.empty()) fields.emplace_back("relays_failed", std::move(words));
}

void AddSending(Fields& fields, const ReportedSending& sent) {
  AddValue(fields, "sent_packets", sent.packets);
  AddValue(fields, "sent_bytes", sent.bytes);
  AddValue(fields, "sent_lost", sent.lost);
  AddValue(fields, "sent_round_trip_ms", sent.round_trip_ms);
}

void AddReceiving(Fields& fields, const ReportedReceiving& received) {
  AddValue(fields, "received_packets", received.packets);
  AddValue(fields, "received_bytes", received.bytes);
  AddValue(fields, "received_lost", received.lost);
  AddValue(fields, "received_jitter_ms", received.jitter_ms);
  AddValue(fields, "received_freezes", received.freezes);
  AddValue(fields, "received_freeze_ms", received.freeze_ms);
  AddValue(fields, "received_concealed_ms", received.concealed_ms);
  AddValue(fields, "received_frames", received.frames);
}

}  // namespace

Fields FieldsOf(const ClientReport& report) {
  Fields fields{{"phase", ToString(report.phase)}};
  AddStages(fields, report.stages);
  for (const ReportedTransport& transport : report.transports) AddTransport(fields, transport);
  AddRelays(fields, report.relays_failed);
  AddSending(fields, report.sent);
  AddReceiving(fields, report.received);
  return fields;
}

}  // namespace confab::signaling
