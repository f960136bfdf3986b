#include "services/media/transport_fields.h"

#include <algorithm>
#include <cmath>

namespace confab::media {
namespace {

// To a tenth: more is noise, and longer.
double RoundedMillis(TimeDelta time) {
  return std::round(static_cast<double>(time.us()) / 100) / 10;
}

// Duplicates may make it negative (RFC 3550 §6.4.1).
uint64_t Lost(int64_t packets) {
  return static_cast<uint64_t>(std::max<int64_t>(packets, 0));
}

void AddReceived(const sfu::ProducerFigures& received, LogFields& fields) {
  fields.emplace_back("lost_received", Lost(received.lost));
  fields.emplace_back("jitter_ms", RoundedMillis(received.jitter));
  fields.emplace_back("nacks", received.nacks);
  fields.emplace_back("recovered", received.recovered);
  fields.emplace_back("keyframe_requests", received.keyframe_requests);
}

void AddSent(const sfu::ConsumerFigures& sent, LogFields& fields) {
  fields.emplace_back("lost_sent", Lost(sent.lost));
  if (sent.round_trip > TimeDelta()) {
    fields.emplace_back("round_trip_ms", RoundedMillis(sent.round_trip));
  }
  fields.emplace_back("retransmissions", sent.retransmissions);
}

}  // namespace

void AddPath(const std::optional<PathEnds>& path, LogFields& fields) {
  if (!path) return;
  fields.emplace_back("protocol", path->protocol);
  if (path->local) fields.emplace_back("local", path->local->ToString());
  fields.emplace_back("remote", observe::Private(path->remote));
}

void AddFigures(const sfu::TransportFigures& figures, LogFields& fields) {
  if (figures.ice) fields.emplace_back("state", ToString(*figures.ice));
  if (figures.dtls) fields.emplace_back("dtls", ToString(*figures.dtls));
  if (figures.ice) fields.emplace_back("checks", figures.checks);
  fields.emplace_back("packets_received", figures.traffic.packets_received);
  fields.emplace_back("bytes_received", figures.traffic.bytes_received);
  fields.emplace_back("packets_sent", figures.traffic.packets_sent);
  fields.emplace_back("bytes_sent", figures.traffic.bytes_sent);
  fields.emplace_back("dropped", figures.traffic.drops.total());
  if (figures.media.received.packets > 0) AddReceived(figures.media.received, fields);
  if (figures.media.sent.packets > 0) AddSent(figures.media.sent, fields);
  fields.emplace_back("producers", figures.producers);
  fields.emplace_back("consumers", figures.consumers);
}

}  // namespace confab::media
