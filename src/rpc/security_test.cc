#include "rpc/security.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

#include "rpc/channel.h"
#include "rpc/server.h"

namespace confab::rpc {
namespace {

using testing::HasSubstr;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct Identity {
  Key key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  Certificate certificate{X509_new(), &X509_free};
};

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself: then it is an authority.
Identity Issue(const char* name, const Identity* issuer) {
  Identity made;
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* signer = issuer ? issuer->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  AddExtension(certificate, signer, NID_basic_constraints,
               issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (issuer) AddExtension(certificate, signer, NID_subject_alt_name, "IP:127.0.0.1");
  X509_sign(certificate, (issuer ? issuer : &made)->key.get(), EVP_sha256());
  return made;
}

class RpcSecurityTest : public testing::Test {
 protected:
  RpcSecurityTest() { std::filesystem::create_directories(folder_); }
  ~RpcSecurityTest() override { std::filesystem::remove_all(folder_); }

  File Open(const std::filesystem::path& path) {
    return {std::fopen(path.c_str(), "w"), &std::fclose};
  }
  // The three files of a process whose authority is `ca`.
  Security Files(const std::string& name, const Identity& ca) {
    const Identity leaf = Issue(name.c_str(), &ca);
    Security files;
    files.certificate = folder_ / (name + ".pem");
    files.key = folder_ / (name + ".key");
    files.ca = folder_ / (name + ".ca");
    PEM_write_X509(Open(files.certificate).get(), leaf.certificate.get());
    PEM_write_PrivateKey(Open(files.key).get(), leaf.key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
    PEM_write_X509(Open(files.ca).get(), ca.certificate.get());
    return files;
  }
  static std::unique_ptr<Server> Listen(Security security, bool mutual) {
    if (mutual) security.client_certificates = Security::ClientCertificates::kRequired;
    return *Server::Start({.address = "127.0.0.1", .credentials = *Credentials::Load(security)});
  }
  // Whether a channel gets through the handshake.
  static bool Reaches(const Server& server, const Credentials& credentials) {
    const auto channel = *Connect("127.0.0.1", server.port(), credentials, FixedToken("t"));
    const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(10);
    grpc_connectivity_state state = channel->GetState(true);
    while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
      if (!channel->WaitForStateChange(state, deadline)) return false;
      state = channel->GetState(true);
    }
    return state == GRPC_CHANNEL_READY;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("confab_rpc_" + std::to_string(reinterpret_cast<uintptr_t>(this)));
  const Identity ca_ = Issue("ca", nullptr);
  const Identity other_ca_ = Issue("other", nullptr);
};

TEST_F(RpcSecurityTest, SpeaksTlsUnderOneAuthority) {
  const auto server = Listen(Files("server", ca_), false);
  EXPECT_TRUE(Reaches(*server, *Credentials::Load(Files("client", ca_))));
}

TEST_F(RpcSecurityTest, TrustsNoServerOfAnotherAuthority) {
  const auto server = Listen(Files("server", ca_), false);
  EXPECT_FALSE(Reaches(*server, *Credentials::Load(Files("client", other_ca_))));
}

TEST_F(RpcSecurityTest, TellsItsTokenToNoPlainServer) {
  const auto server = *Server::Start({.address = "127.0.0.1"});
  EXPECT_FALSE(Reaches(*server, *Credentials::Load(Files("client", ca_))));
}

TEST_F(RpcSecurityTest, TakesNoCertificateOfAnotherAuthorityWhereOneIsRequired) {
  const auto server = Listen(Files("server", ca_), true);
  EXPECT_TRUE(Reaches(*server, *Credentials::Load(Files("client", ca_))));
  Security stranger = Files("stranger", other_ca_);
  stranger.ca = folder_ / "server.ca";  // it trusts the server, but is not trusted
  EXPECT_FALSE(Reaches(*server, *Credentials::Load(stranger)));
}

TEST_F(RpcSecurityTest, RefusesAKeyThatIsNotTheCertificates) {
  Security files = Files("server", ca_);
  files.key = Files("other", ca_).key;
  const auto loaded = Credentials::Load(files);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("rpc.key"));
}

TEST_F(RpcSecurityTest, RefusesAnAuthorityThatIsNone) {
  Security files = Files("server", ca_);
  files.ca = files.key;
  const auto loaded = Credentials::Load(files);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("rpc.ca"));
}

}  // namespace
}  // namespace confab::rpc
