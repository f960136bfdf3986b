# Compiler flags shared by every target. One place decides them.
set(CONFAB_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined or thread")
option(CONFAB_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(CONFAB_UNIT_SIZE 8 CACHE STRING "Sources of one folder that are compiled together; 1: each alone")

add_library(confab_options INTERFACE)
target_include_directories(confab_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(confab_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror
  -fno-omit-frame-pointer
  # Paths relative to the checkout: the compiler cache hits across checkouts.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -fdebug-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports maybe-uninitialized inside std::expected and coroutines, and the string
  # operations of its own library as overflows.
  # -fpch-preprocess lets the compiler cache see through precompiled headers.
  target_compile_options(confab_options INTERFACE
    -Wno-maybe-uninitialized -Wno-missing-field-initializers -fpch-preprocess
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-restrict)
else()
  # GCC 12's own library sorts with what it marks as deprecated.
  target_compile_options(confab_options INTERFACE
    -Wno-missing-field-initializers -Wno-missing-designated-field-initializers
    -Wno-deprecated-declarations)
endif()
if(CONFAB_UNIT_SIZE GREATER 1 AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A unit includes what is a source of its own, with types that nobody else sees.
  target_compile_options(confab_options INTERFACE -Wno-subobject-linkage)
endif()
# Debug builds optimise the product, which the tests give a lot to do; of the tests themselves they
# spend more time in the compiler than that would save.
add_library(confab_product_options INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(confab_options INTERFACE -g1)
  target_compile_options(confab_product_options INTERFACE -O1)
endif()
if(CONFAB_SANITIZE)
  target_compile_options(confab_options INTERFACE
    -fsanitize=${CONFAB_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(confab_options INTERFACE -fsanitize=${CONFAB_SANITIZE})
  # GCC's -Wall misfires under the sanitizers' instrumentation.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(confab_options INTERFACE
      -Wno-tsan)
  endif()
endif()
if(CONFAB_FUZZ)
  target_compile_options(confab_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
find_program(CONFAB_MOLD mold)
if(CONFAB_MOLD)
  target_link_options(confab_options INTERFACE -fuse-ld=mold)
endif()
