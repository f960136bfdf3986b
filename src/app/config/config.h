#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.h"

namespace confab::app {

// Everything that can be configured, with its defaults. Filled by LoadConfig; what each field means
// and may be stands in the table of config_keys.cc. A value.
struct Config {
  std::string data_dir;  // "" until ResolveDataDir

  struct Log {
    std::string level = "info";
    std::string format = "auto";
    std::string folder;
    int64_t file_megabytes = 64;
    int64_t file_hours = 24;
    int64_t keep_megabytes = 1024;
    int64_t keep_days = 7;
  } log;

  struct Logs {
    std::string address = "127.0.0.1";
    int64_t port = 9000;
  } logs;

  struct Gateway {
    std::string address = "auto";
    int64_t port = 4000;
    int64_t port_tries = 20;
    std::string web_dir = "auto";
    bool https = false;
    std::string certificate;
    std::string key;
    std::string metrics = "local";
    bool guests = true;
    int64_t requests_per_second = 20;
    int64_t handshakes_per_second = 100;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> origins;
  } gateway;

  struct Signaling {
    std::string address = "127.0.0.1";
    int64_t port = 5000;
    int64_t grpc_port = 5001;
    TimeDelta grace = TimeDelta::Seconds(15);
    int64_t max_participants = 100;
    int64_t max_rooms = 10'000;
    std::string chat_history = "kept";
  } signaling;

  struct Media {
    std::string address = "auto";
    int64_t port = 40'000;
    int64_t workers = 1;
    std::vector<std::string> announce;
    std::vector<std::string> srtp_profiles = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM",
                                              "AES_CM_128_HMAC_SHA1_80"};
    std::vector<std::string> plain_rtp_networks;
    int64_t plain_rtp_first_port = 41'000;
    int64_t plain_rtp_last_port = 41'999;
    int64_t max_transports = 20'000;
    std::string grpc_address = "127.0.0.1";
    int64_t grpc_port = 50'051;
    int64_t http_port = 6000;
  } media;

  struct Auth {
    struct OpenId {
      std::string issuer;
      std::string jwks_url;
      std::string audience;
      std::string groups_claim = "groups";
      std::vector<std::string> groups;
      std::vector<std::string> grants;
      std::vector<std::string> scopes;
    } openid;
  } auth;

  struct Rpc {
    std::string certificate;
    std::string key;
    std::string ca;
    std::string client_certificates = "off";
    bool insecure = false;
  } rpc;

  struct Discovery {
    std::string backend = "static";
    std::string consul_url = "http://127.0.0.1:8500";
    std::string consul_token_file;
    std::vector<std::string> gateways;
    std::vector<std::string> signaling;
    std::vector<std::string> media;
    std::vector<std::string> logs;
  } discovery;

  struct Instance {
    std::string id;
    std::string region;
  } instance;

  struct Store {
    std::string url = "auto";
    std::string password_file;
    int64_t keep_messages_days = 30;
    int64_t keep_sessions_days = 90;
    int64_t keep_audit_days = 365;
  } store;

  struct Bus {
    std::string backend = "auto";
    std::string redis_url;
    std::string redis_password_file;
    std::string redis_ca_file;
    TimeDelta ttl = TimeDelta::Seconds(10);
  } bus;

  struct Relay {
    std::string region;
    std::string redis_url;
    std::string redis_password_file;
    std::string redis_ca_file;
    std::string address = "127.0.0.1";
    int64_t http_port = 7000;
  } relay;

  struct Turn {
    std::vector<std::string> servers;
    std::string secret_file;
    TimeDelta lifetime = TimeDelta::Seconds(300);
  } turn;

  struct Shutdown {
    TimeDelta deadline = TimeDelta::Seconds(5);
  } shutdown;
};

}  // namespace confab::app
