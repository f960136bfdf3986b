#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "rtc/testing/simulated_pair.h"
#include "sfu/worker.h"

namespace confab::sfu::testing {

// A worker and several clients joined by links in virtual time, for tests. Nothing is lost but what
// `lose` takes. Clients are sessions in the controlling and DTLS client roles.
class SimulatedCall {
 public:
  explicit SimulatedCall(uint64_t seed = 1);

  // A transport on router "room" and the client at its other end; connected once the call has run.
  struct Client {
    std::string transport_id;
    std::unique_ptr<rtc::testing::TestHost> host;
    rtc::OutgoingStreamIndex video, rtx;
    std::vector<rtc::PacketRef> sent_video;  // by source sequence number
  };
  Client& AddClient(const std::string& id);
  // A VP8 producer with one encoding of ssrc `ssrc` and RTX ssrc `ssrc` + 1, mid "video".
  Result<Producer*> ProduceVideo(Client& client, const std::string& producer_id, uint32_t ssrc);
  Result<Consumer*> Consume(Client& client, const std::string& consumer_id,
                            const std::string& producer_id, bool paused = false);

  // One VP8 frame of `packets` packets of 1000 octets.
  void SendFrame(Client& client, uint32_t rtp_timestamp, bool keyframe, int packets = 1);

  // Repeats on the RTX stream what left under this number.
  void Repeat(Client& client, uint16_t sequence);

  void RunFor(TimeDelta time);
  Router& router() { return **worker.FindRouter("room"); }

  static constexpr TimeDelta kDelay = TimeDelta::Millis(5);

  Timestamp now = Timestamp::Millis(1000);
  rtc::DtlsCertificate server_certificate;
  rtc::DtlsCertificate client_certificate;
  rtc::EvpSrtpEngine engine;
  Prng random;
  Worker worker;
  std::vector<WorkerEvent> events;
  // Asked for each datagram; true loses it. `to_server`: which way it goes.
  std::function<bool(bool to_server, BytesView bytes)> lose;
  std::vector<std::unique_ptr<Client>> clients;
  // What the server sent to addresses where no client is.
  std::vector<std::pair<rtc::Path, std::vector<uint8_t>>> to_others;

 private:
  struct InFlight {
    Timestamp at;
    uint64_t order;
    Client* to;  // null: the server
    SocketAddress from;
    std::vector<uint8_t> bytes;
    bool operator<(const InFlight& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  void TakeFromClients();
  void TakeFromServer();
  void Deliver(const InFlight& datagram);
  Client* ClientAt(const SocketAddress& address);

  std::priority_queue<InFlight> in_flight_;
  uint64_t order_ = 0;
};

// The ssrc of the tests' camera, and the RTP time from one of its frames to the next: 30 a second.
inline constexpr uint32_t kCameraSsrc = 1234;
inline constexpr uint32_t kFrameTicks = 3000;

// Parameters as a browser gives them: VP8 on payload type 96 with RTX on 97, transport-cc on 3.
RtpParameters Vp8Parameters(uint32_t ssrc);

}  // namespace confab::sfu::testing
