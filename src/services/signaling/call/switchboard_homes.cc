// The part of Switchboard that knows where rooms are at home.
#include "base/check.h"
#include "services/signaling/call/switchboard.h"
#include "services/signaling/placement/router_id.h"

namespace confab::signaling {

namespace pb = media::v1;

std::unique_ptr<PlacementDesk> Switchboard::MakeDesk() {
  if (options_.placement == Placement::kHashed) return nullptr;
  CHECK(options_.store != nullptr);
  return std::make_unique<PlacementDesk>(
      io_, options_.store->placements(), media_, *this,
      [this](asio::awaitable<void> coroutine) { Spawn(std::move(coroutine)); },
      PlacementDesk::Options{.region = options_.region, .on_news = options_.on_placement});
}

// Without leases the router is one life of the room; with them all instances must name it alike.
std::string Switchboard::RouterIdFor(const Room& room) const {
  return desk_ ? RouterIdOf(room.name()) : room.id().ToString();
}

RoomMedia Switchboard::media(Room& room, CallScope scope) {
  if (!desk_ && room.media_instance().empty()) {
    room.set_home({.media_instance = media_.Choose(room.name())});
  }
  return {media_.Of(room.media_instance()), RouterIdFor(room), room.home().epoch, std::move(scope)};
}

asio::awaitable<Result<void>> Switchboard::FindHome(std::shared_ptr<Room> room) {
  if (!desk_) co_return Result<void>();
  // Named: GCC 12 destroys what is built inside co_await twice.
  std::function<bool()> is_wanted = [room] { return !room->is_closed(); };
  co_return co_await desk_->Find(room->name(), std::move(is_wanted));
}

std::shared_ptr<Room> Switchboard::RoomAt(const std::string& media_id,
                                          const std::string& router_id) const {
  std::shared_ptr<Room> room;
  if (desk_) {
    const std::string* name = desk_->RoomOf(router_id);
    if (name != nullptr) room = rooms_.Find(*name);
  } else if (const auto id = RoomId::Parse(router_id)) {
    room = rooms_.Find(*id);
  }
  return room && room->media_instance() == media_id ? room : nullptr;
}

void Switchboard::EndMedia(Room& room) {
  if (desk_) {
    std::vector<std::string> transports;
    for (const auto& participant : room.participants()) {
      for (const Transport& transport : participant->transports) transports.push_back(transport.id);
    }
    desk_->End(room.name(), std::move(transports));
  } else {
    media(room).CloseRouter();
  }
}

void Switchboard::OnHeld(const std::string& room, const Home& home) {
  if (!shared_) return;
  v1::SharedNote note;
  note.mutable_held()->set_media_instance(home.media_instance);
  note.mutable_held()->set_epoch(home.epoch);
  shared_->Hint(room, std::move(note));  // said again with the next renewal
}

void Switchboard::OnMediaDown(const std::string& id) {
  log_.MediaLost(id);
  if (desk_) desk_->HandleDown(id);
}

void Switchboard::OnMediaRefused(const std::string& id) {
  if (desk_) desk_->HandleRefused(id);
}

void Switchboard::HandleRouterClosed(const std::string& media_id, const pb::RouterClosed& closed) {
  if (desk_) return desk_->HandleRouterClosed(media_id, closed);
  if (const auto room = RoomAt(media_id, closed.router_id())) Apply(room, room->AllMediaLost());
}

void Switchboard::OnHome(const std::string& name, const Home& home, Move move) {
  const std::shared_ptr<Room> room = rooms_.Find(name);
  if (!room) return;
  // Before anyone is told: new transports are asked for at once.
  room->set_home(home);
  switch (move) {
    case Move::kFirst: break;
    case Move::kSameInstance: Spawn(CompareTransports(room)); break;
    case Move::kOtherInstance: Apply(room, room->AllMediaLost()); break;
  }
}

void Switchboard::OnNoHome(const std::string& name) {
  if (const std::shared_ptr<Room> room = rooms_.Find(name)) room->set_home({});
}

}  // namespace confab::signaling
