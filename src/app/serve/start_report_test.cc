#include "app/serve/start_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::app {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

StartReport Plain() {
  return {.version = "1.2.3",
          .urls = {"http://localhost:4000"},
          .wanted_page_port = 4000,
          .page_port = 4000,
          .wanted_media_port = 40000,
          .media_ports = {40000},
          .announced = {SocketAddress::Ipv4({192, 0, 2, 1}, 0)}};
}

TEST(StartReport, EndsWithTheAddressThatIsReachable) {
  EXPECT_EQ(Plain().ToText(),
            "confab 1.2.3\n"
            "  page     http://localhost:4000\n"
            "  media    UDP and TCP port 40000 at 192.0.2.1\n"
            "confab is reachable at http://localhost:4000\n");
}

TEST(StartReport, TellsWhichPortWasTaken) {
  StartReport report = Plain();
  report.page_port = 4001;
  report.media_ports = {40002, 40003};
  EXPECT_THAT(report.ToText(), HasSubstr("the page's port 4000 was taken, 4001 is used instead"));
  EXPECT_THAT(report.ToText(), HasSubstr("the media port 40000 was taken, 40002 is used instead"));
  EXPECT_THAT(report.ToText(), HasSubstr("UDP and TCP ports 40002, 40003 at"));
}

TEST(StartReport, DoesNotClaimToBeReachableWhenACheckFailed) {
  StartReport report = Plain();
  report.failures = {"The media port does not answer."};
  EXPECT_THAT(report.ToText(), Not(HasSubstr("reachable")));
  EXPECT_THAT(report.ToText(), HasSubstr("failed   The media port does not answer.\n"));
  EXPECT_THAT(report.ToText(), EndsWith("fixed.\n"));
}

TEST(StartReport, ShowsTheLinkOfTheLogViewer) {
  StartReport report = Plain();
  report.logs_link = "http://127.0.0.1:9000/#token=a";
  EXPECT_THAT(report.ToText(), HasSubstr("\n  logs     http://127.0.0.1:9000/#token=a\n"));
}

TEST(StartReport, ExplainsASelfMadeCertificate) {
  StartReport report = Plain();
  EXPECT_THAT(report.ToText(), Not(HasSubstr("certificate")));
  report.fingerprint = "AA:BB";
  EXPECT_THAT(report.ToText(), HasSubstr("           AA:BB\n"));
}

TEST(StartReport, ShowsWarningsBeforeTheLastLine) {
  StartReport report = Plain();
  report.warnings = {"Only private addresses."};
  EXPECT_THAT(report.ToText(),
              HasSubstr("  warning  Only private addresses.\nconfab is reachable"));
}

}  // namespace
}  // namespace confab::app
