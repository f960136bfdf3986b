#include "services/signaling/shared/room_writer.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "services/signaling/shared/room_reader.h"

namespace confab::signaling {
namespace {

// Of bus::kMaxFieldsPerChange, so that one change stays small.
constexpr size_t kFieldsPerChange = 64;
// Where the bus has no room for a change.
constexpr TimeDelta kPauseWhenFull = TimeDelta::Seconds(1);

}  // namespace

RoomWriter::RoomWriter(asio::io_context& io, bus::Bus& bus, std::string room, Describe describe)
    : io_(io),
      bus_(bus),
      room_(std::move(room)),
      describe_(std::move(describe)),
      idle_(io.get_executor()) {
  idle_.Set();
}

void RoomWriter::Touch(ParticipantId id) {
  if (is_ended_) return;
  waiting_.insert(id);
  RunSoon();
}

void RoomWriter::Left(ParticipantId id, std::string_view reason) {
  if (written_.contains(id)) reasons_[id] = reason;
  Touch(id);
}

bool RoomWriter::Say(v1::SharedNote note) {
  if (is_ended_ || notes_.size() >= kMaxWaitingNotes) return false;
  notes_.push_back(std::move(note));
  RunSoon();
  return true;
}

void RoomWriter::Rewrite(ParticipantId id) {
  written_.erase(id);
  Touch(id);
}

void RoomWriter::Yield(ParticipantId id) {
  written_.erase(id);
  reasons_.erase(id);
  waiting_.erase(id);
}

void RoomWriter::Disown(ParticipantId id) {
  if (is_ended_) return;
  written_[id].clear();  // as after a failure: removed, where there is no value
  Touch(id);
}

void RoomWriter::End() {
  is_ended_ = true;
  waiting_.clear();
  notes_.clear();
  idle_.Set();
}

asio::awaitable<void> RoomWriter::Written(TimeDelta patience) {
  const auto self = shared_from_this();
  co_await idle_.Wait(patience);
  is_behind_ = !idle_.is_set();
}

void RoomWriter::RunSoon() {
  if (!idle_.is_set()) return;
  idle_.Reset();
  // Not here: what else happens in this turn belongs to the same change.
  asio::co_spawn(io_, Run(), asio::detached);
}

bus::RoomChange RoomWriter::TakeChange(Taken& taken) {
  bus::RoomChange change;
  v1::SharedNote note;
  if (!notes_.empty()) {
    taken.note = note = std::move(notes_.front());
    notes_.pop_front();
  }
  while (!waiting_.empty() && taken.ids.size() < kFieldsPerChange) {
    const ParticipantId id = waiting_.extract(waiting_.begin()).value();
    std::optional<std::string> value = describe_(id);
    const auto known = written_.find(id);
    if (value) {
      if (known != written_.end() && known->second == *value) continue;
      written_[id] = *value;
      change.set.push_back({.key = KeyOf(id), .value = std::move(*value)});
    } else {
      if (known == written_.end()) continue;
      written_.erase(known);
      change.remove.push_back(KeyOf(id));
      if (auto reason = reasons_.extract(id)) {
        (*note.mutable_left())[id.ToString()] = std::move(reason.mapped());
      }
    }
    taken.ids.insert(id);
  }
  change.event = note.SerializeAsString();
  return change;
}

asio::awaitable<void> RoomWriter::Run() {
  const auto self = shared_from_this();
  co_await asio::post(io_, asio::use_awaitable);
  while (has_work() && !is_ended_) {
    Taken taken;
    bus::RoomChange change = TakeChange(taken);
    if (taken.ids.empty() && !taken.note) continue;
    const Result<uint64_t> done =
        co_await bus_.Change(room_, std::move(change), bus::Patience::kKeep);
    if (done || is_ended_ || HandleFailure(done.error(), std::move(taken))) continue;
    asio::steady_timer pause(io_);
    pause.expires_after(ToChrono(kPauseWhenFull));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  is_behind_ = false;
  idle_.Set();
}

bool RoomWriter::HandleFailure(const Error& error, Taken taken) {
  if (error.code == ErrorCode::kShuttingDown) {
    End();
    return true;
  }
  // What is too large stays so; only its next change is another chance.
  if (error.code == ErrorCode::kInvalidMessage) return true;
  if (taken.note) notes_.push_front(std::move(*taken.note));
  for (const ParticipantId id : taken.ids) {
    written_[id].clear();  // differs from any value, and is removed where there is none
    waiting_.insert(id);
  }
  return false;
}

}  // namespace confab::signaling
