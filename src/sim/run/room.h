#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "sfu/worker.h"
#include "sim/peer/participant.h"
#include "sim/run/event_queue.h"
#include "sim/run/ledger.h"
#include "sim/scenario/scenario.h"

namespace confab::sim {

// What the run's tests may break on purpose. The default breaks nothing.
class Faults {
 public:
  virtual ~Faults() = default;
  // The server's engine; `checked` outlives what is returned. Null: `checked` itself.
  virtual std::unique_ptr<rtc::SrtpEngine> WrapEngine(rtc::SrtpEngine& /*checked*/) { return {}; }
  // Before they are looked at and sent.
  virtual void OnServerPackets(Timestamp /*now*/, std::vector<struct ServerPacket>& /*packets*/) {}
  virtual void OnWorkerEvents(std::vector<sfu::WorkerEvent>& /*events*/) {}
  // True: the server is not told, though everyone believes that it was.
  virtual bool Swallows(ActionKind /*kind*/) { return false; }
  // True: the server's timers do not fire.
  virtual bool Oversleeps(Timestamp /*now*/) { return false; }
};

// Someone who came, perhaps one of several times.
struct Person {
  uint32_t plan = 0;
  std::unique_ptr<Participant> client;
  TransportEntry* send = nullptr;  // once the server knows of it
  TransportEntry* receive = nullptr;
  bool here = true;        // on its own side
  Timestamp disturbed_at;  // joined, moved, restarted
  Timestamp connected_at = Timestamp::Never();
};

// The people of one room and what signaling does for them: an action goes to the server after a
// delay, as the same control calls that services/media makes, and its result to the others after
// another. Keeps the ledger of what was called.
class Room {
 public:
  using Tasks = EventQueue<std::function<void(Timestamp)>>;
  static constexpr std::string_view kRouter = "room";

  // All of them outlive it; `faults` may be null.
  Room(const Scenario& scenario, PeerContext& context, sfu::Worker& worker, Ledger& ledger,
       Tasks& tasks, Faults* faults);

  void Do(Timestamp now, const Action& action);
  void OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event);
  // What a participant has to say to the server by itself; after each of its steps.
  void Attend(Timestamp now, Person& person);
  void EveryoneLeaves(Timestamp now);
  void CloseRouter(Timestamp now);

  std::deque<Person>& people() { return people_; }
  const std::deque<Person>& people() const { return people_; }
  // Whose host it is.
  Person& PersonOf(uint32_t host) { return people_[host]; }
  const ParticipantPlan& PlanOf(const Person& person) const {
    return scenario_.participants[person.plan];
  }
  uint64_t joins() const { return people_.size(); }
  uint64_t actions() const { return actions_; }

 private:
  void Later(Timestamp now, std::function<void(Timestamp)> task) {
    tasks_.Add(now + scenario_.signaling_delay, std::move(task));
  }
  Person* Current(uint32_t plan);
  void Join(Timestamp now, uint32_t plan);
  void ServerJoins(Timestamp now, Person& person);
  TransportEntry* AddTransport(Timestamp now, Person& person, std::string_view direction,
                               const SocketAddress& address);
  void ServerPublishes(Timestamp now, Person& person);
  void ServerConsumes(Timestamp now, Person& person, ProducerEntry& producer, bool paused);
  void Leave(Timestamp now, Person& person, bool says_so);
  void ServerCloses(Timestamp now, TransportEntry* transport);
  void ForgetClosed(Timestamp now);
  void SetProducerPaused(Timestamp now, Person& person, rtc::MediaKind kind, bool paused);
  void SetConsumerPaused(Timestamp now, ConsumerEntry& consumer, bool paused);
  void CloseProducer(Timestamp now, Person& person, rtc::MediaKind kind);
  void RestartIce(Timestamp now, Person& person);
  void MeasureFrom(Timestamp now, const ConsumerEntry& consumer);
  TimeDelta DeadlineOf(const Person& from, const Person& to) const;
  ProducerEntry* ProducerOf(const Person& person, rtc::MediaKind kind);
  ConsumerEntry* ConsumerOf(const Person& who, const Person& whom, rtc::MediaKind kind);
  sfu::Router* router();
  sfu::Transport* ServerTransport(const TransportEntry* transport);
  bool Swallows(ActionKind kind) { return faults_ != nullptr && faults_->Swallows(kind); }

  const Scenario& scenario_;
  PeerContext& context_;
  sfu::Worker& worker_;
  Ledger& ledger_;
  Tasks& tasks_;
  Faults* faults_;
  std::deque<Person> people_;  // by number; addresses stay
  uint64_t actions_ = 0;
  uint64_t consumers_ = 0;
};

}  // namespace confab::sim
