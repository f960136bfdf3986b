// What Consul says of a service, and what configuration says of an instance: texts from outside.

#include <algorithm>
#include <string>

#include "backends/discovery/consul/consul_message.h"
#include "backends/discovery/instance_rules.h"
#include "backends/discovery/static/static_instance.h"
#include "base/check.h"
#include "fuzz/fuzz_target.h"

namespace confab::discovery {
namespace {

void CheckInstance(const Instance& instance) {
  CHECK(FaultOf(instance).empty());
  // They become parts of paths, of names and of log lines.
  for (const std::string* text : {&instance.id, &instance.host, &instance.region}) {
    CHECK(text->find_first_of(" /?#&%\r\n\"\\") == std::string::npos);
  }
}

// What was registered is read back as it was.
void RoundTrip(const Instance& instance) {
  const std::string entry =
      R"([{"Service":)" + RegistrationJson(instance, TimeDelta::Seconds(10)) + "}]";
  const auto again = ParseConsulAnswer(instance.service, entry);
  CHECK(again.has_value() && again->skipped == 0);
  CHECK(again->instances == std::vector<Instance>{instance});
}

void Answer(std::string_view text) {
  const auto answer = ParseConsulAnswer(ServiceKind::kMedia, text);
  if (!answer) {
    CHECK(!answer.error().message.empty());
    return;
  }
  CHECK(answer->instances.size() <= kMaxConsulInstances);
  CHECK((answer->skipped == 0) == answer->first_skipped.empty());
  std::vector<std::string> ids;
  for (const Instance& instance : answer->instances) {
    CheckInstance(instance);
    RoundTrip(instance);
    ids.push_back(instance.id);
  }
  std::ranges::sort(ids);
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

void Static(std::string_view text) {
  const auto instance = ParseStaticInstance(ServiceKind::kSignaling, text);
  if (!instance) {
    CHECK(!instance.error().message.empty());
    return;
  }
  CheckInstance(*instance);
  RoundTrip(*instance);
}

}  // namespace

CONFAB_FUZZ_TARGET(consul_answer) {
  const std::string_view text = AsText(input);
  Answer(text);
  Static(text);
}

}  // namespace confab::discovery
