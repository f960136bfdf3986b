#include "services/signaling/shared/shared_rooms.h"

#include <algorithm>
#include <utility>

#include "net/clock.h"

namespace confab::signaling {

SharedRooms::SharedRooms(asio::io_context& io, bus::Bus& bus, Listener& listener)
    : io_(io), bus_(bus), listener_(listener), sweeping_(io) {
  bus_.SetOnMessage([this](const bus::InstanceName&, const std::string& bytes) {
    v1::SharedRequest request;
    if (request.ParseFromString(bytes)) listener_.OnRequest(request);
  });
  SweepLater();
}

SharedRooms::~SharedRooms() {
  bus_.SetOnMessage([](const bus::InstanceName&, const std::string&) {});
  for (auto& [name, entry] : rooms_) {
    entry.reader->End();
    entry.writer->End();
  }
}

SharedRooms::Entry& SharedRooms::Open(const std::string& room) {
  if (const auto known = rooms_.find(room); known != rooms_.end()) {
    known->second.is_used = true;
    return known->second;
  }
  RoomReader::Listener heard{
      .on_set = [this, room](ParticipantId id,
                             const Sharing& sharing) { HandleSet(room, id, sharing); },
      .on_own = [this, room](ParticipantId id) { HandleOwn(room, id); },
      .on_gone = [this, room](ParticipantId id,
                              std::string_view why) { listener_.OnUnshared(room, id, why); },
      .on_note = [this, room](const v1::SharedNote& note) { listener_.OnNote(room, note); },
      .on_missed = [this, room] { listener_.OnNotesMissed(room); }};
  Entry entry{.reader = std::make_shared<RoomReader>(io_, bus_, room, std::move(heard)),
              .writer = std::make_shared<RoomWriter>(
                  io_, bus_, room, [this, room](ParticipantId id) { return Value(room, id); })};
  entry.reader->Start();
  return rooms_.emplace(room, std::move(entry)).first->second;
}

std::optional<std::string> SharedRooms::Value(const std::string& room, ParticipantId id) const {
  std::optional<v1::SharedParticipant> shared = listener_.Describe(room, id);
  if (!shared) return std::nullopt;
  if (shared->ByteSizeLong() > bus::kMaxValueOctets) shared->clear_rtp_capabilities();
  return shared->SerializeAsString();
}

void SharedRooms::HandleSet(const std::string& room, ParticipantId id, const Sharing& sharing) {
  const auto claim = listener_.OnShared(room, id, sharing);
  Entry& entry = Open(room);
  if (claim == Listener::Claim::kTheirs) return entry.writer->Yield(id);
  entry.reader->Forget(id);
  entry.writer->Rewrite(id);
}

void SharedRooms::HandleOwn(const std::string& room, ParticipantId id) {
  if (!listener_.IsHere(room, id)) Open(room).writer->Disown(id);
}

asio::awaitable<bool> SharedRooms::Reach(std::string room) {
  const std::shared_ptr<RoomReader> reader = Open(room).reader;
  co_return co_await reader->Known(kReachTime);
}

const std::map<ParticipantId, Sharing>& SharedRooms::Others(const std::string& room) const {
  static const std::map<ParticipantId, Sharing> kNobody;
  const auto known = rooms_.find(room);
  return known == rooms_.end() ? kNobody : known->second.reader->others();
}

const Sharing* SharedRooms::Find(const std::string& room, ParticipantId id) const {
  const auto& others = Others(room);
  const auto found = others.find(id);
  return found == others.end() ? nullptr : &found->second;
}

void SharedRooms::Touch(const std::string& room, ParticipantId id) {
  Entry& entry = Open(room);
  entry.reader->Forget(id);
  entry.writer->Touch(id);
}

void SharedRooms::Left(const std::string& room, ParticipantId id, std::string_view reason) {
  Open(room).writer->Left(id, reason);
}

bool SharedRooms::Say(const std::string& room, v1::SharedNote note) {
  return Open(room).writer->Say(std::move(note));
}

void SharedRooms::Hint(const std::string& room, v1::SharedNote note) {
  if (bus_.status().is_answering) (void)Say(room, std::move(note));
}

asio::awaitable<void> SharedRooms::Written(std::string room) {
  const auto known = rooms_.find(room);
  if (known == rooms_.end() || !bus_.status().is_answering) co_return;
  const std::shared_ptr<RoomWriter> writer = known->second.writer;
  // Else each event of everybody in the room would wait anew where the bus takes nothing.
  if (!writer->is_behind()) co_await writer->Written(kWriteTime);
}

asio::awaitable<Result<void>> SharedRooms::Ask(v1::SharedRequest request) {
  const auto id = ParticipantId::Parse(request.participant_id());
  const Sharing* sharing = id ? Find(request.room(), *id) : nullptr;
  if (sharing == nullptr) {
    co_return Fail(ErrorCode::kParticipantNotFound, "there is no such participant in this room");
  }
  bus::InstanceName owner = sharing->owner;
  const Result<void> sent = co_await bus_.Send(std::move(owner), request.SerializeAsString());
  if (sent) co_return sent;
  co_return Fail(
      ErrorCode::kUnavailable,
      "the signaling instance of this participant does not answer; try again in a moment");
}

asio::awaitable<void> SharedRooms::End(TimeDelta deadline) {
  sweeping_.cancel();
  const Timestamp until = net::MonotonicNow() + deadline;
  std::vector<std::shared_ptr<RoomWriter>> writers;
  for (const auto& [name, entry] : rooms_) writers.push_back(entry.writer);
  for (const auto& writer : writers) {
    co_await writer->Written(std::max(TimeDelta(), until - net::MonotonicNow()));
  }
  for (auto& [name, entry] : rooms_) {
    entry.reader->End();
    entry.writer->End();
  }
}

void SharedRooms::SweepLater() {
  sweeping_.expires_after(ToChrono(kSweepInterval));
  sweeping_.async_wait([this](const error_code& error) {
    if (error) return;
    Sweep();
    SweepLater();
  });
}

void SharedRooms::Sweep() {
  for (auto room = rooms_.begin(); room != rooms_.end();) {
    Entry& entry = room->second;
    const bool was_used = std::exchange(entry.is_used, false);
    if (was_used || listener_.IsUsed(room->first) || !entry.writer->is_idle()) {
      ++room;
      continue;
    }
    entry.reader->End();
    entry.writer->End();
    room = rooms_.erase(room);
  }
}

}  // namespace confab::signaling
