# The precompiled headers. Each is made once, by a target of its own, and shared by all modules that
# name it (confab_module's PCH): Boost takes longer to parse than most sources take to compile.
# What a module defines beyond these targets' flags must not matter to the headers inside.

# confab_precompile(NAME HEADERS … LIBS …): the target confab_pch_NAME.
#
# GCC writes the checkout's path into what it makes, so ccache is told to look at a checksum of what
# went in instead (CCACHE_PCH_EXTSUM): our headers hold system headers alone, and those change with
# the versions named here.
function(confab_precompile name)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBS" ${ARGN})
  set(target confab_pch_${name})
  set(source ${CMAKE_BINARY_DIR}/pch/${name}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Carries a precompiled header.\n")
  add_library(${target} OBJECT ${source})
  target_link_libraries(${target} PRIVATE confab_options ${arg_LIBS})
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
  confab_optimise_product(${target} ${name})

  set(input "${CMAKE_CXX_COMPILER_VERSION} ${Boost_VERSION} ${GTest_VERSION} ${gRPC_VERSION}")
  string(APPEND input " ${Protobuf_VERSION} ${name}")
  file(GLOB headers ${CMAKE_SOURCE_DIR}/cmake/pch/*.h)
  foreach(header ${headers})
    file(SHA256 ${header} sum)
    string(APPEND input " ${sum}")
  endforeach()
  string(SHA256 sum "${input}")
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.gch.sum "${sum}\n")
endfunction()

# confab_use_precompiled(TARGET NAME): compiles it with confab_pch_NAME.
function(confab_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM confab_pch_${name})
  confab_optimise_product(${target} ${name})
endfunction()

# The same for the header and for what is compiled with it; headers for tests are called NAME_test.
function(confab_optimise_product target name)
  if(NOT name MATCHES "_test$")
    target_link_libraries(${target} PRIVATE confab_product_options)
  endif()
endfunction()

set(pch_folder ${CMAKE_SOURCE_DIR}/cmake/pch)
confab_precompile(std HEADERS ${pch_folder}/std.h LIBS fmt::fmt)
confab_precompile(std_test HEADERS ${pch_folder}/std.h <gtest/gtest.h> LIBS fmt::fmt GTest::gmock)
confab_precompile(asio HEADERS ${pch_folder}/asio.h LIBS fmt::fmt confab_asio)
confab_precompile(asio_test HEADERS ${pch_folder}/asio.h <gtest/gtest.h>
  LIBS fmt::fmt confab_asio GTest::gmock)
confab_precompile(rpc HEADERS ${pch_folder}/rpc.h LIBS fmt::fmt confab_asio gRPC::grpc++
  protobuf::libprotobuf)
confab_precompile(rpc_test HEADERS ${pch_folder}/rpc.h <gtest/gtest.h>
  LIBS fmt::fmt confab_asio gRPC::grpc++ protobuf::libprotobuf GTest::gmock)
