#include "backends/store/message_store.h"

#include <algorithm>

#include "backends/store/limits.h"
#include "backends/store/testing/store_test.h"

namespace confab::store {
namespace {

class MessageStoreTest : public StoreTest {
 protected:
  MessageStore& messages() { return store_->messages(); }
  static NewMessage Message(std::string sender, std::string client_id, std::string recipient = "") {
    return {.room = "garden",
            .sender = std::move(sender),
            .client_id = std::move(client_id),
            .recipient = std::move(recipient),
            .body = "Hello",
            .sent_at_us = kNowUs};
  }
  MessageRow Add(NewMessage message) { return Done(messages().Add(std::move(message))); }
  std::vector<int64_t> Read(std::string viewer, int64_t before_seq = INT64_MAX,
                            int64_t max_rows = 100) {
    MessageStore::HistoryPage page{.room = "garden",
                                   .viewer = std::move(viewer),
                                   .before_seq = before_seq,
                                   .max_rows = max_rows};
    std::vector<int64_t> numbers;
    for (const auto& row : Done(messages().History(std::move(page)))) numbers.push_back(row.seq);
    return numbers;
  }
  using Numbers = std::vector<int64_t>;
};

TEST_P(MessageStoreTest, NumbersTheMessagesOfARoom) {
  EXPECT_EQ(Add(Message("ann", "1")).seq, 1);
  EXPECT_EQ(Add(Message("bob", "1")).seq, 2);
  EXPECT_EQ(Add(Message("ann", "2")).seq, 3);
  NewMessage elsewhere = Message("ann", "1");
  elsewhere.room = "cellar";
  EXPECT_EQ(Add(std::move(elsewhere)).seq, 1);
}

TEST_P(MessageStoreTest, GivesBackWhatWasStored) {
  const MessageRow expected{.seq = 1,
                            .sender = "ann",
                            .client_id = "1",
                            .recipient = "bob",
                            .body = "Hello",
                            .sent_at_us = kNowUs,
                            .people = {.from = "p1", .name = "Ann", .to = "p2", .to_name = "Bob"}};
  NewMessage message = Message("ann", "1", "bob");
  message.people = expected.people;
  EXPECT_EQ(Add(std::move(message)), expected);
  MessageStore::HistoryPage page{.room = "garden", .viewer = "bob", .max_rows = 10};
  EXPECT_EQ(Done(messages().History(std::move(page))), std::vector<MessageRow>{expected});
}

TEST_P(MessageStoreTest, StoresARepeatedMessageOnceAndLeavesNoGap) {
  const MessageRow first = Add(Message("ann", "1"));
  NewMessage again = Message("ann", "1");
  again.body = "Something else";
  again.sent_at_us += 5;
  EXPECT_EQ(Add(std::move(again)), first);
  EXPECT_EQ(Add(Message("ann", "2")).seq, 2);
  EXPECT_EQ(Read("ann"), (Numbers{2, 1}));
}

TEST_P(MessageStoreTest, NumbersWithoutGapsWhatComesAtOnceAndTwice) {
  constexpr int kMessages = 40;
  const auto second = OpenStore();
  std::vector<std::unique_ptr<Running<StoreResult<MessageRow>>>> calls;
  for (int i = 0; i < 2 * kMessages; ++i) {
    // Every message comes twice, over different ways.
    Store& way = i % 2 == 0 ? *store_ : *second;
    calls.push_back(std::make_unique<Running<StoreResult<MessageRow>>>(
        io_, way.messages().Add(Message("ann", std::to_string(i / 2)))));
  }
  Numbers numbers;
  for (size_t i = 0; i < calls.size(); i += 2) {
    const auto one = calls[i]->Wait();
    const auto other = calls[i + 1]->Wait();
    ASSERT_TRUE(one) << one.error().message;
    ASSERT_TRUE(other) << other.error().message;
    EXPECT_EQ(one->seq, other->seq);
    numbers.push_back(one->seq);
  }
  std::ranges::sort(numbers);
  for (int i = 0; i < kMessages; ++i) EXPECT_EQ(numbers[static_cast<size_t>(i)], i + 1);
}

TEST_P(MessageStoreTest, ShowsPrivateMessagesToTheirTwoPeopleAlone) {
  Add(Message("ann", "1"));
  Add(Message("ann", "2", "bob"));
  Add(Message("bob", "1", "ann"));
  Add(Message("cat", "1", "bob"));
  Add(Message("bob", "2"));
  Add(Message("cat", "2", "cat"));
  EXPECT_EQ(Read("ann"), (Numbers{5, 3, 2, 1}));
  EXPECT_EQ(Read("bob"), (Numbers{5, 4, 3, 2, 1}));
  EXPECT_EQ(Read("cat"), (Numbers{6, 5, 4, 1}));
  EXPECT_EQ(Read("dan"), (Numbers{5, 1}));
  // Nobody in particular sees what is for everybody.
  EXPECT_EQ(Read(""), (Numbers{5, 1}));
}

TEST_P(MessageStoreTest, PagesBackwards) {
  for (int i = 1; i <= 5; ++i) Add(Message("ann", std::to_string(i), i % 2 == 0 ? "bob" : ""));
  EXPECT_EQ(Read("bob", INT64_MAX, 2), (Numbers{5, 4}));
  EXPECT_EQ(Read("bob", 4, 2), (Numbers{3, 2}));
  EXPECT_EQ(Read("bob", 2, 2), (Numbers{1}));
  EXPECT_EQ(Read("bob", 1, 2), Numbers());
  EXPECT_EQ(Read("cat", 5, 1), (Numbers{3}));
}

TEST_P(MessageStoreTest, GivesAtMostAPage) {
  for (int i = 0; i < kMaxPageRows + 5; ++i) Add(Message("ann", std::to_string(i)));
  EXPECT_EQ(Read("ann", INT64_MAX, 1'000'000).size(), static_cast<size_t>(kMaxPageRows));
  EXPECT_EQ(Read("ann", INT64_MAX, -3).size(), 1u);
}

TEST_P(MessageStoreTest, TakesTheLongestIdentitiesWithAWordBeforeThem) {
  const std::string ann = "person:" + std::string(kMaxIdentityBytes, 'a');
  const std::string bob = "person:" + std::string(kMaxIdentityBytes, 'b');
  EXPECT_EQ(Add(Message(ann, "1", bob)).seq, 1);
  EXPECT_EQ(Read(bob), Numbers{1});
  const std::string longer(kMaxActorBytes + 1, 'x');
  EXPECT_EQ(FaultOf(messages().Add(Message(longer, "1"))), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(messages().Add(Message("ann", "1", longer))), StoreFault::kRefused);
}

TEST_P(MessageStoreTest, RefusesWhatIsNoMessage) {
  NewMessage empty = Message("ann", "1");
  empty.body.clear();
  EXPECT_EQ(FaultOf(messages().Add(std::move(empty))), StoreFault::kRefused);
  NewMessage large = Message("ann", "1");
  large.body.assign(kMaxMessageBytes + 1, 'x');
  EXPECT_EQ(FaultOf(messages().Add(std::move(large))), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(messages().Add(Message("", "1"))), StoreFault::kRefused);
  EXPECT_EQ(FaultOf(messages().Add(Message("ann", ""))), StoreFault::kRefused);
  EXPECT_EQ(Add(Message("ann", "1")).seq, 1);
}

INSTANTIATE_TEST_SUITE_P(All, MessageStoreTest, kDatabases, kDatabaseName);

}  // namespace
}  // namespace confab::store
