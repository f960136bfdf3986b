#include "socketio/packet.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/random.h"

namespace confab::socketio {
namespace {

std::string ToText(const boost::json::array& values) {
  return boost::json::serialize(values);
}

TEST(DecodeText, TakesEveryKindOfPacket) {
  const auto connect = DecodeText(R"(0/admin,{"token":"1"})");
  ASSERT_TRUE(connect);
  EXPECT_EQ(connect->packet.type, PacketType::kConnect);
  EXPECT_EQ(connect->packet.nsp, "/admin");
  EXPECT_EQ(boost::json::serialize(connect->packet.object), R"({"token":"1"})");

  const auto event = DecodeText(R"(2/admin,456["project:delete",123])");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->packet.id, 456u);
  EXPECT_EQ(ToText(event->packet.arguments.values), R"(["project:delete",123])");

  const auto ack = DecodeText("30[]");
  ASSERT_TRUE(ack);
  EXPECT_EQ(ack->packet.type, PacketType::kAck);
  EXPECT_EQ(ack->packet.id, 0u);
  EXPECT_EQ(ack->packet.nsp, "/");

  const auto binary = DecodeText(R"(51-["hello",{"_placeholder":true,"num":0}])");
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->missing_attachments, 1u);

  EXPECT_TRUE(DecodeText("0"));
  EXPECT_TRUE(DecodeText("1"));
  EXPECT_TRUE(DecodeText("1/admin,"));
  EXPECT_EQ(DecodeText("0/admin?token=1,{}")->packet.nsp, "/admin");
}

TEST(DecodeText, RefusesWhatIsMalformed) {
  for (const char* text : {"",
                           "7",
                           "-1",
                           "x",
                           "2",
                           "2{}",
                           "2[]",
                           "2[1]",
                           "2[\"a\"",
                           "2[\"a\"]x",
                           "2abc[\"a\"]",
                           "299999999999999999999[\"a\"]",
                           "3[]",
                           "30",
                           "30{}",
                           "0[]",
                           "0\"x\"",
                           "1[]",
                           "5[\"a\"]",
                           "5-[\"a\"]",
                           "5x-[\"a\"]",
                           "517-[\"a\"]",
                           "4[]",
                           "2[\"\xff\"]",
                           "2[\"a\",NaN]",
                           R"(51-["a",{"_placeholder":true,"num":1}])",
                           R"(51-["a",{"_placeholder":true,"num":-1}])",
                           R"(51-["a",{"_placeholder":true,"num":0.5}])",
                           R"(51-["a",{"_placeholder":true}])"}) {
    const auto decoded = DecodeText(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::kInvalidMessage) << text;
  }
}

TEST(DecodeText, KeepsToItsLimits) {
  const auto nested = [](size_t depth) {
    return "2[\"a\"," + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "]";
  };
  EXPECT_TRUE(DecodeText(nested(kMaxJsonDepth)));
  EXPECT_FALSE(DecodeText(nested(kMaxJsonDepth + 1)));
  EXPECT_TRUE(DecodeText("2[\"" + std::string(kMaxEventBytes, 'e') + "\"]"));
  EXPECT_FALSE(DecodeText("2[\"" + std::string(kMaxEventBytes + 1, 'e') + "\"]"));
  EXPECT_TRUE(DecodeText("0/" + std::string(kMaxNamespaceBytes - 1, 'n')));
  EXPECT_FALSE(DecodeText("0/" + std::string(kMaxNamespaceBytes, 'n')));
  EXPECT_TRUE(DecodeText("5" + std::to_string(kMaxAttachments) + "-[\"a\"]"));
  EXPECT_FALSE(DecodeText("5" + std::to_string(kMaxAttachments + 1) + "-[\"a\"]"));
}

// Boost reads such numbers as infinity, or not as one, and would write them as "Infinity": no JSON.
TEST(DecodeText, RefusesNumbersThatCannotBeWrittenAgain) {
  for (const char* text : {R"(2["a",1e999])", R"(2["a",[{"b":-1e999}]])", R"(2["a",0e99999])",
                           R"(30[1e999])", R"(0{"a":1e999})"}) {
    EXPECT_FALSE(DecodeText(text)) << text;
  }
  EXPECT_TRUE(DecodeText(R"(2["a",1e308,-1e-999,18446744073709551615])"));
}

TEST(DecodeText, LetsTheLastOfRepeatedKeysWin) {
  const auto decoded = DecodeText(R"(2["a",{"k":1,"k":2}])");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(ToText(decoded->packet.arguments.values), R"(["a",{"k":2}])");
}

TEST(DecodeText, SurvivesEveryTruncationAndRandomDamage) {
  const std::string valid =
      R"(512-/admin,17["event",{"_placeholder":true,"num":3},[1,-2.5e3,"\u00fc\"",null,true]])";
  ASSERT_TRUE(DecodeText(valid));
  for (size_t size = 0; size < valid.size(); ++size) {
    EXPECT_FALSE(DecodeText(std::string_view(valid).substr(0, size))) << size;
  }
  Prng random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = valid;
    for (uint64_t i = 0; i <= random.Below(3); ++i) {
      damaged[random.Below(damaged.size())] = static_cast<char>(random.Below(256));
    }
    (void)DecodeText(damaged);
  }
}

TEST(Encode, GivesTheFormsOfTheProtocol) {
  Arguments arguments{1, "2", boost::json::object{{"3", boost::json::array{true}}}};
  EXPECT_EQ(EncodeEvent("/", std::nullopt, "message", arguments),
            R"(2["message",1,"2",{"3":[true]}])");
  EXPECT_EQ(EncodeEvent("/admin", 7, "m", {}), R"(2/admin,7["m"])");
  EXPECT_EQ(EncodeAck("/", 456, arguments), R"(3456[1,"2",{"3":[true]}])");
  Arguments binary;
  binary.values.push_back(binary.Attach({1, 2, 3}));
  EXPECT_EQ(EncodeEvent("/", std::nullopt, "m", binary),
            R"(51-["m",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(EncodeAck("/n", 0, binary), R"(61-/n,0[{"_placeholder":true,"num":0}])");
  Packet packet;
  packet.type = PacketType::kConnectError;
  packet.nsp = "/random";
  packet.object = {{"message", "Invalid namespace"}};
  EXPECT_EQ(EncodeHeader(packet), R"(4/random,{"message":"Invalid namespace"})");
  packet.type = PacketType::kDisconnect;
  EXPECT_EQ(EncodeHeader(packet), "1/random,");
}

TEST(PacketAssembler, JoinsAttachmentsToTheirPacket) {
  PacketAssembler assembler;
  const auto first = assembler.AddText(
      R"(52-["m",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]])");
  ASSERT_TRUE(first);
  EXPECT_FALSE(*first);
  const auto second = assembler.AddBinary({1});
  ASSERT_TRUE(second);
  EXPECT_FALSE(*second);
  const auto third = assembler.AddBinary({2, 3});
  ASSERT_TRUE(third);
  ASSERT_TRUE(*third);
  const Arguments& arguments = (*third)->arguments;
  EXPECT_EQ(*arguments.Binary(arguments.At(1)), (Blob{2, 3}));
  EXPECT_EQ(*arguments.Binary(arguments.At(2).as_array()[0]), (Blob{1}));
  EXPECT_EQ(arguments.Binary(arguments.At(0)), nullptr);
  EXPECT_TRUE(arguments.At(9).is_null());
  EXPECT_TRUE(*assembler.AddText("2[\"next\"]"));
}

TEST(PacketAssembler, RefusesFramesOutOfPlace) {
  PacketAssembler stray;
  EXPECT_FALSE(stray.AddBinary({1}));
  PacketAssembler waiting;
  ASSERT_TRUE(waiting.AddText(R"(51-["m"])"));
  EXPECT_FALSE(waiting.AddText(R"(2["m"])"));
}

}  // namespace
}  // namespace confab::socketio
