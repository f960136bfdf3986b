#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/error.h"
#include "forward/crowd.h"
#include "forward/forwarder.h"
#include "forward/traffic.h"

namespace confab::bench {

// A forwarder without an SFU, for comparison: one stream, one key, a list of receivers. It
// receives, opens, gives each receiver its own header, seals and sends; the receivers only count.
class Yardstick final : public Forwarder {
 public:
  enum class Kind {
    kProbe,    // everything in batches: the least that this way of forwarding can cost
    kClassic,  // one call of the cipher and one sendto for each packet and receiver
  };
  static Result<std::unique_ptr<Yardstick>> Start(Kind kind, Crowd& crowd, const Traffic& traffic,
                                                  rtc::SrtpProfile profile);
  ~Yardstick() override;

  std::string_view name() const override { return kind_ == Kind::kProbe ? "probe" : "classic"; }
  void Feed(int packets) override;
  int64_t CpuNanos() override { return cpu_nanos_; }
  bool receivers_have_keys() const override { return false; }

 private:
  Yardstick(Kind kind, Crowd& crowd, const Traffic& traffic, rtc::SrtpProfile profile,
            net::UdpSocket socket, net::UdpSocket source);
  void Run();
  void ForwardBatch(std::span<const rtc::PacketRef> packets);
  void SendProbe();
  void SendClassic();
  // Puts the packet with a header for `receiver` into the batch.
  void Add(const rtc::Packet& packet, size_t receiver);

  Kind kind_;
  const Traffic* traffic_;
  net::UdpSocket socket_;
  net::UdpSocket source_;
  std::vector<SocketAddress> receivers_;
  std::vector<uint16_t> next_sequence_;  // one a receiver

  // The feeding side.
  rtc::EvpSrtpEngine source_engine_;
  std::unique_ptr<rtc::SrtpKeys> source_keys_;
  uint64_t source_index_ = 0;

  // The forwarding thread's.
  rtc::PacketPool pool_;
  rtc::EvpSrtpEngine engine_;
  std::unique_ptr<rtc::SrtpKeys> open_keys_;
  std::vector<std::unique_ptr<rtc::SrtpKeys>> seal_keys_;  // one a receiver
  rtc::SealBatch batch_;
  std::vector<net::UdpSendRun> runs_;
  std::atomic<int64_t> cpu_nanos_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace confab::bench
