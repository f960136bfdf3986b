#include "services/signaling/handlers/event_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "auth/testing/temporary_authority.h"
#include "observe/log_writer.h"

namespace confab::signaling {
namespace {

using testing::HasSubstr, testing::Not;

class DeafConnection final : public ClientConnection {
 public:
  void Emit(std::string_view, json::object) override {}
  void Close() override {}
};

class EventWorkerTest : public testing::Test {
 protected:
  EventWorkerTest() {
    observe::LogWriterOptions writing;
    writing.output = [this](std::string_view lines) { out_ += lines; };
    writer_ = std::make_unique<observe::LogWriter>(std::move(writing));
    SignalingOptions options;
    options.authority = &keys_.authority();
    options.connect_media = [](const discovery::Instance&) {
      return std::shared_ptr<grpc::Channel>();
    };
    options.logger = observe::Logger(*writer_, "signaling", "s1");
    switchboard_ = std::make_unique<Switchboard>(io_, std::move(options));
    worker_ = std::make_unique<EventWorker>(*switchboard_, table_);
  }
  // What a client without a room is answered to this event.
  std::string AnswerTo(const std::string& event) {
    const auto session = std::make_shared<Session>(
        ConnectionId{1}, std::make_unique<DeafConnection>(), Pass{.room = "lake"});
    std::string text;
    ClientEvent sent{.name = event, .payload = {}, .answer = {}};
    sent.answer = [&text](const json::value& answer) { text = json::serialize(answer); };
    worker_->Receive(session, std::move(sent));
    io_.restart();
    io_.poll();
    return text;
  }
  const std::string& Lines() {
    writer_->Flush();
    return out_;
  }

  asio::io_context io_{1};
  auth::TemporaryAuthority keys_;
  std::string out_;
  std::unique_ptr<observe::LogWriter> writer_;
  EventTable table_;
  std::unique_ptr<Switchboard> switchboard_;
  std::unique_ptr<EventWorker> worker_;
};

TEST_F(EventWorkerTest, TellsAnExceptionToTheLogAndNotToTheClient) {
  table_.AddPlain("break", [](Session&, const json::value&) -> Result<json::value> {
    throw std::runtime_error("table 7 is gone");
  });
  const std::string answer = AnswerTo("break");
  EXPECT_THAT(answer, HasSubstr(R"("code":"internal")"));
  EXPECT_THAT(answer, Not(HasSubstr("table 7")));
  EXPECT_THAT(Lines(), HasSubstr(R"("refused":"break","message":"table 7 is gone")"));
}

TEST_F(EventWorkerTest, GoesOnAfterAnException) {
  table_.AddPlain("break", [](Session&, const json::value&) -> Result<json::value> {
    throw std::runtime_error("on purpose");
  });
  table_.AddPlain("work",
                  [](Session&, const json::value&) { return Result<json::value>(json::value(7)); });
  EXPECT_THAT(AnswerTo("break"), HasSubstr("internal"));
  EXPECT_EQ(AnswerTo("work"), "7");
}

}  // namespace
}  // namespace confab::signaling
