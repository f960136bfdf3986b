#include "services/signaling/chat/local_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/store/testing/wait_for.h"

namespace confab::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LocalMessagesTest : public testing::Test {
 protected:
  int64_t Add(std::string room, std::string sender, std::string id, std::string recipient = "") {
    store::NewMessage message{.room = std::move(room),
                              .sender = std::move(sender),
                              .client_id = std::move(id),
                              .recipient = std::move(recipient),
                              .body = "Hello"};
    return store::WaitFor(io_, messages_.Add(std::move(message)))->seq;
  }
  std::vector<int64_t> Read(std::string room, std::string viewer, int64_t before = INT64_MAX,
                            int64_t max_rows = 10) {
    Messages::Page page{.room = std::move(room),
                        .viewer = std::move(viewer),
                        .before_seq = before,
                        .max_rows = max_rows};
    std::vector<int64_t> numbers;
    for (const auto& row : *store::WaitFor(io_, messages_.History(std::move(page)))) {
      numbers.push_back(row.seq);
    }
    return numbers;
  }

  asio::io_context io_{1};
  LocalMessages messages_;
};

TEST_F(LocalMessagesTest, NumbersEachMessageOnceInItsRoom) {
  EXPECT_EQ(Add("garden", "ann", "1"), 1);
  EXPECT_EQ(Add("garden", "bob", "1"), 2);
  EXPECT_EQ(Add("garden", "ann", "1"), 1);
  EXPECT_EQ(Add("cellar", "ann", "1"), 1);
  EXPECT_THAT(Read("garden", "cat"), ElementsAre(2, 1));
}

TEST_F(LocalMessagesTest, ShowsPrivateMessagesToTheirTwoPeopleAlone) {
  Add("garden", "ann", "1");
  Add("garden", "ann", "2", "bob");
  EXPECT_THAT(Read("garden", "ann"), ElementsAre(2, 1));
  EXPECT_THAT(Read("garden", "bob"), ElementsAre(2, 1));
  EXPECT_THAT(Read("garden", "cat"), ElementsAre(1));
  EXPECT_THAT(Read("nowhere", "ann"), IsEmpty());
}

TEST_F(LocalMessagesTest, PagesBackwards) {
  for (int i = 1; i <= 5; ++i) Add("garden", "ann", std::to_string(i));
  EXPECT_THAT(Read("garden", "bob", INT64_MAX, 2), ElementsAre(5, 4));
  EXPECT_THAT(Read("garden", "bob", 4, 2), ElementsAre(3, 2));
}

TEST_F(LocalMessagesTest, ForgetsTheOldestAtItsLimits) {
  constexpr auto kMost = static_cast<int>(LocalMessages::kMaxMessagesPerRoom);
  for (int i = 0; i <= kMost; ++i) Add("garden", "ann", std::to_string(i));
  EXPECT_THAT(Read("garden", "bob", 3), ElementsAre(2)) << "the first has gone";
  for (size_t i = 1; i < LocalMessages::kMaxRooms; ++i) Add("room" + std::to_string(i), "ann", "1");
  Add("garden", "ann", "again");
  Add("one more", "ann", "1");
  EXPECT_THAT(Read("room1", "ann"), IsEmpty()) << "used least lately";
  EXPECT_THAT(Read("garden", "bob", INT64_MAX, 1), ElementsAre(kMost + 2));
}

}  // namespace
}  // namespace confab::signaling
