#include "base/trace_context.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr const char* kGood = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ReadsWhatItWrites) {
  const auto context = TraceContext::Parse(kGood);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->ToString(), kGood);
}

TEST(TraceContext, KeepsTheSampledFlagAloneOfAll) {
  const std::string stem = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
  EXPECT_EQ(TraceContext::Parse(stem + "00")->ToString(), stem + "00");
  EXPECT_EQ(TraceContext::Parse(stem + "ff")->ToString(), stem + "01");
  EXPECT_EQ(TraceContext::Parse(stem + "fe")->ToString(), stem + "00");
}

TEST(TraceContext, TakesOfALaterVersionWhatItKnows) {
  const std::string stem = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  for (const char* more : {"", "-", "-what-the-future-will-be-like"}) {
    const auto context = TraceContext::Parse(stem + more);
    ASSERT_TRUE(context) << more;
    EXPECT_EQ(context->ToString(), kGood);
  }
  EXPECT_FALSE(TraceContext::Parse(stem + ".what"));
}

TEST(TraceContext, RefusesEveryMalformedForm) {
  for (const char* text : {"", "00", "-", "---",
                           // version ff, upper case, no digits
                           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "0G-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-001",
                           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bx-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0 ",
                           // zeros
                           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                           // separators and spaces
                           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
                           " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                           // one digit too many or too few, the length as it should be
                           "00-4bf92f3577b34da6a3ce929d0e0e47361-0f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01"}) {
    EXPECT_FALSE(TraceContext::Parse(text)) << text;
  }
  const std::string_view good(kGood);
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(TraceContext::Parse(good.substr(0, length))) << length;
  }
}

TEST(TraceContext, BeginsANewTraceWhereNothingUsableCame) {
  SecureRandom random;
  EXPECT_EQ(TraceContext::OfOrRandom(kGood, random).ToString(), kGood);
  const TraceContext one = TraceContext::OfOrRandom("nonsense", random);
  const TraceContext other = TraceContext::OfOrRandom("", random);
  EXPECT_NE(one.trace_id(), other.trace_id());
  EXPECT_EQ(TraceContext::Parse(one.ToString()), one);
}

TEST(TraceContext, ContinuesATraceOfWhichTheIdAloneIsKnown) {
  SecureRandom random;
  const std::string id = TraceContext::Parse(kGood)->trace_id();
  EXPECT_EQ(TraceContext::OfTraceId(id, random)->trace_id(), id);
  EXPECT_FALSE(TraceContext::OfTraceId("", random));
  EXPECT_FALSE(TraceContext::OfTraceId(id + "0", random));
  EXPECT_FALSE(TraceContext::OfTraceId(id.substr(1) + "G", random));
  EXPECT_FALSE(TraceContext::OfTraceId(std::string(32, '0'), random));
}

}  // namespace
}  // namespace confab
