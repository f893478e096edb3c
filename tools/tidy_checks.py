"""The checks of tools/tidy: each is a function of a Tree that returns findings, its first doc line says what holds.

A Tree is the list of the repository's files with their texts, from the disk or, in tools/tidy_test.py, from a dict; so
every check is proven able to fail without touching the real tree.
"""

import os
import re
import subprocess
from collections import namedtuple
from fnmatch import fnmatchcase

import include_rules

Finding = namedtuple("Finding", "path line message")

# What a check would report, and why it stays: (check, path pattern, part of the message, reason).
ALLOWED = (
    ("banned_calls", "src/base/*.cc", "system_clock::now", "the real Clock is the one place that reads the wall clock"),
    ("banned_calls", "src/base/*.cc", "sleep", "the real Clock is the one place that sleeps"),
    ("banned_calls", "src/base/*.cc", "random_device", "the real Random takes its seed here"),
    ("test_sleeps", "bench/ingest/bench_ingest.cc", "sleep", "samples another process's CPU time until it stands still"),
)

CPP_FOLDERS = ("src/", "sdk/", "tests/", "bench/", "examples/")
CODE_SUFFIXES = (".cc", ".h", ".S", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".py", ".sh", ".cmake", ".css")
# Bytes and texts that must stay as they are.
VERBATIM = ("*/golden/*", "tests/fuzz_corpus/*", "*/testdata/*", "LICENSE", "*.svg", "*.snap")
# Left out where there is no git to ask.
NEVER_COMMITTED = (".git", ".tools", "build", "data", "dist", "node_modules", "__pycache__")
HARD_LINES = {".cc": 800, ".h": 300}
AIM_LINES = {".cc": 400, ".h": 150}
CONTRACT_LINES = 120
README_LINES = 40


class Tree:
    def __init__(self, root, files, texts=None):
        self.root = root
        self.files = sorted(files)
        self._texts = dict(texts or {})
        self._known = set(self.files)
        self._code = {}
        self._modules = None

    @staticmethod
    def of_dict(texts):
        return Tree("", list(texts), texts)

    @staticmethod
    def of_folder(root):
        """All files that are committed or could be: what .gitignore names is not looked at."""
        command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True)
        if listed.returncode == 0:
            files = [path for path in listed.stdout.split("\0") if path and os.path.isfile(os.path.join(root, path))]
            return Tree(root, set(files))
        files = []
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in NEVER_COMMITTED]
            files += [os.path.relpath(os.path.join(folder, name), root) for name in names]
        return Tree(root, files)

    def has(self, path):
        return path in self._known

    def text(self, path):
        if path not in self._texts:
            try:
                with open(os.path.join(self.root, path), "rb") as file:
                    data = file.read()
                self._texts[path] = "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")
            except OSError:
                self._texts[path] = ""
        return self._texts[path]

    def code(self, path):
        """The text with comments and literals blanked."""
        if path not in self._code:
            self._code[path] = include_rules.without_comments(self.text(path), keep_strings=False)
        return self._code[path]

    def cpp_files(self, *folders):
        return [
            path
            for path in self.files
            if path.endswith((".cc", ".h")) and path.startswith(folders or CPP_FOLDERS) and not is_verbatim(path)
        ]

    def quoted_includes(self, path):
        return [include for _, kind, include in include_rules.includes(self.text(path)) if kind == '"']

    def resolve(self, include):
        """The file that a quoted include names, or None."""
        for root in ("src/", "", "sdk/"):
            if root + include in self._known:
                return root + include
        return None

    def modules(self):
        """{folder from the root: (module path, {keyword: [words]})} of every add_module() call."""
        if self._modules is None:
            self._modules = {}
            for path in self.files:
                if path.endswith("/CMakeLists.txt") and path.startswith(CPP_FOLDERS):
                    for name, lists in include_rules.modules_of(self.text(path)):
                        self._modules[path.rsplit("/", 1)[0]] = (name, lists)
        return self._modules

    def module_folder_of(self, path):
        folder = path
        while "/" in folder:
            folder = folder.rsplit("/", 1)[0]
            if folder in self.modules():
                return folder
        return None


def is_verbatim(path):
    return any(fnmatchcase(path, pattern) for pattern in VERBATIM)


def is_test(path):
    return any(fnmatchcase(path, pattern) for pattern in include_rules.TEST_FILES) or path.endswith("_fuzz.cc")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run(name, check, tree):
    """The check's findings less those that ALLOWED names."""

    def stays(finding):
        return any(
            name == check_name and fnmatchcase(finding.path, pattern) and part in finding.message
            for check_name, pattern, part, _ in ALLOWED
        )

    return sorted(finding for finding in check(tree) if not stays(finding))


# ---- includes --------------------------------------------------------------------------------------------------------


def check_third_party(tree):
    """Third-party headers only where tools/include_rules.py allows them, none in a public header."""
    found = []
    for path in tree.cpp_files():
        folder = tree.module_folder_of(path)
        public = folder is not None and path[len(folder) + 1 :] in tree.modules()[folder][1].get("HDRS", ())
        for line, message in include_rules.third_party_findings(path, tree.text(path), public):
            found.append(Finding(path, line, message))
    return found


def check_include_paths(tree):
    """Every quoted include is the full path of a file of ours, every other include is in angle brackets."""
    found = []
    for path in tree.cpp_files():
        for line, kind, include in include_rules.includes(tree.text(path)):
            if include_rules.is_relative(include):
                found.append(Finding(path, line, f'"{include}" is relative: write the full path from src/'))
            elif kind == '"' and include_rules.family_of(include):
                found.append(Finding(path, line, f'"{include}" is not ours: write <{include}>'))
            elif kind == '"' and tree.resolve(include) is None:
                found.append(Finding(path, line, f'"{include}" is no file of ours by its full path from src/'))
            elif kind == "<" and "/" in include and tree.has(f"src/{include}"):
                found.append(Finding(path, line, f'<{include}> is ours: write "{include}"'))
    return found


def closure(start, arrows):
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += arrows.get(name, ())
    return seen


def check_declared_includes(tree):
    """A file includes only its own module's headers and public headers of modules that its DEPS reach."""
    found = []
    arrows = {name: ["base", *lists.get("DEPS", ())] for name, lists in tree.modules().values()}
    for path in tree.cpp_files("src/", "sdk/"):
        folder = tree.module_folder_of(path)
        if folder is None:
            continue
        name, lists = tree.modules()[folder]
        reach = closure(name, arrows)
        inside = path[len(folder) + 1 :]
        if inside not in lists.get("HDRS", ()) and inside not in lists.get("SRCS", ()):
            for dep in lists.get("TEST_DEPS", ()):
                reach |= closure(dep, arrows)
        for line, kind, include in include_rules.includes(tree.text(path)):
            target = tree.resolve(include) if kind == '"' else None
            owner = tree.module_folder_of(target) if target else None
            if owner is None or owner == folder:
                continue
            owner_name, owner_lists = tree.modules()[owner]
            if owner_name not in reach:
                found.append(Finding(path, line, f'"{include}" is of {owner_name}, which {name} does not have in DEPS'))
            elif target[len(owner) + 1 :] not in owner_lists.get("HDRS", ()):
                found.append(Finding(path, line, f'"{include}" is a private header of {owner_name}'))
    return found


# The rows of ARCHITECTURE.md, bottom up: a module sees only rows below its own.
ROWS = (
    ("base",),
    ("codec", "model", "text"),
    ("contract", "io", "net"),
    ("journal", "object", "wire", "translate", "redact", "relabel"),
    ("pipeline/core", "store/block", "query/core", "kube", "analysis"),
    ("pipeline", "store", "source", "query"),
    ("rules", "alerting"),
    ("api",),
    ("app",),
)


def row_of(module):
    """The row with the longest entry that is the module or a folder above it."""
    best = (None, -1)
    for row, names in enumerate(ROWS):
        for name in names:
            if (module == name or module.startswith(name + "/")) and len(name) > best[1]:
                best = (row, len(name))
    return best[0]


def check_arrows(tree):
    """DEPS point down the rows, never to a sibling outside the module's own family, and have no cycle."""
    found = []
    arrows = {}
    for folder, (name, lists) in tree.modules().items():
        arrows[name] = lists.get("DEPS", ())
        where = f"{folder}/CMakeLists.txt"
        if not folder.startswith("src/"):
            continue
        if row_of(name) is None:
            found.append(Finding(where, 1, f"{name} stands on no row: add it to ROWS in tools/tidy_checks.py"))
            continue
        for dep in lists.get("DEPS", ()):
            row = row_of(dep)
            family = name.split("/")[0] == dep.split("/")[0]
            if row is None:
                found.append(Finding(where, 1, f"{name} names {dep} in DEPS, which stands on no row"))
            elif row > row_of(name) or (row == row_of(name) and not family):
                found.append(Finding(where, 1, f"{name} (row {row_of(name)}) must not see {dep} (row {row})"))
    for folder, (name, _) in tree.modules().items():
        if any(name in closure(dep, arrows) for dep in arrows[name]):
            found.append(Finding(f"{folder}/CMakeLists.txt", 1, f"{name} is on a cycle of DEPS"))
    return found


def check_header_guards(tree):
    """Every header starts with what it is for and has #pragma once."""
    found = []
    for path in tree.cpp_files():
        if path.endswith(".h"):
            if "#pragma once" not in tree.code(path):
                found.append(Finding(path, 1, "no #pragma once"))
            text = tree.text(path).replace("#pragma once", "", 1).lstrip()
            if not text.startswith(("//", "/*")):
                found.append(Finding(path, 1, "a header starts with a comment: purpose, invariants, threads"))
    return found


# ---- sizes -----------------------------------------------------------------------------------------------------------


def lines_of(tree, path):
    return tree.text(path).count("\n")


def check_file_sizes(tree):
    """.cc <= 800 lines, .h <= 300, headers of contract <= 120."""
    found = []
    for path in tree.cpp_files():
        suffix = ".cc" if path.endswith(".cc") else ".h"
        limit = HARD_LINES[suffix]
        if suffix == ".h" and path.startswith("src/contract/"):
            limit = CONTRACT_LINES
        if lines_of(tree, path) > limit:
            found.append(Finding(path, limit, f"{lines_of(tree, path)} lines, the limit is {limit}: two ideas live here"))
    return found


def large_files(tree):
    """(path, lines, aim) of files past the figure to aim at, largest first."""
    rows = []
    for path in tree.cpp_files():
        aim = AIM_LINES[".cc" if path.endswith(".cc") else ".h"]
        if lines_of(tree, path) > aim:
            rows.append((path, lines_of(tree, path), aim))
    return sorted(rows, key=lambda row: -row[1] / row[2])


# ---- calls -----------------------------------------------------------------------------------------------------------

# (name, pattern over code without comments and literals, why)
_BANNED = tuple(
    (name, re.compile(pattern, re.MULTILINE), why)
    for name, pattern, why in (
        ("system_clock::now", r"\bsystem_clock\s*::\s*now\b", "take the Clock that is passed in"),
        ("time()", r"(?<![\w.>])(?:std::|::)?(?:time\s*\(\s*(?:nullptr|NULL|0|&)|gettimeofday\s*\()", "take the Clock"),
        ("rand()", r"(?<![\w.>])(?:std::|::)?s?rand\s*\(", "take the Random that is passed in"),
        ("random_device", r"\brandom_device\b", "take the Random that is passed in"),
        ("throw", r"\bthrow\b", "errors are values: return a Result"),
        ("detach()", r"\.\s*detach\s*\(\s*\)", "no detached work: give the thread an owner that joins it"),
        ("std::async", r"\bstd\s*::\s*(?:async|future|promise)\b", "no future types: pass a callback or an executor"),
    )
)
_PRINT = re.compile(r"\bstd\s*::\s*(?:cout|cerr|clog)\b|(?<![\w.>:])(?:std::)?(?:printf|puts)\s*\(")
_SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>:])(?:std::|::)?sleep\s*\(")
_USING = re.compile(r"\busing\s+namespace\s+([\w:]+)")
_NEW = re.compile(r"\bnew\b(?!\s*\()")
_OWNED_NEW = re.compile(r"(?:(?:unique|shared)_ptr\b[^;{}]*[({]|\breset\s*\()\s*$")
_DELETE = re.compile(r"\bdelete\b\s*(?:\[\s*\]\s*)?[\w(*:]")
_OPERATOR = re.compile(r"\boperator\s*$")


def check_banned_calls(tree):
    """No clock, random, naked new, throw, sleep, print or detached work outside the places made for them."""
    found = []

    def report(path, code, match, message):
        found.append(Finding(path, line_of(code, match.start()), message))

    for path in tree.cpp_files("src/", "sdk/", "examples/"):
        if is_test(path):
            continue
        code = tree.code(path)
        for name, pattern, why in _BANNED:
            for match in pattern.finditer(code):
                report(path, code, match, f"{name}: {why}")
        for match in _NEW.finditer(code):
            before = code[max(code.rfind(";", 0, match.start()), 0) : match.start()]
            if not _OWNED_NEW.search(before) and not _OPERATOR.search(before):
                report(path, code, match, "naked new: make_unique, or unique_ptr<T>(new T) for a private constructor")
        for match in _DELETE.finditer(code):
            if not _OPERATOR.search(code[: match.start()]):
                report(path, code, match, "naked delete: ownership shows in the type")
        for match in _SLEEP.finditer(code):
            report(path, code, match, "sleep: take the Clock, or wait on a condition")
        if path.startswith(("src/", "sdk/")) and not path.startswith("src/app/"):
            for match in _PRINT.finditer(code):
                report(path, code, match, "printing outside app: use the logging front of base")
    for path in tree.cpp_files():
        code = tree.code(path)
        for match in _USING.finditer(code):
            if path.endswith(".h") or not match.group(1).endswith("literals"):
                report(path, code, match, f"using namespace {match.group(1)}: name what you use")
    return found


def check_test_sleeps(tree):
    """Tests wait on a condition, never for a time."""
    found = []
    for path in tree.cpp_files():
        if is_test(path):
            code = tree.code(path)
            for match in _SLEEP.finditer(code):
                found.append(Finding(path, line_of(code, match.start()), "sleep in a test: wait on a condition"))
    return found


_DISABLED = re.compile(
    r"\bGTEST_SKIP\b|\bDISABLED_\w+|\b(?:it|test|describe|suite)\s*\.\s*(?:skip|only|todo|fails)\b"
    r"|\bx(?:it|describe)\s*\(|\{\s*(?:skip|only|todo)\s*:\s*(?!false)"
)


def check_disabled_tests(tree):
    """A disabled test does not exist."""
    found = []
    for path in tree.files:
        cpp = path.endswith(".cc") and is_test(path)
        script = path.endswith((".ts", ".tsx", ".js", ".mjs")) and (path.startswith("tests/") or ".test." in path)
        if cpp or script:
            code = tree.code(path) if cpp else tree.text(path)
            for match in _DISABLED.finditer(code):
                found.append(Finding(path, line_of(code, match.start()), f"{match.group()}: run the test or remove it"))
    return found


# ---- modules and documents -------------------------------------------------------------------------------------------


def expand_braces(text):
    """`text/{json,yaml}` becomes `text/json text/yaml`."""
    pattern = re.compile(r"([\w./-]*)\{([\w./, -]+)\}([\w./-]*)")

    def replace(match):
        return " ".join(match.group(1) + part.strip() + match.group(3) for part in match.group(2).split(","))

    return pattern.sub(replace, text)


def check_modules(tree):
    """Every module has a README of at most 40 lines and is named in ARCHITECTURE.md, whose folders all exist."""
    found = []
    architecture = expand_braces(tree.text("ARCHITECTURE.md")) if tree.has("ARCHITECTURE.md") else ""
    named = set(re.findall(r"[\w-]+(?:/[\w-]+)*", architecture))
    for folder, (name, _) in sorted(tree.modules().items()):
        readme = f"{folder}/README.md"
        if not tree.has(readme):
            found.append(Finding(f"{folder}/CMakeLists.txt", 1, f"{name} has no README.md"))
        elif lines_of(tree, readme) > README_LINES:
            found.append(Finding(readme, README_LINES, f"{lines_of(tree, readme)} lines, a module's README has {README_LINES}"))
        if name not in named and folder not in named:
            found.append(Finding("ARCHITECTURE.md", 1, f"does not name the module {name}"))
        if folder.startswith("src/") and folder != f"src/{name}":
            found.append(Finding(f"{folder}/CMakeLists.txt", 1, f"add_module({name}) in the folder {folder}"))
    folders = {""}
    for path in tree.files:
        while "/" in path:
            path = path.rsplit("/", 1)[0]
            folders.add(path)
    for match in re.finditer(r"`((?:src|ui|sdk|tests|docs|tools|bench|deploy|examples|cmake)/[\w./-]*)`", architecture):
        target = match.group(1).rstrip("/")
        if target not in folders and not tree.has(target):
            line = line_of(architecture, match.start())
            found.append(Finding("ARCHITECTURE.md", line, f"names {match.group(1)}, which does not exist"))
    return found


def check_listed_sources(tree):
    """Every source file is named in a CMakeLists.txt of its folder or of one above."""
    words = {}
    for path in tree.files:
        if path == "CMakeLists.txt" or path.endswith("/CMakeLists.txt"):
            text = re.sub(r"#[^\n]*", "", tree.text(path))
            words[path[: -len("CMakeLists.txt")]] = set(re.split(r"[\s()\";]+", text))
    found = []
    for path in tree.files:
        if not path.endswith((".cc", ".h", ".S")) or not path.startswith(CPP_FOLDERS) or is_verbatim(path):
            continue
        folder, listed = path, False
        while folder and not listed:
            folder = folder[:-1].rpartition("/")[0]
            folder += "/" if folder else ""
            inside = path[len(folder) :]
            listed = not words.get(folder, set()).isdisjoint({inside, "${CMAKE_CURRENT_SOURCE_DIR}/" + inside})
        if not listed:
            found.append(Finding(path, 1, "no CMakeLists.txt names this file"))
    return found


def check_formats(tree):
    """Every *_format.h cites a document of docs/formats that exists."""
    found = []
    for path in tree.cpp_files("src/", "sdk/"):
        if not path.endswith("_format.h"):
            continue
        cited = re.findall(r"docs/formats/[\w-]+\.md", tree.text(path))
        if not cited:
            found.append(Finding(path, 1, "a byte format is a document first: cite docs/formats/<name>.md"))
        for document in cited:
            if not tree.has(document):
                found.append(Finding(path, 1, f"cites {document}, which does not exist"))
    return found


_VAGUE_FILE = re.compile(r"(?:^|[/_])(?:utils?|common|helpers?|misc|stuff)(?:[/_.]|$)")
_VAGUE_CLASS = re.compile(r"^[ \t]*(?:class|struct)\s+(?:\[\[\w+\]\]\s*)?(\w*(?:Manager|Helper|Util|Utils))\b(?!\s*;)", re.MULTILINE)


def check_names(tree):
    """Names are the domain's: no util, common, helpers, misc; no Manager, no Helper."""
    found = []
    for path in tree.cpp_files():
        if _VAGUE_FILE.search(path):
            found.append(Finding(path, 1, "a file name that says nothing: name what is in it"))
        code = tree.code(path)
        for match in _VAGUE_CLASS.finditer(code):
            found.append(Finding(path, line_of(code, match.start()), f"{match.group(1)}: name what it is in the domain"))
    return found


# ---- text ------------------------------------------------------------------------------------------------------------

_TODO = re.compile(r"\b(TODO|FIXME|HACK|XXX)\b(.*)")
_TODO_WITH_REASON = re.compile(r"(?:\([^)]+\))?: \S.{11,}")
_NOLINT = re.compile(r"\bNOLINT(?:NEXTLINE|BEGIN|END)?\b(.*)")


def is_code(path):
    return path.endswith(CODE_SUFFIXES) or path.startswith("tools/") or path.endswith("CMakeLists.txt")


def check_todos(tree):
    """No TODO without a reason, no NOLINT without the check's name and a reason."""
    found = []
    for path in tree.files:
        if not is_code(path) or is_verbatim(path) or path.startswith("tools/tidy"):
            continue
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            match = _TODO.search(line)
            if match and (match.group(1) != "TODO" or not _TODO_WITH_REASON.match(match.group(2))):
                found.append(Finding(path, number, f"{match.group(1)} without a reason: write `TODO: what, and why not now`"))
            match = _NOLINT.search(line)
            if match and "END" not in match.group() and not re.match(r"\([\w.,-]+\): \S.{5,}", match.group(1)):
                found.append(Finding(path, number, "NOLINT without a reason: write `NOLINT(check-name): why`"))
    return found


# Spelt in two parts so that this file passes its own check.
_MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:" + "work|" + "root|" + r"home/[a-z]\w*|Users/\w+)/[\w.-]")


def check_machine_paths(tree):
    """No path of some machine in a committed file."""
    found = []
    for path in tree.files:
        if is_verbatim(path):
            continue
        text = tree.text(path)
        for match in _MACHINE_PATH.finditer(text):
            found.append(Finding(path, line_of(text, match.start()), f"a path of some machine: {match.group()}..."))
    return found


def check_lock_files(tree):
    """Lock files hold versions and hashes, not download addresses; no .npmrc names a registry."""
    found = []
    for path in tree.files:
        name = path.rsplit("/", 1)[-1]
        if "lock" in name or name == ".npmrc":
            for number, line in enumerate(tree.text(path).split("\n"), 1):
                if re.search(r'"resolved"\s*:\s*"(?:https?|git)', line) or re.match(r"\s*(?:@[\w-]+:)?registry\s*=", line):
                    found.append(Finding(path, number, "a download address: lock without it (omit-lockfile-registry-resolved)"))
    return found


def check_exact_pins(tree):
    """Every npm dependency is pinned to one exact version and has a lock file beside it."""
    found = []
    for path in tree.files:
        if path.rsplit("/", 1)[-1] != "package.json" or is_verbatim(path):
            continue
        text = tree.text(path)
        for block in re.finditer(r'"(?:dev|optional)?[dD]ependencies"\s*:\s*\{([^}]*)\}', text):
            for match in re.finditer(r'"([^"]+)"\s*:\s*"([^"]*)"', block.group(1)):
                if not re.fullmatch(r"\d+\.\d+\.\d+(?:-[\w.]+)?|(?:file|workspace):.*", match.group(2)):
                    line = line_of(text, block.start(1) + match.start())
                    found.append(Finding(path, line, f"{match.group(1)} {match.group(2)}: pin one exact version"))
            if block.group(1).strip() and not tree.has(path.replace("package.json", "package-lock.json")):
                found.append(Finding(path, 1, "no package-lock.json beside it"))
    return found


def check_text_hygiene(tree):
    """No tabs (but in Makefiles), no trailing blanks, no CRLF, a newline at the end, in every source file."""
    found = []
    for path in tree.files:
        documents = path.endswith((".md", ".json", ".yaml", ".yml")) or path == "Makefile"
        if not (is_code(path) or documents) or is_verbatim(path) or path.endswith("package-lock.json"):
            continue
        text = tree.text(path)
        if text and not text.endswith("\n"):
            found.append(Finding(path, line_of(text, len(text)), "no newline at the end"))
        blanks = re.search(r"[ \t\r]+$", text, re.MULTILINE)
        if blanks:
            found.append(Finding(path, line_of(text, blanks.start()), "blanks at the end of a line"))
        tabs = text.find("\t")
        if tabs >= 0 and path != "Makefile":
            found.append(Finding(path, line_of(text, tabs), "a tab"))
    return found


def check_scripts(tree):
    """Shell scripts of tools, .ci and tests are bash with set -euo pipefail."""
    found = []
    for path in tree.files:
        if path.startswith(("tools/", ".ci/", "tests/")) and re.match(r"#!.*\b(?:ba|da)?sh\b", tree.text(path)):
            if not tree.text(path).startswith("#!/usr/bin/env bash\n"):
                found.append(Finding(path, 1, "start with #!/usr/bin/env bash"))
            if not re.search(r"^set -euo pipefail$", tree.text(path), re.MULTILINE):
                found.append(Finding(path, 1, "no set -euo pipefail"))
    return found


CHECKS = {
    "third_party": check_third_party,
    "include_paths": check_include_paths,
    "declared_includes": check_declared_includes,
    "arrows": check_arrows,
    "header_guards": check_header_guards,
    "file_sizes": check_file_sizes,
    "banned_calls": check_banned_calls,
    "test_sleeps": check_test_sleeps,
    "disabled_tests": check_disabled_tests,
    "modules": check_modules,
    "listed_sources": check_listed_sources,
    "formats": check_formats,
    "names": check_names,
    "todos": check_todos,
    "machine_paths": check_machine_paths,
    "lock_files": check_lock_files,
    "exact_pins": check_exact_pins,
    "text_hygiene": check_text_hygiene,
    "scripts": check_scripts,
}
