#pragma once

#include <cstdint>
#include <string_view>

#include "auth/authority.h"
#include "backends/store/store.h"
#include "backends/store/write_behind.h"
#include "services/signaling/room/room.h"

namespace confab::signaling {

// Revokes the resume tokens of who was removed from a call: in this process at once, and by the
// store in all others, without anybody waiting for it. While the store is away that waits in memory
// (store::WriteBehind). Lives on the io_context's thread; everything that it is given must outlive
// it.
class RemovedTokens {
 public:
  // `store`: nullptr for this process alone.
  RemovedTokens(auth::Authority& authority, store::Store* store, store::WriteBehind& behind)
      : authority_(authority), store_(store), behind_(behind) {}

  void Revoke(std::string_view room, ParticipantId participant, int64_t now_s);

 private:
  auth::Authority& authority_;
  store::Store* store_;
  store::WriteBehind& behind_;
};

}  // namespace confab::signaling
