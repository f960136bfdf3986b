// A log line is JSON whatever is logged, and one line.

#include <boost/json/parse.hpp>
#include <string>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "observe/json_line.h"
#include "observe/log_line.h"

namespace confab::observe {

CONFAB_FUZZ_TARGET(log_line) {
  fuzz::Input decisions(input);
  const uint64_t number = decisions.U64();
  const std::string_view text = AsText(decisions.Rest());
  JsonLine line;
  line.Add("text", text);
  line.Add(text, number);
  line.Add("double", std::bit_cast<double>(number));
  const std::string finished = line.Finish();
  CHECK(finished.find('\n') == finished.npos);
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(finished, error);
  CHECK(!error && parsed.is_object() && parsed.get_object().contains("double"));

  const LogScope scope{.room = std::string(text), .trace = "t"};
  const LogField fields[] = {{"message", text}, {"number", number}, {"again", text}};
  const std::string limited =
      ToJson({.unix_us = static_cast<int64_t>(number >> 12), .scope = scope, .fields = fields});
  CHECK(limited.size() <= kMaxLogLineSize && limited.find('\n') == limited.npos);
  CHECK(boost::json::parse(limited, error).is_object() && !error);
}

}  // namespace confab::observe
