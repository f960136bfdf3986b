#include "services/signaling/handlers/chat_handlers.h"

#include <optional>

#include "net/clock.h"

namespace confab::signaling {
namespace {

// Between two hints of one participant that are passed on.
constexpr TimeDelta kTypingInterval = TimeDelta::Seconds(2);

}  // namespace

void ChatHandlers::AddTo(EventTable& table) {
  table.Add("sendMessage", [this](Session& s, const json::value& p) { return Send(s, p); });
  table.Add("getMessages", [this](Session& s, const json::value& p) { return Messages(s, p); });
  table.AddPlain("typing", [this](Session& s, const json::value& p) { return Typing(s, p); });
}

ChatHandlers::Reply ChatHandlers::Send(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  Result<SendMessageRequest> request = ParseSendMessage(payload);
  if (!request) co_return std::unexpected(request.error());
  session.retry_after = session.messages.Take(net::MonotonicNow());
  if (session.retry_after) {
    co_return Fail(ErrorCode::kRateLimited, "too many messages at once; slow down");
  }
  Result<json::object> sent = co_await chat_.Send(*place, std::move(*request));
  if (!sent) co_return std::unexpected(sent.error());
  co_return std::move(*sent);
}

ChatHandlers::Reply ChatHandlers::Messages(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) co_return std::unexpected(place.error());
  Result<GetMessagesRequest> request = ParseGetMessages(payload);
  if (!request) co_return std::unexpected(request.error());
  Result<json::object> page = co_await chat_.History(*place, *request);
  if (!page) co_return std::unexpected(page.error());
  co_return std::move(*page);
}

Result<json::value> ChatHandlers::Typing(Session& session, const json::value& payload) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  const Result<TypingRequest> request = ParseTyping(payload);
  if (!request) return std::unexpected(request.error());
  const Participant& author = *place->room->Find(place->participant);
  const Timestamp now = net::MonotonicNow();
  const bool is_allowed = author.grants.chat && !author.grants.hidden;
  const std::optional<ParticipantId> to = ParticipantId::Parse(request->to);
  const bool is_meant = to.has_value() || request->to.empty();
  if (!is_allowed || !is_meant || now - session.typed_at < kTypingInterval) return json::object();
  session.typed_at = now;
  switchboard_.SpreadTyping(*place, to);
  return json::object();
}

}  // namespace confab::signaling
