#include "services/signaling/chat/chat.h"

#include <ranges>

#include "net/clock.h"
#include "services/signaling/protocol/message_json.h"

namespace confab::signaling {
namespace {

// Under whom messages are kept: the person, over all calls, or a guest's one stay.
std::string AuthorOf(const Participant& participant) {
  return participant.identity.empty() ? "participant:" + participant.id.ToString()
                                      : "person:" + participant.identity;
}

v1::SharedMessage ToShared(const store::MessageRow& row) {
  v1::SharedMessage message;
  message.set_number(row.seq);
  message.set_id(row.client_id);
  message.set_from(row.people.from);
  message.set_name(row.people.name);
  message.set_to(row.people.to);
  message.set_to_name(row.people.to_name);
  message.set_text(row.body);
  message.set_sent_at_ms(row.sent_at_us / 1000);
  return message;
}

Result<store::NewMessage> MakeMessage(const Room& room, const Participant& author,
                                      SendMessageRequest request) {
  if (!author.grants.chat || author.grants.hidden) {
    return Fail(ErrorCode::kForbidden,
                "your invitation does not allow you to write messages; ask the host");
  }
  store::NewMessage message{.room = room.name(),
                            .sender = AuthorOf(author),
                            .client_id = std::move(request.id),
                            .recipient = "",
                            .body = std::move(request.text),
                            .sent_at_us = net::UnixMicrosNow(),
                            .people = {.from = author.id.ToString(), .name = author.name}};
  if (request.to.empty()) return message;
  const auto id = ParticipantId::Parse(request.to);
  const Participant* recipient = id ? room.Find(*id) : nullptr;
  if (recipient == nullptr || !recipient->is_seen() || recipient->grants.hidden ||
      recipient == &author) {
    return Fail(ErrorCode::kParticipantNotFound,
                "this person is not in the room any more; the message was not sent");
  }
  message.recipient = AuthorOf(*recipient);
  message.people.to = recipient->id.ToString();
  message.people.to_name = recipient->name;
  return message;
}

}  // namespace

// Goes on when nobody waits any more.
struct Chat::Attempt {
  Attempt(const asio::any_io_executor& executor, store::NewMessage wanted)
      : message(std::move(wanted)), done(executor) {}
  store::NewMessage message;
  net::Event done;
  Result<v1::SharedMessage> outcome;
  bool is_given_up = false;
};

asio::awaitable<void> Chat::Keep(std::shared_ptr<Attempt> attempt) {
  store::NewMessage copy = attempt->message;
  const Timestamp begun = net::MonotonicNow();
  Result<store::MessageRow> row = co_await messages_.Add(std::move(copy));
  if (row) {
    using enum SignalingMeter::Audience;
    SignalingMeter& meter = switchboard_.meter();
    meter.CountKept(net::MonotonicNow() - begun);
    meter.CountMessage(attempt->message.recipient.empty() ? kEverybody : kOne);
    attempt->outcome = ToShared(*row);
    const auto author = attempt->is_given_up ? Room::Author::kWaits : Room::Author::kAnswered;
    switchboard_.Spread(attempt->message.room, *attempt->outcome, author);
  } else {
    attempt->outcome = std::unexpected(row.error());
  }
  attempt->done.Set();
}

asio::awaitable<Result<json::object>> Chat::Send(Place place, SendMessageRequest request) {
  const Participant& author = *place.room->Find(place.participant);
  Result<store::NewMessage> message = MakeMessage(*place.room, author, std::move(request));
  if (!message) co_return std::unexpected(message.error());
  auto attempt = std::make_shared<Attempt>(io_.get_executor(), std::move(*message));
  switchboard_.Spawn(Keep(attempt));
  co_await attempt->done.Wait(kKeepLimit);
  if (!attempt->done.is_set()) {
    attempt->is_given_up = true;
    co_return Fail(ErrorCode::kUnavailable,
                   "messages cannot be kept at the moment; try again in a moment");
  }
  if (!attempt->outcome) co_return std::unexpected(attempt->outcome.error());
  co_return json::object{{"message", ToJson(*attempt->outcome, Reader::kAuthor)}};
}

int64_t Chat::ShownSinceUs(const Room& room, const Participant& reader) const {
  switch (switchboard_.options().chat_history) {
    case ChatHistory::kKept: return 0;
    case ChatHistory::kCall: return room.created_at_ms() * 1000;
    case ChatHistory::kOff: return reader.joined_at_ms * 1000;
  }
  return 0;
}

asio::awaitable<Result<json::object>> Chat::History(Place place, GetMessagesRequest request) {
  const Participant& reader = *place.room->Find(place.participant);
  const int64_t since_us = ShownSinceUs(*place.room, reader);
  const std::string viewer = AuthorOf(reader);
  Messages::Page page{.room = place.room->name(),
                      .viewer = viewer,
                      .before_seq = request.before,
                      .max_rows = request.limit};
  Result<std::vector<store::MessageRow>> rows = co_await messages_.History(std::move(page));
  if (!rows) co_return std::unexpected(rows.error());
  json::array messages;
  for (const store::MessageRow& row : *rows | std::views::reverse) {
    const bool is_mine = row.sender == viewer;
    if (row.recipient.empty() && !is_mine && row.sent_at_us < since_us) continue;
    messages.push_back(ToJson(ToShared(row), is_mine ? Reader::kAuthor : Reader::kOther));
  }
  const bool has_more = rows->size() == static_cast<size_t>(request.limit);
  co_return json::object{{"messages", std::move(messages)}, {"more", has_more}};
}

}  // namespace confab::signaling
