#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "auth/claims.h"
#include "base/units.h"
#include "confab/media/v1/rtp.pb.h"
#include "services/signaling/protocol/json.h"
#include "services/signaling/protocol/media_kind.h"
#include "services/signaling/protocol/requests.h"
#include "services/signaling/room/event_log.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

struct Transport {
  MediaId id;
  std::optional<Direction> direction;  // none: both
  enum class Dtls : uint8_t { kUnknown, kGiven } dtls = Dtls::kUnknown;
  Timestamp made_at = Timestamp::Never();  // never: by another signaling instance
};

struct Producer {
  std::string own_id;  // the owner's name for it
  MediaId id;          // the name that everyone else and the media service know
  MediaId transport_id;
  MediaKind kind = MediaKind::kAudio;
  Source source = Source::kMicrophone;
  bool paused = false;
};

// What this participant receives.
struct Consumer {
  MediaId id;
  MediaId producer_id;
  ParticipantId owner;  // of the producer
  MediaId transport_id;
  MediaKind kind = MediaKind::kAudio;
  Source source = Source::kMicrophone;
  std::string type;
  json::object rtp_parameters;
  bool ready = false;             // the client has set it up
  bool paused_by_client = false;  // the client's own wish

  bool flows() const { return ready && !paused_by_client; }
};

// How a participant talks: with quick join and pushed consumers, or with the classic events.
enum class Mode : uint8_t { kQuick, kClassic };

enum class Phase : uint8_t {
  kPrepared,  // has media for a join that may come; takes no seat
  kJoining,   // waits for its media
  kJoined,    // in the call; connected or within the grace period
};

// One person in a room. Plain values, changed by Room alone.
struct Participant {
  ParticipantId id;
  // Of another signaling instance, which has the connection: of it we know what others see, no
  // more.
  bool is_elsewhere = false;
  bool is_connected_elsewhere = false;
  uint64_t term = 0;  // how often an instance took it over from another
  std::string name;
  int64_t joined_at_ms = 0;  // Unix epoch
  auth::Grants grants;
  std::string role = "guest";
  std::string identity;                      // the person, stable over calls; "": a guest
  std::string trace;                         // of its join; "": not known (base/trace_context.h)
  Timestamp token_made = Timestamp::Past();  // its newest resume token
  Mode mode = Mode::kQuick;
  Phase phase = Phase::kJoining;

  // Counts joins, reloads and new transports: what was begun for an earlier one is void.
  uint32_t attempt = 0;
  // Whether the attempt is done. Until then others' new producers are not consumed here: the reply
  // to the attempt brings what there is.
  bool media_is_settled = false;
  // It was taken over, and was not told yet how everything is: Room::Settle.
  bool is_restoring = false;

  ConnectionId connection = ConnectionId::kNone;
  // Whether the connection has had its snapshot: before, events are only logged.
  bool in_sync = false;
  Timestamp lost_at = Timestamp::Never();  // when the connection broke
  EventLog log;

  media::v1::RtpCapabilities rtp_capabilities;
  std::optional<ViewSize> view;
  std::vector<Tile> tiles;

  std::vector<Transport> transports;
  std::vector<Producer> producers;
  std::map<MediaId, Consumer> consumers;
  // Producers that are received, on their way, or refused by the media service for good: not asked
  // for again.
  std::set<MediaId> settled_producers;

  bool is_connected() const {
    return is_elsewhere ? is_connected_elsewhere : connection != ConnectionId::kNone;
  }
  // Whether others know of it.
  bool is_seen() const { return phase == Phase::kJoined; }
  // Whether it is told of others, by us.
  bool is_told() const { return is_seen() && !is_elsewhere; }
  const Transport* FindTransport(std::string_view transport_id) const;
  Transport* FindTransport(std::string_view transport_id);
  // The first that can carry media in that direction.
  const Transport* FindTransport(Direction direction) const;
  Producer* FindProducer(std::string_view own_id);
  Consumer* FindConsumer(std::string_view consumer_id);
};

}  // namespace confab::signaling
