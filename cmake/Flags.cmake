# Compiler and linker flags of the whole tree. docs/toolchain.md says why each is here.
add_compile_options(
  -Wall -Wextra -Wnon-virtual-dtor -Wno-missing-field-initializers -Werror=return-type -Werror=unused-result
  -ffp-contract=off -march=x86-64-v2 -mtune=generic -fno-math-errno
  -fstack-protector-strong -fvisibility=hidden -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-g1 -fcf-protection -ffunction-sections -fdata-sections)
  add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  add_link_options(-Wl,-z,relro,-z,now -Wl,--gc-sections)
else()
  add_compile_definitions(_GLIBCXX_ASSERTIONS TERCET_DCHECKS=1)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these falsely on std::expected and std::variant (docs/toolchain.md).
  add_compile_options(-Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(TERCET_SANITIZE)
  add_compile_options(-fsanitize=${TERCET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TERCET_SANITIZE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
