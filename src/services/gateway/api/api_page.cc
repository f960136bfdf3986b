#include "services/gateway/api/api_page.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "services/gateway/api/openapi.h"

namespace confab::gateway {
namespace {

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

// Text in `back quotes` is code.
std::string Prose(std::string_view text) {
  std::string html;
  bool is_code = false;
  for (const char c : Escape(text)) {
    if (c != '`') {
      html += c;
      continue;
    }
    html += is_code ? "</code>" : "<code>";
    is_code = !is_code;
  }
  return html;
}

std::string Schema(std::string_view title, std::string_view name) {
  if (name.empty()) return {};
  return fmt::format("<p>{} <a href=\"#schema-{}\">{}</a></p>", title, name, name);
}

std::string Entry(const ApiRoute& route) {
  std::string html = fmt::format(
      "<section id=\"{}\"><h2><b class=\"{}\">{}</b> <code>/api/v1{}</code></h2><p>{}. {}</p>"
      "<p>Scope: <code>{}</code></p>",
      route.operation_id, route.method, route.method, Escape(route.pattern), Prose(route.summary),
      Prose(route.description), ToString(route.scope));
  for (const QueryParameter& query : route.query) {
    html += fmt::format("<p><code>?{}=</code> {}</p>", query.name, Prose(query.description));
  }
  html += Schema("Takes", route.request_schema);
  html += route.response_schema.empty()
              ? fmt::format("<p>Answers {} without a body.</p>", route.success)
              : Schema(fmt::format("Answers {} with", route.success), route.response_schema);
  return html + "</section>";
}

std::string Schemas() {
  std::string html;
  const json::value schemas = json::parse(ApiSchemas());
  for (const auto& [name, schema] : schemas.as_object()) {
    html += fmt::format("<section id=\"schema-{}\"><h3>{}</h3><dl>", std::string_view(name),
                        std::string_view(name));
    const json::value* properties = schema.as_object().if_contains("properties");
    if (properties == nullptr) {
      html += fmt::format("<dd><code>{}</code></dd>", Escape(json::serialize(schema)));
    } else {
      for (const auto& [field, type] : properties->as_object()) {
        html += fmt::format("<dt><code>{}</code></dt><dd><code>{}</code></dd>",
                            std::string_view(field), Escape(json::serialize(type)));
      }
    }
    html += "</dl></section>";
  }
  return html;
}

}  // namespace

std::string ApiPage(std::span<const ApiRoute> routes, std::string_view version) {
  std::string body, contents;
  for (const ApiRoute& route : routes) {
    contents += fmt::format("<li><a href=\"#{}\"><b class=\"{}\">{}</b> {}</a></li>",
                            route.operation_id, route.method, route.method, Escape(route.pattern));
    body += Entry(route);
  }
  return fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>confab API</title><link rel=\"stylesheet\" "
      "href=\"/api/docs.css\"></head><body><main><h1>confab API</h1><p>Version {}. Every request "
      "but a guest's carries a token: <code>Authorization: Bearer TOKEN</code>. Errors have one "
      "shape: <a href=\"#schema-Error\">Error</a>. The same as a document for programs: <a "
      "href=\"/api/v1/openapi.json\">OpenAPI 3.1</a>.</p><nav><ul>{}</ul></nav>{}<h1>Types</h1>{}"
      "</main></body></html>",
      Escape(version), contents, body, Schemas());
}

std::string_view ApiPageStyle() {
  return R"css(:root{color-scheme:dark;background:#0b0d12;color:#e7eaf0;font:16px/1.6 system-ui,sans-serif}
body{margin:0}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 6rem}
h1{font-size:2rem;line-height:1.2;margin:2rem 0 1rem}
h2{font-size:1.05rem;margin:0 0 .5rem;overflow-wrap:anywhere}
h3{font-size:1rem;margin:0 0 .5rem}
section{background:#141821;border:1px solid #262c38;border-radius:14px;padding:1rem 1.25rem;margin:1rem 0}
section:target{border-color:#7aa2ff}
p{margin:.35rem 0}
code{font:.9em/1.5 ui-monospace,monospace;background:#1d2330;border-radius:6px;padding:.1em .35em;overflow-wrap:anywhere}
a{color:#9ab8ff}
a:focus-visible{outline:2px solid #9ab8ff;outline-offset:2px;border-radius:4px}
ul{list-style:none;padding:0;columns:22rem}
li{padding:.15rem 0}
b{display:inline-block;min-width:4.2em;font:600 .8em ui-monospace,monospace}
.GET{color:#7ddba3}.POST{color:#9ab8ff}.DELETE{color:#ff9c9c}
dt{margin-top:.5rem}dd{margin:0 0 0 1rem}
)css";
}

}  // namespace confab::gateway
