# chaingate: builds, tests and installs. `make help` lists the targets.
#
# Variables: CC, CFLAGS (optimisation and debugging only), SANITIZE=address,undefined, WERROR=1, V=1, T=NAME,
# STATIC=1 (after `make static` has built the libraries), PREFIX, DESTDIR. Each kind of build has its own directory under build/.

VERSION := $(shell sed -n 's/^\#define CHAINGATE_VERSION "\(.*\)"/\1/p' include/chaingate/version.h)
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config
SANITIZE ?=
WERROR ?=
STATIC ?=
HOST ?=
COVERAGE ?=
FUZZER ?=
FUZZ_SECONDS ?= 60

# ---- The variant: build/plain, build/asan, build/plain-clang …

comma := ,
empty :=
space := $(empty) $(empty)

ifneq ($(FUZZER),)
kind := fuzz
else ifneq ($(COVERAGE),)
kind := coverage
else ifeq ($(SANITIZE),)
kind := $(if $(STATIC),static$(HOST:%=-%),plain)
else ifeq ($(SANITIZE),address$(comma)undefined)
kind := asan
else
kind := $(subst $(comma),-,$(SANITIZE))
endif

# Debian's cross compiler and Debian's libraries for that machine build the static file for another machine (ci/package/static-libraries).
static_libraries := build/static-libraries$(HOST:%=-%)
ifneq ($(and $(STATIC),$(HOST)),)
sysroot := $(CURDIR)/$(static_libraries)/sysroot
override CC := $(HOST)-gcc
cross := --sysroot=$(sysroot) -B$(sysroot)/usr/lib/$(HOST)
pkg_config_paths := PKG_CONFIG_LIBDIR=$(static_libraries)/prefix/lib/pkgconfig:$(sysroot)/usr/lib/$(HOST)/pkgconfig
else
pkg_config_paths := PKG_CONFIG_PATH=$(static_libraries)/prefix/lib/pkgconfig
endif

compiler := $(subst $(space),-,$(notdir $(CC)))
B := build/$(kind)$(if $(filter-out cc gcc $(HOST:%=%-gcc),$(compiler)),-$(compiler))

# ---- Sources and programs

# Only the tool is linked statically, so this build doesn't need the simulator's library.
ROOMS := $(filter-out $(if $(STATIC),sim),$(sort $(notdir $(patsubst %/,%,$(wildcard src/*/)))))
mains := src/cli/main.c src/sim/main.c
sources := $(filter-out $(mains),$(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c))))
# The memory sanitizer takes for unwritten what a library wrote that is built without it. json-c and libyaml are built for it (ci/check/memory); a function
# around OpenSSL's says what that has written.
ifneq ($(findstring memory,$(SANITIZE)),)
sources += tests/memory/openssl.c
pkg_config_paths := PKG_CONFIG_PATH=build/memory-libraries/prefix/lib/pkgconfig
endif
objects := $(sources:%.c=$(B)/%.o)
library := $(B)/libchaingate.a

programs := $(B)/chaingate $(if $(STATIC),,$(B)/chaingate-sim)

unit_sources := $(sort $(wildcard tests/unit/test_*.c))
golden_sources := $(sort $(wildcard tests/golden/*_driver.c))
scenario_sources := $(sort $(wildcard tests/scenario/*_test.c))
fuzz_sources := $(sort $(wildcard tests/fuzz/fuzz_*.c))
# The longest first, so that none runs alone at the end.
bats_files := $(patsubst %,tests/cli/%.bats,live pages reports suite sim)
bats_files += $(filter-out $(bats_files),$(sort $(wildcard tests/cli/*.bats)))

# The other sources of a test folder are linked with each of its programs; tests/unit/only.c makes a cmocka program run only one test.
unit_support := $(patsubst %.c,$(B)/%.o,$(filter-out $(unit_sources),$(wildcard tests/unit/*.c)))
golden_support := $(patsubst %.c,$(B)/%.o,$(filter-out $(golden_sources),$(wildcard tests/golden/*.c)))
scenario_support := $(patsubst %.c,$(B)/%.o,tests/unit/only.c tests/unit/random.c $(filter-out $(scenario_sources),$(wildcard tests/scenario/*.c)))
fuzz_support := $(patsubst %.c,$(B)/%.o,$(filter-out $(fuzz_sources),$(wildcard tests/fuzz/*.c)))

# These files test the project's own scripts and pipelines. Sanitizers look at C, so nothing is gained by running them twice.
script_tests := completion github layers package pages pipelines promote readme suite upgrading
# These count under valgrind, start terminals, send requests to the simulator alone, repeat something many times, or kill many runs.
long_tests := counted defused failing leaks live shipped sim unfinished
# These compare documents and policies with the program.
document_tests := language man options recipes shipped
# These start hundreds of runs to merge their reports. Under sanitizers the fuzz target of reports looks at the same code.
merge_tests := merge unmerged
# TESTS_PART=1, which `make check` sets: without the first two kinds, and with fewer rounds (tests/unit/random.h). Together they take longer than all others.
left_out := $(if $(TESTS_PART),$(script_tests) $(long_tests)) $(if $(SANITIZE),$(script_tests) $(document_tests) $(merge_tests))
# With coverage not those that count instructions, look at how the program was built, or end it while it writes the figures of what it ran.
left_out += $(if $(COVERAGE),$(script_tests) counted failing install leaks unfinished)
ifeq ($(T),)
bats_files := $(filter-out $(left_out:%=tests/cli/%.bats),$(bats_files))
endif

# T=NAME: only the file of that name, or only the files that have a test of that name; tests/run then runs only that test.
T ?=
export T
ifneq ($(T),)
chosen := $(shell sh tests/run --find '$(subst ','\'',$(T))')
ifeq ($(chosen),)
$(error No test file and no test is called '$(T)': T=check is tests/cli/check.bats, T=test_net is tests/unit/test_net.c; for one test, \
give its name as its file has it, or some words of the name)
endif
unit_sources := $(filter $(chosen),$(unit_sources))
golden_sources := $(filter $(chosen),$(golden_sources))
scenario_sources := $(filter $(chosen),$(scenario_sources))
fuzz_sources := $(filter $(chosen),$(fuzz_sources))
bats_files := $(filter $(chosen),$(bats_files))
endif

unit := $(unit_sources:%.c=$(B)/%)
golden := $(golden_sources:%.c=$(B)/%)
scenario := $(scenario_sources:%.c=$(B)/%)
fuzzers := $(fuzz_sources:%.c=$(B)/%)

# The real command line in its own world: these objects are linked before the library and replace its clock and network.
virtual := $(B)/tests/chaingate-virtual
virtual_objects := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/virtual/*.c)))

# Libraries to preload: one makes a call of the C library fail, one ends a program that starts libcurl, one makes libcurl look older. The first needs the virtual
# command line, linked with shared libraries.
failing := $(B)/tests/preload/failing.so $(B)/tests/preload/chaingate-virtual $(B)/tests/preload/starting.so $(B)/tests/preload/older.so

# The table of faults contains the command line, too, and runs it in forks.
faults := $(B)/tests/faults/table
fault_objects := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/faults/*.c)))

# ---- Libraries: pkg-config is called once, and only if something is compiled

uncompiled := assurance check-memory check-libraries mutants mutate help clean dist check-dist release check-release deb check-deb rpm check-rpm image static format check demo install install-tool uninstall deps coverage fuzz fuzz-afl readers validators bench
goals := $(filter-out $(uncompiled),$(or $(MAKECMDGOALS),all))
packages_tool := libcurl json-c yaml-0.1 libcrypto
packages_sim := $(if $(STATIC),,libmicrohttpd)
packages_test := $(if $(filter-out all man $(B)/chaingate $(B)/chaingate-sim,$(goals)),cmocka)

ifneq ($(goals),)
missing := $(strip $(if $(shell command -v $(PKG_CONFIG) 2>/dev/null),$(foreach package,\
	$(packages_tool) $(packages_sim) $(packages_test),$(shell $(PKG_CONFIG) --exists $(package) || echo $(package))),pkg-config))
ifneq ($(missing),)
$(error Cannot build without: $(missing). On Debian or Ubuntu: apt-get install gcc make pkg-config libcurl4-openssl-dev \
libjson-c-dev libyaml-dev libssl-dev libmicrohttpd-dev libcmocka-dev. Elsewhere, or to have it done: sh ci/install-deps)
endif
# The static program has a libcurl that ci/package/static-libraries builds; its other libraries are the system's.
ifneq ($(STATIC),)
override PKG_CONFIG := $(pkg_config_paths) $(PKG_CONFIG) --static
else ifneq ($(findstring memory,$(SANITIZE)),)
override PKG_CONFIG := $(pkg_config_paths) $(PKG_CONFIG)
endif
# As system headers, so that our warnings don't apply to them.
# The flags must not depend on the goal, or `make check` after `make` would build everything again.
package_flags := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(packages_tool) $(packages_sim)) \
	$(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null))
libs_tool := $(shell $(PKG_CONFIG) --libs $(packages_tool))
libs_virtual := $(shell $(PKG_CONFIG) --libs $(filter-out libcurl,$(packages_tool))) -ldl
libs_sim := $(shell $(PKG_CONFIG) --libs $(packages_tool) $(packages_sim))
libs_test := $(libs_sim) $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)
machine := $(shell $(CC) -dumpmachine 2>/dev/null)
compiler_version := $(shell $(CC) --version 2>/dev/null | head -n 1)
endif

# ---- Flags

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla \
	-Wundef -Wformat=2 $(if $(WERROR),-Werror)
cppflags := -D_XOPEN_SOURCE=700 -Iinclude
modes :=
counted :=
ldmodes :=

ifneq ($(SANITIZE),)
CFLAGS ?= -g1 -O1
cppflags += -DARENA_CHECKED
modes += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
ldmodes += -fsanitize=$(SANITIZE) $(if $(findstring memory,$(SANITIZE)),-Wl$(comma)--wrap=EVP_Digest)
# A fixed address saves the page faults of relocated tables, a quarter of those of a run. Only the memory sanitizer doesn't work with it.
ldmodes += $(if $(findstring address,$(SANITIZE)),-no-pie)
else ifneq ($(COVERAGE),)
CFLAGS ?= -g -O0
cppflags += -DCHAINGATE_COVERAGE
# Only the sources' figures are read. gcc 12 crashes on one of the tests if that is instrumented.
counted = $(if $(filter src/%,$<),--coverage)
ldmodes += --coverage
else
CFLAGS ?= -g -O2
endif

ifneq ($(STATIC),)
cppflags += -DCHAINGATE_STATIC
endif

ifneq ($(FUZZER),)
modes += -fsanitize=fuzzer-no-link
endif

# `make install` installs this build, so it is hardened: position independent, its tables read-only once it is loaded, with guards
# for the stack and for the C library's copying, and control-flow protection where the processor has it. Sanitizers, coverage and
# fuzzers don't work together with the guards. Without optimisation the C library has no guards.
ifeq ($(SANITIZE)$(COVERAGE)$(FUZZER),)
optimised := $(filter-out -O0,$(filter -O%,$(CFLAGS)))
modes += -fPIE -fstack-protector-strong $(if $(optimised),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
modes += $(if $(filter x86_64-% i386-% i486-% i586-% i686-%,$(machine)),-fcf-protection)
modes += $(if $(filter aarch64-%,$(machine)),-mbranch-protection=standard)
ifneq ($(findstring linux,$(machine)),)
modes += -fstack-clash-protection
ldmodes += $(if $(STATIC),-static-pie -s,-pie) -Wl,-z,relro -Wl,-z,now
endif
endif

# The static file has 24,000 relocations. Packed they take 8 kB in place of 570. The C library in the file reads them; glibc can since 2.36, and with
# an older one the file would crash at its start. The preprocessor knows the version (043: "#").
ifneq ($(and $(STATIC),$(filter x86_64-%,$(machine))),)
reads_packed := $(shell printf '\043include <features.h>\n\043if __GLIBC_PREREQ(2, 36)\nyes\n\043endif\n' | $(CC) $(cross) -E -P - 2>/dev/null | grep -x yes)
ldmodes += $(if $(reads_packed),-Wl$(comma)-z$(comma)pack-relative-relocs) -Wl,-e,entry_with_pages
endif

compile = $(CC) $(cross) -std=c11 $(cppflags) $(CPPFLAGS) $(package_flags) $(warnings) $(modes) $(counted) $(CFLAGS)
link = $(CC) $(cross) $(modes) $(CFLAGS) $(ldmodes) $(LDFLAGS)

# ---- Building

# V=1 shows the commands instead of the names of what they make.
quietly = $(if $(V),,@printf '%-5s %s\n' $(1) $@;)

.PHONY: static check-static check-static-suite dist check-dist release check-release deb check-deb rpm check-rpm image check-image check-packages all programs tests deps check check-all check-unit check-golden check-scenario check-cli check-fuzz check-faults check-layers check-tests check-failing check-model check-memory check-libraries assurance mutate mutants bench bench-static readers validators update-golden \
	fuzz fuzz-run fuzz-afl fuzz-afl-run lint analyse format coverage demo install install-tool uninstall man clean help FORCE
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

all: $(library) $(programs) man ## Build chaingate, chaingate-sim and their man pages (the default)

programs: $(programs)
tests: $(unit) $(golden) $(scenario) $(fuzzers) $(virtual) $(faults) $(failing)

# Changed flags or another compiler rebuild everything; an added or removed source remakes the library.
stamp = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' >$@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi

$(B)/flags: FORCE
	$(call stamp,$(compiler_version) $(compile) $(link))

$(B)/members: FORCE
	$(call stamp,$(objects))

# The schema of reports, as lines of C.
$(B)/src/report/schema.o: $(B)/generated/report_schema.inc
$(B)/src/report/schema.o: cppflags += -I$(B)/generated

$(B)/generated/report_schema.inc: src/report/report.schema.json
	@mkdir -p $(@D)
	@sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n",/' $< >$@

# The shipped policies, as lines of C, each with its policy's name.
shipped := $(sort $(filter-out %.test.yaml,$(wildcard policies/*.yaml)))
$(B)/src/policy/shipped.o: $(B)/generated/shipped_lines.inc $(B)/generated/shipped_names.inc
$(B)/src/policy/shipped.o: cppflags += -I$(B)/generated

$(B)/generated/shipped_lines.inc: $(shipped)
	@mkdir -p $(@D)
	@for file in $^; do \
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/^/{\"$$(basename $$file .yaml)\", \"/" -e 's/$$/\\n"},/' $$file; \
	done >$@

$(B)/generated/shipped_names.inc: $(shipped)
	@mkdir -p $(@D)
	@printf '"%s",\n' $(notdir $(basename $^)) >$@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call quietly,cc)$(compile) -MMD -MP -c -o $@ $<

$(library): $(objects) $(B)/members
	@rm -f $@
	$(call quietly,ar)$(AR) rcs $@ $(objects)

$(B)/chaingate: $(B)/src/cli/main.o $(library)
	$(call quietly,link)$(link) -o $@ $(filter %.o %.a,$^) $(libs_tool)

# A new version of a static library links the program again.
$(if $(STATIC),$(B)/chaingate: $(static_libraries)/sources.list)

$(B)/chaingate-sim: $(B)/src/sim/main.o $(library)
	$(call quietly,link)$(link) -o $@ $^ $(libs_sim)

# The replaced functions: poll and nanosleep, so that waiting advances virtual time (tests/virtual/clock.c); main, for many runs in one process (runs.c);
# libcurl's, so that it is loaded only when it is needed (url.c); trial_play, for the reports of policy tests (told.c).
wraps := $(addprefix -Wl$(comma)--wrap=,poll nanosleep main trial_play net_check_url net_url_is_loopback \
	curl_free curl_url curl_url_cleanup curl_url_get curl_url_set)

# `now` binds all symbols at the start, once for all forks.
link_shared = $(link) $(wraps) -Wl,-z,now -o $@ $^ $(libs_virtual)
# With static libraries the program starts in a third of the time, and forks faster. If they are missing, or with a sanitizer, it uses shared ones.
link_quick = $(if $(SANITIZE)$(COVERAGE),,$(CC) $(modes) $(CFLAGS) $(filter-out -pie,$(ldmodes)) $(LDFLAGS) -static $(wraps) \
	-o $@ $^ $(libs_virtual) 2>/dev/null || )$(link_shared)

$(virtual): $(B)/src/cli/main.o $(virtual_objects) $(library)
	@mkdir -p $(@D)
	$(call quietly,link)$(link_quick)

$(B)/tests/preload/chaingate-virtual: $(B)/src/cli/main.o $(virtual_objects) $(library)
	@mkdir -p $(@D)
	$(call quietly,link)$(link_shared)

$(B)/tests/preload/%.so: tests/preload/%.c
	@mkdir -p $(@D)
	$(call quietly,cc)$(CC) -std=c11 $(warnings) -O1 -g -fPIC -shared -o $@ $< -ldl

$(faults): $(fault_objects) $(virtual_objects) $(library)
	$(call quietly,link)$(link_quick)

$(unit): %: %.o $(unit_support) $(library)
	$(call quietly,link)$(link) -o $@ $^ $(libs_test)

# Compares chaingate-virtual's own check of addresses with libcurl's.
$(B)/tests/unit/test_net_url: $(B)/tests/virtual/plain_url.o

# Intercepts the decoder's calls to json-c. Private, so that its prerequisites are built without the flag.
$(B)/tests/unit/test_api_readers: private ldmodes += -Wl,--wrap=json_tokener_parse_ex

# Counts allocations. Private, too.
$(B)/tests/unit/test_api_lists: private ldmodes += -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc

# Looks into what libcurl's buffer leaves. Private, too.
$(B)/tests/unit/test_secret_answers: private ldmodes += -Wl,--wrap=munmap

$(golden): %: %.o $(golden_support) $(library)
	$(call quietly,link)$(link) -o $@ $^ $(libs_test)

$(scenario): %: %.o $(scenario_support) $(library)
	$(call quietly,link)$(link) -o $@ $^ $(libs_test)

ifeq ($(FUZZER),)
$(fuzzers): %: %.o $(fuzz_support) $(library)
	$(call quietly,link)$(link) -o $@ $^ $(libs_test)
else
$(fuzzers): %: %.o $(filter-out %/replay.o,$(fuzz_support)) $(library)
	$(call quietly,link)$(link) -fsanitize=fuzzer -o $@ $^ $(libs_test)
endif

-include $(objects:.o=.d) $(mains:%.c=$(B)/%.d) $(addsuffix .d,$(unit) $(golden) $(scenario) $(fuzzers)) \
	$(patsubst %.o,%.d,$(unit_support) $(golden_support) $(scenario_support) $(fuzz_support) $(virtual_objects) $(fault_objects))

# ---- Testing

deps:
	@sh ci/install-deps

check: deps ## Install what is missing, build, test, end with "N passed, 0 failed, 0 skipped"; T=NAME: one file, one test
	@$(MAKE) --no-print-directory $(if $(T),,TESTS_PART=1) check-all

check-all: all tests $(if $(T),,check-layers check-tests) ## The same with every file and more rounds, for what .ci/run does; installs nothing
	@sh tests/run $(B) $(if $(T),,faults: $(faults)) cli: $(bats_files) scenario: $(scenario) unit: $(unit) golden: $(golden) fuzz: $(fuzzers)

check-unit: $(unit) ## Run only the unit tests
	@sh tests/run $(B) unit: $^

check-golden: $(golden) ## Run only the golden tests
	@sh tests/run $(B) golden: $^

check-scenario: $(scenario) ## Run only the tests of the machine, in virtual time
	@sh tests/run $(B) scenario: $^

check-fuzz: $(fuzzers) ## Replay the fuzzers' corpora
	@sh tests/run $(B) fuzz: $^

check-cli: $(programs) $(virtual) $(failing) ## Run only the tests of the real programs, tests/cli/*.bats
	@sh tests/run $(B) cli: $(bats_files)

check-faults: $(faults) ## Run every fault of the API in every phase of a run, and print a table
	@$(faults) all

check-failing: $(programs) $(virtual) $(failing) ## Make each call of the C library fail in turn, in runs that pass, fail and are interrupted (takes minutes)
	@rm -f $(B)/failing.figures
	@T= FAILING_ALL=1 FAILING_FIGURES=$(CURDIR)/$(B)/failing.figures sh tests/run $(B) cli: tests/cli/failing.bats
	@cat $(B)/failing.figures

check-model: $(filter %/exhaustive_test %/model_test,$(scenario)) ## Compare the gate with two models of its rules, over every history up to a length
	@for program in $^; do $$program 2>&1 || exit 1; done

check-memory: ## Run the tests under the memory sanitizer, on a virtual network, with json-c and libyaml built for it (on Debian, with clang and cmake; takes minutes)
	@ci/check/memory

check-libraries: ## Run the tests with other versions of json-c, libcurl and libmicrohttpd: those of Debian 11 and 13 (on Debian, with cmake; takes minutes)
	@ci/check/libraries

assurance: ## Make the figures of docs/assurance.md again, and compare them with the page (takes hours)
	@tests/assurance

mutate: ## Change the pure rooms' code in 1,200 places, one at a time, and check that a test fails (takes hours)
	@tests/mutate

bench: ## Compare the cost of a verdict with curl | jq, Python and newman, as ratios (newman: npm install --prefix build/bench newman)
	@$(MAKE) --no-print-directory all
	@python3 tests/bench/run.py $(B)

bench-static: static programs ## Compare the static file's start and one verdict with the dynamic one, curl, and curl | jq, as ratios
	@python3 tests/bench/static.py $(B) build/static

readers: ## Download readers of JUnit reports from npm; one test is skipped without them
	@command -v npm >/dev/null || { echo "make readers: npm is needed" >&2; exit 1; }
	@mkdir -p build/readers && cp tests/readers/package.json build/readers
	@npm install --prefix build/readers --ignore-scripts --no-audit --no-fund --loglevel=error

validators: ## Check the files in ci/ with other people's checkers, downloaded from npm; without npm it says so
	@sh tests/integrations/validators.sh build/validators

mutants: ## Make each change of tests/mutate.planted, one at a time, and check that a test fails (takes minutes)
	@tests/mutate --planted

check-layers: $(library) ## Check that each room uses only the rooms and libraries that it may
	@ci/check/layers . $(B)

update-golden: $(golden) $(programs) $(virtual) ## Rewrite the golden files from the current output; read the diff
	@for driver in $(golden); do UPDATE_GOLDEN=1 $$driver || exit 1; done
	@UPDATE_GOLDEN=1 sh tests/run $(B) cli: tests/cli/live.bats tests/cli/pages.bats tests/cli/golden_reports.bats

fuzz: ## Fuzz each target with libFuzzer for FUZZ_SECONDS (60)
	@$(MAKE) --no-print-directory CC=clang FUZZER=1 SANITIZE=address,undefined fuzz-run

# libFuzzer writes its findings into the first directory, so that is one under build/, and the seeds don't change.
fuzz-run: $(fuzzers)
	@for target in $^; do \
		name=$${target##*/fuzz_}; mkdir -p $(B)/corpus/$$name tests/fuzz/corpus/$$name; \
		$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 -artifact_prefix=$(B)/$$name- \
			$(B)/corpus/$$name tests/fuzz/corpus/$$name || exit 1; \
	done

fuzz-afl: ## The same with AFL++ (afl-fuzz and afl-clang-fast), without sanitizers; T=fuzz_json: only that target
	@$(MAKE) --no-print-directory CC=afl-clang-fast FUZZER=1 fuzz-afl-run

fuzz-afl-run: $(fuzzers)
	@for target in $^; do \
		name=$${target##*/fuzz_}; mkdir -p $(B)/afl && \
		AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
			afl-fuzz -V $(FUZZ_SECONDS) -i tests/fuzz/corpus/$$name -o $(B)/afl/$$name -- $$target >$(B)/afl/$$name.log || exit 1; \
		grep -E '^(execs_done|saved_crashes|saved_hangs)' $(B)/afl/$$name/default/fuzzer_stats; \
		grep -q '^saved_crashes *: 0$$' $(B)/afl/$$name/default/fuzzer_stats || exit 1; \
	done

coverage: ## Run the tests instrumented, and list the lines and branches covered in each room
	@mkdir -p build/coverage && rm -f build/coverage/gcov.errors
	@GCOV_ERROR_FILE=$(CURDIR)/build/coverage/gcov.errors $(MAKE) --no-print-directory CC=gcc COVERAGE=1 check-all
	@ci/check/coverage build/coverage

# NODES=N: look at no more than N states of each function, such as 8000 for a quick look. The default is 225,000.
NODES ?=

lint: check-layers check-tests $(addprefix analyse/,$(sources) $(wildcard $(mains))) ## Analyse the C sources (clang) and the scripts (shellcheck)
	@ci/check/shell

analyse/%: FORCE
	$(if $(V),,@printf '%-5s %s\n' lint $*;)clang --analyze -Xclang -analyzer-werror $(if $(NODES),-Xclang -analyzer-config -Xclang max-nodes=$(NODES)) -std=c11 $(cppflags) -I$(B)/generated $(package_flags) -o /dev/null $*

analyse: $(addprefix gcc-analyse/,$(sources) $(wildcard $(mains))) $(addprefix tidy/,$(sources) $(wildcard $(mains))) ## Analyse the C sources with gcc's analyser, clang-tidy and cppcheck, too
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance --library=ci/check/cppcheck.xml \
		--suppressions-list=ci/check/cppcheck.suppressions -Iinclude -D_XOPEN_SOURCE=700 src

# Its checks, and why others are left out, are in .clang-tidy.
tidy/%: FORCE
	$(if $(V),,@printf '%-5s %s\n' tidy $*;)clang-tidy --quiet $* -- -std=c11 $(cppflags) -I$(B)/generated $(package_flags) 2>/dev/null

# -O1: without optimisation it doesn't see that a function ends the program.
gcc-analyse/%: FORCE
	$(if $(V),,@printf '%-5s %s\n' gcc $*;)gcc -fanalyzer -Werror -O1 -std=c11 $(cppflags) -I$(B)/generated $(package_flags) $(wrongly) -c -o /dev/null $*

# What gcc's analyser says wrongly, and why. It doesn't see that the inside of a block leads back to its beginning; that key_node is asked only for keys that
# the mapping has; that an array is initialised as a whole; and that libyaml ends only what it began.
gcc-analyse/src/net/wiping.c: private wrongly := -Wno-analyzer-malloc-leak
gcc-analyse/src/policy/rules.c: private wrongly := -Wno-analyzer-null-dereference
gcc-analyse/src/sim/server.c gcc-analyse/src/yaml/document.c: private wrongly := -Wno-analyzer-use-of-uninitialized-value
gcc-analyse/src/report/schema.c: $(B)/generated/report_schema.inc
gcc-analyse/src/policy/shipped.c tidy/src/policy/shipped.c: $(B)/generated/shipped_lines.inc $(B)/generated/shipped_names.inc

analyse/src/report/schema.c tidy/src/report/schema.c: $(B)/generated/report_schema.inc

check-tests: ## Check that no test depends on the machine's speed
	@ci/check/tests

format: ## Format the C sources with clang-format
	@clang-format -i $(wildcard include/chaingate/*.h src/*/*.[ch] tests/*/*.[ch])

demo: ## Run the gate against the simulator: a deployment that passes, and some that don't
	@sh ci/install-deps --demo
	@$(MAKE) --no-print-directory all
	@sh ci/demo $(B)

compile_commands.json: FORCE ## Write this file for editors and analysers (needs bear)
	bear --output $@ -- $(MAKE) --always-make all tests

# ---- Installing and shipping

bindir = $(DESTDIR)$(PREFIX)/bin
datadir = $(DESTDIR)$(PREFIX)/share/chaingate
mandir = $(DESTDIR)$(PREFIX)/share/man
completions_bash = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
completions_zsh = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
completions_fish = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
policies := $(filter-out %.test.yaml,$(wildcard policies/*.yaml))

manual := $(B)/man/chaingate.1 $(B)/man/chaingate-policy.5 $(B)/man/chaingate-sim.1
shells := bash zsh fish

man: $(manual) ## Build the man pages

$(B)/man/chaingate.1: $(B)/chaingate ci/manual ci/man docs/reports.md
	@mkdir -p $(@D)
	@ci/manual $< >$(B)/man/chaingate.md
	$(call quietly,man)ci/man chaingate 1 "a deployment gate for Baseten Chains" $(B)/man/chaingate.md >$@

$(B)/man/chaingate-policy.5: docs/policy-language.md ci/man
	@mkdir -p $(@D)
	$(call quietly,man)ci/man chaingate-policy 5 "the language of chaingate policies" $< >$@

$(B)/man/chaingate-sim.1: src/sim/README.md ci/man
	@mkdir -p $(@D)
	$(call quietly,man)ci/man chaingate-sim 1 "the Baseten API from a scenario, for tests" $< >$@

# If everything is built, installing (usually as root) writes nothing into the checkout.
install: install-tool ## Install what `make` has built under PREFIX (/usr/local)
	install -m 644 $(B)/man/chaingate-sim.1 $(mandir)/man1
	install -m 755 $(B)/chaingate-sim $(bindir)

# Everything except the simulator. A release of the static file contains exactly this.
install-tool:
	@$(if $(filter-out $(wildcard $(programs) $(manual)),$(programs) $(manual)),$(MAKE) --no-print-directory all,:)
	install -d $(bindir) $(datadir)/policies $(mandir)/man1 $(mandir)/man5
	install -m 644 $(B)/man/chaingate.1 $(mandir)/man1
	install -m 644 $(B)/man/chaingate-policy.5 $(mandir)/man5
	install -m 755 $(B)/chaingate $(bindir)
	install -d $(foreach shell,$(shells),$(completions_$(shell)))
	$(B)/chaingate completion bash >$(completions_bash)/chaingate
	$(B)/chaingate completion zsh >$(completions_zsh)/_chaingate
	$(B)/chaingate completion fish >$(completions_fish)/chaingate.fish
	$(B)/chaingate schema >$(datadir)/policy.schema.json
	$(B)/chaingate schema --report >$(datadir)/report.schema.json
	$(if $(policies),install -m 644 $(policies) $(datadir)/policies)

# The directories that install makes, inner ones first. Directories that every system has stay, even if empty.
folders := share/chaingate/policies share/chaingate share/man/man1 share/man/man5 share/bash-completion/completions \
	share/bash-completion share/zsh/site-functions share/zsh share/fish/vendor_completions.d share/fish \
	$(if $(filter /usr /usr/local,$(PREFIX)),,share/man share bin)

uninstall: ## Remove the installed files
	rm -f $(bindir)/chaingate $(bindir)/chaingate-sim $(addprefix $(datadir)/,$(policies))
	rm -f $(foreach page,$(notdir $(manual)),$(mandir)/man$(subst .,,$(suffix $(page)))/$(page))
	rm -f $(completions_bash)/chaingate $(completions_zsh)/_chaingate $(completions_fish)/chaingate.fish \
		$(datadir)/policy.schema.json $(datadir)/report.schema.json
	@for folder in $(folders:%="$(DESTDIR)$(PREFIX)/%") $(if $(filter /usr /usr/local,$(PREFIX)),,"$(DESTDIR)$(PREFIX)"); do \
		rmdir "$$folder" 2>/dev/null || :; \
	done

# The linker warns of libcrypto's functions that look up names. They aren't called: c-ares looks up names here.
static: ## Build one file without dependencies, build/static/chaingate (on Debian; fetches the sources of curl and c-ares). HOST=aarch64-linux-gnu: for arm64
	@ci/package/static-libraries $(HOST:%=--host %) $(static_libraries) $(packages_tool)
	@$(MAKE) --no-print-directory STATIC=1 build/static$(HOST:%=-%)/chaingate

# The tests that the static program can't run: valgrind can't replace its malloc (leaks.bats) and doesn't find its functions, because it is stripped
# (counted.bats); and nothing can be preloaded into it (libraries.bats). The other files test other programs.
static_bats := $(filter-out $(patsubst %,tests/cli/%.bats,leaks counted failing install layers libraries suite),$(bats_files))
static_suite := build/static/suite

check-static: static all tests ## Test the static program in an empty root directory, over TLS (as root: chroot), then with tests/cli; HOST as for static: only the first, by qemu
	@ci/check/static build/static$(HOST:%=-%)/chaingate $(B)/chaingate-sim $(ROOTS)
	@$(if $(HOST),,$(MAKE) --no-print-directory check-static-suite)

check-static-suite:
	@mkdir -p $(static_suite)/tests
	@ln -sf $(CURDIR)/build/static/chaingate $(CURDIR)/$(B)/chaingate-sim $(static_suite)
	@ln -sf $(CURDIR)/$(virtual) $(static_suite)/tests
	@sh tests/run $(static_suite) cli: $(static_bats)

# The same commit gives every user the same bytes: git takes the times from the commit, and these options override the user's settings. The file gets
# its name when it is whole, so that two runs at once don't spoil each other's.
archive = git -c tar.umask=0022 -c core.autocrlf=false -c core.attributesFile=/dev/null archive --format=tar
DIST ?= build
dist: ## Pack the sources of the last commit into a tarball in build/ (or in DIST), byte for byte the same each time
	@mkdir -p '$(DIST)' && work=$$(mktemp -d '$(DIST)/dist.XXXXXX') && trap 'rm -rf "$$work"' EXIT && \
	$(archive) --prefix=chaingate-$(VERSION)/ -o "$$work/sources.tar" HEAD && gzip -9n "$$work/sources.tar" && \
	mv -f "$$work/sources.tar.gz" '$(DIST)/chaingate-$(VERSION).tar.gz'
	@echo '$(DIST)/chaingate-$(VERSION).tar.gz'

check-dist: ## Check that two clones give the same tarball, and that it builds
	@ci/check/dist

release: ## Make all files of a release in build/release, ready to be published; from a clean commit whose version is in CHANGELOG.md
	@ci/package/release build/release

check-release: ## Check the files of a release, by a dry run of the last commit
	@ci/check/release build/release

deb: ## Build a Debian package of the last commit in build/deb (on Debian, with debhelper), the same bytes each time
	@ci/package/deb build/deb

rpm: ## Build an RPM package of the last commit in build/rpm (with rpmbuild)
	@ci/package/rpm build/rpm

check-rpm: ## Check the RPM package: the same twice, installed in a folder, used and erased (as root)
	@ci/check/rpm build/rpm

check-deb: ## Check that two clones give the same package, that lintian accepts it, and that it can be installed, used and purged (as root: debootstrap)
	@ci/check/deb build/deb

image: static ## Build an OCI image of the static file in build/image (with umoci), the same bytes each time; HOST as for static
	@ci/package/image build/image$(HOST:%=-%)

check-image: static programs ## Check the image's files and fields, and that it runs as its configuration says (as root)
	@ci/check/image $(B)/chaingate-sim

check-packages: programs ## Check all that is shipped: the static file, the image, a release's files, the Debian and the RPM package
	@ci/check/packages $(B)

clean: ## Remove build/
	rm -rf build compile_commands.json

help: ## Show this list
	@sed -n 's/^\([a-z_.-]*\):.*## /\1	/p' Makefile | awk -F'\t' '{ printf "  %-22s %s\n", $$1, $$2 }'
