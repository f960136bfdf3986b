#pragma once

#include "backends/discovery/testing/backend_under_test.h"

namespace confab::discovery {

std::unique_ptr<BackendUnderTest> MakeStaticUnderTest(asio::io_context& io, std::string& why_not);
// Consul's client over SmallConsul.
std::unique_ptr<BackendUnderTest> MakeSmallConsulUnderTest(asio::io_context& io,
                                                           std::string& why_not);
// Consul's client over the agent that CONFAB_TEST_CONSUL names: a real one, or the fake of
// tests/consul. With the token in CONFAB_TEST_CONSUL_TOKEN where there is one.
std::unique_ptr<BackendUnderTest> MakeNamedConsulUnderTest(asio::io_context& io,
                                                           std::string& why_not);

// The URL in CONFAB_TEST_CONSUL; "" where it is not set.
std::string NamedConsulUrl();

}  // namespace confab::discovery
