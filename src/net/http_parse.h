#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/http_message.h"

namespace confab::net {

// Beast's incremental parsers, fed by hand, so that no Beast operation is instantiated per stream.
using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using ResponseParser = boost::beast::http::response_parser<boost::beast::http::string_body>;

inline HttpHeaders ToHeaders(const boost::beast::http::fields& fields) {
  HttpHeaders headers;
  for (const auto& field : fields) {
    const auto name = field.name_string();
    const auto value = field.value();
    headers.Add({name.data(), name.size()}, std::string(value.data(), value.size()));
  }
  return headers;
}

}  // namespace confab::net
