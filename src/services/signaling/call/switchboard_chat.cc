// The part of Switchboard that passes on what people write, here and to other signaling instances.
#include <boost/asio/as_tuple.hpp>

#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

void Switchboard::Spread(const std::string& name, const v1::SharedMessage& message,
                         Room::Author author) {
  if (const auto room = rooms_.Find(name)) Apply(room, room->Write(message, author));
  if (!shared_) return;
  if (!message.to().empty()) return Spawn(Whisper(name, message));
  v1::SharedNote note;
  *note.mutable_message() = message;
  // What does not fit is kept all the same: whoever asks for messages gets it.
  (void)shared_->Say(name, std::move(note));
}

// To the instance of one person alone. Who is on the way from one instance to another asks for
// messages there.
asio::awaitable<void> Switchboard::Whisper(std::string room, v1::SharedMessage message) {
  constexpr int kTries = 20;
  constexpr TimeDelta kPause = TimeDelta::Millis(500);
  const auto id = ParticipantId::Parse(message.to());
  v1::SharedRequest request;
  request.set_room(room);
  request.set_participant_id(message.to());
  *request.mutable_message() = std::move(message);
  asio::steady_timer pause(io_);
  for (int i = 0; i < kTries && id && IsElsewhere(room, *id) && !is_stopping_; ++i) {
    const Result<void> asked = co_await shared_->Ask(request);
    if (asked) co_return;
    pause.expires_after(ToChrono(kPause));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Switchboard::SpreadTyping(const Place& author, std::optional<ParticipantId> to) {
  const std::string from = author.participant.ToString();
  Apply(author.room, author.room->Typing(from, to));
  if (!shared_) return;
  const std::string& room = author.room->name();
  if (!to) {
    v1::SharedNote note;
    note.set_typing(from);
    shared_->Hint(room, std::move(note));
  } else if (IsElsewhere(room, *to)) {
    v1::SharedRequest request;
    request.set_room(room);
    request.set_participant_id(to->ToString());
    request.mutable_typing()->set_from(from);
    Spawn([](SharedRooms& shared, v1::SharedRequest hint) -> asio::awaitable<void> {
      (void)co_await shared.Ask(std::move(hint));  // a hint that is lost is no loss
    }(*shared_, std::move(request)));
  }
}

void Switchboard::OnNote(const std::string& name, const v1::SharedNote& note) {
  if (note.has_held() && desk_) {
    desk_->HandleHeard(name, {note.held().media_instance(), note.held().epoch()});
  }
  const std::shared_ptr<Room> room = rooms_.Find(name);
  if (!room) return;
  if (note.has_message()) Apply(room, room->Write(note.message(), Room::Author::kWaits));
  if (!note.typing().empty()) Apply(room, room->Typing(note.typing(), std::nullopt));
}

void Switchboard::OnNotesMissed(const std::string& name) {
  if (const auto room = rooms_.Find(name)) Apply(room, room->TellOfMissedMessages());
}

}  // namespace confab::signaling
