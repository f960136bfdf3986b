#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "client/peer/media_peer.h"
#include "net/asio.h"
#include "net/event.h"
#include "rtc/dtls/dtls_certificate.h"
#include "socketio/client.h"

namespace confab::client {

struct RoomOptions {
  // No aggregate: GCC 12 destroys one twice that is made within a co_await expression.
  RoomOptions() {}

  std::string url;  // of the server, for example http://127.0.0.1:4000
  std::string room;
  std::string name;                               // of the participant
  std::string token;                              // join token; empty: a guest's is asked for
  TimeDelta join_limit = TimeDelta::Seconds(10);  // for each step of the join
};

// A participant's place in a room by the classic flow of the signaling protocol: the join, requests
// with their answers, transports, and what the server tells. One thread, that of Connect.
class RoomConnection : public std::enable_shared_from_this<RoomConnection> {
 public:
  using EventHandler = std::function<void(const socketio::ClientEvent& event)>;

  // Connected to the server, which has not heard of the room yet.
  static asio::awaitable<Result<std::shared_ptr<RoomConnection>>> Connect(RoomOptions options);
  RoomConnection(RoomOptions options, std::unique_ptr<socketio::Client> signaling,
                 const asio::any_io_executor& executor);
  RoomConnection(const RoomConnection&) = delete;
  RoomConnection& operator=(const RoomConnection&) = delete;

  // Waits for the server's welcome and joins the room: the answer of `joinRoom`. Once.
  asio::awaitable<Result<boost::json::value>> Join();
  // The answer's object, or the error that it carries.
  asio::awaitable<Result<boost::json::value>> Ask(std::string_view event,
                                                  boost::json::object request);
  // Makes a transport ("send" or "recv") and connects `peer` to it. Its id. The certificate is the
  // peer's.
  asio::awaitable<Result<std::string>> OpenTransport(std::string_view direction,
                                                     std::shared_ptr<MediaPeer> peer,
                                                     const rtc::DtlsCertificate& certificate);
  // This transport is ours, as those of OpenTransport are: with its end the place is lost for
  // media.
  void Own(std::string transport_id);
  // Says goodbye and closes.
  asio::awaitable<void> Leave();

  // Hears every event after the welcome, between two of them; null: nobody does.
  void set_event_handler(EventHandler handler) { on_event_ = std::move(handler); }
  // Set by Stop and when the server has gone or closed a transport of ours: see `reason`.
  net::Event& ended() { return ended_; }
  // After media has gone: takes the place up again, for new transports, and has the server close
  // those that are left. What it tells of them is no news any more. False: the place is lost.
  bool GoOn();
  void Stop();
  // Why it ended; a value where it was stopped.
  const Result<void>& reason() const { return reason_; }
  // Once Join has succeeded.
  const boost::json::value& router_capabilities() const { return *router_capabilities_; }
  const std::string& participant_id() const { return participant_id_; }
  TimeDelta limit() const { return options_.join_limit; }

 private:
  asio::awaitable<void> ReadEvents();
  void TakeWelcome(const boost::json::value& welcome);
  void TakeClosedTransport(const boost::json::value& closed);
  asio::awaitable<void> CloseTransport(std::string transport_id);

  RoomOptions options_;
  std::unique_ptr<socketio::Client> signaling_;
  net::Event ended_;
  net::Event welcomed_;  // or ended
  std::optional<boost::json::value> router_capabilities_;
  std::string participant_id_;
  std::set<std::string, std::less<>> transports_;  // ours that are open
  Result<void> reason_;
  bool is_lost_ = false;  // the server has gone, or we have
  EventHandler on_event_;
};

}  // namespace confab::client
