#include "services/signaling/signaling_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "auth/testing/temporary_authority.h"

namespace confab::signaling {
namespace {

using testing::Contains;

// The events in the first column of the Socket.IO table: | `one`, `two` | what they need |
std::vector<std::string> EventsInTheDocument() {
  std::ifstream file("docs/security.md");
  std::vector<std::string> events;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) inside = line.starts_with("### Socket.IO");
    if (!inside || !line.starts_with("| `")) continue;
    std::istringstream cell(line.substr(2, line.find(" |") - 2));
    for (std::string name; std::getline(cell, name, '`');) {
      if (!name.empty() && name != ", ") events.push_back(name);
    }
  }
  return events;
}

// docs/security.md is what operators read, and what the suites take their lists of events from.
TEST(SignalingService, HasADoorInTheDocumentsForEachEvent) {
  asio::io_context io{1};
  auth::TemporaryAuthority keys;
  SignalingOptions options;
  options.authority = &keys.authority();
  options.connect_media = [](const discovery::Instance&) {
    return std::shared_ptr<grpc::Channel>();
  };
  const SignalingService service(io, std::move(options));
  const std::vector<std::string> documented = EventsInTheDocument();
  for (const std::string& name : service.event_names()) {
    EXPECT_THAT(documented, Contains(name)) << "an event without a row";
  }
  for (const std::string& name : documented) {
    EXPECT_THAT(service.event_names(), Contains(name)) << "a row without an event";
  }
}

}  // namespace
}  // namespace confab::signaling
