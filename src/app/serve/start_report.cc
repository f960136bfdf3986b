#include "app/serve/start_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace confab::app {
namespace {

std::string Ports(const std::vector<uint16_t>& ports) {
  return fmt::format("UDP and TCP port{} {}", ports.size() > 1 ? "s" : "", fmt::join(ports, ", "));
}

std::string Moved(const char* what, uint16_t wanted, uint16_t taken) {
  if (wanted == taken) return "";
  return fmt::format("  note     {} port {} was taken, {} is used instead.\n", what, wanted, taken);
}

std::string CertificateNote(const std::string& fingerprint) {
  return fmt::format(
      "  note     The certificate was made by confab on this machine, so each browser warns once:\n"
      "           compare the SHA-256 fingerprint below, then go on to the page (\"Advanced\").\n"
      "           {}\n",
      fingerprint);
}

}  // namespace

std::string StartReport::ToText() const {
  std::string text = fmt::format("confab {}\n", version);
  for (const std::string& url : urls) text += fmt::format("  page     {}\n", url);
  std::vector<std::string> ips;
  ips.reserve(announced.size());
  for (const SocketAddress& address : announced) ips.push_back(address.IpToString());
  text += fmt::format("  media    {} at {}\n", Ports(media_ports), fmt::join(ips, ", "));
  if (!logs_link.empty()) text += fmt::format("  logs     {}\n", logs_link);
  text += Moved("the page's", wanted_page_port, page_port);
  if (!media_ports.empty()) text += Moved("the media", wanted_media_port, media_ports.front());
  if (!fingerprint.empty()) text += CertificateNote(fingerprint);
  for (const std::string& warning : warnings) text += fmt::format("  warning  {}\n", warning);
  for (const std::string& failure : failures) text += fmt::format("  failed   {}\n", failure);
  if (failures.empty()) return text + fmt::format("confab is reachable at {}\n", urls.front());
  return text + "confab runs, but calls will not work until the failures above are fixed.\n";
}

}  // namespace confab::app
