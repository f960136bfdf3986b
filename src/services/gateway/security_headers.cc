#include "services/gateway/security_headers.h"

namespace confab::gateway {
namespace {

// style-src-attr: rendered pages carry style attributes; style elements and foreign sheets stay
// forbidden. blob: workers and pictures are made by our own scripts.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

constexpr const char* kPermissionsPolicy =
    "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
    "picture-in-picture=(self), speaker-selection=(self), screen-wake-lock=(self), "
    "geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=()";

}  // namespace

net::HttpHeaders SecurityHeaders() {
  return {{"Content-Security-Policy", kContentSecurityPolicy},
          {"Permissions-Policy", kPermissionsPolicy},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"}};
}

void AddTransportSecurity(net::HttpHeaders& headers) {
  headers.Set("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace confab::gateway
