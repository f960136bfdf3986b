#include <array>

#include "backends/store/migrations/migration.h"

namespace confab::store {
namespace {

// The indexes whose last column is a time are those of Retention too.
constexpr std::array<std::string_view, 23> kFirst = {
    "CREATE TABLE rooms (room text NOT NULL PRIMARY KEY, settings text NOT NULL, "
    "version bigint NOT NULL, created_at_us bigint NOT NULL, changed_at_us bigint NOT NULL)",

    "CREATE TABLE placements (room text NOT NULL PRIMARY KEY, media_instance text NOT NULL, "
    "region text NOT NULL, epoch bigint NOT NULL, renewals bigint NOT NULL, "
    "released_at_us bigint NOT NULL)",
    "CREATE INDEX placements_of_instance ON placements (media_instance, room)",
    "CREATE INDEX placements_released ON placements (released_at_us) WHERE released_at_us > 0",

    "CREATE TABLE sessions (id text NOT NULL PRIMARY KEY, room text NOT NULL, "
    "participant text NOT NULL, identity text NOT NULL, name text NOT NULL, "
    "signaling_instance text NOT NULL, started_at_us bigint NOT NULL, "
    "ended_at_us bigint NOT NULL, end_reason text NOT NULL)",
    "CREATE INDEX sessions_of_room ON sessions (room, started_at_us, id)",
    "CREATE INDEX sessions_open ON sessions (signaling_instance) WHERE ended_at_us = 0",
    "CREATE INDEX sessions_ended ON sessions (ended_at_us) WHERE ended_at_us > 0",
    "CREATE INDEX sessions_abandoned ON sessions (started_at_us) WHERE ended_at_us = 0",

    "CREATE TABLE messages (room text NOT NULL, seq bigint NOT NULL, sender text NOT NULL, "
    "client_id text NOT NULL, recipient text NOT NULL, body text NOT NULL, "
    "sent_at_us bigint NOT NULL, PRIMARY KEY (room, sender, client_id))",
    "CREATE UNIQUE INDEX messages_received ON messages (room, recipient, seq)",
    "CREATE UNIQUE INDEX messages_whispered ON messages (room, sender, seq) WHERE recipient <> ''",
    "CREATE INDEX messages_sent ON messages (sent_at_us)",
    "CREATE TABLE message_sequences (room text NOT NULL PRIMARY KEY, last bigint NOT NULL, "
    "used_on_us bigint NOT NULL)",
    "CREATE INDEX message_sequences_used ON message_sequences (used_on_us)",

    "CREATE TABLE api_keys (id text NOT NULL PRIMARY KEY, secret text NOT NULL, "
    "scopes text NOT NULL, room text NOT NULL, created_at_us bigint NOT NULL)",

    "CREATE TABLE revocations (subject text NOT NULL PRIMARY KEY, expires_at_us bigint NOT NULL)",
    "CREATE INDEX revocations_expired ON revocations (expires_at_us)",

    "CREATE TABLE used_tokens (token_id text NOT NULL PRIMARY KEY, use_id text NOT NULL, "
    "expires_at_us bigint NOT NULL)",
    "CREATE INDEX used_tokens_expired ON used_tokens (expires_at_us)",

    "CREATE TABLE audit (id text NOT NULL PRIMARY KEY, at_us bigint NOT NULL, "
    "actor text NOT NULL, action text NOT NULL, room text NOT NULL, target text NOT NULL, "
    "detail text NOT NULL)",
    "CREATE INDEX audit_by_time ON audit (at_us, id)",
    "CREATE INDEX audit_of_room ON audit (room, at_us, id)",
};

constexpr std::array<std::string_view, 4> kSecond = {
    "ALTER TABLE messages ADD COLUMN from_id text NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN from_name text NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN to_id text NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN to_name text NOT NULL DEFAULT ''",
};

constexpr std::array<std::string_view, 1> kThird = {
    "ALTER TABLE placements ADD COLUMN claim_id bigint NOT NULL DEFAULT 0",
};

constexpr std::array<Migration, 3> kAll = {
    Migration{
        .number = 1, .name = "rooms, calls, tokens and the audit trail", .statements = kFirst},
    Migration{.number = 2, .name = "who messages are shown as from", .statements = kSecond},
    Migration{.number = 3, .name = "whose claim of a room was granted", .statements = kThird},
};

}  // namespace

std::span<const Migration> Migrations() {
  return kAll;
}

}  // namespace confab::store
