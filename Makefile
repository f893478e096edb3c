# The commands of every day; each is a script of tools/ or a line of cmake. `make help` lists them.
.POSIX:
.DEFAULT_GOAL := build
.PHONY: help build run test conformance bench fuzz format tidy web clean

FUZZ_SECONDS = 60
BENCH_SIZE =

help: ## this list
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

build: ## install what is missing, build the pages and the product into build/release/bin (the default)
	@tools/setup build
	@tools/web
	@[ -f build/release/build.ninja ] || cmake --preset release
	@cmake --build --preset release

run: build ## build, then start the server with the example agent platform sending to it; Ctrl-C stops both
	@tools/run $(RUN_ARGS)

test: ## all tests, stage by stage; ends with N passed, N failed
	@tools/test $(STAGES)

conformance: ## score the corpus runners on the folder that TERCET_CONFORMANCE names
	@[ -n "$$TERCET_CONFORMANCE" ] || { echo "make conformance: set TERCET_CONFORMANCE to the folder of the corpora" >&2; exit 2; }
	@$(MAKE) --no-print-directory build
	@tools/conformance "$$TERCET_CONFORMANCE"

bench: build ## the macro benchmarks (BENCH_SIZE=--quick or --full)
	@tools/setup bench
	@tools/bench $(BENCH_SIZE)

fuzz: ## each fuzzer for FUZZ_SECONDS (60)
	@tools/setup build test
	@tools/fuzz $(FUZZ_SECONDS)

format: ## clang-format-19 over all C++ sources
	@tools/tidy --list-files | xargs -r clang-format-19 -i

tidy: build ## all checks, with clang-tidy-19
	@tools/setup test
	@tools/tidy --deep

web: ## the pages into ui/dist
	@tools/setup build
	@tools/web

clean: ## remove what was built (not data/, not .tools/)
	rm -rf build ui/dist
