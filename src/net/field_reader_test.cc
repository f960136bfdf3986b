#include "net/field_reader.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace confab::net {
namespace {

constexpr std::array<std::string_view, 2> kColours{"red", "blue"};

// Reads a field in every way that there is; the last one named decides.
std::string ErrorOf(std::string_view text, const std::function<void(FieldReader&)>& read) {
  const json::value payload = json::parse(text);
  ReadFailure failure;
  FieldReader reader(payload, failure);
  read(reader);
  return failure.failed() ? failure.error().message : "";
}

TEST(FieldReader, NamesTheFieldThatIsMissingAndWhatItMustBe) {
  EXPECT_EQ(ErrorOf("{}", [](auto& r) { r.Text("a", {1, 5}); }),
            "a is missing: it must be a text of 1 to 5 bytes");
  EXPECT_EQ(ErrorOf("{\"a\":null}", [](auto& r) { r.Id("a"); }),
            "a is missing: it must be 1 to 64 characters of A-Z a-z 0-9 _ -");
  EXPECT_EQ(ErrorOf("{}", [](auto& r) { r.Integer("a", {0, 7}); }),
            "a is missing: it must be an integer from 0 to 7");
  EXPECT_EQ(ErrorOf("{}", [](auto& r) { r.Choice("a", kColours); }),
            "a is missing: it must be one of \"red\", \"blue\"");
  EXPECT_EQ(ErrorOf("{}", [](auto& r) { r.Object("a"); }), "a is missing: it must be an object");
  EXPECT_EQ(ErrorOf("{}", [](auto& r) { r.Objects("a", {1, 3}); }),
            "a is missing: it must be an array of 1 to 3");
}

TEST(FieldReader, RefusesEveryOtherTypeThanTheOneAskedFor) {
  struct Case {
    std::string_view rule;
    std::string_view good;
    std::function<void(FieldReader&)> read;
  };
  const std::vector<Case> cases = {
      {"text", "\"text\"", [](auto& r) { r.Text("a", {1, 5}); }},
      {"id", "\"id-1\"", [](auto& r) { r.Id("a"); }},
      {"ids", "[\"id-1\"]", [](auto& r) { r.Ids("a", {1, 2}); }},
      {"choice", "\"red\"", [](auto& r) { r.Choice("a", kColours); }},
      {"integer", "5", [](auto& r) { r.Integer("a", {0, 7}); }},
      {"number", "5.5", [](auto& r) { r.OptionalNumber("a", 0, 7); }},
      {"flag", "true", [](auto& r) { r.OptionalFlag("a"); }},
      {"object", "{}", [](auto& r) { r.Object("a"); }},
      {"objects", "[{}]", [](auto& r) { r.Objects("a", {1, 2}); }},
  };
  // Of every type, and beyond every range.
  const std::vector<std::string_view> values = {
      "\"\"", "\"too long\"", "\"green\"", "-1", "8",   "1e99",      "18446744073709551615",
      "5.5",  "false",        "{}",        "[]", "[1]", "[{},{},{}]"};
  for (const Case& test : cases) {
    const auto payload = [&](std::string_view v) { return "{\"a\":" + std::string(v) + "}"; };
    EXPECT_EQ(ErrorOf(payload(test.good), test.read), "") << test.rule;
    for (const std::string_view value : values) {
      const bool allowed = (test.rule == "object" && value == "{}") ||
                           (test.rule == "number" && value == "5.5") ||
                           (test.rule == "flag" && value == "false") ||
                           (test.rule == "id" && value == "\"green\"") ||
                           (test.rule == "text" && value == "\"green\"");
      const std::string error = ErrorOf(payload(value), test.read);
      EXPECT_EQ(error.empty(), allowed) << test.rule << " " << value << " " << error;
      if (!allowed) {
        EXPECT_TRUE(error.starts_with("a")) << error;
      }
    }
  }
}

TEST(FieldReader, TellsThePathThroughObjectsAndArrays) {
  const std::string error =
      ErrorOf("{\"rtp\":{\"encodings\":[{\"ssrc\":1},{\"ssrc\":-1}]}}", [](FieldReader& r) {
        FieldReader rtp = r.Object("rtp");
        for (FieldReader& encoding : rtp.Objects("encodings", {1, 8})) {
          encoding.Integer("ssrc", {0, 0xffff'ffff});
        }
      });
  EXPECT_EQ(error, "rtp.encodings[1].ssrc must be an integer from 0 to 4294967295");
}

TEST(FieldReader, KeepsTheFirstFailure) {
  EXPECT_EQ(ErrorOf("{\"a\":1,\"b\":2}",
                    [](auto& r) {
                      r.Text("b", {1, 5});
                      r.Text("a", {1, 5});
                    }),
            "b must be a text of 1 to 5 bytes");
}

TEST(FieldReader, TakesNullForAnAbsentPayloadAndRefusesOtherPayloads) {
  EXPECT_EQ(ErrorOf("null", [](auto& r) { r.OptionalText("a", {1, 5}); }), "");
  for (const char* payload : {"1", "\"x\"", "[]", "true"}) {
    EXPECT_EQ(ErrorOf(payload, [](auto&) {}), "the payload must be an object");
  }
}

TEST(FieldReader, CountsWholeDoublesAsIntegers) {
  const json::value payload = json::parse("{\"a\":48000.0}");
  ReadFailure failure;
  FieldReader reader(payload, failure);
  EXPECT_EQ(reader.Integer("a", {1, 100'000}), 48000);
  EXPECT_FALSE(failure.failed());
}

TEST(FieldReader, DropsDuplicateIds) {
  const json::value payload = json::parse("{\"a\":[\"x\",\"y\",\"x\"]}");
  ReadFailure failure;
  FieldReader reader(payload, failure);
  EXPECT_EQ(reader.Ids("a", {1, 5}), (std::vector<std::string>{"x", "y"}));
}

}  // namespace
}  // namespace confab::net
