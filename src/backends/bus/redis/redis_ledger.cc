#include "backends/bus/redis/redis_ledger.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "backends/bus/redis/redis_answers.h"
#include "backends/bus/redis/redis_client.h"
#include "backends/bus/redis/redis_keys.h"
#include "backends/bus/redis/redis_subscriber.h"

namespace confab::bus {
namespace {

using Words = std::vector<std::string>;

std::string_view KindText(EntryKind kind) {
  switch (kind) {
    case EntryKind::kChange:
    case EntryKind::kBroken: return "change";
    case EntryKind::kRestated: return "restated";
    case EntryKind::kGone: return "gone";
  }
  return "change";
}

}  // namespace

struct RedisLedger::Core : std::enable_shared_from_this<Core> {
  Core(asio::io_context& context, std::shared_ptr<const RedisOptions> options, std::string region,
       const Times& t)
      : io(context),
        client(std::make_shared<RedisClient>(context, options, t.request)),
        keys(std::move(region), options->database),
        times(t) {}

  asio::io_context& io;
  std::shared_ptr<RedisClient> client;
  RedisKeys keys;
  Times times;
  Listener listener;
  uint64_t generation = 0;  // as this instance knows it; 0: not yet
  bool is_stopped = false;

  Words ArgumentsOf(const std::string& room, const Draft& draft) const;
  void TakeMessage(const std::string& channel, const std::string& bytes);
  void TakeSubscribed(const std::string& channel);
  static asio::awaitable<void> FindRooms(std::shared_ptr<Core> self);

  static asio::awaitable<Result<Written>> Write(std::shared_ptr<Core> self, std::string room,
                                                Draft draft);
  static asio::awaitable<Result<LogRead>> Read(std::shared_ptr<Core> self, std::string room,
                                               std::string life, uint64_t after);
  static asio::awaitable<Result<RoomState>> Snapshot(std::shared_ptr<Core> self, std::string room);
  static asio::awaitable<Result<void>> Touch(std::shared_ptr<Core> self, std::string room);
  static asio::awaitable<Result<Beat>> DoBeat(std::shared_ptr<Core> self, InstanceName name,
                                              std::vector<InstanceName> remote);
  static asio::awaitable<Result<void>> Leave(std::shared_ptr<Core> self, InstanceName name);
  static asio::awaitable<Result<size_t>> Publish(std::shared_ptr<Core> self, std::string channel,
                                                 std::string bytes);
  static asio::awaitable<Result<std::string>> Mark(std::shared_ptr<Core> self, std::string room,
                                                   std::string name);
};

Words RedisLedger::Core::ArgumentsOf(const std::string& room, const Draft& draft) const {
  Words words{std::to_string(generation),
              std::to_string(draft.floor),
              draft.expected_life,
              std::string(KindText(draft.kind)),
              draft.origin.text(),
              std::to_string(draft.number),
              std::to_string(draft.previous),
              draft.event,
              std::to_string(kMaxLogEntries),
              std::to_string(kMaxFieldsPerRoom),
              std::to_string(kMaxOriginsPerRoom),
              std::to_string(times.room.ms()),
              keys.NewsChannel(room),
              draft.mark_name,
              draft.mark,
              std::to_string(draft.set.size())};
  for (const OwnedField& field : draft.set) {
    words.push_back(field.key);
    words.push_back(field.value);
    words.push_back(std::to_string(field.sequence));
  }
  words.insert(words.end(), draft.remove.begin(), draft.remove.end());
  return words;
}

asio::awaitable<Result<Written>> RedisLedger::Core::Write(std::shared_ptr<Core> self,
                                                          std::string room, Draft draft) {
  if (self->generation == 0) {
    co_return Fail(ErrorCode::kUnavailable, "Redis has not answered yet");
  }
  const RedisKeys& keys = self->keys;
  Words names{keys.Room(room, "meta"), keys.Room(room, "fields"), keys.Room(room, "log"),
              keys.Room(room, "origins")};
  Words arguments = self->ArgumentsOf(room, draft);
  const auto reply =
      co_await self->client->Run(Script::kWrite, std::move(names), std::move(arguments));
  if (!reply) co_return std::unexpected(reply.error());
  co_return ParseWritten(*reply);
}

asio::awaitable<Result<LogRead>> RedisLedger::Core::Read(std::shared_ptr<Core> self,
                                                         std::string room, std::string life,
                                                         uint64_t after) {
  Words names{self->keys.Room(room, "meta"), self->keys.Room(room, "log")};
  Words arguments{std::move(life), std::to_string(after), std::to_string(kReadEntries),
                  std::to_string(self->generation)};
  const auto reply =
      co_await self->client->Run(Script::kRead, std::move(names), std::move(arguments));
  if (!reply) co_return std::unexpected(reply.error());
  co_return ParseLogRead(*reply);
}

asio::awaitable<Result<RoomState>> RedisLedger::Core::Snapshot(std::shared_ptr<Core> self,
                                                               std::string room) {
  const RedisKeys& keys = self->keys;
  Words names{keys.Room(room, "meta"), keys.Room(room, "fields"), keys.Room(room, "origins")};
  Words arguments{std::to_string(self->generation)};
  const auto reply =
      co_await self->client->Run(Script::kSnapshot, std::move(names), std::move(arguments));
  if (!reply) co_return std::unexpected(reply.error());
  co_return ParseSnapshot(*reply);
}

asio::awaitable<Result<void>> RedisLedger::Core::Touch(std::shared_ptr<Core> self,
                                                       std::string room) {
  for (const char* part : {"meta", "fields", "log", "origins"}) {
    Words words{"PEXPIRE", self->keys.Room(room, part), std::to_string(self->times.room.ms())};
    const auto reply = co_await self->client->Ask(std::move(words));
    if (!reply) co_return std::unexpected(reply.error());
  }
  co_return Result<void>();
}

asio::awaitable<Result<Beat>> RedisLedger::Core::DoBeat(std::shared_ptr<Core> self,
                                                        InstanceName name,
                                                        std::vector<InstanceName> remote) {
  Words names{self->keys.Region("generation"), self->keys.Region("instances")};
  Words arguments{name.text(), std::to_string(self->times.ttl.ms()),
                  std::to_string(self->times.remote_ttl.ms()), self->keys.InstancesChannel(),
                  std::to_string(kMaxInstances)};
  for (const InstanceName& each : remote) arguments.push_back(each.text());
  const auto reply =
      co_await self->client->Run(Script::kBeat, std::move(names), std::move(arguments));
  if (!reply) co_return std::unexpected(reply.error());
  auto beat = ParseBeat(*reply);
  if (beat) self->generation = beat->generation;
  co_return beat;
}

asio::awaitable<Result<void>> RedisLedger::Core::Leave(std::shared_ptr<Core> self,
                                                       InstanceName name) {
  Words names{self->keys.Region("instances")};
  Words arguments{name.text(), self->keys.InstancesChannel()};
  const auto reply =
      co_await self->client->Run(Script::kLeave, std::move(names), std::move(arguments));
  if (!reply) co_return std::unexpected(reply.error());
  co_return Result<void>();
}

asio::awaitable<Result<size_t>> RedisLedger::Core::Publish(std::shared_ptr<Core> self,
                                                           std::string channel, std::string bytes) {
  Words words{"PUBLISH", self->keys.Channel(channel), std::move(bytes)};
  const auto reply = co_await self->client->Ask(std::move(words));
  if (!reply) co_return std::unexpected(reply.error());
  co_return static_cast<size_t>(std::max<int64_t>(reply->number, 0));
}

asio::awaitable<Result<std::string>> RedisLedger::Core::Mark(std::shared_ptr<Core> self,
                                                             std::string room, std::string name) {
  Words words{"HGET", self->keys.Room(room, "meta"), "mark:" + name};
  const auto reply = co_await self->client->Ask(std::move(words));
  if (!reply) co_return std::unexpected(reply.error());
  co_return reply->text;
}

void RedisLedger::Core::TakeMessage(const std::string& channel, const std::string& bytes) {
  if (channel == keys.InstancesChannel()) return listener.on_instances();
  if (const auto room = keys.RoomOfChannel(channel)) return listener.on_news(*room);
  if (const auto own = keys.ChannelOf(channel)) listener.on_message(*own, bytes);
}

void RedisLedger::Core::TakeSubscribed(const std::string& channel) {
  if (channel == keys.InstancesChannel()) return listener.on_instances();
  if (channel == keys.AllNewsChannels()) {
    asio::co_spawn(io, FindRooms(shared_from_this()), asio::detached);
    return;
  }
  if (const auto room = keys.RoomOfChannel(channel)) listener.on_news(*room);
}

asio::awaitable<void> RedisLedger::Core::FindRooms(std::shared_ptr<Core> self) {
  constexpr int kAtOnce = 1000;
  std::string cursor = "0";
  do {
    Words words{"SCAN", cursor, "MATCH", self->keys.AllRooms(), "COUNT", std::to_string(kAtOnce)};
    const auto reply = co_await self->client->Ask(std::move(words));
    // Where the connection broke, the subscription did or will, and is confirmed again.
    if (!reply || reply->items.size() != 2 || self->is_stopped) co_return;
    for (size_t i = 0; i < reply->items[1].items.size(); ++i) {
      const auto room = self->keys.RoomOfKey(reply->items[1].TextAt(i));
      if (room) self->listener.on_news(*room);
      if (self->is_stopped) co_return;
    }
    cursor = reply->TextAt(0);
  } while (cursor != "0");
}

RedisLedger::RedisLedger(asio::io_context& io, RedisOptions options, std::string region,
                         const Times& times) {
  const auto shared = std::make_shared<const RedisOptions>(std::move(options));
  core_ = std::make_shared<Core>(io, shared, std::move(region), times);
  subscriber_ = std::make_shared<RedisSubscriber>(io, shared, times);
}

RedisLedger::~RedisLedger() {
  core_->is_stopped = true;
  core_->client->Stop();
  subscriber_->Stop();
}

void RedisLedger::Listen(Listener listener) {
  core_->listener = std::move(listener);
  RedisSubscriber::Listener to;
  to.on_subscribed = [weak = std::weak_ptr(core_)](const std::string& channel) {
    const auto core = weak.lock();
    if (core && !core->is_stopped) core->TakeSubscribed(channel);
  };
  to.on_message = [weak = std::weak_ptr(core_)](const std::string& channel,
                                                const std::string& bytes) {
    const auto core = weak.lock();
    if (core && !core->is_stopped) core->TakeMessage(channel, bytes);
  };
  to.on_hearing = [weak = std::weak_ptr(core_)](const std::string& why_not) {
    const auto core = weak.lock();
    if (core && !core->is_stopped) core->listener.on_hearing(why_not);
  };
  subscriber_->Start(std::move(to));
  subscriber_->Subscribe(core_->keys.InstancesChannel());
}

asio::awaitable<Result<Written>> RedisLedger::Write(std::string room, Draft draft) {
  return Core::Write(core_, std::move(room), std::move(draft));
}

asio::awaitable<Result<LogRead>> RedisLedger::Read(std::string room, std::string life,
                                                   uint64_t after) {
  return Core::Read(core_, std::move(room), std::move(life), after);
}

asio::awaitable<Result<RoomState>> RedisLedger::Snapshot(std::string room) {
  return Core::Snapshot(core_, std::move(room));
}

asio::awaitable<Result<void>> RedisLedger::Touch(std::string room) {
  return Core::Touch(core_, std::move(room));
}

asio::awaitable<Result<Beat>> RedisLedger::DoBeat(InstanceName self,
                                                  std::vector<InstanceName> remote) {
  return Core::DoBeat(core_, std::move(self), std::move(remote));
}

asio::awaitable<Result<void>> RedisLedger::Leave(InstanceName self) {
  return Core::Leave(core_, std::move(self));
}

void RedisLedger::Subscribe(const std::string& room) {
  subscriber_->Subscribe(core_->keys.NewsChannel(room));
}

void RedisLedger::Unsubscribe(const std::string& room) {
  subscriber_->Unsubscribe(core_->keys.NewsChannel(room));
}

void RedisLedger::SubscribeChannel(const std::string& channel) {
  subscriber_->Subscribe(core_->keys.Channel(channel));
}

void RedisLedger::UnsubscribeChannel(const std::string& channel) {
  subscriber_->Unsubscribe(core_->keys.Channel(channel));
}

asio::awaitable<Result<size_t>> RedisLedger::Publish(std::string channel, std::string bytes) {
  return Core::Publish(core_, std::move(channel), std::move(bytes));
}

void RedisLedger::SubscribeAll() {
  subscriber_->SubscribePattern(core_->keys.AllNewsChannels());
}

asio::awaitable<Result<std::string>> RedisLedger::Mark(std::string room, std::string name) {
  return Core::Mark(core_, std::move(room), std::move(name));
}

}  // namespace confab::bus
