"""tools/count_tests reads the closing lines of each runner, and never takes silence for success."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_tests")


class CountTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def count(self, text, *options):
        log = self.write("log", text)
        output = subprocess.run([sys.executable, TOOL, *options, log], capture_output=True, text=True, check=True).stdout
        return tuple(int(word) for word in output.split())

    def test_plain_lines_add_up(self):
        self.assertEqual(self.count("x\n3 passed, 1 failed\ntidy: 20 checks\nspec: 2 passed, 0 failed\n"), (5, 1))

    def test_a_plain_line_inside_a_sentence_is_none(self):
        self.assertEqual(self.count("of these 3 passed, 1 failed so far\n"), (0, 0))

    def test_node(self):
        self.assertEqual(self.count("# tests 9\n# pass 5\n# fail 2\n# cancelled 1\n# skipped 1\n"), (5, 3))
        self.assertEqual(self.count("\x1b[34mℹ pass 4\x1b[39m\nℹ fail 0\n"), (4, 0))

    def test_vitest(self):
        log = "\x1b[2m Test Files \x1b[22m 1 failed | 2 passed (3)\n\x1b[2m      Tests \x1b[22m 1 failed | 7 passed (8)\n"
        self.assertEqual(self.count(log), (7, 1))
        self.assertEqual(self.count(" Test Files  2 passed (2)\n      Tests  12 passed (12)\n"), (12, 0))

    def test_unittest(self):
        self.assertEqual(self.count("Ran 7 tests in 0.01s\n\nOK\n"), (7, 0))
        self.assertEqual(self.count("Ran 9 tests in 1.01s\n\nFAILED (failures=1, errors=2, skipped=1)\n"), (5, 3))

    def test_exit_code_and_silence(self):
        self.assertEqual(self.count("3 passed, 0 failed\n", "--code", "1"), (3, 1))
        self.assertEqual(self.count("3 passed, 2 failed\n", "--code", "1"), (3, 2))
        self.assertEqual(self.count("nothing\n"), (0, 0))
        self.assertEqual(self.count("nothing\n", "--must-test"), (0, 1))

    def junit(self, *tests):
        body = ""
        for name, good in tests:
            inner = "" if good else '<failure message="x"/>'
            body += f'<testcase name="{name}" status="{"run" if good else "fail"}">{inner}</testcase>'
        return self.write("ctest.xml", f'<?xml version="1.0"?><testsuite>{body}</testsuite>')

    def gtest(self, name, tests, failures):
        self.write(f"{name}.json", json.dumps({"tests": tests, "failures": failures, "disabled": 0, "errors": 0}))

    def test_ctest(self):
        junit = self.junit(("base", True), ("store/events", False), ("tests/crash", False), ("tests/leak", False), ("alone", True))
        self.gtest("m_base_test", 12, 0)
        self.gtest("m_store_events_test", 5, 2)
        # `crash` wrote no report; `leak` has no failed case and failed when it ended.
        self.gtest("leak", 4, 0)
        options = ("--junit", junit, "--gtest", self.folder.name)
        self.assertEqual(self.count("", *options), (12 + 3 + 0 + 4 + 1, 0 + 2 + 1 + 1 + 0))

    def test_a_missing_report_has_failed(self):
        self.assertEqual(self.count("", "--junit", "gone.xml", "--gtest", self.folder.name), (0, 1))


if __name__ == "__main__":
    unittest.main()
