#include "rpc/call_scope_metadata.h"

#include <gtest/gtest.h>

namespace confab::rpc {
namespace {

CallScope Read(std::string_view baggage) {
  CallScope scope;
  ReadBaggage(baggage, scope);
  return scope;
}

TEST(CallScopeMetadata, ReadsWhatItWrites) {
  const CallScope scope{.room = "quiet_harbor", .participant = "p1", .session = "signaling-1-7"};
  EXPECT_EQ(ToBaggage(scope), "room=quiet_harbor,participant=p1,session=signaling-1-7");
  EXPECT_EQ(Read(ToBaggage(scope)), scope);
}

TEST(CallScopeMetadata, LeavesOutWhatIsEmptyOrCouldNotBeReadBack) {
  EXPECT_EQ(ToBaggage({}), "");
  EXPECT_EQ(ToBaggage({.room = "a,participant=x", .session = "s"}), "session=s");
  EXPECT_EQ(ToBaggage({.room = std::string(kMaxScopeValueSize + 1, 'r')}), "");
}

TEST(CallScopeMetadata, TakesNothingOfAMalformedBaggage) {
  for (const char* text : {"", ",", "=", "room", "room=", "=x", "trace=abc", "room=a b", "room=\n",
                           "room=\x1b[31m", "ROOM=x", " room=x", "room;=x", "room=a=b"}) {
    EXPECT_EQ(Read(text), CallScope()) << text;
  }
  EXPECT_EQ(Read("room=" + std::string(kMaxScopeValueSize + 1, 'r')), CallScope());
  EXPECT_EQ(Read("other=1,,room=x,"), (CallScope{.room = "x"}));
}

}  // namespace
}  // namespace confab::rpc
