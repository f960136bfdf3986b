#pragma once

#include <string>
#include <string_view>

#include "net/http_message.h"

namespace confab::net {

// The wire form of HTTP/1.1 heads (RFC 9112), shared by server, client and proxy.

// Without spaces and tabs at both ends (RFC 9110 §5.6.3).
std::string_view Trim(std::string_view text);
// "Name: value" lines. Fields that would break the line structure (CR, LF, NUL) are left out.
void AppendHeaders(std::string& out, const HttpHeaders& headers);
// Request line, fields and the empty line.
std::string RequestHead(std::string_view method, std::string_view target,
                        const HttpHeaders& headers);
// Status line, fields and the empty line.
std::string ResponseHead(unsigned status, const HttpHeaders& headers);
// RFC 9110 §5.6.7, of now; made anew once a second.
const std::string& HttpDate();
// Removes what holds for one connection only (RFC 9110 §7.6.1).
void RemoveHopByHop(HttpHeaders& headers);

}  // namespace confab::net
