// What nearly every source on net/ includes anyway: Boost costs seconds to parse.
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "std.h"
