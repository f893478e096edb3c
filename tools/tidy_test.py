"""Each check of tools/tidy can fail, and lets what is right pass; so do tools/check_includes and its table."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOOLS = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, TOOLS)

import include_rules  # noqa: E402
import tidy_checks  # noqa: E402
from tidy_checks import CHECKS, Tree  # noqa: E402

# Spelt apart, so that this file passes the checks that it tests.
HOME = "/ro" + "ot/x"
BAD_WORD = "FIX" + "ME"
TO_DO = "TO" + "DO"
NO_LINT = "NO" + "LINT"


def module(name, **lists):
    return f"add_module({name}\n" + "".join(f"  {key} {words}\n" for key, words in lists.items()) + ")\n"


# check -> (trees with a finding each, trees without); a tree is {path: text}.
CASES = {
    "third_party": (
        [
            {"src/store/a.cc": "#include <boost/asio.hpp>\n"},
            {"src/store/a.cc": "#  include <zstd.h>\n"},
            {"src/store/a.cc": "#include <unheard/of.h>\n"},
            {"src/store/a.cc": "#include HEADER\n"},
            {"src/base/a.h": "#include <fmt/format.h>\n"},
            {"src/base/a.cc": "#include <gtest/gtest.h>\n"},
            {"src/base/a.cc": "#include <immintrin.h>\n"},
            {"src/wire/otlp/a.h": "#include <protozero/pbf_reader.hpp>\n"},
            {"src/store/a.cc": "#include <sys/socket.h>\n"},
            # Allowed in the folder, but not in a public header.
            {"src/net/a.h": "#include <boost/asio.hpp>\n", "src/net/CMakeLists.txt": module("net", HDRS="a.h")},
        ],
        [
            {"src/net/http/a.cc": "#include <boost/beast.hpp>\n#include <curl/curl.h>\n#include <openssl/ssl.h>\n"},
            {"src/net/a.h": "#include <boost/asio.hpp>\n", "src/net/CMakeLists.txt": module("net", SRCS="a.h")},
            {"src/base/a.cc": "#include <vector>\n#include <fmt/format.h>\n#include <sys/mman.h>\n"},
            {"src/base/a_test.cc": "#include <gmock/gmock.h>\n", "src/base/a_bench.cc": "#include <benchmark/benchmark.h>\n"},
            {"src/base/a.cc": '// #include <boost/x.hpp>\n/*\n#include <zstd.h>\n*/\nauto s = R"(\n#include <lz4.h>\n)";\n'},
            {"src/codec/kernels/crc.cc": "#include <immintrin.h>\n"},
        ],
    ),
    "include_paths": (
        [
            {"src/a/x.cc": '#include "../b/y.h"\n', "src/b/y.h": ""},
            {"src/a/x.cc": '#include "y.h"\n', "src/a/y.h": ""},
            {"src/a/x.cc": "#include <a/y.h>\n", "src/a/y.h": ""},
            {"src/a/x.cc": '#include "fmt/format.h"\n'},
        ],
        [{"src/a/x.cc": '#include "a/y.h"\n#include <vector>\n', "src/a/y.h": ""}],
    ),
    "declared_includes": (
        [
            # Not in DEPS.
            {
                "src/a/x.cc": '#include "b/y.h"\n',
                "src/a/CMakeLists.txt": module("a", SRCS="x.cc"),
                "src/b/y.h": "",
                "src/b/CMakeLists.txt": module("b", HDRS="y.h"),
            },
            # In DEPS, but private.
            {
                "src/a/x.cc": '#include "b/y.h"\n',
                "src/a/CMakeLists.txt": module("a", SRCS="x.cc", DEPS="b"),
                "src/b/y.h": "",
                "src/b/CMakeLists.txt": module("b", SRCS="y.h"),
            },
            # For the tests only.
            {
                "src/a/x.cc": '#include "b/y.h"\n',
                "src/a/CMakeLists.txt": module("a", SRCS="x.cc", TEST_DEPS="b"),
                "src/b/y.h": "",
                "src/b/CMakeLists.txt": module("b", HDRS="y.h"),
            },
        ],
        [
            # Through another module, and a test's own dependency.
            {
                "src/a/x.cc": '#include "c/z.h"\n#include "a/own.h"\n',
                "src/a/own.h": "",
                "src/a/x_test.cc": '#include "d/w.h"\n',
                "src/a/CMakeLists.txt": module("a", SRCS="x.cc own.h", TESTS="x_test.cc", DEPS="b", TEST_DEPS="d"),
                "src/b/CMakeLists.txt": module("b", DEPS="c"),
                "src/c/z.h": "",
                "src/c/CMakeLists.txt": module("c", HDRS="z.h"),
                "src/d/w.h": "",
                "src/d/CMakeLists.txt": module("d", HDRS="w.h"),
            }
        ],
    ),
    "arrows": (
        [
            {"src/io/CMakeLists.txt": module("io", DEPS="journal")},
            {"src/io/CMakeLists.txt": module("io", DEPS="net")},
            {"src/gadgets/CMakeLists.txt": module("gadgets")},
            {"src/journal/CMakeLists.txt": module("journal", DEPS="gadgets")},
            {
                "src/wire/a/CMakeLists.txt": module("wire/a", DEPS="wire/b"),
                "src/wire/b/CMakeLists.txt": module("wire/b", DEPS="wire/a"),
            },
        ],
        [{"src/store/events/CMakeLists.txt": module("store/events", DEPS="store/block journal model/events")}],
    ),
    "header_guards": (
        [{"src/a/x.h": "// What it is.\nint x;\n"}, {"src/a/x.h": "#pragma once\nint x;\n"}],
        [{"src/a/x.h": "// What it is.\n#pragma once\n"}, {"src/a/x.h": "#pragma once\n\n// What it is.\n"}],
    ),
    "file_sizes": (
        [{"src/a/x.cc": "\n" * 801}, {"src/a/x.h": "\n" * 301}, {"src/contract/x.h": "\n" * 121}],
        [{"src/a/x.cc": "\n" * 800, "src/a/x.h": "\n" * 300, "src/contract/x.h": "\n" * 120}],
    ),
    "banned_calls": (
        [
            {"src/a/x.cc": line}
            for line in (
                "auto t = std::chrono::system_clock::now();\n",
                "int r = rand();\n",
                "srand(1);\n",
                "auto t = time(nullptr);\n",
                "std::random_device d;\n",
                "T* t = new T();\n",
                "auto t = new T;\n",
                "delete t;\n",
                "delete[] t;\n",
                "throw 1;\n",
                "using namespace std;\n",
                "std::cout << 1;\n",
                'printf("x");\n',
                "std::this_thread::sleep_for(d);\n",
                "::sleep(1);\n",
                "thread.detach();\n",
                "std::async(f);\n",
            )
        ]
        + [{"tests/x_test.cc": "using namespace std;\n"}, {"src/a/x.h": "using namespace std::literals;\n"}],
        [
            {"src/a/x.cc": line}
            for line in (
                "// throw new time(nullptr) rand()\n",
                'auto s = "throw std::cout new T";\n',
                "X(const X&) = delete;\nvoid operator delete(void*);\n",
                "auto t = std::unique_ptr<T>(new T(1));\n",
                "std::unique_ptr<T> t(new T(1));\n",
                "t.reset(new T);\n",
                "auto* t = ::new (place) T;\n",
                "using namespace std::literals;\n",
                "clock.time(nullptr);\nuptime(0);\nbrand();\nsnprintf(b, n, f);\n",
                "int n = 1'000'000; throw_away(n);\n",
            )
        ]
        + [{"src/app/x.cc": "std::cout << 1;\n"}, {"src/a/x_test.cc": "throw 1;\n"}],
    ),
    "test_sleeps": (
        [{"src/a/x_test.cc": "std::this_thread::sleep_for(d);\n"}, {"tests/x.cc": "usleep(3);\n"}],
        [{"src/a/x_test.cc": "// never sleep()\nclock.advance(d);\n"}],
    ),
    "disabled_tests": (
        [
            {"src/a/x_test.cc": "GTEST_SKIP();\n"},
            {"src/a/x_test.cc": "TEST(A, DISABLED_b) {}\n"},
            {"tests/e2e/x.mjs": "test.skip('a', f);\n"},
            {"tests/e2e/x.mjs": "test('a', { skip: true }, f);\n"},
            {"ui/src/x.test.ts": "it.only('a', f);\n"},
            {"ui/src/x.test.tsx": "xit('a', f);\n"},
        ],
        [{"src/a/x_test.cc": "TEST(A, b) {}\n", "ui/src/x.test.ts": "it('a', f); exit(1);\n"}],
    ),
    "modules": (
        [
            {"src/base/CMakeLists.txt": module("base"), "ARCHITECTURE.md": "base\n"},
            {"src/base/CMakeLists.txt": module("base"), "src/base/README.md": "x\n", "ARCHITECTURE.md": "other\n"},
            {"src/base/CMakeLists.txt": module("base"), "src/base/README.md": "x\n" * 41, "ARCHITECTURE.md": "base\n"},
            {"src/base/CMakeLists.txt": module("bass"), "src/base/README.md": "x\n", "ARCHITECTURE.md": "base bass\n"},
            {"ARCHITECTURE.md": "see `src/gone/`\n"},
        ],
        [
            {
                "src/text/json/CMakeLists.txt": module("text/json"),
                "src/text/json/README.md": "x\n" * 40,
                "ARCHITECTURE.md": "`text/{yaml, json}` in `src/text/`, `src/text/json/CMakeLists.txt`\n",
            }
        ],
    ),
    "listed_sources": (
        [
            {"src/a/x.cc": "", "src/a/CMakeLists.txt": module("a", SRCS="y.cc")},
            {"src/a/x.cc": "", "src/a/CMakeLists.txt": "# x.cc\n"},
            {"src/a/x.h": ""},
        ],
        [
            {"src/a/x.cc": "", "src/a/CMakeLists.txt": module("a", SRCS="x.cc")},
            {"src/a/b/x.cc": "", "src/a/CMakeLists.txt": "add_executable(a b/x.cc)\n"},
            {"tests/x.cc": "", "CMakeLists.txt": "add_executable(a tests/x.cc)\n"},
        ],
    ),
    "formats": (
        [{"src/a/x_format.h": "// nothing\n"}, {"src/a/x_format.h": "// docs/formats/gone.md\n"}],
        [{"src/a/x_format.h": "// docs/formats/x.md\n", "docs/formats/x.md": ""}],
    ),
    "names": (
        [
            {"src/a/util.cc": ""},
            {"src/common/x.cc": ""},
            {"src/a/string_helpers.h": ""},
            {"src/a/x.h": "class BlockManager {\n"},
            {"src/a/x.h": "struct ParseHelper final {\n"},
        ],
        [{"src/a/utility_meter.cc": "", "src/a/x.h": "class Memory {\n// class XManager {\n"}],
    ),
    "todos": (
        [
            {"src/a/x.cc": f"// {TO_DO}\n"},
            {"src/a/x.cc": f"// {TO_DO}: later\n"},
            {"src/a/x.cc": f"// {BAD_WORD}: this is wrong for empty input\n"},
            {"ui/src/x.ts": f"// {TO_DO} make it nice\n"},
            {"src/a/x.cc": f"int x;  // {NO_LINT}\n"},
            {"src/a/x.cc": f"int x;  // {NO_LINT}(bugprone-x)\n"},
        ],
        [
            {"src/a/x.cc": f"// {TO_DO}(#12): drop when peers speak v2 only\n"},
            {"src/a/x.cc": f"int x;  // {NO_LINT}(bugprone-x): the peer's field is wider\n"},
            {"docs/a.md": f"{TO_DO}\n"},
        ],
    ),
    "machine_paths": (
        [{"docs/a.md": f"see {HOME}\n"}, {"tools/x": f"cd {HOME}\n"}],
        [{"docs/a.md": "home/root/x, https://host/work/shop, /srv/data\n"}],
    ),
    "lock_files": (
        [
            {"ui/package-lock.json": '{ "resolved": "https://host/x.tgz" }\n'},
            {"ui/.npmrc": "registry = https://host/\n"},
        ],
        [{"ui/package-lock.json": '{ "integrity": "sha512-x" }\n', "ui/.npmrc": "save-exact=true\n"}],
    ),
    "exact_pins": (
        [
            {"ui/package.json": '{ "dependencies": { "react": "^19.0.0" } }\n', "ui/package-lock.json": ""},
            {"ui/package.json": '{ "devDependencies": { "vite": "latest" } }\n', "ui/package-lock.json": ""},
            {"ui/package.json": '{ "dependencies": { "react": "19.0.0" } }\n'},
        ],
        [
            {"ui/package.json": '{ "dependencies": { "react": "19.0.0", "@a/b": "1.2.3-rc.1" } }\n', "ui/package-lock.json": ""},
            {"ui/package.json": '{ "name": "x" }\n'},
        ],
    ),
    "text_hygiene": (
        [{"src/a/x.cc": "int x;"}, {"src/a/x.cc": "int x; \n"}, {"src/a/x.cc": "\tint x;\n"}, {"docs/a.md": "x\r\n"}],
        [{"src/a/x.cc": "int x;\n", "Makefile": "a:\n\tb\n", "src/a/golden/x.json": "\t \n", "docs/empty.md": ""}],
    ),
    "scripts": (
        [
            {"tools/x": "#!/bin/sh\nset -euo pipefail\n"},
            {"tools/x": "#!/usr/bin/env bash\ntrue\n"},
            {".ci/run": "#!/usr/bin/env bash\nset -e\n"},
        ],
        [{"tools/x": "#!/usr/bin/env bash\nset -euo pipefail\n", "tools/y": "#!/usr/bin/env python3\n"}],
    ),
}


class Checks(unittest.TestCase):
    def test_every_check_has_cases(self):
        self.assertEqual(set(CASES), set(CHECKS))


def add_case(name):
    def can_fail(self):
        for texts in CASES[name][0]:
            with self.subTest(texts=texts):
                self.assertTrue(tidy_checks.run(name, CHECKS[name], Tree.of_dict(texts)))

    def can_pass(self):
        for texts in CASES[name][1]:
            with self.subTest(texts=texts):
                self.assertEqual(tidy_checks.run(name, CHECKS[name], Tree.of_dict(texts)), [])

    setattr(Checks, f"test_{name}_can_fail", can_fail)
    setattr(Checks, f"test_{name}_can_pass", can_pass)


for check_name in CHECKS:
    add_case(check_name)


class Allowed(unittest.TestCase):
    def test_only_what_is_named_is_allowed(self):
        now = "auto t = std::chrono::system_clock::now();\n"
        check = CHECKS["banned_calls"]
        self.assertEqual(tidy_checks.run("banned_calls", check, Tree.of_dict({"src/base/clock.cc": now})), [])
        self.assertTrue(tidy_checks.run("banned_calls", check, Tree.of_dict({"src/base/clock.cc": now + "throw 1;\n"})))

    def test_every_entry_has_a_reason_and_a_check(self):
        for name, _, _, reason in tidy_checks.ALLOWED:
            self.assertIn(name, CHECKS)
            self.assertGreater(len(reason), 15)


class Text(unittest.TestCase):
    def test_blanking_keeps_lines_and_columns(self):
        text = 'int a = 1\'000; /* x\ny */ char c = \'"\'; // "z\nauto s = R"d(a)"b)d" "q\\"r";\n'
        for keep in (True, False):
            blanked = include_rules.without_comments(text, keep)
            self.assertEqual([len(line) for line in blanked.split("\n")], [len(line) for line in text.split("\n")])
            self.assertNotIn("x", blanked)
            self.assertNotIn("z", blanked)
        self.assertNotIn("q", include_rules.without_comments(text, keep_strings=False))
        self.assertIn("1'000", include_rules.without_comments(text, keep_strings=False))

    def test_includes_have_their_lines(self):
        text = '#include <a>\n\n# include "b/c.h"  // why\n'
        self.assertEqual(list(include_rules.includes(text)), [(1, "<", "a"), (3, '"', "b/c.h")])

    def test_add_module_is_read(self):
        text = "# add_module(no)\nadd_module(a/b\n  HDRS x.h # first\n  SRCS y.cc\n    z.cc\n  DEPS c d/e)\n"
        self.assertEqual(
            include_rules.modules_of(text), [("a/b", {"HDRS": ["x.h"], "SRCS": ["y.cc", "z.cc"], "DEPS": ["c", "d/e"]})]
        )


class Programs(unittest.TestCase):
    """The command lines, on files of a scratch folder."""

    def run_tool(self, *arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def test_check_includes(self):
        with tempfile.TemporaryDirectory() as folder:
            inside = os.path.join(folder, "src", "store", "events")
            os.makedirs(inside)
            good, bad = os.path.join(inside, "good.cc"), os.path.join(inside, "bad.cc")
            with open(good, "w", encoding="utf-8") as file:
                file.write("#include <vector>\n#include <roaring/roaring.h>\n")
            with open(bad, "w", encoding="utf-8") as file:
                file.write("#include <vector>\n#include <boost/beast.hpp>\n")
            tool = os.path.join(TOOLS, "check_includes")
            self.assertEqual(self.run_tool(tool, "--module", "store/events", good).returncode, 0)
            result = self.run_tool(tool, "--module", "store/events", good, bad)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"{bad}:2: <boost/beast.hpp>", result.stdout)
            self.assertEqual(self.run_tool(tool, "--module", "store/events", "--allow", "boost", bad).returncode, 0)
            self.assertEqual(self.run_tool(tool, "--module", "store/events", "--allow", "bost", bad).returncode, 2)
            with open(good, "a", encoding="utf-8") as file:
                file.write('#include "../block/part.h"\n')
            result = self.run_tool(tool, "--module", "store/events", good)
            self.assertEqual(result.returncode, 1)
            self.assertIn("is relative", result.stdout)
            # Allowed for the module or not: a public header has none.
            public = self.run_tool(tool, "--module", "store/events", "--allow", "boost", "--public", bad, bad)
            self.assertEqual(public.returncode, 1)

    def test_tidy_finds_bad_format_and_counts(self):
        with open(os.path.join(TOOLS, "tidy"), encoding="utf-8") as file:
            source = file.read()
        program = {"__name__": "tidy", "__file__": os.path.join(TOOLS, "tidy")}
        exec(compile(source, "tidy", "exec"), program)
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "src"))
            with open(os.path.join(folder, "src", "bad.cc"), "w", encoding="utf-8") as file:
                file.write("int  x ;\n")
            with open(os.path.join(folder, "src", "good.cc"), "w", encoding="utf-8") as file:
                file.write("int x;\n")
            findings = program["check_format"](Tree.of_folder(folder))
            self.assertEqual([(finding.path, finding.line) for finding in findings], [("src/bad.cc", 1)])
            program["ROOT"] = folder
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                code = program["main"](["--only", "format,todos", "--count"])
            self.assertEqual(code, 1)
            self.assertEqual(output.getvalue().splitlines()[-2:], ["1 passed, 1 failed", "tidy: 2 checks, 1 findings"])


if __name__ == "__main__":
    unittest.main()
