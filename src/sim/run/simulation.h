#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "rtc/packet_pool.h"
#include "sfu/worker.h"
#include "sim/invariant/checked_engine.h"
#include "sim/invariant/flowing.h"
#include "sim/invariant/invariant.h"
#include "sim/network/network.h"
#include "sim/run/report.h"
#include "sim/run/room.h"

namespace confab::sim {

enum class EngineKind : uint8_t { kNull, kGcm };
std::string_view ToString(EngineKind kind);

// One run: a worker, its people and the network between them on one thread in virtual time. What it
// does is decided by the scenario, the seed and the engine alone.
class Simulation final : private OpenObserver, private ClientView {
 public:
  // After everyone has left, before the room is closed, and before the run ends.
  static constexpr TimeDelta kAfterLeaving = TimeDelta::Seconds(2);
  // Caches are empty by then. Transports of people who vanished lately went with the room.
  static constexpr TimeDelta kAfterClosing = TimeDelta::Seconds(6);

  struct Options {
    uint64_t seed = 1;
    EngineKind engine = EngineKind::kNull;
    Faults* faults = nullptr;  // outlives the run
  };
  Simulation(Scenario scenario, Options options);
  ~Simulation() override;
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // To the end, or until an invariant is broken.
  void Run();
  // One point in time. False: the run is over.
  bool Step();

  Timestamp now() const { return now_; }
  const Room& room() const { return room_; }
  const sfu::Worker& worker() const { return worker_; }
  const Ledger& ledger() const { return ledger_; }
  Report MakeReport() const;

 private:
  void OnOpened(rtc::Ssrc ssrc, uint16_t sequence, BytesView payload) override;
  Timestamp CalmSince(uint32_t participant) const override;
  Timestamp WaitsSince(uint32_t participant) const override;
  Timestamp LastProgress(const ConsumerEntry& consumer) const override;

  void Plan();
  Timestamp NextStep() const;
  Timestamp ServerTimeout() const;
  void Deliver();
  void ReceiveTurn();
  void RunTasks();
  void WakePeople();
  void FlushServer();
  void TakeWorkerEvents();
  void SendBatch(const rtc::SealBatch& batch);
  void CheckStep();
  bool Judge();
  Timestamp EndOfDisturbance(const Person& person) const;

  Scenario scenario_;
  Options options_;
  Timestamp now_;
  Timestamp end_;
  SealedOnce* sealed_;  // among the invariants
  std::vector<std::unique_ptr<Invariant>> invariants_;
  std::unique_ptr<rtc::SrtpEngine> engine_;
  std::unique_ptr<CheckedEngine> server_engine_;
  std::unique_ptr<CheckedEngine> client_engine_;
  std::unique_ptr<rtc::SrtpEngine> faulty_engine_;  // null without faults
  Prng server_random_;
  Prng server_dtls_random_;
  rtc::DtlsCertificate certificate_;  // never shown to anyone
  Ledger ledger_;
  Network network_;
  rtc::PacketPool client_pool_;
  PeerContext context_;
  Room::Tasks tasks_;
  sfu::Worker worker_;
  Room room_;
  std::vector<rtc::PacketRef> waiting_;  // at the worker's door until its next turn
  std::vector<ServerPacket> packets_;    // of one batch
  Timestamp next_turn_ = Timestamp::Never();
  Timestamp next_second_;
  size_t most_packets_in_use_ = 0;
  std::optional<Violation> violation_;
  bool over_ = false;
};

}  // namespace confab::sim
