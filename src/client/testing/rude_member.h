#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "client/media/outgoing_media.h"
#include "client/peer/media_peer.h"
#include "client/signaling/room_connection.h"
#include "net/asio.h"
#include "rtc/dtls/dtls_certificate.h"

namespace confab::client {

struct RudeOptions : RoomOptions {
  RudeOptions() {}  // see RoomOptions

  uint32_t ssrcs = 0;      // that nobody has announced, one packet and more on each
  uint32_t compounds = 0;  // of RTCP that asks for absurdly much
};

struct RudeResult {
  uint64_t rtp = 0;
  uint64_t rtcp = 0;
  uint64_t consumers = 0;  // that the absurd reports name
};

// A participant who has joined by the rules and then does not keep them: it holds the keys, so what
// it sends authenticates. One thread; the certificate and the random source outlive it.
class RudeMember {
 public:
  RudeMember(RudeOptions options, const rtc::DtlsCertificate& certificate, RandomSource& random);
  ~RudeMember();

  // Joins, consumes what is there, sends everything and leaves.
  asio::awaitable<Result<RudeResult>> Run();

 private:
  asio::awaitable<Result<void>> Join();
  asio::awaitable<Result<void>> ConsumeAll(const boost::json::value& joined);
  asio::awaitable<void> SendUnknownSsrcs();
  asio::awaitable<void> SendAbsurdReports();

  RudeOptions options_;
  const rtc::DtlsCertificate& certificate_;
  RandomSource& random_;
  std::shared_ptr<RoomConnection> room_;  // shared with its coroutines, as the peers
  std::shared_ptr<MediaPeer> sender_;
  std::shared_ptr<MediaPeer> receiver_;
  std::vector<std::unique_ptr<OutgoingMedia>> streams_;
  std::vector<rtc::Ssrc> consumed_;
  RudeResult result_;
};

}  // namespace confab::client
