#include "services/signaling/record/call_record.h"

#include <fmt/format.h>

#include "backends/store/testing/faulty_database.h"
#include "backends/store/testing/store_test.h"
#include "services/signaling/testing/room_fixture.h"

namespace confab::signaling {
namespace {

using store::FaultyDatabase, store::kNowUs, store::kSecondUs;

class CallRecordTest : public store::StoreTest {
 protected:
  void SetUp() override {
    store::StoreTest::SetUp();
    if (IsSkipped()) return;
    auto faulty = std::make_unique<FaultyDatabase>(backend_->Open());
    faulty_ = faulty.get();
    store_ = std::make_unique<store::Store>(std::move(faulty));
    behind_ = std::make_unique<store::WriteBehind>(io_, Quick());
    record_ = std::make_unique<CallRecord>(store_.get(), *behind_, "s1");
  }
  static store::WriteBehind::Options Quick() {
    return {.first_pause = TimeDelta::Micros(10), .most_pause = TimeDelta::Micros(100)};
  }
  Participant Ada() {
    Participant ada;
    ada.id = ParticipantId::Random(random_);
    ada.name = "Ada";
    ada.identity = "ada@example.org";
    ada.joined_at_ms = kNowUs / 1000;
    return ada;
  }
  void Flush() {
    store::RunUntil(io_, [this] { return behind_->status().waiting == 0; });
  }

  Prng random_{1};
  Room room_{RoomId::Random(random_), "lake", 0, {}};
  FaultyDatabase* faulty_ = nullptr;
  std::unique_ptr<store::WriteBehind> behind_;
  std::unique_ptr<CallRecord> record_;
};

TEST_P(CallRecordTest, KeepsWhoWasWhereAndWhen) {
  const Participant ada = Ada();
  record_->Came(room_, ada, kNowUs);
  record_->Left(ada.id, "left", kNowUs + kSecondUs);
  Flush();
  const auto row = Done(store_->sessions().Find(ada.id.ToString()));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->room, "lake");
  EXPECT_EQ(row->identity, "ada@example.org");
  EXPECT_EQ(row->name, "Ada");
  EXPECT_EQ(row->signaling_instance, "s1");
  EXPECT_EQ(row->started_at_us, kNowUs);
  EXPECT_EQ(row->ended_at_us, kNowUs + kSecondUs);
  EXPECT_EQ(row->end_reason, "left");
}

// Each of the calls fails once, before it is done and after.
TEST_P(CallRecordTest, KeepsEverythingOnceWhateverFails) {
  for (const auto moment : {FaultyDatabase::Moment::kBefore, FaultyDatabase::Moment::kAfter}) {
    for (int call = 1; call <= 3; ++call) {
      const std::string room = fmt::format("room-{}-{}", static_cast<int>(moment), call);
      const Participant ada = Ada();
      faulty_->FailAt(call, moment);
      record_->Came(room_, ada, kNowUs);
      record_->Done({.kind = Deed::Kind::kRemoveParticipant,
                     .actor = "person:bob",
                     .room = room,
                     .target = ada.id.ToString()},
                    kNowUs);
      record_->Left(ada.id, "removed", kNowUs + kSecondUs);
      Flush();
      const auto row = Done(store_->sessions().Find(ada.id.ToString()));
      ASSERT_TRUE(row);
      EXPECT_EQ(row->end_reason, "removed");
      const auto entries = Done(store_->audit().OfRoom(room, {}, 10));
      ASSERT_EQ(entries.size(), 1u) << room;
      EXPECT_EQ(entries[0].actor, "person:bob");
      EXPECT_EQ(entries[0].action, "participant.remove");
    }
  }
}

TEST_P(CallRecordTest, EndsWhatAnEarlierProcessLeftOpen) {
  const Participant ada = Ada(), ben = Ada();
  record_->Came(room_, ada, kNowUs);
  CallRecord other(store_.get(), *behind_, "s2");
  other.Came(room_, ben, kNowUs);
  CallRecord next(store_.get(), *behind_, "s1");
  next.FinishEarlier(kNowUs + kSecondUs);
  Flush();
  EXPECT_EQ(Done(store_->sessions().Find(ada.id.ToString()))->end_reason, "instance_lost");
  EXPECT_EQ(Done(store_->sessions().Find(ben.id.ToString()))->end_reason, "");
}

// Whether its instance was found dead before or after.
TEST_P(CallRecordTest, GoesOnWhereAnotherInstanceTookOver) {
  const Participant ada = Ada(), ben = Ada(), cy = Ada();
  record_->Came(room_, ada, kNowUs);
  record_->Came(room_, ben, kNowUs);
  CallRecord other(store_.get(), *behind_, "s2");
  other.TakenOver(room_, ada);
  CallRecord next(store_.get(), *behind_, "s1");
  next.FinishEarlier(kNowUs + kSecondUs);
  other.TakenOver(room_, ben);
  other.TakenOver(room_, cy);
  record_->Came(room_, cy, kNowUs);  // too late, the store was away
  // It was cut off from the others, and did not hear of it.
  for (const Participant* each : {&ada, &ben, &cy}) record_->Left(each->id, "timeout", kNowUs);
  Flush();
  for (const Participant* each : {&ada, &ben, &cy}) {
    const auto row = Done(store_->sessions().Find(each->id.ToString()));
    EXPECT_EQ(row->signaling_instance, "s2");
    EXPECT_EQ(row->ended_at_us, 0);
  }
  other.Left(ada.id, "left", kNowUs + 2 * kSecondUs);
  Flush();
  EXPECT_EQ(Done(store_->sessions().Find(ada.id.ToString()))->end_reason, "left");
}

INSTANTIATE_TEST_SUITE_P(All, CallRecordTest, store::kDatabases, store::kDatabaseName);

TEST(CallRecord, DoesNothingWithoutAStore) {
  asio::io_context io{1};
  store::WriteBehind behind(io, {});
  CallRecord record(nullptr, behind, "s1");
  record.FinishEarlier(kNowUs);
  record.Left({}, "left", kNowUs);
  record.Done({}, kNowUs);
  EXPECT_EQ(behind.status().waiting, 0u);
}

}  // namespace
}  // namespace confab::signaling
