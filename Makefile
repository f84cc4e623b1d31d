# Pratique. The two that matter: make demo, make check. All of them: make help.
VARIANT ?= release
B := build/$(VARIANT)
VERSION := $(shell sed -n 's/^.define PRATIQUE_VERSION "\(.*\)"/\1/p' include/pratique/pratique.h)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))
ifeq ($(origin CC),default)
CC := gcc
endif
ifneq ($(filter fuzz clang,$(VARIANT)),)
CC := clang
endif
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

CPPFLAGS += -D_GNU_SOURCE -Iinclude -Isrc
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
# A newer compiler's new warning stops our tests, not somebody's build.
WERROR ?= $(if $(filter release,$(VARIANT)),,-Werror)

CFLAGS_release := -O2 -g1 -flto=auto -ffat-lto-objects -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS_release := -flto=auto -O2 -pie -Wl,-z,relro,-z,now -Wl,--as-needed
CFLAGS_debug := -O0 -g
CFLAGS_clang := -O1 -g -fsanitize=undefined -fno-sanitize-recover=all
LDFLAGS_clang := -fsanitize=undefined
CFLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_faults := -O1 -g -DPRATIQUE_FAULTS
CFLAGS_coverage := -O0 -g --coverage
LDFLAGS_coverage := --coverage
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS_fuzz := -fsanitize=address,undefined

ALL_CFLAGS := -std=c17 -fPIC -fno-semantic-interposition $(WARN) $(WERROR) $(CFLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS := $(LDFLAGS_$(VARIANT)) $(LDFLAGS)

# Loading libarchive, libcrypto and what they pull in takes longer than most scans (3.6 of
# 4.2 ms), so the program links archives (.a) where there are any; make STATIC= turns that off.
# liblz4.a needs libxxhash.a on some systems, and liblz4.so costs next to nothing.
STATIC ?= yes
LIB_NAMES := archive jansson yaml deflate bz2 lzma ssl crypto zstd z
LIBS_SHARED := $(LIB_NAMES:%=-l%) -llz4
has_archive = $(findstring /,$(shell $(CC) -print-file-name=lib$(1).a))
LIBS := -Wl,--start-group $(foreach l,$(LIB_NAMES),$(if $(and $(STATIC),$(call has_archive,$l)),-l:lib$l.a,-l$l)) \
    -Wl,--end-group -llz4

# Goes into processes of others (see the file): flags of its own in every variant, libc alone.
HOOK_SRC := src/watch/hook/hook.c
HOOK_FLAGS := -std=c17 $(WARN) $(WERROR) -O2 -fPIC -fvisibility=hidden -fno-stack-protector -U_FORTIFY_SOURCE \
    -shared -nostartfiles -s -Wl,-z,now,-z,relro,-z,noexecstack,--hash-style=gnu,--build-id=none
LIB_SRC := $(filter-out src/cli/% $(HOOK_SRC),$(sort $(wildcard src/*/*.c src/*/*/*.c)))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(B)/src/watch/hook/embed.o
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(B)/%.o)
REPLAYS := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(B)/replay_%)
FUZZERS := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(B)/fuzz_%)
SO := $(B)/libpratique.so.$(VERSION)

all: $(B)/pratique

help:
	@echo 'make              the release: build/release/pratique'
	@echo 'make deps         install what the build and the tests need (Debian packages)'
	@echo 'make demo         build real input, put it through every gate, show the reports'
	@echo 'make python       wheel and sdist of the Python package: build/python (the program is in the wheel)'
	@echo 'make check        every test; ends with "N passed, N failed"'
	@echo 'make check-interop  the tests that need other packages, in a folder of their own'
	@echo 'make bench        time and memory, side by side with other scanners'
	@echo 'make bench-source the same over the Python sources of 30 wheels (fetched: 190 MB)'
	@echo 'make bench-safetensors  their headers and numbers, beside the library and numpy (makes 0.2 GB)'
	@echo 'make bench-models  the folder of a model of 1 GB: time and memory'
	@echo 'make bench-models-linear  what their files cost over their size, crafted ones too'
	@echo 'make bench-watch  watching wheels, beside installing and importing them (fetched: 150 MB)'
	@echo 'make bench-trust-rivals  hostile and good archives, beside what else unpacks them'
	@echo 'make bench-package-rivals  packages that fetch what they run, beside other scanners'
	@echo 'make bench-trust  hashing, verifying, unpacking, beside openssl, sha256sum, minisign, unzip and others'
	@echo 'make bench-convert  a checkpoint to safetensors, beside cp (PRATIQUE_TORCH=python: beside torch)'
	@echo 'make bench-fetch  a pinned download over TLS, beside curl -o'
	@echo 'make fuzz         each fuzz target for FUZZ_SECONDS=60 (clang)'
	@echo 'make coverage     lines run by the unit tests and the corpora'
	@echo 'make install      into $$DESTDIR$$PREFIX (PREFIX=/usr/local); make uninstall'
	@echo 'make format       clang-format in place;  make clean  removes build/'
	@echo 'VARIANT=release|debug|asan|faults|coverage|clang|fuzz has a folder of its own in build/'

$(B)/libpratique.a: $(LIB_OBJ)
	@rm -f $@
	$(if $(findstring flto,$(ALL_CFLAGS)),gcc-ar,ar) rcs $@ $^
$(SO): $(LIB_OBJ) src/libpratique.map
	$(CC) $(filter-out -pie,$(ALL_LDFLAGS)) -shared -Wl,-soname,libpratique.so.$(SOVERSION) \
	    -Wl,--version-script=src/libpratique.map -Wl,-z,defs -o $@ $(LIB_OBJ) $(LIBS_SHARED)
$(B)/pratique: $(CLI_OBJ) $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/unit: $(UNIT_OBJ) $(B)/tests/watch/sample.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

$(B)/facts: $(B)/tests/oracle/facts.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/hdf5: $(B)/tests/oracle/hdf5.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/native: $(B)/tests/oracle/native.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/sink: $(B)/tests/oracle/sink.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/pysource: $(B)/tests/oracle/pysource.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/pyparse: $(B)/tests/oracle/pyparse.o $(B)/tests/fuzz/harness.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/hear: $(B)/tests/watch/hear.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^
$(B)/confined: $(B)/tests/watch/confined.o
	$(CC) $(ALL_LDFLAGS) -o $@ $^
# The command line with a watch that only pretends: tests/watch/stand_in.c.
$(B)/stand_in: $(CLI_OBJ) $(B)/tests/watch/stand_in.o $(B)/tests/watch/sample.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/wheel: $(B)/tests/oracle/wheel.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The facts of packages, rules or none: tests/package.
$(B)/package_facts: $(B)/tests/package/facts.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The unpacking by itself: tests/unpack, bench.
$(B)/unpack: $(B)/tests/oracle/unpack.o $(B)/libpratique.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

unit: $(B)/unit
unpack: $(B)/unpack
stand_in: $(B)/stand_in
facts: $(B)/facts
hdf5: $(B)/hdf5
native: $(B)/native
pysource: $(B)/pysource
sink: $(B)/sink
pyparse: $(B)/pyparse
hear: $(B)/hear $(B)/hook.so
confined: $(B)/confined
wheel: $(B)/wheel
package_facts: $(B)/package_facts
replays: $(REPLAYS)
fuzzers: $(FUZZERS)
shared: $(SO)

$(B)/hook.so: $(HOOK_SRC) src/watch/hook/hook.h src/watch/hook/protocol.h src/base/compiler.h Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(HOOK_FLAGS) -o $@ $<
$(B)/src/watch/hook/embed.o: src/watch/hook/embed.S src/watch/runner.py src/watch/compiler.py \
    $(B)/hook.so Makefile
	@mkdir -p $(@D)
	$(CC) -DHOOK_FILE=$(B)/hook.so -DRUNNER_FILE=src/watch/runner.py \
	    -DCOMPILER_FILE=src/watch/compiler.py -c -o $@ $<

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

deps:
	@tools/deps.sh
check: deps
	@python3 tests/run
check-interop: deps
	@$(MAKE) --no-print-directory all
	@python3 tests/run --interop
demo: deps
	@$(MAKE) --no-print-directory all
	@demo/run $(B)/pratique
# Needs nothing but Python: the package has a build backend of its own.
python: all
	@rm -rf build/python && mkdir -p build/python
	@cd python && $(or $(PYTHON),python3) -B -c "import _backend as b; \
	    print('build/python/' + b.build_wheel('../build/python', {'program': '../$(B)/pratique'})); \
	    print('build/python/' + b.build_sdist('../build/python'))"
bench: all
	@python3 bench/run $(B)/pratique
BENCHES := $(patsubst %,bench-%,source package watch models models-linear safetensors trust trust-rivals convert fetch package-rivals)
bench-trust: $(B)/unpack
bench-package: $(B)/pyparse
$(BENCHES): bench-%: all
	@python3 bench/$(subst -,_,$*) $(B)/pratique
fuzz:
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzzers
	@tools/fuzz.sh build/fuzz $(FUZZ_SECONDS)
coverage:
	@$(MAKE) --no-print-directory VARIANT=coverage all unit replays
	@tools/coverage.sh build/coverage
format:
	@tools/format.sh --write
clean:
	rm -rf build

bindir := $(DESTDIR)$(PREFIX)/bin
libdir := $(DESTDIR)$(PREFIX)/lib
incdir := $(DESTDIR)$(PREFIX)/include/pratique
mandir := $(DESTDIR)$(PREFIX)/share/man/man1

install: all shared
	install -d '$(bindir)' '$(libdir)/pkgconfig' '$(incdir)' '$(mandir)'
	install -m 755 $(B)/pratique '$(bindir)/pratique'
	install -m 644 $(B)/libpratique.a '$(libdir)/libpratique.a'
	install -m 644 $(SO) '$(libdir)/libpratique.so.$(VERSION)'
	ln -sf libpratique.so.$(VERSION) '$(libdir)/libpratique.so.$(SOVERSION)'
	ln -sf libpratique.so.$(SOVERSION) '$(libdir)/libpratique.so'
	install -m 644 include/pratique/pratique.h '$(incdir)/pratique.h'
	install -m 644 man/pratique.1 '$(mandir)/pratique.1'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(LIBS_SHARED)|' \
	    tools/pratique.pc.in > '$(libdir)/pkgconfig/pratique.pc'
uninstall:
	rm -f '$(bindir)/pratique' '$(libdir)/libpratique.a' '$(mandir)/pratique.1' \
	    '$(libdir)/libpratique.so' '$(libdir)/libpratique.so.$(SOVERSION)' \
	    '$(libdir)/libpratique.so.$(VERSION)' '$(libdir)/pkgconfig/pratique.pc' '$(incdir)/pratique.h'
	rmdir '$(incdir)' 2>/dev/null || true

.PHONY: all help python unit stand_in facts package_facts hdf5 native pysource pyparse hear confined wheel unpack sink replays fuzzers shared deps check check-interop demo bench \
    $(BENCHES) fuzz coverage format clean install uninstall
.SECONDARY:
-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(FUZZ_SRC:%.c=$(B)/%.d) $(wildcard $(B)/tests/watch/*.d)
