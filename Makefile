# Everything a person or a machine does here by name. `make demo` needs nothing but this file and a network.
.POSIX:

# Where Swift is when it is not on the PATH; tools/bootstrap looks there as well.
path = PATH="$$PATH:/opt/swift/usr/bin:$${SWIFTLY_BIN_DIR:-$$HOME/.local/share/swiftly/bin}"
ours = Package.swift Sources emulator Tests tools/benchmarks tools/figures

# What `record --attach` and `run` preload, beside the program.
preload = $(path); tools/preload/build "$$(swift build -c release --show-bin-path)"

.PHONY: demo test test-clients test-browser test-long lint format bench fuzz traces figures screenshots clean

# A plug is flashed, before your eyes, in less than a minute.
demo:
	@tools/bootstrap
	@$(path) swift build -c release --product solderless
	@$(preload)
	@$(path); "$$(swift build -c release --show-bin-path)/solderless" demo

# Tests run against the program as it is released: it is built for `make demo` already, and they take a third of the time.
tests = swift test -c release --skip-build --disable-xctest
build_tests = swift build -c release --build-tests

# Where all is well, the last line is the test runner's own.
test:
	@tools/bootstrap --with-tests --with-tshark
	@$(path) $(build_tests)
	@$(preload)
	@$(path) tools/tests

# Clients that are too large to be installed for everybody: a program under Mono, which is installed.
test-clients:
	@tools/bootstrap --with-tests --with-mono
	@$(path) $(build_tests)
	@$(preload)
	@$(path) SOLDERLESS_CLIENT_TESTS=1 $(tests) --filter '^AcceptanceTests\.(RunCommands/(Mono|Lines)|ForeignHosts/Mono)'

# The pages that the program writes, in a real browser, which is installed. Pictures of them: .build/pictures.
test-browser:
	@tools/bootstrap --with-tests --with-browser
	@$(path) $(build_tests)
	@$(preload)
	@$(path) SOLDERLESS_BROWSER_TESTS=1 $(tests) --filter '^AcceptanceTests\.PagesInBrowserTests/'

# The pure rooms' tests, with all the cases of those that take minutes; `make test` leaves most of these cases out. Then
# signals at random moments, 200 of them; a million inputs for the control socket; every trace of our own dialects over a
# pseudo-terminal.
long_forms = '^(AcceptanceTests\.(BenchCommands/EndingTests|ReplayCommands/ReplayedDialectTests)|BenchTests\.ControlFuzzTests)'
test-long:
	@tools/bootstrap
	@$(path) $(build_tests)
	@$(preload)
	@$(path) SOLDERLESS_LONG_TESTS=1 tools/tests pure
	@$(MAKE) fuzz MINUTES=1
	@$(path) SOLDERLESS_LONG_TESTS=1 $(tests) --no-parallel --filter $(long_forms)

# Format, then a build in which a warning about our own files, or a file no target knows, is an error.
lint:
	@tools/bootstrap
	@$(path) swift format lint --strict --recursive $(ours)
	@$(path) tools/lint-build

format:
	@tools/bootstrap
	@$(path) swift format --in-place --recursive $(ours)

# What is fast, as ratios to a floor measured in the same run, against tools/benchmarks/thresholds. `make bench RUNS=20` is
# more exact.
RUNS = 5
bench:
	@tools/bootstrap
	@$(path) swift build -c release --product solderless
	@$(path) swift build -c release --product ResampleBenchmark
	@$(path) swift build -c release --product TrialBenchmark
	@$(preload)
	@$(path) tools/bench $(RUNS)

# The commands that read files of others, on mutated files: MINUTES=10 make fuzz.
fuzz:
	@tools/bootstrap
	@$(path) swift build -c release --product solderless
	@$(path); tools/fuzz.py "$$(swift build -c release --show-bin-path)/solderless" --minutes $(or $(MINUTES),1)

# The traces of scenarios in traces/, as traces/README.md has them.
traces:
	@tools/bootstrap
	@$(path) swift build -c release --product solderless
	@$(path); tools/traces "$$(swift build -c release --show-bin-path)/solderless"

# The pictures of the docs, from a thousand seeds each: forty minutes on two cores. `make figures SEEDS=20` is soon done.
SEEDS = 1000
figures:
	@tools/bootstrap
	@$(path) swift build -c release --product Figures
	@$(path); "$$(swift build -c release --show-bin-path)/Figures" $(SEEDS) docs/figures

# The pictures of pages in docs/show.md, if Chromium is installed.
screenshots:
	@tools/bootstrap
	@$(path) swift build -c release --product solderless
	@$(path); tools/screenshots "$$(swift build -c release --show-bin-path)/solderless" docs/figures

clean:
	rm -rf .build demo-output
