#pragma once

#include "sim/invariant/invariant.h"

namespace confab::sim {

// What the participants' side knows.
class ClientView {
 public:
  virtual ~ClientView() = default;
  // Since when the participant is here, connected, undisturbed and on links that carry what is sent;
  // Never if it is not.
  virtual Timestamp CalmSince(uint32_t participant) const = 0;
  // Since when it is here on such links, connected or not; Never if it is not.
  virtual Timestamp WaitsSince(uint32_t participant) const = 0;
  // When the receiver last got further: video by a frame that can be shown, audio by a packet.
  virtual Timestamp LastProgress(const ConsumerEntry& consumer) const = 0;
};

// Where nothing stands in the way, media flows: whoever is here connects, and every receiver sees
// the frames of every producer that is not paused go on.
class Flowing final : public Invariant {
 public:
  // Lost keyframes and their requests are repeated within that time.
  static constexpr TimeDelta kGrace = TimeDelta::Seconds(8);
  // ICE and DTLS, whose last repetition waits for 5 s.
  static constexpr TimeDelta kConnectGrace = TimeDelta::Seconds(20);

  Flowing(const World& world, const ClientView& clients) : world_(world), clients_(clients) {}
  std::string_view name() const override { return "flowing"; }

  void EverySecond(Timestamp now) override;

 private:
  void CheckConsumer(Timestamp now, const ConsumerEntry& consumer);

  World world_;
  const ClientView& clients_;
};

}  // namespace confab::sim
