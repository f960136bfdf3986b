# confab_module(NAME PCH std|asio|rpc [DEPS …] [LIBS …])
#
# Makes the static library confab_NAME from every .cc file in the current folder and below, and,
# where there are *_test.cc files, the program NAME_test and a CTest entry of the same name.
# DEPS are other confab modules (without the prefix), LIBS are libraries from outside.
# What tests of this and other modules share lies in a folder testing/ and becomes
# confab_NAME_testing; other modules name it in TEST_DEPS.
# Folders named in EXCLUDE are left to a CMakeLists.txt of their own.
# With TEST_SHARDS N the tests are run by N processes: the CTest entries NAME_1 … NAME_N.
function(confab_module name)
  cmake_parse_arguments(arg "" "PCH;TEST_SHARDS" "DEPS;LIBS;EXCLUDE;TEST_DEPS" ${ARGN})
  # Relative, so that the name of a folder above the checkout plays no part.
  file(GLOB_RECURSE sources RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *.cc)
  foreach(folder ${arg_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX "(^|/)${folder}/")
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(helpers ${sources})
  list(FILTER helpers INCLUDE REGEX "(^|/)testing/")
  list(FILTER sources EXCLUDE REGEX "(^|/)testing/")
  list(TRANSFORM arg_DEPS PREPEND confab_ OUTPUT_VARIABLE deps)
  list(TRANSFORM arg_TEST_DEPS PREPEND confab_ OUTPUT_VARIABLE test_deps)

  confab_units(sources ${sources})
  confab_units(helpers ${helpers})
  confab_units(tests ${tests})

  if(sources)
    add_library(confab_${name} STATIC ${sources})
    target_link_libraries(confab_${name} PUBLIC confab_options ${deps} ${arg_LIBS})
    confab_use_precompiled(confab_${name} ${arg_PCH})
  else()
    add_library(confab_${name} INTERFACE)
    target_link_libraries(confab_${name} INTERFACE confab_options ${deps} ${arg_LIBS})
  endif()

  if(helpers)
    add_library(confab_${name}_testing STATIC EXCLUDE_FROM_ALL ${helpers})
    target_link_libraries(confab_${name}_testing PUBLIC confab_${name} ${test_deps})
    confab_use_precompiled(confab_${name}_testing ${arg_PCH})
    list(APPEND test_deps confab_${name}_testing)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE
      confab_${name} ${test_deps} GTest::gmock GTest::gtest_main)
    confab_use_precompiled(${name}_test ${arg_PCH}_test)
    if(arg_TEST_SHARDS)
      foreach(shard RANGE 1 ${arg_TEST_SHARDS})
        confab_test(${name} ${name}_${shard})
        math(EXPR index "${shard} - 1")
        set_tests_properties(${name}_${shard} PROPERTIES ENVIRONMENT
          "GTEST_TOTAL_SHARDS=${arg_TEST_SHARDS};GTEST_SHARD_INDEX=${index}")
      endforeach()
    else()
      confab_test(${name} ${name})
    endif()
  endif()

  confab_headers(${name})
endfunction()

# Replaces the sources in the list `out` by units: files that include up to CONFAB_UNIT_SIZE of them,
# all of one folder, so that what they have in common is compiled once. Nothing is replaced where
# that size is 1. Sources of one folder share a namespace then, the unnamed one too.
function(confab_units out)
  if(CONFAB_UNIT_SIZE LESS 2)
    return()
  endif()
  set(folders)
  foreach(source ${ARGN})
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "in ${folder}" key)
    list(APPEND folders ${key})
    list(APPEND ${key} ${source})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  set(units)
  foreach(key ${folders})
    confab_units_of_folder(made ${${key}})
    list(APPEND units ${made})
  endforeach()
  set(${out} ${units} PARENT_SCOPE)
endfunction()

# The same for the sources of one folder: as few units as may be, all of about one size. A unit
# bears the name of its first source and includes by names relative to src/.
function(confab_units_of_folder out)
  file(RELATIVE_PATH from_src ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  file(RELATIVE_PATH from_root ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  list(LENGTH ARGN count)
  math(EXPR units "(${count} + ${CONFAB_UNIT_SIZE} - 1) / ${CONFAB_UNIT_SIZE}")
  math(EXPR size "(${count} + ${units} - 1) / ${units}")
  set(left ${ARGN})
  set(made)
  while(left)
    list(GET left 0 first)
    set(text)
    foreach(index RANGE 1 ${size})
      list(POP_FRONT left member)
      if(member)
        string(APPEND text "#include \"${from_src}/${member}\"\n")
      endif()
    endforeach()
    set(unit ${CMAKE_BINARY_DIR}/units/${from_root}/${first})
    file(CONFIGURE OUTPUT ${unit} CONTENT "${text}" @ONLY)
    list(APPEND made ${unit})
  endwhile()
  set(${out} ${made} PARENT_SCOPE)
endfunction()

# A CTest entry that runs NAME_test and writes its result to results/ENTRY.xml.
function(confab_test name entry)
  add_test(NAME ${entry} COMMAND ${name}_test --gtest_brief=1
    --gtest_output=xml:${CMAKE_BINARY_DIR}/results/${entry}.xml
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${entry} PROPERTIES TIMEOUT 300)
endfunction()

# Adds the current folder's headers to the target `headers`: each is compiled in a source of its
# own, without a precompiled header, so that it must include what it uses.
function(confab_headers name)
  file(GLOB_RECURSE headers RELATIVE ${CMAKE_SOURCE_DIR}/src CONFIGURE_DEPENDS *.h)
  set(sources)
  foreach(header ${headers})
    set(source ${CMAKE_BINARY_DIR}/headers/${header}.cc)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
    list(APPEND sources ${source})
  endforeach()
  if(sources)
    add_library(headers_${name} OBJECT EXCLUDE_FROM_ALL ${sources})
    target_link_libraries(headers_${name} PRIVATE confab_${name})
    target_compile_options(headers_${name} PRIVATE -O0 -g0 -fno-sanitize=all)
    add_dependencies(headers headers_${name})
  endif()
endfunction()
