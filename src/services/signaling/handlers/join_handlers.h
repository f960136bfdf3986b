#pragma once

#include <optional>

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/consumer_flow.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/handlers/transport_maker.h"

namespace confab::signaling {

// lookRoom, joinRoom, resume, recreateTransports, leaveRoom.
class JoinHandlers {
 public:
  explicit JoinHandlers(Switchboard& switchboard)
      : switchboard_(switchboard), transports_(switchboard), flow_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply Look(Session& session, const json::value& payload);
  // Join, counted and timed.
  Reply CountedJoin(Session& session, const json::value& payload);
  Reply Join(Session& session, const json::value& payload, JoinCourse& course);
  Reply Resume(Session& session, const json::value& payload);
  // By an instance that has, or had, this participant's connection; where that is another one, the
  // participant is taken over. Error: kSessionExpired.
  asio::awaitable<Result<json::object>> ResumeHere(Session& session, Place place, uint64_t seq);
  asio::awaitable<Result<json::object>> ResumeFromElsewhere(Session& session, Pass pass,
                                                            uint64_t seq);
  // The answer to one that was taken over, once its media is known. Error: kSessionExpired, where
  // the connection is not its own any more.
  asio::awaitable<Result<json::object>> Restored(Session& session, Place taken, CallLog::From from);
  Reply Recreate(Session& session, const json::value& payload);
  Result<json::value> Leave(Session& session, const json::value& payload);

  // Whether the join uses what `prepareJoin` made. What it does not use is let go.
  bool UsesPrepared(Session& session, const JoinRequest& request);
  // Takes the join token, where the join needs it, and lets the participant in. Afterwards
  // `token` says what was taken and is not undone. The connection may go meanwhile: kInvalidState.
  using Token = std::optional<TokenUse>;
  struct Entry {
    Place place;
    enum class Media : uint8_t { kNew, kPrepared } media = Media::kNew;
  };
  asio::awaitable<Result<Entry>> ComeIn(Session& session, const JoinRequest& request, Token& token,
                                        JoinCourse& course);
  asio::awaitable<Result<json::object>> JoinBy(Session& session, JoinRequest& request, Token& token,
                                               JoinCourse& course);
  // Whether the participant comes back to where it is, for which it needs no token.
  bool ComesBack(const JoinRequest& request);
  Result<Entry> EnterPrepared(Session& session, const JoinRequest& request);
  // Why nobody can come in now. Error: kShuttingDown, kMediaUnavailable.
  Result<void> RequireService() const;
  // Starts what the client has set up, and makes the sending transport: the reply's `transports`.
  asio::awaitable<Result<json::object>> CompletePrepared(Place place, uint32_t attempt,
                                                         JoinRequest& request, StageTimes& times);
  // Finds the participant that comes back, or makes a new one.
  Result<Entry> Enter(const Session& session, const JoinRequest& request);
  // The participant that the request's resume token is for, where it is still there.
  std::optional<Place> EarlierPlace(const JoinRequest& request);
  // The same, of one that another instance has; whose it is then stays.
  std::optional<Pass> EarlierElsewhere(const JoinRequest& request);
  // A token that came with the join takes the place of the handshake's. Error: kUnauthorized,
  // kForbidden (it is for another room).
  Result<void> TakeToken(Session& session, const JoinRequest& request, JoinCourse& course);
  // Undoes a join of which nothing came.
  void Abandon(Session& session, const Place& place);
  // A token of another room: the same person has moved on.
  void LeaveElsewhere(const Place& place);
  json::object JoinReply(const Place& place);

  Switchboard& switchboard_;
  TransportMaker transports_;
  ConsumerFlow flow_;
};

}  // namespace confab::signaling
