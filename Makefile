# SPDX-License-Identifier: Apache-2.0
#
# platen: make demo | make test | make install | make help
#
# One Makefile, no generator.  Variants build side by side:
#   make SAN=1        with AddressSanitizer and UBSan, in build-san
#   make CC=clang     with clang, in build-clang

PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
CC         ?= cc
VERSION    := 0.1.0

# What it takes to build, to test and to fuzz; installed by `make deps` where missing.
DEB_BUILD := gcc make pkg-config libc6-dev libsnmp-dev libcurl4-openssl-dev libssl-dev libuv1-dev \
	libsqlite3-dev libseccomp-dev libinih-dev libjansson-dev libc-ares-dev libxml2-dev \
	libpq-dev libmicrohttpd-dev libgnutls28-dev libzstd-dev zlib1g-dev ca-certificates
DEB_TEST  := $(DEB_BUILD) g++ clang clang-format libclang-rt-14-dev llvm libcmocka-dev valgrind snmp snmpd snmpsim \
	python3 nginx squid microsocks zstd python3-jsonschema python3-cryptography curl openssl sqlite3 iproute2 procps mandoc binutils abigail-tools \
	bsdextrautils git postgresql libfaketime
DEB_DEMO  := $(DEB_BUILD) openssl sqlite3

# What platen is measured beside.
DEB_BENCH := $(DEB_BUILD) python3 util-linux
DEB_PEERS := snmp nmap onesixtyone prometheus-snmp-exporter curl collectd-core fusioninventory-agent \
	fusioninventory-agent-task-network

# For plugins that read XML, HTML or JSON, pack, or write to a database, and for no other: what is not
# called is not linked.
# Asked for when the first file is compiled: `make demo` installs them before.
XML      = $(eval XML := $$(shell pkg-config --cflags libxml-2.0))$(XML)
PQ       = $(eval PQ := $$(shell pkg-config --cflags libpq))$(PQ)
PARSERS := -Wl,--as-needed -lxml2 -ljansson -lsqlite3 -lpq -lzstd

SUFFIX := $(if $(SAN),-san)$(if $(findstring clang,$(CC)),-clang)$(if $(FUZZ),-fuzz)
B      := build$(SUFFIX)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wconversion -Werror
HARD := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -fPIE
ifdef SAN
HARD := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -fPIE \
	-DPOOL_APART
endif
ifdef FUZZ
HARD := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fPIE \
	-DPOOL_APART
endif
CPPFLAGS += -D_GNU_SOURCE -I. -Icore -Isdk -I$(B)/gen -DPLATEN_VERSION='"$(VERSION)"' \
	-DPLATEN_PLUGIN_DIR='"$(PREFIX)/lib/platen/plugins"' -DPLATEN_LIBEXEC='"$(PREFIX)/libexec/platen"' \
	-DPLATEN_SHARE='"$(PREFIX)/share/platen"' $(XML)
CFLAGS   ?= -O2 -g
CFLAGS   += -std=c11 -fvisibility=hidden $(WARN) $(HARD)
LDFLAGS  += -pie -Wl,-z,relro,-z,now,-z,noexecstack $(filter -fsanitize%,$(HARD))

# gcc compiles what every reading passes through once more, as one, where platen and its host are
# linked.  The same objects are linked at once where that is not wanted: by tests, or
# `make LTO=-fno-lto`.
LTO := -fno-lto
ifeq ($(SUFFIX)$(shell LC_ALL=C $(CC) -v 2>&1 | grep -c 'LTO compression'),1)
LTO := -flto=auto
FAT := -flto -ffat-lto-objects
endif

LIBS      := -lnetsnmp -lcurl -lssl -lcrypto -luv -lsqlite3 -linih -ljansson -lcares -lseccomp \
	-lmicrohttpd -lgnutls -lzstd -lz
HOST_LIBS := -lseccomp -ldl

# platen is everything in core but the host's main; platen-host the runner and what it stands on.
RUNNER  := $(filter-out core/host/main.c,$(wildcard core/host/*.c))
COMMON  := $(wildcard core/base/*.c) core/wire.c core/message.c core/message_answer.c core/message_read.c \
	core/message_script.c $(wildcard core/metrics.c)
AGENT   := $(sort $(wildcard core/*.c core/cmd/*.c core/config/*.c core/net/*.c core/plugin/*.c \
	core/printer/*.c core/process/*.c core/store/*.c) $(COMMON) $(RUNNER))
HOST    := $(sort $(COMMON) $(RUNNER) $(wildcard core/host/main.c))

# What every reading of a known printer passes through.
READING := $(COMMON) $(wildcard core/printer/reader*.c) core/printer/fact.c core/printer/parts.c \
	core/printer/pdu.c core/printer/rows.c core/net/ber.c core/net/exchange.c core/net/kept.c \
	core/net/packet.c core/process/scrapers.c core/process/worker.c core/process/worker_hear.c \
	core/reading.c core/record.c core/visit.c $(wildcard core/host/*.c)

SDKLIB  := $(wildcard sdk/lib/*.c)
SDKXML  := $(wildcard sdk/lib/xml/*.c)
SDKJSON := $(wildcard sdk/lib/json/*.c)
SDKSQL  := $(wildcard sdk/lib/sql/*.c)
SIM     := $(wildcard sdk/sim/*.c)
PLUGINS := $(notdir $(patsubst %/,%,$(dir $(wildcard plugins/*/*.c))))
PLUGINS := $(sort $(PLUGINS))

# What plugins link; xml, json and sql need libxml2 and jansson, sdk needs nothing.
SDK := $(B)/libplaten-xml.a $(B)/libplaten-json.a $(B)/libplaten-sql.a $(B)/libplaten-sdk.a

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
pic = $(patsubst %.c,$(B)/pic/%.o,$(1))

all: $(B)/platen $(B)/platen-host $(B)/platen-sim plugins $(SDK)

plugins: $(PLUGINS:%=$(B)/plugins/%.so)

# All of it but main(), for the tests to link.
$(B)/libplaten.a: $(call obj,$(filter-out core/main.c,$(AGENT)) $(SDKLIB) $(SDKXML) $(SDKJSON) $(SDKSQL))
	$(call say,AR,$@)rm -f $@; ar rcs $@ $^

$(B)/libplaten-sdk.a: $(call pic,$(SDKLIB))
$(B)/libplaten-xml.a: $(call pic,$(SDKXML))
$(B)/libplaten-json.a: $(call pic,$(SDKJSON))
$(B)/libplaten-sql.a: $(call pic,$(SDKSQL))
$(SDK):
	$(call say,AR,$@)rm -f $@; ar rcs $@ $^

$(B)/platen: $(call obj,core/main.c) $(B)/libplaten.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/platen-host: $(call obj,$(HOST))
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(HOST_LIBS)

$(B)/platen-sim: $(call obj,$(SIM))
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lssl -lcrypto

# A plugin sees the SDK and nothing of core.
define plugin_rule
$(B)/plugins/$(1).so: $(call pic,$(wildcard plugins/$(1)/*.c)) $(SDK)
endef
$(foreach p,$(PLUGINS),$(eval $(call plugin_rule,$(p))))
$(B)/plugins/%.so:
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(filter-out -fPIE,$(CFLAGS)) -shared -Wl,-z,relro,-z,now,-z,noexecstack \
		$(if $(SAN),,-Wl,-z,defs) -Wl,--exclude-libs,ALL -o $@ $^ $(PARSERS)

# What PREFIX is compiled into is compiled again when PREFIX changes.
$(B)/prefix: FORCE
	@mkdir -p $(B); echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(call obj,$(shell grep -lE 'PLATEN_(PLUGIN_DIR|LIBEXEC|SHARE)' core/*/*.c)): $(B)/prefix
FORCE:

# The database's schema as C strings, one for each version.
SCHEMA := $(sort $(wildcard sdk/schema/*.sql))
$(B)/gen/schema.inc: $(SCHEMA)
	@mkdir -p $(@D)
	$(call say,GEN,$@)for f in $^; do sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $$f && echo ','; done >$@
$(call obj,sdk/lib/sql/tables.c) $(call pic,sdk/lib/sql/tables.c): $(B)/gen/schema.inc

$(call obj,$(READING)): BOTH := $(FAT)
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(BOTH) -MMD -MP -c -o $@ $<

$(B)/pic/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -D_GNU_SOURCE -Isdk -I$(B)/gen $(XML) $(PQ) $(filter-out -fPIE,$(CFLAGS)) -fPIC -MMD -MP -c -o $@ $<

# The assembler reads the dictionary, which no compiler tells of.
$(B)/obj/sdk/lib/dictionary.o $(B)/pic/sdk/lib/dictionary.o: sdk/dictionary/platen.dict

say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- tests, fuzzers, bench, demo ----

UNIT    := $(wildcard tests/unit/test_*.c)
DRIVERS := $(filter-out tests/unit/% tests/bad/% tests/fuzz/% tests/abi/%,$(wildcard tests/*/*-drive.c))
BAD     := $(wildcard tests/bad/*.c)
FUZZERS := $(wildcard tests/fuzz/*.c)

tests: all $(B)/tests/bench/blaster $(UNIT:tests/%.c=$(B)/tests/%) $(DRIVERS:tests/%.c=$(B)/tests/%) $(BAD:tests/%.c=$(B)/tests/%.so)

TESTS_H := $(wildcard tests/*.h tests/unit/*.h)

$(B)/tests/unit/%: tests/unit/%.c $(B)/libplaten.a $(TESTS_H)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -fno-lto $(LDFLAGS) -o $@ $(filter-out %.h,$^) $(LIBS) -lcmocka $(PARSERS)

$(B)/tests/%-drive: tests/%-drive.c $(B)/libplaten.a $(TESTS_H)
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CPPFLAGS) $(CFLAGS) -fno-lto $(LDFLAGS) -o $@ $(filter-out %.h,$^) $(LIBS)

# Hostile plugins see the SDK like any other; what they do is no business of the warnings.
$(B)/tests/bad/%.so: tests/bad/%.c
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) -D_GNU_SOURCE -Isdk -std=c11 -O1 -g -w -fvisibility=hidden -fPIC -shared -o $@ $<

# One fuzzer: clang's libFuzzer over all of platen but main().
$(B)/tests/fuzz/%: tests/fuzz/%.c $(B)/libplaten.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ \
		$(filter-out %.a,$^) $(filter %.a,$^) $(LIBS) $(PARSERS)

# A whole plugin, linked in: what is loaded shows a fuzzer no edges.
$(B)/tests/fuzz/ews: $(call pic,$(wildcard plugins/hp-ews/*.c))

fuzzers: $(FUZZERS:tests/%.c=$(B)/tests/%)

test: deps-test
	tests/run

fuzz: deps-test
	tests/fuzz/run $(SECONDS_EACH)

bench: deps-bench deps-test all $(B)/tests/bench/blaster $(B)/tests/bench/load-drive $(B)/tests/wan/wan-drive
	PLATEN_CAPTURES=$(PLATEN_CAPTURES) tests/bench/run --page PERFORMANCE.md
	tests/bench/gateway
	tests/wan/bytes.sh
	tests/bench/sinks

# Recorded printers; without them the page would say less, so it is only shown.
PLATEN_CAPTURES ?= $(wildcard ../shared/captures)
accuracy: all
	tests/accuracy/matrix.py $(if $(PLATEN_CAPTURES),--write ACCURACY.md) $(B)/platen \
		$(wildcard $(addprefix $(PLATEN_CAPTURES)/,snmp brother ews)) plugins

storm: deps-test tests
	tests/storm/run.sh --long

$(B)/tests/bench/blaster: tests/bench/blaster.c
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

demo: deps-demo all
	tests/demo

# ---- what has to be there ----

deps:
	@tests/install-deps $(DEB_BUILD)

deps-demo:
	@tests/install-deps $(DEB_DEMO)

deps-test:
	@tests/install-deps $(DEB_TEST)

deps-bench:
	@tests/install-deps $(DEB_BENCH)
	@for p in $(DEB_PEERS); do tests/install-deps $$p || echo "bench: goes on without $$p" >&2; done

# ---- install ----

D := $(DESTDIR)$(PREFIX)

install: all
	install -d $(D)/bin $(D)/libexec/platen $(D)/lib/platen/plugins $(D)/lib/pkgconfig \
		$(D)/include/platen $(D)/share/man/man1 $(D)/share/man/man3 $(D)/share/man/man5 \
		$(D)/share/platen \
		$(DESTDIR)$(SYSCONFDIR)/platen $(D)/lib/systemd/system
	install -m 755 $(B)/platen $(B)/platen-sim $(D)/bin
	install -m 755 $(B)/platen-host $(D)/libexec/platen
	install -m 644 $(PLUGINS:%=$(B)/plugins/%.so) $(D)/lib/platen/plugins
	install -m 644 sdk/platen/*.h $(D)/include/platen
	install -m 644 sdk/man/*.1 sdk/sim/*.1 $(D)/share/man/man1
	install -m 644 sdk/man/*.3 $(D)/share/man/man3
	install -m 644 sdk/man/*.5 $(D)/share/man/man5
	install -m 644 sdk/RECORD sdk/METRICS sdk/ENVELOPE sdk/UPLOAD sdk/CHANGES $(D)/share/platen
	install -d $(D)/share/platen/schema
	install -m 644 sdk/schema/* $(D)/share/platen/schema
	install -m 644 sdk/dictionary/platen.dict $(D)/share/platen/dictionary
	install -d $(D)/share/platen/sites $(D)/share/platen/profiles $(D)/share/platen/plugins
	install -m 644 conf/sites/*.ini $(D)/share/platen/sites
	install -m 644 plugins/profile/examples/*.ini $(D)/share/platen/profiles
	for p in $(PLUGINS); do install -m 644 plugins/$$p/README.md \
		$(D)/share/platen/plugins/$$p.md || exit; done
	install -m 644 $(SDK) $(D)/lib
	for pc in sdk/*.pc; do sed 's|@PREFIX@|$(PREFIX)|g; s|@VERSION@|$(VERSION)|g' $$pc \
		>$(D)/lib/pkgconfig/$${pc#sdk/} && chmod 644 $(D)/lib/pkgconfig/$${pc#sdk/} || exit; done
	cd sdk/template && find . -type f -exec install -D -m 644 {} $(D)/share/platen/template/{} \;
	test -e $(DESTDIR)$(SYSCONFDIR)/platen/platen.ini || \
		install -m 644 conf/platen.ini $(DESTDIR)$(SYSCONFDIR)/platen/platen.ini
	sed 's|@PREFIX@|$(PREFIX)|g' conf/platen.service >$(D)/lib/systemd/system/platen.service
	chmod 644 $(D)/lib/systemd/system/platen.service

clean:
	rm -rf build build-*

help:
	@echo 'make            build into build/'
	@echo 'make demo       install what is missing, build, watch simulated printers'
	@echo 'make test       install what is missing, build, run every test'
	@echo 'make bench      figures of this machine beside others: time, packets, memory'
	@echo 'make fuzz       the fuzzers, bounded: SECONDS_EACH=60'
	@echo 'make storm      20 sites, everything on the way killed 1,000 times; half an hour'
	@echo 'make install    DESTDIR= PREFIX=/usr/local SYSCONFDIR=/etc'
	@echo 'make clean      variants: SAN=1 (ASan and UBSan), CC=clang; V=1 shows commands'

.PHONY: all plugins tests test fuzz fuzzers bench accuracy storm demo deps deps-demo deps-test deps-bench install clean help
