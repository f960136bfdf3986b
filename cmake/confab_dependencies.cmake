# Every library from outside, found once. docs/dependencies.md says why each is here.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(GTest REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(SQLite3 REQUIRED)
# Debian's hiredis brings no CMake files.
find_path(CONFAB_HIREDIS_INCLUDE hiredis/read.h REQUIRED)
find_library(CONFAB_HIREDIS_LIBRARY hiredis REQUIRED)
add_library(confab_hiredis INTERFACE)
target_include_directories(confab_hiredis SYSTEM INTERFACE ${CONFAB_HIREDIS_INCLUDE})
target_link_libraries(confab_hiredis INTERFACE ${CONFAB_HIREDIS_LIBRARY})

# Boost as the modules on net/ use it. Asio and Beast are compiled once, in net/boost_impl.cc:
# everyone must agree on that.
add_library(confab_asio INTERFACE)
target_link_libraries(confab_asio INTERFACE Boost::json Boost::url)
target_compile_definitions(confab_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
# GCC 12 takes Asio's coroutine frames, which come from aligned_alloc, for mismatched. gRPC brings
# -pthread: everyone has it, or one precompiled header would not fit all.
target_compile_options(confab_asio INTERFACE -pthread
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
if(CONFAB_SANITIZE MATCHES "undefined")
  # In Asio's templates these checks double the time to compile, and AddressSanitizer sees most of
  # what they see. rtc/ and sfu/, where bytes are parsed, keep them.
  target_compile_options(confab_asio INTERFACE -fno-sanitize=null,alignment,vptr,object-size)
endif()
