#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/signaling/protocol/json.h"
#include "services/signaling/protocol/media_kind.h"
#include "services/signaling/room/ids.h"

namespace confab::signaling {

enum class Flow : uint8_t { kRunning, kPaused };

// What a room decided; the switchboard carries it out, in order.

// An event for a connection.
struct SendEvent {
  ConnectionId to = ConnectionId::kNone;
  std::string name;
  json::object payload;
};
// The participant came back on another connection: tell this one (`replaced`) and end it.
struct ReplaceConnection {
  ConnectionId connection = ConnectionId::kNone;
};
// The participant was taken out of the call: tell this connection (`removed`) and end it.
struct RemoveConnection {
  ConnectionId connection = ConnectionId::kNone;
};
// Close at the media service. Closing a transport closes what is on it.
struct CloseMedia {
  std::vector<MediaId> transports;
  std::vector<MediaId> producers;
  std::vector<MediaId> consumers;
};
// The last participant of this instance has gone: forget the room.
struct CloseRoom {
  // Whether participants of other instances are in it. If not, the router is closed too.
  bool is_inhabited = false;
};
// There are producers that this participant should receive and does not yet.
struct ConsumeMissing {
  ParticipantId participant;
};
// What other signaling instances are told of this participant has changed.
struct ShareParticipant {
  ParticipantId participant;
};
// For the record: this participant is in the call from now on.
struct RecordCame {
  ParticipantId participant;
};
// For the record: no longer.
struct RecordLeft {
  ParticipantId participant;
  std::string_view reason;                        // a literal
  ConnectionId connection = ConnectionId::kNone;  // the one that it had, for the log
  std::string trace = {};                         // of its join, for the log
};
// For the log: a producer was paused, or runs again.
struct RecordFlow {
  ParticipantId participant;
  MediaId producer;
  Source source = Source::kMicrophone;
  Flow flow = Flow::kRunning;
  enum class By : uint8_t { kSelf, kModerator } by = By::kSelf;
};

using Effect = std::variant<SendEvent, ReplaceConnection, RemoveConnection, CloseMedia, CloseRoom,
                            ConsumeMissing, ShareParticipant, RecordCame, RecordLeft, RecordFlow>;
using Effects = std::vector<Effect>;

}  // namespace confab::signaling
