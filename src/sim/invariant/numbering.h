#pragma once

#include <bitset>
#include <map>
#include <optional>
#include <vector>

#include "sim/invariant/index_set.h"
#include "sim/invariant/invariant.h"

namespace confab::sim {

// What a receiver sees is one stream: no sequence number twice, no gap but for packets that had not
// reached the server, or only when it may have given them up, or were withheld from a path on
// trial, RTP timestamps in the order of the numbers, and repetitions of what was sent.
class Numbering final : public Invariant {
 public:
  explicit Numbering(const World& world) : world_(world) {}
  std::string_view name() const override { return "numbering"; }

  void OnServerOpened(Timestamp now, rtc::Ssrc ssrc, uint16_t sequence, BytesView payload) override;
  void OnServerPacket(Timestamp now, const ServerPacket& packet) override;
  void AtStepEnd(Timestamp now) override;

 private:
  // Which of a producer's newest packets have reached the server in time.
  struct Source {
    std::bitset<65'536> reached;  // by sequence number; of the newer half of the circle
    uint16_t newest = 0;
    bool started = false;
    std::map<uint16_t, Timestamp> missed;  // since when newer ones are there
    void Note(Timestamp now, uint16_t sequence);
  };
  struct Sent {
    uint64_t index = ~uint64_t{0};
    uint32_t rtp_timestamp = 0;
    uint16_t source = 0;
  };
  struct Stream {
    static constexpr size_t kRemembered = 2048;
    std::vector<Sent> sent;  // ring by index
    IndexSet used;
    uint64_t newest = 0;
    uint16_t newest_source = 0;
    bool started = false;
    const Sent* Find(uint64_t index) const;
    // Whether the number so many before the newest one was passed over.
    bool IsGap(uint16_t back) const;
  };
  // Numbers that were passed over: none may be, unless their packets are missing.
  struct Gap {
    Stream* stream;
    const ConsumerEntry* consumer;
    uint64_t from, to;                // numbers, both excluded
    uint16_t source_from, source_to;  // the same
  };

  void CheckOrder(const ServerPacket& packet, const Stream& stream, const Sent& sent);
  void CheckRepetition(const ServerPacket& packet);
  size_t Missing(const Gap& gap) const;
  // Packets of all its streams that were numbered and not sent, because their path was on trial.
  static uint64_t Withheld(const TransportEntry& transport);

  World world_;
  std::map<rtc::Ssrc, Source> sources_;
  std::map<rtc::Ssrc, rtc::Ssrc> media_of_rtx_;
  std::map<const ConsumerEntry*, Stream> streams_;  // looked up, never walked
  // Numbers that were missed because their packets were withheld; the same.
  std::map<const TransportEntry*, uint64_t> excused_;
  std::vector<Gap> gaps_;
};

}  // namespace confab::sim
