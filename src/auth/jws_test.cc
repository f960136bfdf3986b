#include "auth/jws.h"

#include <gtest/gtest.h>

#include "auth/base64url.h"
#include "auth/limits.h"
#include "auth/testing/rfc7515.h"
#include "auth/testing/tokens.h"
#include "base/testing/error_of.h"

namespace confab::auth {
namespace {

using testing::EcJwk;
using testing::EcToken;
using testing::HmacKey;
using testing::HmacToken;
using testing::KeyOf;
using testing::RsaJwk;
using testing::RsaToken;
using testing::SignRaw;

bool Verifies(std::string_view token, const SignatureKey& key) {
  const auto jws = ParseJws(token);
  return jws && VerifyJws(*jws, key);
}

TEST(JwsVectors, VerifyAsRfc7515AppendixASays) {
  EXPECT_TRUE(Verifies(HmacToken(), HmacKey()));
  EXPECT_TRUE(Verifies(EcToken(), KeyOf(EcJwk())));
  EXPECT_TRUE(Verifies(RsaToken(), KeyOf(RsaJwk())));
}

TEST(JwsVectors, GiveTheirClaims) {
  const auto jws = ParseJws(HmacToken());
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->algorithm, "HS256");
  EXPECT_EQ(jws->type, "jwt");
  EXPECT_EQ(TextMember(jws->payload, "iss"), "joe");
  EXPECT_EQ(jws->payload.at("exp").as_int64(), 1300819380);
}

TEST(JwsVectors, CoverTheMacItself) {
  const auto jws = ParseJws(HmacToken());
  ASSERT_TRUE(jws);
  EXPECT_EQ(HmacKey().Sign(jws->signing_input).value(), jws->signature);
}

// Made with OpenSSL's command line.
TEST(JwsVectors, CoverPs256) {
  json::object jwk = {{"kty", "RSA"},
                      {"n",
                       "uJKPqDtIvV7TrY51-RjoJl9jVEMEcOYMZs2pUaDYPOL-mgWZNWauhEDPN2ZSMP3j85GiF7fgj2-"
                       "EVNTjRro-djjk9jvLO"
                       "XghNmaBx0BASfVZV8-93o5njqJNJFtqlcX7av2CSWYYgABePy5vz2AsdlmSTZp2AQ-"
                       "kbpX0lRisrsHKMCcqdjq9ra6sZd"
                       "thhZaIivL-Tmwk7LIBV8NiXcnsKM-_"
                       "eWmtbzdorrX05P2bgrBfrPpwUZFBQVEKdlKFz8sTRZ0x483oc6QC532BRWa_5RM"
                       "KvBXJ1L9Uveyr8UyGdDFk7rSbG5w8RlAn9tyMmEihnCYXeZveLObCQDkwTq4wOQ"},
                      {"e", "AQAB"}};
  constexpr std::string_view kToken =
      "eyJhbGciOiJQUzI1NiIsImtpZCI6InAifQ.eyJzdWIiOiJhZGEifQ.Luk_LLNchmpXiPSUAN5Rg4VMrOIwUI5_"
      "oVQUCSS8"
      "fBS19Xalx5sGkEJf1wUcpqrH0fqgMCWWRFbhVloDb_AQn1lU0s7yUirB-YugSSOv_"
      "Y7aBIJmbwFiiuGW7JDH6HY2wzRaisz"
      "H-aPjuCWbcZvV4G6MXYYMO1unJlwi9PXcjylcqdQdYMghjO3vetMPyPJmdd4CoIuNSzPDz_"
      "XDOWK5rM6WEUSE7dMhHEnwsy"
      "TYgifY86QSFjcie6ZYdVpLry8GcGEPDceTZNX_3QtTESqI6-OWE7ri4hjO-3jqEz3SFEvo-"
      "MutEba3bevK0oTr707sQ1nm2"
      "akFnzAO-ljHKoza5A";
  EXPECT_FALSE(Verifies(kToken, KeyOf(jwk))) << "without alg the key is for RS256";
  jwk["alg"] = "PS256";
  EXPECT_TRUE(Verifies(kToken, KeyOf(jwk)));
  EXPECT_FALSE(Verifies(RsaToken(), KeyOf(jwk)));
}

TEST(Jws, IsRefusedWithAnyByteChanged) {
  const SignatureKey hmac = HmacKey(), ec = KeyOf(EcJwk()), rsa = KeyOf(RsaJwk());
  const auto check = [](const std::string& token, const SignatureKey& key) {
    for (size_t at = 0; at < token.size(); ++at) {
      for (const char other : {'A', 'B', '-', '_', '.', '=', '+', '/', ' ', '\n', '\0', '\x80'}) {
        std::string changed = token;
        if (changed[at] == other) continue;
        changed[at] = other;
        EXPECT_FALSE(Verifies(changed, key)) << "octet " << at << " as " << int{other};
      }
    }
  };
  check(HmacToken(), hmac);
  check(EcToken(), ec);
  check(RsaToken(), rsa);
}

TEST(Jws, IsRefusedWithTheLastLettersUnusedBitsSet) {
  // 64 octets leave four bits of the last letter: 'Q' and 'R' to 'f' would decode alike.
  std::string token = EcToken();
  ASSERT_EQ(token.back(), 'Q');
  for (const char other : std::string_view("RSTUVWXYZabcdef")) {
    token.back() = other;
    EXPECT_FALSE(ParseJws(token)) << other;
  }
}

TEST(Jws, IsRefusedAtEveryOtherLength) {
  const auto check = [](const std::string& token, const SignatureKey& key) {
    for (size_t length = 0; length < token.size(); ++length) {
      EXPECT_FALSE(Verifies(token.substr(0, length), key)) << length;
    }
    for (const char* tail : {"A", "AA", "AAAA", "=", "==", ".", ".AA", "\n", " "}) {
      EXPECT_FALSE(Verifies(token + tail, key)) << tail;
    }
  };
  check(HmacToken(), HmacKey());
  check(EcToken(), KeyOf(EcJwk()));
  check(RsaToken(), KeyOf(RsaJwk()));
}

TEST(Jws, IsRefusedWithoutASignature) {
  const json::object payload = {{"sub", "ada"}};
  for (const char* algorithm : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string token =
        testing::Encode({{"alg", algorithm}}) + '.' + testing::Encode(payload);
    EXPECT_FALSE(Verifies(token + '.', KeyOf(EcJwk()))) << algorithm;
    EXPECT_FALSE(Verifies(token + '.', HmacKey())) << algorithm;
    EXPECT_FALSE(ParseJws(token)) << algorithm;
  }
  EXPECT_FALSE(
      Verifies(testing::Encode({{"x", 1}}) + '.' + testing::Encode(payload) + '.', KeyOf(EcJwk())));
}

TEST(Jws, LetsTheKeyDecideTheAlgorithm) {
  const SignatureKey ec = KeyOf(EcJwk());
  // The public key's text as an HMAC secret: the classic confusion.
  json::object public_jwk = EcJwk();
  public_jwk.erase("d");
  const std::string text = json::serialize(public_jwk);
  const SignatureKey confused = SignatureKey::FromSecret(AsBytes(text)).value();
  const json::object payload = {{"sub", "ada"}};
  EXPECT_FALSE(Verifies(SignRaw({{"alg", "HS256"}}, payload, confused), ec));
  EXPECT_FALSE(Verifies(SignRaw({{"alg", "ES256"}}, payload, confused), ec));
  // A right signature under a header that names another algorithm.
  EXPECT_TRUE(Verifies(SignRaw({{"alg", "ES256"}}, payload, ec), ec));
  for (const char* other : {"HS256", "RS256", "ES384", "es256", "none"}) {
    EXPECT_FALSE(Verifies(SignRaw({{"alg", other}}, payload, ec), ec)) << other;
  }
}

TEST(Jws, RefusesAHeaderThatBringsAKeyOrExtensions) {
  const SignatureKey key = KeyOf(EcJwk());
  const json::object payload = {{"sub", "ada"}};
  json::object jwk = EcJwk();
  jwk.erase("d");
  const std::vector<std::pair<const char*, json::value>> cases = {
      {"jwk", jwk},           {"jku", "https://example.com/k"}, {"x5u", "https://example.com/c"},
      {"x5c", json::array{}}, {"crit", json::array{"exp"}},     {"b64", false}};
  for (const auto& [name, value] : cases) {
    EXPECT_FALSE(ParseJws(SignRaw({{"alg", "ES256"}, {name, value}}, payload, key))) << name;
  }
  EXPECT_TRUE(ParseJws(SignRaw({{"alg", "ES256"}, {"x5t", "AA"}}, payload, key)));
}

TEST(Jws, RefusesHeadersOfWrongTypes) {
  const SignatureKey key = KeyOf(EcJwk());
  for (const char* name : {"alg", "kid", "typ"}) {
    json::object header = {{"alg", "ES256"}};
    header[name] = 7;
    EXPECT_FALSE(ParseJws(SignRaw(header, {}, key))) << name;
    header[name] = std::string(kMaxKeyIdBytes + 1, 'x');
    EXPECT_FALSE(ParseJws(SignRaw(header, {}, key))) << name;
  }
}

TEST(Jws, RefusesWhatIsTooLongOrTooDeep) {
  const SignatureKey key = KeyOf(EcJwk());
  const auto sized = [&](size_t size) {
    return SignJws({{"name", std::string(size, 'x')}}, key, "k");
  };
  EXPECT_TRUE(ParseJws(*sized(5000)));
  EXPECT_EQ(ErrorOf(sized(kMaxTokenBytes)).code, ErrorCode::kInvalidMessage);
  EXPECT_FALSE(
      ParseJws(SignRaw({{"alg", "ES256"}}, {{"n", std::string(kMaxTokenBytes, 'x')}}, key)));
  json::value deep = 1;
  for (size_t i = 0; i < kMaxJsonDepth - 1; ++i) deep = json::array{deep};
  EXPECT_TRUE(ParseJws(SignRaw({{"alg", "ES256"}}, {{"n", deep}}, key)));
  deep = json::array{deep};
  EXPECT_FALSE(ParseJws(SignRaw({{"alg", "ES256"}}, {{"n", deep}}, key)));
}

TEST(Jws, RefusesPayloadsThatAreNoObject) {
  for (const char* payload : {"[]", "1", "\"x\"", "null", "", "{", "{}{}", "{\"a\":\"\xff\"}"}) {
    const std::string token = testing::Encode({{"alg", "ES256"}}) + '.' +
                              ToBase64Url(AsBytes(std::string_view(payload))) + ".AAAA";
    EXPECT_FALSE(ParseJws(token)) << payload;
  }
}

TEST(Jws, RefusesPayloadsWithNumbersThatAreNone) {
  const auto read = [](std::string_view payload) {
    return ParseJws(testing::Encode({{"alg", "ES256"}}) + '.' + ToBase64Url(AsBytes(payload)) +
                    ".AAAA");
  };
  EXPECT_TRUE(read(R"({"exp":1e9,"aud":[1,{"n":2.5}]})"));
  EXPECT_FALSE(read(R"({"exp":1e999})"));
  EXPECT_FALSE(read(R"({"aud":[1,{"n":-1e999}]})"));
  EXPECT_FALSE(read(R"({"exp":0e99999})"));
}

TEST(Base64Url, HasOneSpellingForEachText) {
  for (size_t size = 0; size < 40; ++size) {
    std::vector<uint8_t> bytes(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(0xfb + 37 * i);
    const std::string text = ToBase64Url(bytes);
    EXPECT_EQ(text.find_first_of("+/="), text.npos);
    EXPECT_EQ(FromBase64Url(text), bytes);
  }
  for (const char* wrong : {"A", "AAAAA", "AB", "AA==", "A A", "++++", "////", "AA\n"}) {
    EXPECT_FALSE(FromBase64Url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace confab::auth
