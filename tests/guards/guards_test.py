"""The build itself refuses what the arrows forbid.

Each case is a scratch tree of tiny modules under the real CMakeLists.txt, cmake/ and tools/check_includes: the control
must configure and build, and each planted defect must fail, in the step and with the words that belong to it (so that
a case that fails for another reason is no proof).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MACHINERY = ("CMakeLists.txt", "cmake", "tools/check_includes", "tools/include_rules.py")
ORDER = ("base", "codec", "io", "net", "journal")

# A tree that builds: every module has a public and a private header; net has Beast, in its .cc.
CONTROL = {
    "tests/CMakeLists.txt": "",
    "src/base/CMakeLists.txt": "add_module(base HDRS bytes.h SRCS bytes.cc)\n",
    "src/base/bytes.h": "#pragma once\nint bytes();\n",
    "src/base/bytes.cc": '#include "base/bytes.h"\nint bytes() { return 1; }\n',
    "src/codec/CMakeLists.txt": "add_module(codec HDRS varint.h SRCS varint.cc table.h)\n",
    "src/codec/varint.h": '#pragma once\n#include "base/bytes.h"\nint varint();\n',
    "src/codec/table.h": "#pragma once\nconstexpr int kTable = 3;\n",
    "src/codec/varint.cc": '#include "codec/varint.h"\n\n#include "codec/table.h"\nint varint() { return kTable; }\n',
    "src/io/CMakeLists.txt": "add_module(io HDRS file.h SRCS file.cc DEPS codec)\n",
    "src/io/file.h": "#pragma once\n#include <string>\nstd::string file();\n",
    "src/io/file.cc": '#include "io/file.h"\n#include "codec/varint.h"\nstd::string file() { return std::to_string(varint()); }\n',
    "src/net/CMakeLists.txt": "add_module(net HDRS server.h SRCS server.cc)\n",
    "src/net/server.h": "#pragma once\nint server();\n",
    "src/net/server.cc": '#include "net/server.h"\n#include <boost/beast/version.hpp>\nint server() { return BOOST_BEAST_VERSION; }\n',
    "src/journal/CMakeLists.txt": "add_module(journal HDRS journal.h SRCS journal.cc DEPS io)\n",
    "src/journal/journal.h": "#pragma once\nint journal();\n",
    # base without being named, codec through io.
    "src/journal/journal.cc": '#include "journal/journal.h"\n#include "base/bytes.h"\n#include "codec/varint.h"\n'
    '#include "io/file.h"\nint journal() { return bytes() + varint() + int(file().size()); }\n',
}


def with_line(path, line):
    """The control's file with a line put before it."""
    return {path: line + "\n" + CONTROL[path]}


class Guards(unittest.TestCase):
    def build(self, changes, order=ORDER):
        """(step that failed or None, output) of configuring and building the control with the changed files."""
        with tempfile.TemporaryDirectory() as folder:
            for name in MACHINERY:
                source, target = os.path.join(ROOT, name), os.path.join(folder, name)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                if os.path.isdir(source):
                    shutil.copytree(source, target)
                else:
                    shutil.copy2(source, target)
            modules = "".join(f"add_subdirectory({module})\n" for module in order)
            for path, text in {**CONTROL, "src/CMakeLists.txt": modules, **changes}.items():
                target = os.path.join(folder, path)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "w", encoding="utf-8") as file:
                    file.write(text)
            build = os.path.join(folder, "build")
            options = ["-DTERCET_PRODUCT=OFF", "-DTERCET_CHECK_HEADERS=ON", "-DCMAKE_CXX_COMPILER=g++", "-DCMAKE_C_COMPILER=gcc"]
            steps = (
                ("configure", ["cmake", "-G", "Ninja", "-S", folder, "-B", build, *options]),
                ("build", ["cmake", "--build", build]),
            )
            output = ""
            for step, command in steps:
                result = subprocess.run(command, capture_output=True, text=True)
                # CMake wraps its words: compare them on one line.
                output += " ".join((result.stdout + result.stderr).split())
                if result.returncode != 0:
                    return step, output
            return None, output

    def refused(self, step, words, changes, order=ORDER):
        failed, output = self.build(changes, order)
        self.assertEqual(failed, step, output[-3000:])
        self.assertIn(words, output)

    def test_control_builds(self):
        failed, output = self.build({})
        self.assertIsNone(failed, output[-3000:])

    def test_an_undeclared_include_fails(self):
        changes = with_line("src/journal/journal.cc", '#include "net/server.h"')
        self.refused("build", "net/server.h: No such file", changes)

    def test_an_undeclared_include_in_a_public_header_fails(self):
        changes = with_line("src/codec/varint.h", '#include "io/file.h"')
        self.refused("build", "io/file.h: No such file", changes)

    def test_a_private_header_of_another_module_fails(self):
        changes = with_line("src/journal/journal.cc", '#include "codec/table.h"')
        self.refused("build", "codec/table.h: No such file", changes)

    def test_a_relative_way_to_a_private_header_fails(self):
        changes = with_line("src/journal/journal.cc", '#include "../codec/table.h"')
        self.refused("build", '"../codec/table.h" is relative', changes)

    def test_a_cycle_fails(self):
        changes = {"src/codec/CMakeLists.txt": "add_module(codec HDRS varint.h SRCS varint.cc table.h DEPS journal)\n"}
        self.refused("configure", "cyclic", changes)

    def test_beast_outside_net_fails(self):
        changes = with_line("src/journal/journal.cc", "#include <boost/beast/version.hpp>")
        self.refused("build", "<boost/beast/version.hpp> (boost) is allowed only in src/net", changes)

    def test_beast_in_a_public_header_of_net_fails(self):
        changes = with_line("src/net/server.h", "#include <boost/beast/version.hpp>")
        self.refused("build", "(boost) in a public header", changes)

    def test_deps_that_name_no_module_fail(self):
        changes = {"src/io/CMakeLists.txt": "add_module(io HDRS file.h SRCS file.cc DEPS codec gone)\n"}
        self.refused("configure", "which is no module", changes)

    def test_a_public_header_that_leans_on_another_include_fails(self):
        changes = {"src/net/server.h": "#pragma once\nstd::string server_name();\nint server();\n"}
        changes["src/net/server.cc"] = "#include <string>\n" + CONTROL["src/net/server.cc"]
        self.refused("build", "does not name a type", changes)


if __name__ == "__main__":
    unittest.main()
