// Peers whose address changes in the middle of a call: media from a path that nobody has validated.

#include <algorithm>
#include <array>

#include "rtc/demux.h"
#include "sfu/worker.h"

namespace confab::sfu {
namespace {

// Whose packet this may be. Those of peers who are at the same IP address already come first: a NAT
// that forgets gives another port. They matter where many use one number, as browsers that only
// receive do for RTCP.
class Suspects {
 public:
  void Add(Transport& transport, const SocketAddress& from) {
    const auto& path = transport.session().send_path();
    const bool is_near = path && std::ranges::equal(path->remote.ip(), from.ip());
    Group& group = is_near ? near_ : far_;
    if (group.size < group.transports.size()) group.transports[group.size++] = &transport;
  }
  // `attempt` until it succeeds, for the most likely.
  template <typename Attempt>
  bool Try(Attempt attempt) const {
    size_t left = Worker::kMaxAttemptsPerSearch;
    for (const Group* group : {&near_, &far_}) {
      for (size_t i = 0; i < group->size && left > 0; ++i, --left) {
        if (attempt(*group->transports[i])) return true;
      }
    }
    return false;
  }

 private:
  struct Group {
    std::array<Transport*, Worker::kMaxAttemptsPerSearch> transports{};
    size_t size = 0;
  };
  Group near_;
  Group far_;
};

}  // namespace

// Known paths never come here, so that nothing has to be kept up to date for it packet by packet:
// the session is found by a scan for the ssrc. True: the packet has authenticated and been handled.
bool Worker::OpenElsewhere(Timestamp now, const rtc::Packet& packet) {
  const BytesView bytes = packet.bytes();
  const rtc::DatagramKind kind = rtc::ClassifyDatagram(bytes);
  const bool is_rtp = kind == rtc::DatagramKind::kRtp;
  const size_t ssrc_at = is_rtp ? 8 : 4;  // RFC 3550 §5.1, §6.4
  if (!is_rtp && kind != rtc::DatagramKind::kRtcp) return false;
  if (bytes.size() < ssrc_at + 4 || !MaySearch(now)) return false;
  const rtc::Ssrc ssrc(LoadU32(&bytes[ssrc_at]));
  Suspects suspects;
  for (const auto& [router_id, router] : routers_) {
    for (const auto& [id, transport] : router->transports()) {
      if (transport->session().CouldOpen(kind, ssrc, bytes)) {
        suspects.Add(*transport, packet.path.remote);
      }
    }
  }
  return suspects.Try([&](Transport& transport) { return OpenAs(now, transport, packet); });
}

bool Worker::MaySearch(Timestamp now) {
  if (now - search_second_ >= TimeDelta::Seconds(1)) {
    search_second_ = now;
    searches_this_second_ = 0;
  }
  if (searches_this_turn_ >= kMaxSearchesPerTurn) return false;
  if (searches_this_second_ >= kMaxSearchesPerSecond) return false;
  ++searches_this_turn_;
  ++searches_this_second_;
  return true;
}

// On a copy: an attempt that fails may leave anything in the packet.
bool Worker::OpenAs(Timestamp now, Transport& transport, const rtc::Packet& packet) {
  const rtc::PacketRef copy = AcquirePacket();
  if (!copy) return false;
  std::ranges::copy(packet.bytes(), copy.writable().buffer().begin());
  copy.writable().size = packet.size;
  copy.writable().received_at = packet.received_at;
  copy.writable().path = packet.path;
  rtc::SessionOutput output(context_.sink);
  transport.session().Classify(now, copy, attempt_, output);
  context_.engine.Open(attempt_.jobs());
  const bool is_authentic = attempt_.size() == 1 && attempt_.jobs()[0].ok;
  if (is_authentic) {
    const auto before = transport.session().trial_path();
    const auto opened = transport.session().OpenedElsewhere(attempt_.jobs()[0], copy.writable());
    if (before && before != transport.session().trial_path()) paths_.Remove(*before);
    if (transport.session().trial_path() == packet.path) {
      ++counters_.path_moves;
      RegisterPath(transport, packet.path);
    }
    HandleMedia(now, transport, copy, opened);
  }
  attempt_.Clear();
  return is_authentic;
}

// Its trial is over: ICE has validated the path, and the table keeps it, or it is a stranger's
// again.
void Worker::ForgetTrial(const Transport& transport, const rtc::Path& path) {
  const rtc::Session& session = transport.session();
  if (session.trial_path() == path || session.ice().IsValidated(path)) return;
  paths_.Remove(path);
}

}  // namespace confab::sfu
