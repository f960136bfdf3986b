#include "services/signaling/protocol/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/field_reader.h"
#include "services/signaling/protocol/message_text.h"
#include "services/signaling/protocol/unicode.h"

namespace confab::signaling {
namespace {

using net::FieldReader, net::ReadFailure;

constexpr net::IntegerLimits kCount{0, kMaxReportedCount};
constexpr net::IntegerLimits kTime{0, kMaxReportedTime.ms()};
constexpr net::TextLimits kCode{1, kMaxFailureCodeSize};
// In bytes, before cleaning.
constexpr net::TextLimits kSentence{1, 4 * kMaxFailureLength};

// In the order of the enumerators: the words of the protocol and of the log.
constexpr std::array<std::string_view, 3> kPhases{"joined", "running", "ended"};
constexpr std::array<std::string_view, 7> kStates{
    "new", "checking", "connected", "completed", "disconnected", "failed", "closed"};
constexpr std::array<std::string_view, 4> kTypes{"host", "srflx", "prflx", "relay"};
constexpr std::array<std::string_view, 2> kProtocols{"udp", "tcp"};
constexpr std::array<std::string_view, 3> kRelayProtocols{"udp", "tcp", "tls"};

template <typename Word>
std::optional<Word> ReadWord(FieldReader& reader, std::string_view name,
                             std::span<const std::string_view> words) {
  const auto index = reader.OptionalChoice(name, words);
  return index ? std::optional(static_cast<Word>(*index)) : std::nullopt;
}

std::optional<TimeDelta> ReadTime(FieldReader& reader, std::string_view name) {
  const auto ms = reader.OptionalInteger(name, kTime);
  return ms ? std::optional(TimeDelta::Millis(*ms)) : std::nullopt;
}

ReportedCount ReadCount(FieldReader& reader, std::string_view name) {
  return reader.OptionalInteger(name, kCount);
}

ReportedStages ReadStages(FieldReader reader) {
  return {.reply = ReadTime(reader, "reply"),
          .ice = ReadTime(reader, "ice"),
          .dtls = ReadTime(reader, "dtls"),
          .packet = ReadTime(reader, "packet"),
          .frame = ReadTime(reader, "frame")};
}

ReportedTransport ReadTransport(FieldReader& reader) {
  ReportedTransport transport{
      .direction = static_cast<Direction>(reader.Choice("direction", kDirections)),
      .state = ReadWord<IceState>(reader, "state", kStates),
      .checks_sent = ReadCount(reader, "checksSent"),
      .checks_answered = ReadCount(reader, "checksAnswered"),
      .round_trip_ms = ReadCount(reader, "roundTripMs")};
  if (auto pair = reader.OptionalObject("pair")) {
    transport.local_type = ReadWord<CandidateType>(*pair, "localType", kTypes);
    transport.remote_type = ReadWord<CandidateType>(*pair, "remoteType", kTypes);
    transport.protocol = ReadWord<PathProtocol>(*pair, "protocol", kProtocols);
    transport.relay_protocol = ReadWord<RelayProtocol>(*pair, "relayProtocol", kRelayProtocols);
  }
  return transport;
}

std::vector<ReportedTransport> ReadReportedTransports(FieldReader& reader) {
  std::vector<ReportedTransport> transports;
  for (FieldReader& entry : reader.Objects("transports", {0, kMaxReportedTransports})) {
    transports.push_back(ReadTransport(entry));
  }
  if (transports.size() == 2 && transports[0].direction == transports[1].direction) {
    reader.Refuse("transports", "must have one of each direction at most");
  }
  return transports;
}

std::vector<RelayProtocol> ReadRelaysFailed(FieldReader& reader) {
  std::vector<RelayProtocol> relays;
  for (const std::string& word : reader.Ids("relaysFailed", {0, kRelayProtocols.size()})) {
    const auto found = std::ranges::find(kRelayProtocols, word);
    if (found == kRelayProtocols.end()) {
      reader.Refuse("relaysFailed", R"(must hold "udp", "tcp" and "tls" alone)");
      break;
    }
    relays.push_back(static_cast<RelayProtocol>(found - kRelayProtocols.begin()));
  }
  return relays;
}

ReportedSending ReadSending(FieldReader reader) {
  return {.packets = ReadCount(reader, "packets"),
          .bytes = ReadCount(reader, "bytes"),
          .lost = ReadCount(reader, "lost"),
          .round_trip_ms = ReadCount(reader, "roundTripMs")};
}

ReportedReceiving ReadReceiving(FieldReader reader) {
  return {.packets = ReadCount(reader, "packets"),
          .bytes = ReadCount(reader, "bytes"),
          .lost = ReadCount(reader, "lost"),
          .jitter_ms = ReadCount(reader, "jitterMs"),
          .freezes = ReadCount(reader, "freezes"),
          .freeze_ms = ReadCount(reader, "freezeMs"),
          .concealed_ms = ReadCount(reader, "concealedMs"),
          .frames = ReadCount(reader, "frames")};
}

std::string ReadFailureId(FieldReader& reader) {
  std::string id = reader.Id("id", kMaxFailureIdSize);
  if (id.find('_') != std::string::npos) reader.Refuse("id", "must not hold \"_\"");
  return id;
}

std::string ReadFailureCode(FieldReader& reader) {
  std::string code = reader.Text("code", kCode);
  const bool is_code = std::ranges::all_of(
      code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!is_code) reader.Refuse("code", "must be of a-z 0-9 _");
  return code;
}

// As the text of a message, and on one line.
std::string ReadSentence(FieldReader& reader) {
  const std::string raw = reader.Text("message", kSentence);
  if (reader.failed()) return {};
  Result<std::string> text = CleanText(raw);
  if (!text || LengthOf(*text) > kMaxFailureLength) {
    reader.Refuse("message", fmt::format("must be UTF-8 with 1 to {} characters to be seen",
                                         kMaxFailureLength));
    return {};
  }
  std::ranges::replace(*text, '\n', ' ');
  std::ranges::replace(*text, '\t', ' ');
  return std::move(*text);
}

}  // namespace

std::string_view ToString(ReportPhase phase) {
  return kPhases[static_cast<size_t>(phase)];
}
std::string_view ToString(IceState state) {
  return kStates[static_cast<size_t>(state)];
}
std::string_view ToString(CandidateType type) {
  return kTypes[static_cast<size_t>(type)];
}
std::string_view ToString(PathProtocol protocol) {
  return kProtocols[static_cast<size_t>(protocol)];
}
std::string_view ToString(RelayProtocol protocol) {
  return kRelayProtocols[static_cast<size_t>(protocol)];
}

Result<ClientReport> ParseReport(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ClientReport report{.phase = static_cast<ReportPhase>(reader.Choice("phase", kPhases))};
  if (auto stages = reader.OptionalObject("stages")) report.stages = ReadStages(*stages);
  report.transports = ReadReportedTransports(reader);
  report.relays_failed = ReadRelaysFailed(reader);
  if (auto sent = reader.OptionalObject("sent")) report.sent = ReadSending(*sent);
  if (auto received = reader.OptionalObject("received")) report.received = ReadReceiving(*received);
  if (failure.failed()) return std::unexpected(failure.error());
  return report;
}

Result<ClientFailure> ParseFailure(const json::value& payload) {
  ReadFailure failure;
  FieldReader reader(payload, failure);
  ClientFailure read{.id = ReadFailureId(reader), .code = ReadFailureCode(reader)};
  read.ago = TimeDelta::Millis(reader.OptionalInteger("agoMs", kTime).value_or(0));
  read.message = ReadSentence(reader);
  if (failure.failed()) return std::unexpected(failure.error());
  return read;
}

}  // namespace confab::signaling
