#include "services/signaling/handlers/event_worker.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "net/clock.h"

namespace confab::signaling {

void EventWorker::Receive(const std::shared_ptr<Session>& session, ClientEvent event) {
  if (!session->is_open()) return;
  constexpr std::string_view kNoEvent = "other";
  SignalingMeter& meter = switchboard_.meter();
  meter.CountReceived(table_.Find(event.name) == nullptr ? kNoEvent : event.name);
  if (const auto wait = session->Admit(net::MonotonicNow())) {
    const Error error{ErrorCode::kRateLimited, "too many events at once; slow down"};
    event.answer({{"error", switchboard_.Refuse(*session, event.name, error, wait)}});
    session->is_limited = true;
    return;
  }
  session->Push(std::move(event));
  if (session->is_working) return;
  session->is_working = true;
  switchboard_.Spawn(Work(session));
}

asio::awaitable<void> EventWorker::Work(std::shared_ptr<Session> session) {
  while (std::optional<ClientEvent> event = session->Pop()) {
    const Timestamp begun = net::MonotonicNow();
    Result<json::value> result = Fail(ErrorCode::kInternal, "The server failed on this event.");
    try {
      result = co_await Handle(*session, *event);
    } catch (const std::exception& exception) {
      switchboard_.log().HandlerFailed(*session, event->name, exception.what());
    }
    // What is acknowledged is not lost with this process.
    session->Hold();
    if (session->place) co_await switchboard_.Written(session->place->room->name());
    if (result) {
      event->answer(std::move(*result));
    } else {
      event->answer({{"error", Refuse(*session, event->name, result.error())}});
    }
    session->Release();
    switchboard_.meter().CountAnswered(net::MonotonicNow() - begun);
  }
  session->is_working = false;
}

json::object EventWorker::Refuse(Session& session, std::string_view event, const Error& error) {
  const auto retry_after = std::exchange(session.retry_after, std::nullopt);
  if (const auto course = std::exchange(session.failed_join, std::nullopt)) {
    return switchboard_.RefuseJoin(session, *course, error);
  }
  return switchboard_.Refuse(session, event, error, retry_after);
}

asio::awaitable<Result<json::value>> EventWorker::Handle(Session& session,
                                                         const ClientEvent& event) {
  const EventHandler* handler = table_.Find(event.name);
  if (handler == nullptr) {
    co_return Fail(ErrorCode::kInvalidMessage,
                   fmt::format("there is no event of the name \"{:.64}\"", event.name));
  }
  co_return co_await (*handler)(session, event.payload);
}

}  // namespace confab::signaling
