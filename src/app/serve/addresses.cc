#include "app/serve/addresses.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace confab::app {
namespace {

bool IsPublic(const SocketAddress& address) {
  return !address.is_private() && !address.is_loopback();
}

std::string JoinIps(std::span<const SocketAddress> addresses) {
  std::string text;
  for (const SocketAddress& address : addresses) {
    text += (text.empty() ? "" : ", ") + address.IpToString();
  }
  return text;
}

bool ListensEverywhere(const Config::Gateway& config) {
  if (config.address == "auto") return UsesHttps(config);
  return config.address == "0.0.0.0" || config.address == "::";
}

std::string Url(const Config::Gateway& config, std::string_view host, uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  return fmt::format("{}://{}{}{}:{}", UsesHttps(config) ? "https" : "http", is_ipv6 ? "[" : "",
                     host, is_ipv6 ? "]" : "", port);
}

}  // namespace

Announcement ChooseAnnouncement(std::span<const std::string> configured,
                                std::span<const SocketAddress> local) {
  Announcement announcement;
  for (const std::string& text : configured) {
    // CheckConfig has refused what does not parse.
    if (const auto address = SocketAddress::Parse(text, 0)) {
      announcement.addresses.push_back(*address);
    }
  }
  if (!announcement.addresses.empty()) return announcement;
  announcement.addresses.assign(local.begin(), local.end());
  if (announcement.addresses.empty()) {
    announcement.addresses.push_back(SocketAddress::Ipv4({127, 0, 0, 1}, 0));
  }
  if (std::ranges::none_of(announcement.addresses, IsPublic)) {
    announcement.warning = fmt::format(
        "This machine knows only private addresses ({}): people outside this network will get no "
        "picture. If it has a public address, give it with --announce ADDRESS.",
        JoinIps(announcement.addresses));
  }
  return announcement;
}

bool UsesHttps(const Config::Gateway& config) {
  return config.https || !config.certificate.empty();
}

std::vector<gateway::GatewayOptions::Address> ChooseListenAddresses(const Config::Gateway& config) {
  using Need = gateway::GatewayOptions::Address::Need;
  if (config.address != "auto") return {{.ip = config.address}};
  // An IPv6 socket would take both, but a machine may have IPv6 switched off.
  if (UsesHttps(config)) return {{.ip = "0.0.0.0"}, {.ip = "::", .need = Need::kOptional}};
  return {{.ip = "127.0.0.1"}, {.ip = "::1", .need = Need::kOptional}};
}

std::vector<SocketAddress> ChooseMediaAddresses(const Config::Media& config,
                                                std::span<const SocketAddress> local) {
  std::vector<SocketAddress> listen;
  if (config.address == "auto") {
    listen.assign(local.begin(), local.end());
  } else if (const auto address = SocketAddress::Parse(config.address, 0)) {
    listen = {*address};
  }
  if (listen.empty()) listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)};
  return listen;
}

std::vector<std::string> PageUrls(const Config::Gateway& config, uint16_t port,
                                  std::span<const SocketAddress> local) {
  const bool is_everywhere = ListensEverywhere(config);
  if (!is_everywhere && config.address != "auto") return {Url(config, config.address, port)};
  std::vector<std::string> urls = {Url(config, "localhost", port)};
  if (!is_everywhere) return urls;
  for (const SocketAddress& address : local) {
    const bool is_reached = config.address != "0.0.0.0" || address.family() == AddressFamily::kIpv4;
    if (!address.is_loopback() && is_reached) {
      urls.push_back(Url(config, address.IpToString(), port));
    }
  }
  return urls;
}

std::vector<std::string> CertificateNames(std::span<const SocketAddress> local) {
  std::vector<std::string> names = {"localhost"};
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') {
    names.emplace_back(host.data());
  }
  for (const SocketAddress& address : local) names.push_back(address.IpToString());
  std::vector<std::string> unique;
  for (std::string& name : names) {
    if (std::ranges::find(unique, name) == unique.end()) unique.push_back(std::move(name));
  }
  return unique;
}

}  // namespace confab::app
