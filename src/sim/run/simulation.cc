#include "sim/run/simulation.h"

#include <algorithm>

#include "base/check.h"
#include "rtc/srtp/evp_srtp_engine.h"
#include "rtc/srtp/null_srtp_engine.h"
#include "sim/invariant/closed_is_silent.h"
#include "sim/invariant/ends_in_time.h"
#include "sim/invariant/muted.h"
#include "sim/invariant/nothing_stays.h"
#include "sim/invariant/numbering.h"
#include "sim/invariant/within_limits.h"
#include "sim/peer/scripted_dtls.h"
#include "sim/run/seed.h"

namespace confab::sim {
namespace {

constexpr Timestamp kBegin = Timestamp::Millis(1'000'000);
constexpr int64_t kUnixMicros = 1'700'000'000'000'000;
constexpr rtc::LocalSocket kSocket{0};

SocketAddress ServerAddress() {
  return SocketAddress::Ipv4({192, 0, 2, 1}, 40'000);
}

std::unique_ptr<rtc::SrtpEngine> MakeEngine(EngineKind kind) {
  switch (kind) {
    case EngineKind::kNull: return std::make_unique<rtc::NullSrtpEngine>();
    case EngineKind::kGcm: return std::make_unique<rtc::EvpSrtpEngine>();
  }
  return nullptr;
}

sfu::DtlsFactory ServerDtls(Prng& random) {
  return [&random] {
    return std::make_unique<ScriptedDtls>(ScriptedDtls::Options{.role = rtc::DtlsRole::kServer},
                                          random);
  };
}

}  // namespace

std::string_view ToString(EngineKind kind) {
  return kind == EngineKind::kNull ? "null" : "gcm";
}

Simulation::Simulation(Scenario scenario, Options options)
    : scenario_(std::move(scenario)),
      options_(options),
      now_(kBegin),
      end_(kBegin + scenario_.duration + kAfterLeaving + kAfterClosing),
      sealed_(new SealedOnce),
      engine_(MakeEngine(options.engine)),
      server_engine_(
          std::make_unique<CheckedEngine>(*engine_, *sealed_, static_cast<OpenObserver*>(this))),
      client_engine_(std::make_unique<CheckedEngine>(*engine_, *sealed_, nullptr)),
      faulty_engine_(options.faults ? options.faults->WrapEngine(*server_engine_) : nullptr),
      server_random_(RandomFor(options.seed, Purpose::kServer)),
      server_dtls_random_(RandomFor(options.seed, Purpose::kServerDtls)),
      certificate_(*rtc::DtlsCertificate::Generate()),
      network_(options.seed),
      context_{.seed = options.seed,
               .engine = *client_engine_,
               .pool = client_pool_,
               .network = network_,
               .server = ServerAddress()},
      worker_(faulty_engine_ ? *faulty_engine_ : *server_engine_, certificate_, server_random_,
              sfu::NodeClock(kBegin, kUnixMicros), {}, ServerDtls(server_dtls_random_)),
      room_(scenario_, context_, worker_, ledger_, tasks_, options.faults),
      next_second_(kBegin + TimeDelta::Seconds(1)) {
  const World world{ledger_, worker_};
  invariants_.emplace_back(sealed_);
  invariants_.push_back(std::make_unique<Numbering>(world));
  // Before ClosedIsSilent: who is given up wrongly is still sent to in the same step.
  invariants_.push_back(std::make_unique<EndsInTime>(world));
  invariants_.push_back(std::make_unique<ClosedIsSilent>(world));
  invariants_.push_back(std::make_unique<WithinLimits>(world));
  invariants_.push_back(std::make_unique<NothingStays>(world));
  invariants_.push_back(std::make_unique<Muted>());
  invariants_.push_back(std::make_unique<Flowing>(world, static_cast<const ClientView&>(*this)));
  Plan();
}

Simulation::~Simulation() {
  waiting_.clear();
  packets_.clear();
}

void Simulation::Plan() {
  for (const Action& action : scenario_.actions) {
    if (action.at >= scenario_.duration) continue;
    tasks_.Add(kBegin + action.at, [this, action](Timestamp now) { room_.Do(now, action); });
  }
  const Timestamp leaving = kBegin + scenario_.duration;
  tasks_.Add(leaving, [this](Timestamp now) { room_.EveryoneLeaves(now); });
  tasks_.Add(leaving + kAfterLeaving, [this](Timestamp now) { room_.CloseRouter(now); });
}

void Simulation::Run() {
  while (Step()) {
  }
}

Timestamp Simulation::NextStep() const {
  Timestamp next =
      std::min({network_.next(), tasks_.next(), ServerTimeout(), next_turn_, next_second_});
  for (const Person& person : room_.people()) {
    if (person.here) next = std::min(next, person.client->NextTimeout());
  }
  return next;
}

Timestamp Simulation::ServerTimeout() const {
  const bool asleep = options_.faults != nullptr && options_.faults->Oversleeps(now_);
  return asleep ? Timestamp::Never() : worker_.NextTimeout();
}

bool Simulation::Step() {
  if (over_) return false;
  const Timestamp next = NextStep();
  if (next > end_) {
    now_ = end_;
    over_ = true;
    for (const auto& invariant : invariants_) invariant->AtEnd(now_);
    return Judge();
  }
  now_ = std::max(now_, next);
  Deliver();
  ReceiveTurn();
  RunTasks();
  if (ServerTimeout() <= now_) worker_.HandleTimeouts(now_);
  WakePeople();
  FlushServer();
  CheckStep();
  return Judge();
}

void Simulation::Deliver() {
  while (network_.next() <= now_) {
    const Arrived arrived = network_.Take();
    if (arrived.direction == Direction::kDown) {
      Person& person = room_.PersonOf(arrived.host);
      if (!person.here) continue;
      person.client->Receive(now_, arrived);
      room_.Attend(now_, person);
      person.client->Flush(now_);
      continue;
    }
    for (const auto& invariant : invariants_) invariant->OnServerArrival();
    rtc::PacketRef packet = worker_.AcquirePacket();
    CHECK(packet);
    std::ranges::copy(arrived.bytes, packet.writable().buffer().begin());
    packet.writable().size = static_cast<uint16_t>(arrived.bytes.size());
    packet.writable().received_at = now_;
    packet.writable().path = {kSocket, arrived.client};
    waiting_.push_back(std::move(packet));
    if (waiting_.size() > 1 && !next_turn_.is_never()) continue;
    const int64_t turn = scenario_.server_turn.us();
    next_turn_ = turn == 0 ? now_ : Timestamp::Micros((now_.us() + turn - 1) / turn * turn);
  }
}

void Simulation::ReceiveTurn() {
  if (next_turn_ > now_) return;
  next_turn_ = Timestamp::Never();
  worker_.Receive(now_, waiting_);
  waiting_.clear();
}

void Simulation::RunTasks() {
  while (tasks_.next() <= now_) tasks_.Take()(now_);
}

void Simulation::WakePeople() {
  for (Person& person : room_.people()) {
    if (!person.here || person.client->NextTimeout() > now_) continue;
    person.client->HandleTimeout(now_);
    room_.Attend(now_, person);
    person.client->Flush(now_);
  }
}

void Simulation::TakeWorkerEvents() {
  std::vector<sfu::WorkerEvent> events = worker_.TakeEvents();
  if (options_.faults != nullptr) options_.faults->OnWorkerEvents(events);
  for (const sfu::WorkerEvent& event : events) {
    for (const auto& invariant : invariants_) invariant->OnWorkerEvent(now_, event);
    room_.OnWorkerEvent(now_, event);
  }
}

void Simulation::FlushServer() {
  TakeWorkerEvents();
  for (const rtc::OutgoingDatagram& datagram : worker_.datagrams()) {
    for (const auto& invariant : invariants_) {
      invariant->OnServerDatagram(now_, datagram.path, datagram.bytes);
    }
    network_.SendDown(now_, datagram.path.remote, datagram.bytes);
  }
  worker_.ClearDatagrams();
  while (const rtc::SealBatch* batch = worker_.NextBatch(now_)) SendBatch(*batch);
}

void Simulation::SendBatch(const rtc::SealBatch& batch) {
  packets_.clear();
  for (size_t i = 0; i < batch.jobs().size(); ++i) {
    const rtc::SealJob& job = batch.jobs()[i];
    ServerPacket& packet = packets_.emplace_back();
    packet.path = batch.entries()[i].path;
    packet.kind = job.kind;
    packet.ssrc = job.ssrc;
    packet.index = job.index;
    packet.source = batch.entries()[i].packet;
    packet.prefix = BytesView(job.prefix).first(job.prefix_size);
    packet.bytes = job.out.first(job.sealed_size);
  }
  if (options_.faults != nullptr) options_.faults->OnServerPackets(now_, packets_);
  for (ServerPacket& packet : packets_) {
    packet.transport = ledger_.TransportAt(packet.path.remote);
    if (packet.kind == rtc::SrtpKind::kRtp && packet.transport != nullptr) {
      packet.consumer = ledger_.FindConsumer(*packet.transport, packet.ssrc);
    }
    for (const auto& invariant : invariants_) invariant->OnServerPacket(now_, packet);
    network_.SendDown(now_, packet.path.remote, packet.bytes);
  }
  packets_.clear();
}

void Simulation::CheckStep() {
  most_packets_in_use_ = std::max(most_packets_in_use_, worker_.packets_in_use());
  for (const auto& invariant : invariants_) invariant->AtStepEnd(now_);
  if (now_ < next_second_) return;
  next_second_ = now_ + TimeDelta::Seconds(1);
  for (const auto& invariant : invariants_) invariant->EverySecond(now_);
}

bool Simulation::Judge() {
  for (const auto& invariant : invariants_) {
    if (!invariant->broken() || violation_) continue;
    violation_ = {std::string(invariant->name()), *invariant->broken(), now_};
    over_ = true;
  }
  return !over_;
}

void Simulation::OnOpened(rtc::Ssrc ssrc, uint16_t sequence, BytesView payload) {
  for (const auto& invariant : invariants_) {
    invariant->OnServerOpened(now_, ssrc, sequence, payload);
  }
}

// --- What invariants ask of the participants' side.

Timestamp Simulation::EndOfDisturbance(const Person& person) const {
  Timestamp since = person.disturbed_at;
  const ParticipantPlan& plan = room_.PlanOf(person);
  for (const LinkOptions* link : {&plan.up, &plan.down}) {
    for (const Outage& outage : link->outages) {
      if (outage.from <= now_) since = std::max(since, outage.until);
    }
  }
  return since;
}

Timestamp Simulation::WaitsSince(uint32_t participant) const {
  const Person& person = room_.people()[participant];
  if (!person.here || !room_.PlanOf(person).ample) return Timestamp::Never();
  return EndOfDisturbance(person);
}

Timestamp Simulation::CalmSince(uint32_t participant) const {
  const Person& person = room_.people()[participant];
  if (person.connected_at.is_never()) return Timestamp::Never();
  const Timestamp since = WaitsSince(participant);
  return since.is_never() ? since : std::max(since, person.connected_at);
}

Timestamp Simulation::LastProgress(const ConsumerEntry& consumer) const {
  const Person& person = room_.people()[consumer.transport->participant];
  const ReceivedStream* stream = person.client->FindReceived(consumer.ssrc);
  if (stream == nullptr) return Timestamp::Past();
  return consumer.producer->kind == rtc::MediaKind::kVideo ? stream->frames().last_shown_at()
                                                           : stream->last_packet_at();
}

Report Simulation::MakeReport() const {
  Report report{.scenario = scenario_.name,
                .seed = options_.seed,
                .engine = std::string(ToString(options_.engine)),
                .simulated = scenario_.duration,
                .joins = room_.joins(),
                .actions = room_.actions(),
                .datagrams = network_.datagrams(),
                .bytes = network_.bytes(),
                .up = network_.counters(Direction::kUp),
                .down = network_.counters(Direction::kDown),
                .worker_received = worker_.counters().datagrams_received,
                .worker_sent = worker_.counters().datagrams_sent,
                .worker_turns = worker_.counters().turns,
                .server = worker_.counters().closed_sessions,
                .most_packets_in_use = most_packets_in_use_,
                .digest = network_.digest().ToString(),
                .violation = violation_};
  report.server.drops += worker_.counters().drops;
  for (const TransportEntry& transport : ledger_.transports()) {
    if (transport.session != nullptr) report.server += transport.session->counters();
  }
  for (const Person& person : room_.people()) person.client->AddTo(report);
  return report;
}

}  // namespace confab::sim
