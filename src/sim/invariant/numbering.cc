#include "sim/invariant/numbering.h"

#include <fmt/format.h>

#include <algorithm>

#include "rtc/rtp/nack_requester.h"
#include "rtc/rtp/sequence_number.h"

namespace confab::sim {
namespace {

constexpr uint16_t kHalf = 0x8000;  // of the circle of sequence numbers
// After so long at the earliest: what the server has given up it does not forward any more.
constexpr TimeDelta kGivenUp = rtc::NackRequester::kMinRetry * rtc::NackRequester::kMaxAttempts;

}  // namespace

void Numbering::Source::Note(Timestamp now, uint16_t sequence) {
  if (!started) {
    started = true;
    newest = sequence;
  }
  for (; rtc::IsNewerSequence(sequence, newest); ++newest) {
    const auto next = static_cast<uint16_t>(newest + 1);
    reached.reset(next);
    missed.erase(static_cast<uint16_t>(next + kHalf));
    if (next != sequence) missed[next] = now;
  }
  const auto since = missed.find(sequence);
  if (since != missed.end() && now - since->second >= kGivenUp) return;
  if (since != missed.end()) missed.erase(since);
  reached.set(sequence);
}

const Numbering::Sent* Numbering::Stream::Find(uint64_t index) const {
  if (sent.empty()) return nullptr;
  const Sent& entry = sent[index % kRemembered];
  return entry.index == index ? &entry : nullptr;
}

bool Numbering::Stream::IsGap(uint16_t back) const {
  return back < kRemembered && back <= newest && !used.Has(newest - back);
}

// The ledger knows which ssrc repeats which; a repetition says its number first (RFC 4588 §4).
void Numbering::OnServerOpened(Timestamp now, rtc::Ssrc ssrc, uint16_t sequence,
                               BytesView payload) {
  if (const auto known = sources_.find(ssrc); known != sources_.end()) {
    return known->second.Note(now, sequence);
  }
  auto rtx = media_of_rtx_.find(ssrc);
  if (rtx == media_of_rtx_.end()) {
    for (const ProducerEntry& producer : world_.ledger.producers()) {
      if (producer.rtx_ssrc == ssrc) rtx = media_of_rtx_.emplace(ssrc, producer.ssrc).first;
    }
  }
  if (rtx == media_of_rtx_.end()) return sources_[ssrc].Note(now, sequence);
  if (payload.size() > 2) sources_[rtx->second].Note(now, LoadU16(payload.data()));
}

void Numbering::OnServerPacket(Timestamp, const ServerPacket& packet) {
  if (packet.kind != rtc::SrtpKind::kRtp || packet.consumer == nullptr) return;
  if (packet.is_rtx()) return CheckRepetition(packet);
  Stream& stream = streams_[packet.consumer];
  if (stream.sent.empty()) stream.sent.resize(Stream::kRemembered);
  const Sent sent{.index = packet.index,
                  .rtp_timestamp = LoadU32(&packet.bytes[4]),
                  .source = packet.source->sequence};
  if (!stream.used.Insert(packet.index)) {
    Break(fmt::format("{} was sent number {} twice", packet.consumer->id, packet.index));
  }
  CheckOrder(packet, stream, sent);
  if (stream.started && packet.index > stream.newest + 1) {
    gaps_.push_back(
        {&stream, packet.consumer, stream.newest, packet.index, stream.newest_source, sent.source});
  }
  stream.sent[packet.index % Stream::kRemembered] = sent;
  if (!stream.started || packet.index > stream.newest) {
    stream.started = true;
    stream.newest = packet.index;
    stream.newest_source = sent.source;
  }
}

// Neighbours in number are neighbours in time.
void Numbering::CheckOrder(const ServerPacket& packet, const Stream& stream, const Sent& sent) {
  const Sent* before = packet.index == 0 ? nullptr : stream.Find(packet.index - 1);
  const Sent* after = stream.Find(packet.index + 1);
  const auto goes_back = [](const Sent* first, const Sent* second) {
    return first != nullptr && second != nullptr &&
           rtc::IsNewerSequence(first->rtp_timestamp, second->rtp_timestamp);
  };
  if (goes_back(before, &sent) || goes_back(&sent, after)) {
    Break(fmt::format("{} was sent RTP timestamp {} under number {}, out of order",
                      packet.consumer->id, sent.rtp_timestamp, packet.index));
  }
}

void Numbering::CheckRepetition(const ServerPacket& packet) {
  const auto found = streams_.find(packet.consumer);
  if (packet.prefix.size() < 2 || found == streams_.end()) {
    return Break(fmt::format("{} was sent a retransmission of nothing", packet.consumer->id));
  }
  const uint16_t original = LoadU16(packet.prefix.data());
  const Stream& stream = found->second;
  const auto back = static_cast<uint16_t>(static_cast<uint16_t>(stream.newest) - original);
  const Sent* sent = back <= stream.newest ? stream.Find(stream.newest - back) : nullptr;
  if (stream.IsGap(back) && Withheld(*packet.transport) > 0) return;  // its first try
  if (sent == nullptr || sent->source != packet.source->sequence) {
    Break(fmt::format("{} was sent a retransmission of number {} with another packet in it",
                      packet.consumer->id, original));
  }
}

// Packets of one batch may fill a gap that the batch itself has opened: looked at when all are out.
void Numbering::AtStepEnd(Timestamp) {
  for (const Gap& gap : gaps_) {
    size_t open = 0;
    for (uint64_t index = gap.from + 1; index < gap.to; ++index) {
      if (gap.stream->Find(index) == nullptr) ++open;
    }
    // Which ones were withheld is not known: there must not be more of them.
    const TransportEntry* transport = gap.consumer->transport;
    uint64_t& excused = excused_[transport];
    excused += open - std::min(open, Missing(gap));
    if (excused > Withheld(*transport)) {
      Break(fmt::format("{} misses {} numbers before {}, though the server had the packets",
                        gap.consumer->id, open, gap.to));
    }
  }
  gaps_.clear();
}

uint64_t Numbering::Withheld(const TransportEntry& transport) {
  const rtc::Session* session = transport.session;
  return session == nullptr ? 0 : session->counters().drops[rtc::DropReason::kUnprovenPath];
}

size_t Numbering::Missing(const Gap& gap) const {
  const auto found = sources_.find(gap.consumer->producer->ssrc);
  if (found == sources_.end()) return 0;
  if (!rtc::IsNewerSequence(gap.source_to, gap.source_from)) return 0;
  size_t missing = 0;
  for (auto s = static_cast<uint16_t>(gap.source_from + 1); s != gap.source_to; ++s) {
    if (!found->second.reached.test(s)) ++missing;
  }
  return missing;
}

}  // namespace confab::sim
