#include "services/gateway/api/openapi.h"

namespace confab::gateway {

std::string_view ApiSchemas() {
  return R"json({
  "Id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"},
  "RoomName": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"},
  "Error": {
    "type": "object", "required": ["error"],
    "properties": {"error": {
      "type": "object", "required": ["code", "message", "id"],
      "properties": {
        "code": {"type": "string", "description": "One of docs/error-codes.md."},
        "message": {"type": "string", "description": "A sentence for people."},
        "id": {"type": "string", "description": "Finds the request in the log; also X-Request-Id."},
        "retry_after_ms": {"type": "integer", "minimum": 0}
      }
    }}
  },
  "Room": {
    "type": "object", "required": ["id", "name", "created_at_ms", "participants", "max_participants"],
    "properties": {
      "id": {"$ref": "#/components/schemas/Id"},
      "name": {"$ref": "#/components/schemas/RoomName"},
      "created_at_ms": {"type": "integer", "description": "Milliseconds since the Unix epoch."},
      "participants": {"type": "integer", "minimum": 0},
      "max_participants": {"type": "integer", "minimum": 1}
    }
  },
  "RoomList": {
    "type": "object", "required": ["rooms", "next"],
    "properties": {
      "rooms": {"type": "array", "items": {"$ref": "#/components/schemas/Room"}},
      "next": {"type": ["string", "null"], "description": "Pass it as `after`; null: this was the last page."}
    }
  },
  "NewRoom": {
    "type": "object", "required": ["room", "path"],
    "properties": {
      "room": {"$ref": "#/components/schemas/RoomName"},
      "path": {"type": "string", "description": "The room's page on this server."}
    }
  },
  "Removed": {
    "type": "object", "required": ["removed"],
    "properties": {"removed": {"type": "integer", "minimum": 0}}
  },
  "Producer": {
    "type": "object", "required": ["id", "kind", "source", "paused"],
    "properties": {
      "id": {"type": "string"},
      "kind": {"enum": ["audio", "video"]},
      "source": {"enum": ["microphone", "camera", "screen", "screen-audio"]},
      "paused": {"type": "boolean"}
    }
  },
  "Participant": {
    "type": "object", "required": ["id", "name", "joined_at_ms", "connected", "producers"],
    "properties": {
      "id": {"$ref": "#/components/schemas/Id"},
      "name": {"type": "string"},
      "joined_at_ms": {"type": "integer"},
      "connected": {"type": "boolean", "description": "false: its connection broke, it may come back."},
      "producers": {"type": "array", "items": {"$ref": "#/components/schemas/Producer"}}
    }
  },
  "ParticipantList": {
    "type": "object", "required": ["participants"],
    "properties": {"participants": {"type": "array", "items": {"$ref": "#/components/schemas/Participant"}}}
  },
  "MuteRequest": {
    "type": "object",
    "properties": {"source": {"enum": ["microphone", "camera", "screen", "screen-audio"]}}
  },
  "Muted": {
    "type": "object", "required": ["producer_ids"],
    "properties": {"producer_ids": {"type": "array", "items": {"type": "string"}}}
  },
  "Grants": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "audio": {"type": "boolean", "default": true},
      "video": {"type": "boolean", "default": true},
      "screen": {"type": "boolean", "default": true},
      "chat": {"type": "boolean", "default": true},
      "data": {"type": "boolean", "default": true, "description": "Reserved: there are no data channels yet."},
      "hidden": {"type": "boolean", "default": false, "description": "Unseen by others."},
      "moderate": {"type": "boolean", "default": false, "description": "Remove and mute others."}
    }
  },
  "TokenRequest": {
    "type": "object",
    "properties": {
      "identity": {"type": "string", "minLength": 1, "maxLength": 128, "description": "The person, stable over calls."},
      "name": {"type": "string", "maxLength": 256, "description": "To show; absent: the person chooses."},
      "role": {"enum": ["guest", "member", "moderator"], "default": "member"},
      "grants": {"$ref": "#/components/schemas/Grants"},
      "lifetime_s": {"type": "integer", "minimum": 10, "maximum": 86400}
    }
  },
  "IceServer": {
    "type": "object", "required": ["urls", "username", "credential"],
    "properties": {
      "urls": {"type": "array", "items": {"type": "string"}},
      "username": {"type": "string"},
      "credential": {"type": "string"}
    }
  },
  "Invitation": {
    "type": "object", "required": ["token", "room", "path", "ice_servers"],
    "properties": {
      "token": {"type": "string"},
      "room": {"$ref": "#/components/schemas/RoomName"},
      "path": {"type": "string"},
      "ice_servers": {"type": "array", "items": {"$ref": "#/components/schemas/IceServer"}}
    }
  },
  "TurnCredentials": {
    "type": "object", "required": ["ice_servers", "lifetime_s"],
    "properties": {
      "ice_servers": {"type": "array", "items": {"$ref": "#/components/schemas/IceServer"}},
      "lifetime_s": {"type": "integer", "minimum": 1}
    }
  },
  "Time": {"type": "string", "pattern": "^[0-9T:.-]+Z$", "description": "UTC, to the microsecond."},
  "NoTime": {"type": ["string", "null"], "pattern": "^[0-9T:.-]+Z$", "description": "UTC; null: not yet, or not known."},
  "Explanation": {
    "type": "object",
    "required": ["room", "live", "from", "to", "complete", "calls", "media", "participants", "failures", "findings", "left_out"],
    "properties": {
      "room": {"type": "string", "description": "What stands for its name in lines."},
      "live": {"type": "boolean"},
      "from": {"$ref": "#/components/schemas/Time"},
      "to": {"$ref": "#/components/schemas/NoTime"},
      "complete": {"type": "boolean", "description": "No older line of the call is forgotten."},
      "calls": {"type": "array", "maxItems": 50, "description": "All calls of this room, the newest first.", "items": {
        "type": "object", "required": ["from", "to", "participants"],
        "properties": {
          "from": {"$ref": "#/components/schemas/Time"}, "to": {"$ref": "#/components/schemas/NoTime"},
          "participants": {"type": "integer", "minimum": 0}
        }
      }},
      "media": {"type": "array", "items": {
        "type": "object", "required": ["instance", "from", "to"],
        "properties": {
          "instance": {"type": "string"}, "from": {"$ref": "#/components/schemas/Time"},
          "to": {"$ref": "#/components/schemas/NoTime"}
        }
      }},
      "participants": {"type": "array", "items": {
        "type": "object",
        "required": ["id", "joined", "left", "reason", "sessions", "traces", "stages", "connections", "transports", "producers", "client"],
        "properties": {
          "id": {"type": "string"}, "joined": {"$ref": "#/components/schemas/NoTime"},
          "left": {"$ref": "#/components/schemas/NoTime"}, "reason": {"type": ["string", "null"]},
          "sessions": {"type": "array", "items": {"type": "string"}},
          "traces": {"type": "array", "items": {"type": "string"}},
          "stages": {"type": "array", "items": {
            "type": "object", "required": ["name", "ms"],
            "properties": {"name": {"type": "string"}, "ms": {"type": "number", "minimum": 0}}
          }},
          "connections": {"type": "array", "items": {
            "type": "object", "required": ["at", "what"],
            "properties": {"what": {"enum": ["joined", "lost", "resumed", "left"]}}
          }},
          "transports": {"type": "array", "items": {"type": "object", "required": ["id", "figures"]}},
          "producers": {"type": "array", "items": {"type": "object", "required": ["id", "source", "muted"]}},
          "client": {"type": ["object", "null"], "description": "The last report of its page."}
        }
      }},
      "failures": {"type": "array", "items": {
        "type": "object",
        "required": ["at", "event", "service", "participant", "code", "message", "error_id", "trace", "line"]
      }},
      "findings": {"type": "array", "items": {
        "type": "object",
        "required": ["cause", "severity", "participant", "instance", "from", "to", "sentence", "advice", "lines"],
        "properties": {
          "cause": {"enum": ["media_lost", "bus_lost", "store_lost", "token_expired", "token_refused", "announced_address",
            "udp_blocked", "nothing_arrives", "join_failed", "connection_lost", "loss", "round_trip", "freezes", "producer_muted",
            "client_failed"]},
          "severity": {"enum": ["error", "warning", "note"]},
          "participant": {"type": ["string", "null"]}, "instance": {"type": ["string", "null"]},
          "sentence": {"type": "string"}, "advice": {"type": "string"},
          "lines": {"type": "array", "items": {"type": "string"}}
        }
      }},
      "left_out": {"type": "object", "description": "How many did not fit.",
        "properties": {
          "lines": {"type": "integer"}, "participants": {"type": "integer"},
          "failures": {"type": "integer"}, "findings": {"type": "integer"}
        }
      }
    }
  },
  "PrometheusTargets": {
    "type": "array",
    "items": {
      "type": "object", "required": ["targets", "labels"],
      "properties": {
        "targets": {"type": "array", "items": {"type": "string"}, "description": "host:port, one each."},
        "labels": {
          "type": "object",
          "required": ["__scheme__", "__meta_confab_role", "__meta_confab_instance", "__meta_confab_region"],
          "properties": {
            "__scheme__": {"enum": ["http", "https"]},
            "__meta_confab_role": {"enum": ["gateway", "signaling", "media", "logs", "serve"]},
            "__meta_confab_instance": {"$ref": "#/components/schemas/Id"},
            "__meta_confab_region": {"type": "string"}
          }
        }
      }
    }
  },
  "State": {
    "type": "object", "required": ["version", "rooms", "participants", "signaling", "media"],
    "properties": {
      "version": {"type": "string"},
      "rooms": {"type": "integer", "minimum": 0},
      "participants": {"type": "integer", "minimum": 0},
      "signaling": {"type": "array", "items": {
        "type": "object",
        "required": ["id", "version", "region", "uptime_ms", "rooms", "participants", "connections", "media"],
        "properties": {
          "id": {"type": "string"}, "version": {"type": "string"}, "region": {"type": "string"},
          "uptime_ms": {"type": "integer"}, "rooms": {"type": "integer"},
          "participants": {"type": "integer"}, "connections": {"type": "integer"},
          "media": {"type": "array", "items": {
            "type": "object", "required": ["id", "is_up", "rooms"],
            "properties": {"id": {"type": "string"}, "is_up": {"type": "boolean"}, "rooms": {"type": "integer"}}
          }}
        }
      }},
      "media": {"type": "array", "items": {
        "type": "object", "required": ["id", "is_up"],
        "description": "All but these two is missing where the instance does not answer.",
        "properties": {
          "id": {"type": "string"}, "is_up": {"type": "boolean"}, "version": {"type": "string"},
          "region": {"type": "string"}, "uptime_ms": {"type": "integer"},
          "workers": {"type": "integer"}, "routers": {"type": "integer"},
          "transports": {"type": "integer"}, "producers": {"type": "integer"},
          "consumers": {"type": "integer"},
          "ports": {"type": "array", "items": {"type": "integer"}}
        }
      }}
    }
  }
})json";
}

}  // namespace confab::gateway
