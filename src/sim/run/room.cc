#include "sim/run/room.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "sfu/parameters/supported_capabilities.h"
#include "sim/peer/parameters.h"
#include "sim/peer/scripted_dtls.h"

namespace confab::sim {
namespace {

constexpr std::string_view kKinds[] = {"audio", "video"};  // by media kind

std::string_view NameOf(rtc::MediaKind kind) {
  return kKinds[static_cast<size_t>(kind)];
}

}  // namespace

Room::Room(const Scenario& scenario, PeerContext& context, sfu::Worker& worker, Ledger& ledger,
           Tasks& tasks, Faults* faults)
    : scenario_(scenario),
      context_(context),
      worker_(worker),
      ledger_(ledger),
      tasks_(tasks),
      faults_(faults) {}

sfu::Router* Room::router() {
  const auto found = worker_.FindRouter(kRouter);
  return found ? *found : nullptr;
}

sfu::Transport* Room::ServerTransport(const TransportEntry* transport) {
  if (transport == nullptr || !transport->is_open()) return nullptr;
  const auto found = router()->FindTransport(transport->id);
  CHECK(found.has_value());
  return *found;
}

Person* Room::Current(uint32_t plan) {
  const auto found = std::ranges::find_if(
      people_, [plan](const Person& person) { return person.plan == plan && person.here; });
  return found == people_.end() ? nullptr : &*found;
}

void Room::Do(Timestamp now, const Action& action) {
  Person* who = Current(action.who);
  if ((who == nullptr) != (action.kind == ActionKind::kJoin)) return;  // nobody, or there already
  ++actions_;
  switch (action.kind) {
    case ActionKind::kJoin: return Join(now, action.who);
    case ActionKind::kLeave: return Leave(now, *who, true);
    case ActionKind::kVanish: return Leave(now, *who, false);
    case ActionKind::kPauseProducer: return SetProducerPaused(now, *who, action.media, true);
    case ActionKind::kResumeProducer: return SetProducerPaused(now, *who, action.media, false);
    case ActionKind::kPauseConsumer:
    case ActionKind::kResumeConsumer: {
      const Person* whom = Current(action.whom);
      ConsumerEntry* consumer = whom == nullptr ? nullptr : ConsumerOf(*who, *whom, action.media);
      if (consumer == nullptr) return;
      const bool paused = action.kind == ActionKind::kPauseConsumer;
      return Later(now, [this, consumer, paused](Timestamp at) {
        SetConsumerPaused(at, *consumer, paused);
      });
    }
    case ActionKind::kCloseProducer: return CloseProducer(now, *who, action.media);
    case ActionKind::kMove:
      who->client->Move();
      if (who->send != nullptr) {
        ledger_.AddAddress(*who->send, who->client->send().address());
        ledger_.AddAddress(*who->receive, who->client->receive().address());
      }
      return RestartIce(now, *who);
    case ActionKind::kRestartIce: return RestartIce(now, *who);
  }
}

// --- Coming.

void Room::Join(Timestamp now, uint32_t plan) {
  const auto number = static_cast<uint32_t>(people_.size());
  Person& person = people_.emplace_back();
  person.plan = plan;
  person.disturbed_at = now;
  person.client =
      std::make_unique<Participant>(now, context_, number, scenario_.participants[plan]);
  CHECK(person.client->host() == number);
  Later(now, [this, &person](Timestamp at) {
    if (person.here) ServerJoins(at, person);
  });
}

TransportEntry* Room::AddTransport(Timestamp now, Person& person, std::string_view direction,
                                   const SocketAddress& address) {
  std::string id = fmt::format("transport-{}-{}", person.client->number(), direction);
  sfu::RemoteDtls remote;
  remote.fingerprints = {ScriptedDtls::FingerprintOf(ScriptedDtls::kClientCertificate)};
  const auto transport = worker_.CreateTransport(
      now,
      {.id = id, .router_id = std::string(kRouter), .capabilities = sfu::RouterRtpCapabilities()},
      std::move(remote));
  CHECK(transport.has_value());
  return &ledger_.AddTransport({.id = std::move(id),
                                .participant = person.client->number(),
                                .session = &(*transport)->session(),
                                .opened_at = now},
                               address);
}

void Room::ServerJoins(Timestamp now, Person& person) {
  person.send = AddTransport(now, person, "send", person.client->send().address());
  person.receive = AddTransport(now, person, "receive", person.client->receive().address());
  for (ProducerEntry& producer : ledger_.producers()) {
    if (producer.open) ServerConsumes(now, person, producer, false);
  }
  Later(now, [this, &person](Timestamp at) {
    auto* send = ServerTransport(person.send);
    auto* receive = ServerTransport(person.receive);
    if (!person.here || send == nullptr || receive == nullptr) return;
    person.client->Connect(at, send->session().ice().local_credentials(),
                           receive->session().ice().local_credentials());
    person.client->Flush(at);
  });
}

void Room::Attend(Timestamp now, Person& person) {
  if (person.connected_at.is_never() && person.client->connected()) person.connected_at = now;
  if (!person.client->TakeReadyToPublish()) return;
  person.client->Flush(now);
  Later(now, [this, &person](Timestamp at) { ServerPublishes(at, person); });
}

void Room::ServerPublishes(Timestamp now, Person& person) {
  if (ServerTransport(person.send) == nullptr) return;
  for (const Participant::Published& published : person.client->published()) {
    const std::string id =
        fmt::format("producer-{}-{}", person.client->number(), NameOf(published.kind));
    const auto producer = router()->Produce(
        now, person.send->id,
        {.id = id,
         .kind = published.kind,
         .parameters = SentParameters(published.kind, published.ssrc, published.rtx_ssrc),
         .cname = fmt::format("person-{}", person.client->number()),
         .paused = published.paused});
    CHECK(producer.has_value());
    ProducerEntry& entry = ledger_.AddProducer({.id = id,
                                                .participant = person.client->number(),
                                                .kind = published.kind,
                                                .ssrc = published.ssrc,
                                                .rtx_ssrc = published.rtx_ssrc,
                                                .paused = published.paused,
                                                .changed_at = now});
    worker_.Touch(**router()->FindTransport(person.send->id));
    for (Person& other : people_) {
      if (&other != &person) ServerConsumes(now, other, entry, true);
    }
  }
}

// Those of the join's reply begin when the transport connects; later ones at the acknowledgement.
void Room::ServerConsumes(Timestamp now, Person& person, ProducerEntry& producer, bool paused) {
  if (ServerTransport(person.receive) == nullptr) return;
  if (producer.participant == person.client->number()) return;
  std::string id = fmt::format("consumer-{}-of-{}", consumers_++, producer.id);
  const auto consumer =
      router()->Consume(now, person.receive->id,
                        {.consumer_id = id, .producer_id = producer.id, .paused = paused}, nullptr);
  CHECK(consumer.has_value());
  worker_.Touch((*consumer)->transport());
  const sfu::RtpParameters parameters = (*consumer)->parameters();
  ConsumerEntry& entry = ledger_.AddConsumer({.id = std::move(id),
                                              .transport = person.receive,
                                              .producer = &producer,
                                              .ssrc = *parameters.encodings.front().ssrc,
                                              .rtx_ssrc = parameters.encodings.front().rtx_ssrc,
                                              .paused = paused,
                                              .changed_at = now});
  const TimeDelta deadline = DeadlineOf(people_[producer.participant], person);
  Later(now, [this, &person, &entry, parameters, deadline, paused](Timestamp at) {
    if (!person.here || !entry.open) return;
    const Timestamp measure_from = entry.paused ? Timestamp::Never() : at;
    person.client->AddReceived(parameters, entry.producer->kind, measure_from, deadline);
    if (!paused) return;
    Later(at, [this, &entry](Timestamp then) { SetConsumerPaused(then, entry, false); });
  });
}

// --- Changing.

// Three round trips between the two and a frame interval.
TimeDelta Room::DeadlineOf(const Person& from, const Person& to) const {
  const ParticipantPlan& sender = PlanOf(from);
  const ParticipantPlan& receiver = PlanOf(to);
  const TimeDelta round_trip =
      sender.up.delay + receiver.down.delay + receiver.up.delay + sender.down.delay;
  const TimeDelta interval =
      sender.video ? sender.video->frame_interval : Participant::kAudioInterval;
  return round_trip * 3 + interval;
}

ProducerEntry* Room::ProducerOf(const Person& person, rtc::MediaKind kind) {
  for (ProducerEntry& producer : ledger_.producers()) {
    if (producer.open && producer.kind == kind && producer.participant == person.client->number()) {
      return &producer;
    }
  }
  return nullptr;
}

ConsumerEntry* Room::ConsumerOf(const Person& who, const Person& whom, rtc::MediaKind kind) {
  for (ConsumerEntry& consumer : ledger_.consumers()) {
    if (consumer.open && consumer.transport == who.receive && consumer.producer->kind == kind &&
        consumer.producer->participant == whom.client->number()) {
      return &consumer;
    }
  }
  return nullptr;
}

void Room::SetProducerPaused(Timestamp now, Person& person, rtc::MediaKind kind, bool paused) {
  person.client->SetSending(now, kind, !paused);
  person.client->Flush(now);
  Later(now, [this, &person, kind, paused](Timestamp at) {
    ProducerEntry* entry = ProducerOf(person, kind);
    if (entry == nullptr || entry->paused == paused) return;
    entry->paused = paused;
    entry->changed_at = at;
    if (Swallows(paused ? ActionKind::kPauseProducer : ActionKind::kResumeProducer)) return;
    sfu::Producer& producer = **router()->FindProducer(entry->id);
    if (paused) return router()->PauseProducer(producer);
    router()->ResumeProducer(at, producer);
    worker_.Touch(producer.transport());
    for (const ConsumerEntry& consumer : ledger_.consumers()) {
      if (consumer.producer == entry && consumer.open) MeasureFrom(at, consumer);
    }
  });
}

void Room::SetConsumerPaused(Timestamp now, ConsumerEntry& entry, bool paused) {
  if (!entry.open || entry.paused == paused) return;
  entry.paused = paused;
  entry.changed_at = now;
  if (Swallows(paused ? ActionKind::kPauseConsumer : ActionKind::kResumeConsumer)) return;
  sfu::Consumer& consumer = **router()->FindConsumer(entry.id);
  if (paused) {
    router()->PauseConsumer(now, consumer);
  } else {
    router()->ResumeConsumer(now, consumer);
    MeasureFrom(now, entry);
  }
  worker_.Touch(consumer.transport());
  worker_.Touch(consumer.producer().transport());
}

void Room::MeasureFrom(Timestamp now, const ConsumerEntry& consumer) {
  Person& person = people_[consumer.transport->participant];
  if (ReceivedStream* stream = person.client->FindReceived(consumer.ssrc)) {
    stream->frames().MeasureFrom(now);
  }
}

void Room::CloseProducer(Timestamp now, Person& person, rtc::MediaKind kind) {
  person.client->SetSending(now, kind, false);
  Later(now, [this, &person, kind](Timestamp at) {
    ProducerEntry* entry = ProducerOf(person, kind);
    if (entry == nullptr) return;
    (void)router()->CloseProducer(**router()->FindProducer(entry->id));
    ledger_.CloseProducer(at, *entry);
    ForgetClosed(at);
  });
}

void Room::RestartIce(Timestamp now, Person& person) {
  person.disturbed_at = now;
  Later(now, [this, &person](Timestamp at) {
    auto* send = ServerTransport(person.send);
    auto* receive = ServerTransport(person.receive);
    if (send == nullptr || receive == nullptr) return;
    const rtc::IceCredentials for_send = worker_.RestartIce(*send);
    const rtc::IceCredentials for_receive = worker_.RestartIce(*receive);
    Later(at, [&person, for_send, for_receive](Timestamp then) {
      if (!person.here) return;
      person.disturbed_at = then;
      person.client->Recheck(then, for_send, for_receive);
      person.client->Flush(then);
    });
  });
}

// --- Going.

void Room::Leave(Timestamp now, Person& person, bool says_so) {
  person.here = false;
  person.client->Detach();
  if (!says_so) return;
  Later(now, [this, &person](Timestamp at) {
    if (Swallows(ActionKind::kLeave)) return;
    ServerCloses(at, person.send);
    ServerCloses(at, person.receive);
    ForgetClosed(at);
  });
}

void Room::ServerCloses(Timestamp now, TransportEntry* entry) {
  if (entry == nullptr || !entry->is_open()) return;
  (void)worker_.CloseTransport(*ServerTransport(entry));
  for (ProducerEntry& producer : ledger_.producers()) {
    if (producer.participant == entry->participant && people_[entry->participant].send == entry) {
      ledger_.CloseProducer(now, producer);
    }
  }
  ledger_.CloseTransport(now, *entry);
}

// Receivers hear of it.
void Room::ForgetClosed(Timestamp now) {
  for (const ConsumerEntry& consumer : ledger_.consumers()) {
    if (consumer.open || consumer.changed_at != now) continue;
    Later(now, [this, &consumer](Timestamp) {
      people_[consumer.transport->participant].client->RemoveReceived(consumer.ssrc);
    });
  }
}

void Room::OnWorkerEvent(Timestamp now, const sfu::WorkerEvent& event) {
  if (const auto* connected = std::get_if<sfu::TransportConnected>(&event)) {
    TransportEntry* entry = ledger_.FindTransport(connected->transport_id);
    if (entry == nullptr || !entry->is_open()) return;
    entry->told_connected = true;
    for (const ConsumerEntry& consumer : ledger_.consumers()) {
      if (consumer.transport == entry && consumer.open && !consumer.paused) {
        MeasureFrom(now, consumer);
      }
    }
  } else if (const auto* closed = std::get_if<sfu::TransportClosed>(&event)) {
    TransportEntry* entry = ledger_.FindTransport(closed->transport_id);
    if (entry == nullptr) return;
    for (const std::string& id : closed->closed.producers) {
      if (ProducerEntry* producer = ledger_.FindProducer(id)) ledger_.CloseProducer(now, *producer);
    }
    ledger_.CloseTransport(now, *entry);
    ForgetClosed(now);
  }
}

void Room::EveryoneLeaves(Timestamp now) {
  for (Person& person : people_) {
    if (person.here) Leave(now, person, true);
  }
}

void Room::CloseRouter(Timestamp now) {
  sfu::Router* const open = router();
  if (open == nullptr) return;
  worker_.CloseRouter(*open);
  for (ProducerEntry& producer : ledger_.producers()) ledger_.CloseProducer(now, producer);
  for (TransportEntry& transport : ledger_.transports()) ledger_.CloseTransport(now, transport);
  ForgetClosed(now);
}

}  // namespace confab::sim
