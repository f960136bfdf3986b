#pragma once

#include "base/units.h"
#include "net/websocket.h"
#include "socketio/engine_packet.h"

// What both ends of an Engine.IO session over a WebSocket have in common.
namespace confab::socketio {

// What a closing session has to hand over its last packets and to exchange close frames.
inline constexpr TimeDelta kLingerTime = TimeDelta::Seconds(5);

inline net::WebSocketMessage::Kind ToWebSocket(EngineFrame::Kind kind) {
  return kind == EngineFrame::Kind::kText ? net::WebSocketMessage::Kind::kText
                                          : net::WebSocketMessage::Kind::kBinary;
}

}  // namespace confab::socketio
