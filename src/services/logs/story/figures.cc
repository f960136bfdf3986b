#include "services/logs/story/figures.h"

namespace confab::logs {
namespace {

constexpr std::string_view kTransportFigures[] = {
    "checks",          "packets_received",  "bytes_received", "packets_sent",
    "bytes_sent",      "dropped",           "lost_received",  "lost_sent",
    "round_trip_ms",   "jitter_ms",         "nacks",          "recovered",
    "retransmissions", "keyframe_requests", "producers",      "consumers",
};
constexpr std::string_view kTransportWords[] = {"state", "dtls"};
constexpr std::string_view kClientFigures[] = {
    "stage_reply_us",       "stage_ice_us",
    "stage_dtls_us",        "stage_packet_us",
    "stage_frame_us",       "send_checks_sent",
    "send_checks_answered", "send_round_trip_ms",
    "recv_checks_sent",     "recv_checks_answered",
    "recv_round_trip_ms",   "sent_packets",
    "sent_bytes",           "sent_lost",
    "sent_round_trip_ms",   "received_packets",
    "received_bytes",       "received_lost",
    "received_jitter_ms",   "received_freezes",
    "received_freeze_ms",   "received_concealed_ms",
    "received_frames",
};
constexpr std::string_view kClientWords[] = {
    "phase",
    "send_state",
    "send_local_type",
    "send_remote_type",
    "send_protocol",
    "send_relay_protocol",
    "recv_state",
    "recv_local_type",
    "recv_remote_type",
    "recv_protocol",
    "recv_relay_protocol",
    "relays_failed",
};

}  // namespace

Figures FiguresOf(const Line& line, std::span<const std::string_view> names) {
  Figures figures;
  for (const std::string_view name : names) {
    if (const auto number = line.Number(name)) figures.Add(name, *number);
  }
  return figures;
}

Words WordsOf(const Line& line, std::span<const std::string_view> names) {
  Words words;
  for (const std::string_view name : names) {
    if (std::string word = line.Id(name); !word.empty()) words.Add(name, std::move(word));
  }
  return words;
}

std::span<const std::string_view> TransportFigures() {
  return kTransportFigures;
}

std::span<const std::string_view> TransportWords() {
  return kTransportWords;
}

std::span<const std::string_view> ClientFigures() {
  return kClientFigures;
}

std::span<const std::string_view> ClientWords() {
  return kClientWords;
}

}  // namespace confab::logs
