"""Which third-party header may be included where: one table for the build and for tidy.

Read by tools/check_includes (runs for every module while it builds) and by tools/tidy (runs over the whole tree).
A place is a path from the repository's root ("src/wire/otlp/decoder.cc"). A family that the table does not know is
refused, so that a new dependency is a decision made here and not an accident made in some .cc file.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

SOURCE_SUFFIXES = (".cc", ".h")

# File patterns, matched against the path from the repository's root; '*' crosses slashes.
TEST_FILES = ("*_test.cc", "*_bench.cc", "tests/*", "bench/*")


@dataclass(frozen=True)
class Family:
    """A third-party library: how its includes look, and which files may have them."""

    name: str
    headers: str  # regular expression, matched from the start of the include path
    allowed: tuple  # file patterns
    where: str  # the same in words, for the message


FAMILIES = (
    Family("boost", r"boost/", ("src/net/*",), "src/net"),
    Family("openssl", r"openssl/", ("src/net/*",), "src/net"),
    Family("grpc", r"grpc(pp|\+\+)?/", ("src/net/*",), "src/net"),
    Family("protobuf", r"google/", ("src/net/*.cc",), "src/net"),
    Family("curl", r"curl/", ("src/net/*", "sdk/transport/*.cc", "sdk/cpp/transport/*.cc"), "src/net and sdk's transport"),
    Family("yaml-cpp", r"yaml-cpp/", ("src/text/yaml/*.cc",), "the .cc files of src/text/yaml"),
    Family(
        "simdjson",
        r"simdjson(\.h|/)",
        ("src/text/json/*.cc", "src/wire/*.cc"),
        "the .cc files of src/text/json and src/wire",
    ),
    Family("protozero", r"protozero/", ("src/wire/*.cc",), "the .cc files of src/wire"),
    Family("fmt", r"fmt/", ("*.cc",), ".cc files"),
    Family("zstd", r"(zstd|zstd_errors|zdict)\.h$", ("src/codec/*.cc",), "the .cc files of src/codec"),
    Family("lz4", r"lz4\w*\.h$", ("src/codec/*.cc",), "the .cc files of src/codec"),
    Family("snappy", r"snappy[\w-]*\.h$", ("src/codec/*.cc",), "the .cc files of src/codec"),
    Family("zlib", r"(zlib|zconf)\.h$", ("src/codec/*.cc",), "the .cc files of src/codec"),
    Family("xxhash", r"(xxhash|xxh3)\.h$", ("src/codec/*.cc",), "the .cc files of src/codec"),
    Family("re2", r"re2/", ("src/text/regex/*",), "src/text/regex"),
    Family(
        "roaring", r"roaring/", ("src/codec/*.cc", "src/store/*.cc"), "the .cc files of src/codec and src/store"
    ),
    Family("vectorscan", r"hs(/|\w*\.h$)", ("src/redact/*.cc",), "the .cc files of src/redact"),
    Family("jemalloc", r"jemalloc/", ("src/base/*.cc", "src/app/*.cc"), "the .cc files of src/base and src/app"),
    Family(
        "CLI11",
        r"CLI/",
        ("src/app/*", "tests/*", "bench/*", "examples/*"),
        "src/app (and the programs of tests, bench and examples)",
    ),
    Family("gtest", r"(gtest|gmock)/", TEST_FILES, "tests and benches"),
    Family("benchmark", r"benchmark/", TEST_FILES, "tests and benches"),
    Family("libfuzzer", r"fuzzer/", ("*_fuzz.cc",), "fuzzers"),
    # Not third-party, but with a home: SIMD outside codec has no plain twin and no dispatch.
    Family("intrinsics", r"(\w+intrin|cpuid|arm_neon)\.h$", ("src/codec/*",), "src/codec"),
    Family(
        "sockets",
        r"(sys/(socket|epoll|un)\.h|netdb\.h|netinet/tcp\.h)$",
        ("src/net/*", "tests/*", "bench/*"),
        "src/net",
    ),
)

# What the compiler and the C library bring. <format>, <print>, <generator> are missing on purpose: g++ 12 has none.
_STANDARD_CXX = frozenset(
    """
    algorithm any array atomic barrier bit bitset cassert ccomplex cctype cerrno cfenv cfloat charconv chrono cinttypes
    climits clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
    cstdio cstdlib cstring ctime cuchar cwchar cwctype cxxabi.h deque exception execution expected filesystem
    forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits
    list locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges ratio
    scoped_allocator semaphore set shared_mutex source_location span spanstream sstream stack stacktrace stdatomic.h
    stdexcept stop_token streambuf string string_view strstream syncstream system_error thread tuple type_traits
    typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
    """.split()
)
_SYSTEM = re.compile(
    r"(sys|linux|asm|bits|arpa|net|netinet|ext|sanitizer)/[\w./-]+$"
    r"|(aio|alloca|assert|byteswap|ctype|dirent|dlfcn|elf|endian|errno|execinfo|fcntl|features|float|fnmatch|ftw|getopt"
    r"|glob|grp|inttypes|limits|link|locale|malloc|math|poll|pthread|pwd|sched|semaphore|setjmp|signal|spawn|stdarg"
    r"|stdbool|stddef|stdint|stdio|stdlib|string|strings|syslog|termios|time|ucontext|unistd|unwind|utime|wchar)\.h$"
)
_COMPILED = tuple((family, re.compile(family.headers)) for family in FAMILIES)

INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*(?:([<"])([^>"\n]+)[>"]|(\S+))', re.MULTILINE)

_TOKENS = re.compile(
    r"(?P<comment>//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z))"
    r'|(?P<raw>\b(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s"]{0,16})\(.*?(?:\)(?P=delimiter)"|\Z))'
    r"|(?P<number>\b[0-9](?:'?[0-9A-Za-z_.])*)"
    r'|(?P<string>"(?:\\.|[^"\\\n])*"?)'
    r"|(?P<char>'(?:\\.|[^'\\\n])*'?)",
    re.DOTALL,
)
_INCLUDE_AT = re.compile(r"#[ \t]*include[ \t]*$")


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, keep_strings=True):
    """The same text, same lines and columns, with comments (and raw strings; all literals on demand) blanked."""

    def replace(match):
        kind = match.lastgroup if match.lastgroup != "delimiter" else "raw"
        if match.group("raw") is not None:
            kind = "raw"
        if kind == "number":
            return match.group()
        if kind in ("string", "char"):
            if keep_strings:
                return match.group()
            start = text.rfind("\n", 0, match.start()) + 1
            if _INCLUDE_AT.search(text[start : match.start()]):
                return match.group()
            quote = match.group()[0]
            return quote + " " * (len(match.group()) - 2) + quote if len(match.group()) > 1 else quote
        return _blank(match.group())

    return _TOKENS.sub(replace, text)


def includes(text):
    """Yields (line number, '<' or '"' or '' for a macro, include path) of every include directive."""
    for match in INCLUDE.finditer(without_comments(text)):
        line = text.count("\n", 0, match.start()) + 1
        if match.group(2) is None:
            yield line, "", match.group(3)
        else:
            yield line, match.group(1), match.group(2)


def family_of(include):
    """The family that an include path belongs to, or None."""
    for family, pattern in _COMPILED:
        if pattern.match(include):
            return family
    return None


def is_relative(include):
    """The way round the include roots: the compiler looks beside the including file first."""
    return include.startswith(".") or "/../" in include


def is_system(include):
    return include in _STANDARD_CXX or _SYSTEM.match(include) is not None


def is_allowed(family, path):
    return any(fnmatchcase(path, pattern) for pattern in family.allowed)


# Families that the language and the kernel bring: no rule about public headers, only about places.
_NOT_THIRD_PARTY = frozenset({"intrinsics", "sockets"})


def third_party_findings(path, text, public, extra=()):
    """Yields (line, message) for every include in the file that the table refuses.

    path: from the repository's root; public: the file is in its module's HDRS; extra: names of families that the
    caller allows on top of the table (never in a public header).
    """
    for line, kind, include in includes(text):
        if kind == "":
            yield line, f"#include of a macro ({include}): name the header"
            continue
        family = family_of(include)
        if family is None:
            if kind == "<" and not is_system(include):
                yield line, f"<{include}> is of no family that tools/include_rules.py knows: decide there who may see it"
            continue
        if public and family.name not in _NOT_THIRD_PARTY:
            yield line, f"<{include}> ({family.name}) in a public header: third-party types stay inside .cc files"
        elif family.name not in extra and not is_allowed(family, path):
            yield line, f"<{include}> ({family.name}) is allowed only in {family.where}"


# ---- add_module(...) calls -------------------------------------------------------------------------------------------

MODULE_KEYWORDS = frozenset(
    {"HDRS", "SRCS", "TESTS", "BENCHES", "FUZZERS", "DEPS", "LIBS", "TEST_DEPS", "TEST_LIBS", "DATA", "TEST_SRCS"}
)
_CMAKE_COMMENT = re.compile(r"#\[\[.*?\]\]|#[^\n]*", re.DOTALL)


def cmake_words(text, command):
    """Yields the argument words of each call of the command, comments removed, quotes taken off."""
    text = _CMAKE_COMMENT.sub("", text)
    for match in re.finditer(rf"\b{command}\s*\(([^()]*)\)", text, re.IGNORECASE):
        yield [word.strip('"') for word in match.group(1).split()]


def modules_of(cmake_text):
    """The add_module() calls of a CMakeLists.txt: a list of (module path, {keyword: [words]})."""
    modules = []
    for words in cmake_words(cmake_text, "add_module"):
        if not words:
            continue
        lists, current = {}, None
        for word in words[1:]:
            if word in MODULE_KEYWORDS or (re.fullmatch(r"[A-Z][A-Z_]+", word) and not word.startswith("_")):
                current = lists.setdefault(word, [])
            elif current is not None:
                current.append(word)
        modules.append((words[0], lists))
    return modules
