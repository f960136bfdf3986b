#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "base/socket_address.h"
#include "services/gateway/gateway_options.h"

namespace confab::app {

// Which addresses media announces to clients, and what a person should know about them.
struct Announcement {
  std::vector<SocketAddress> addresses;  // port 0; at least one
  std::string warning;                   // a sentence; "" where nothing is to be said
};

// `configured` where there are any, else `local`, else loopback. Warns where nothing but private
// addresses was found: people outside this network would connect and see nothing.
Announcement ChooseAnnouncement(std::span<const std::string> configured,
                                std::span<const SocketAddress> local);

// HTTPS is on: asked for, or implied by a certificate.
bool UsesHttps(const Config::Gateway& config);

// Where the gateway listens for a configuration: every address with HTTPS, else loopback.
std::vector<gateway::GatewayOptions::Address> ChooseListenAddresses(const Config::Gateway& config);

// Where media listens: at the address that is configured, else at all of `local`, else at loopback.
// At least one, with port 0.
std::vector<SocketAddress> ChooseMediaAddresses(const Config::Media& config,
                                                std::span<const SocketAddress> local);

// The addresses under which a browser finds the pages, the best first: localhost, then those of
// this machine in its networks where the gateway listens on all of them.
std::vector<std::string> PageUrls(const Config::Gateway& config, uint16_t port,
                                  std::span<const SocketAddress> local);

// The names of a self-made certificate: localhost, the host's name and every address.
std::vector<std::string> CertificateNames(std::span<const SocketAddress> local);

}  // namespace confab::app
