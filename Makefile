# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# make            the BPF program, the library and the tool; V=1 shows the commands
# make demo       a tour in a network namespace of its own, as root
# make test       what of the check needs neither root nor a virtual machine
# make check      every test, as root
# make check-faults   a failure and a kill at every point of every command, as root; takes an hour or so
# make check-newest   the suites of the dispatcher in today's Debian sid, under its kernel, as root; a quarter of an hour
# make soak       random use compared with a model, then ten minutes of all at once at full speed, as root
# make check-matrix   build, run and package under Debian 12, 13, sid and Ubuntu 24.04, run on arm64 and s390x, as root;
#                 takes hours
# make coverage   how many lines the tests execute, as root
# make bench      what a packet and what a command costs, as root
# make docs       the pictures of the documents, of what was measured and recorded
# make install    to PREFIX, SBINDIR, LIBDIR and the like, below DESTDIR; uninstall takes it away again
# make deb        Debian packages in build/deb/; make rpm: RPM packages in build/rpm/
# make abi        writes down the library's ABI, for a release
# make dist       a source archive of the last commit
# make clean      removes what make made; distclean also what configure made

cleaning := $(filter clean distclean,$(MAKECMDGOALS))
building := $(if $(cleaning),$(filter-out $(cleaning),$(MAKECMDGOALS)),all)
ifneq ($(building),)
include config.mk
endif
# make clean all: one after the other.
ifneq ($(and $(cleaning),$(building)),)
.NOTPARALLEL:
endif

# Under sudo what is built belongs to whoever owns the tree. A target that wants root has a private shell.
root_targets = demo check check-faults soak check-matrix check-newest coverage bench install uninstall
owner := $(shell test "$$(id -u)" -ne 0 || stat -c '--reuid=%u --regid=%g' . | grep -v -e '--reuid=0 ')
ifneq ($(owner),)
SHELL = setpriv
.SHELLFLAGS = $(owner) --clear-groups sh -c
$(root_targets): private SHELL = /bin/sh
$(root_targets): private .SHELLFLAGS = -c
endif

version = $(shell sed -n 's/^.define XDPACTION_VERSION_$(1) //p' lib/xdpaction.h)
MAJOR := $(call version,MAJOR)
VERSION := $(MAJOR).$(call version,MINOR).$(call version,PATCH)

ifeq ($(V),1)
say = @:
else
Q = @
say = @printf '  %-8s%s\n'
endif

BPF_OBJECT = bpf/xdp_action.o
SKELETONS = $(patsubst bpf/%.bpf.c,lib/%.skel.h,$(wildcard bpf/*.bpf.c))
STATIC = lib/libxdpaction.a
SONAME = libxdpaction.so.$(MAJOR)
SHARED = lib/libxdpaction.so.$(VERSION)
TOOL = xdp-action/xdp-action

lib_objects = $(patsubst %.c,build/%.o,$(wildcard lib/*.c lib/*/*.c))
tool_objects = $(patsubst %.c,build/%.o,$(wildcard xdp-action/*.c xdp-action/*/*.c))

# The parts of the tests are the folders below tests/. In each a C file with a main() is a program, which gets what
# it uses of the other files there.
parts := $(patsubst tests/%/,%,$(sort $(dir $(wildcard tests/*/*.c))))
test_sources = $(filter-out %.bpf.c,$(wildcard tests/$(1)/*.c tests/$(1)/*/*.c))
with_main = $(if $(1),$(shell grep -l '^int main\>' $(1)))
programs = $(patsubst %.c,build/%,$(call with_main,$(call test_sources,$(1))))
others = $(patsubst %.c,build/%.o,$(filter-out $(call with_main,$(call test_sources,$(1))),$(call test_sources,$(1))))
bpf_objects = $(patsubst %.c,build/%.o,$(wildcard tests/$(1)/*.bpf.c tests/$(1)/*/*.bpf.c))
# The bench is no test, and is not built with them.
test_parts := $(filter-out bench,$(parts))
test_programs := $(foreach part,$(test_parts),$(call programs,$(part)))
test_bpf_objects := $(foreach part,$(test_parts),$(call bpf_objects,$(part)))
bench_programs := $(call programs,bench)

# The flags of the project; CPPFLAGS, CFLAGS and LDFLAGS are the builder's, who may have a wish about _FORTIFY_SOURCE,
# or about an optimization that it cannot do without.
prefix_map = '-ffile-prefix-map=$(CURDIR)=.'
optimized = $(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS))))
fortify = $(if $(findstring _FORTIFY_SOURCE,$(CC) $(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
all_cflags = -std=gnu11 -D_GNU_SOURCE= -fPIC -Ilib -Ibpf $(LIB_CFLAGS) \
	-Wall -Wextra -Wno-unused-parameter -Wmissing-prototypes -Wstrict-prototypes -Wshadow \
	-Wpointer-arith -Wwrite-strings -Wundef -Wvla $(WARNINGS) $(WERROR) \
	$(if $(findstring --coverage,$(HARDENING)),,$(prefix_map)) \
	$(if $(findstring -fstack-protector,$(HARDENING)),$(if $(optimized),$(fortify))) $(HARDENING) $(CPPFLAGS) $(CFLAGS)
all_ldflags = $(HARDENING) $(LINK_HARDENING) $(prefix_map) $(LDFLAGS)
bpf_cflags = -target $(BPF_TARGET) -mcpu=v3 -O2 -g -std=gnu11 -Ibpf $(BPF_INCLUDES) \
	-Wall -Wextra -Wno-unused-parameter $(WERROR) $(prefix_map)

all: $(BPF_OBJECT) $(STATIC) $(TOOL) $(SHARED)

config.mk: configure
	./configure $(CONFIGURE_ARGS)

# Programs include each other: a variant is another one with a macro more.
bpf/%.o: bpf/%.bpf.c $(wildcard bpf/*.[ch]) config.mk
	$(say) CLANG $@
	$(Q)$(CLANG) $(bpf_cflags) -c $< -o $@

# An object that bpftool has linked has no DWARF, which nobody reads at run time; it does not link for all machines.
lib/%.skel.h: bpf/%.o
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen object $@.o $< 2>$@.log || cp $< $@.o
	$(Q)$(BPFTOOL) gen skeleton $@.o name $*_bpf 2>$@.log >$@.new || { cat $@.log; exit 1; }
	$(Q){ echo '/* NOLINTBEGIN */'; cat $@.new; echo '/* NOLINTEND */'; } >$@ && rm $@.log $@.new $@.o

build/%.bpf.o: %.bpf.c config.mk
	$(say) CLANG $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(bpf_cflags) -MMD -MP -c $< -o $@

build/%.o: %.c config.mk
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_cflags) -MMD -MP -c $< -o $@

$(lib_objects) $(addsuffix .o,$(test_programs) $(bench_programs)): | $(SKELETONS)

# One object with the functions of the header alone to be seen from outside: what the files of the library call
# each other is nobody's name to collide with.
$(STATIC): $(lib_objects)
	$(say) AR $@
	$(Q)$(CC) $(RELOCATABLE) $(HARDENING) $(prefix_map) $(CFLAGS) $^ -o build/libxdpaction.o
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='xdpaction_*' build/libxdpaction.o
	$(Q)rm -f $@ && $(AR) rcs $@ build/libxdpaction.o

$(SHARED): $(lib_objects) lib/libxdpaction.map lib/xdpaction.h lib/check-exports
	$(say) LD $@
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=lib/libxdpaction.map $(all_ldflags) \
		$(SHARED_LDFLAGS) $(lib_objects) $(LIB_LIBS) -pthread -o $@
	$(Q)lib/check-exports $@
	$(Q)ln -sf $(@F) lib/$(SONAME) && ln -sf $(SONAME) lib/libxdpaction.so

$(TOOL): $(tool_objects) $(STATIC)
	$(say) LD $@
	$(Q)$(CC) -pie $(all_ldflags) $^ $(LIB_LIBS) $(TOOL_LIBS) -pthread -o $@

# All of the tool but its main(), and all of the library, for the tests of their parts.
build/lib.a: $(lib_objects)
build/tool.a: $(filter-out build/xdp-action/main.o,$(tool_objects))
$(foreach part,$(parts),$(eval build/tests-$(part).a: $(call others,$(part))))
$(foreach part,$(parts),$(eval $(call programs,$(part)): build/tests-$(part).a))
# The floor of what a process costs has no libraries.
build/tests/bench/one_update: all_ldflags += -static-pie
build/tests/bench/one_update: LIB_LIBS =
build/tests/bench/one_update: TOOL_LIBS =
build/tests/bench/one_update: TEST_LIBS =
# It takes place in the scene of the faults.
$(call programs,soak): build/tests-faults.a
last_archives = build/tests-support.a build/lib.a
build/%.a:
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(test_programs) $(bench_programs): build/%: build/%.o build/tool.a build/lib.a build/tests-support.a
	$(say) LD $@
	$(Q)$(CC) -pie $(all_ldflags) $(filter %.o,$^) $(filter-out $(last_archives),$(filter build/%.a,$^)) $(last_archives) \
		$(LIB_LIBS) $(TOOL_LIBS) $(TEST_LIBS) -pthread -lm -o $@

build/xdp-action/%.o: all_cflags += -Ixdp-action
build/tests/%.o: all_cflags += -Ixdp-action -Itests

tests: all $(test_programs) $(test_bpf_objects)

.PHONY: bench-programs
bench-programs: all $(bench_programs) $(call bpf_objects,bench)

demo: all
	@tests/demo

test: tests
	@tests/run static build documents 'unit/*'

check: tests bench-programs
	@tests/give-back tests/run

check-faults: tests
	@tests/give-back tests/faults/check all

soak: tests
	@tests/give-back tests/soak/check all

check-matrix: tests
	@tests/give-back tests/matrix/run

check-newest:
	@tests/give-back tests/matrix/newest

coverage: tests
	@tests/give-back tests/coverage

bench: bench-programs
	@tests/give-back tests/bench/run

docs:
	docs/pictures/draw

# What docs/fleet.md has links to.
fleet = $(shell find packaging/ansible packaging/grafana packaging/prometheus -name __pycache__ -prune -o -type f -print)
# What goes where: mode, file and place. What ends in .in has its @NAMES@ replaced on the way.
installed = 755:$(TOOL):$(SBINDIR)/xdp-action \
	$(if $(INSTALL_STATIC),644:$(STATIC):$(LIBDIR)/libxdpaction.a) \
	755:$(SHARED):$(LIBDIR)/$(notdir $(SHARED)) \
	644:$(BPF_OBJECT):$(LIBDIR)/bpf/xdp_action.o \
	644:lib/libxdpaction.pc.in:$(LIBDIR)/pkgconfig/libxdpaction.pc \
	644:lib/xdpaction.h:$(INCLUDEDIR)/xdpaction.h \
	644:bpf/xdp_action_maps.h:$(INCLUDEDIR)/xdp_action_maps.h \
	644:systemd/xdp-action@.service.in:$(UNITDIR)/xdp-action@.service \
	644:systemd/interface.conf:$(DOCDIR)/interface.conf \
	$(foreach page,$(wildcard man/*.[1-8]),644:$(page):$(MANDIR)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page))) \
	$(patsubst %,644:%:$(DATADIR)/bash-completion/completions/xdp-action,$(wildcard xdp-action/completion/*.bash)) \
	$(patsubst %,644:%:$(DATADIR)/zsh/site-functions/_xdp-action,$(wildcard xdp-action/completion/*.zsh)) \
	$(patsubst %,644:%:$(DATADIR)/fish/vendor_completions.d/xdp-action.fish,$(wildcard xdp-action/completion/*.fish)) \
	$(foreach text,$(wildcard *.md docs/*.md docs/pictures/*.svg docs/pictures/*.txt LICENSES/*) $(fleet),644:$(text):$(DOCDIR)/$(text)) \
	$(foreach schema,$(wildcard xdp-action/schema/*),644:$(schema):$(DATADIR)/xdp-action/schema/$(notdir $(schema)))
# Links: target and place. Each function has a page, as man(1) looks for it.
functions = $(shell sed -n 's/^[[:space:]]*\(xdpaction_[a-z0-9_]*\);$$/\1/p' lib/libxdpaction.map)
links = $(notdir $(SHARED)):$(LIBDIR)/$(SONAME) $(SONAME):$(LIBDIR)/libxdpaction.so \
	$(foreach function,$(functions),libxdpaction.3:$(MANDIR)/man3/$(function).3)
replace = sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@SBINDIR@|$(SBINDIR)|; \
	s|@VERSION@|$(VERSION)|'

# Writes nothing into the tree.
install: all
	$(Q)set -e; for entry in $(installed); do \
		mode=$${entry%%:*} rest=$${entry#*:}; file=$${rest%%:*} place="$(DESTDIR)$${rest#*:}"; \
		case $$file in \
		*.in) install -D -m $$mode /dev/null "$$place"; $(replace) $$file >"$$place" ;; \
		*) install -D -m $$mode $$file "$$place" ;; \
		esac; \
	done; for entry in $(links); do \
		ln -sf $${entry%%:*} "$(DESTDIR)$${entry#*:}"; \
	done; docs/unlink "$(DESTDIR)$(DOCDIR)"

# With the directories that are empty then, but for those that any system has, as /opt, which may have been empty before.
usual = /bin /boot /etc /home /lib /lib64 /media /mnt /opt /root /run /sbin /srv /tmp /usr /usr/local /var /var/opt $(HOME) \
	$(if $(filter /usr /usr/local,$(PREFIX)),$(SBINDIR) $(LIBDIR) $(INCLUDEDIR) $(DATADIR) $(MANDIR))
kept = $(if $(DESTDIR),,$(usual))
uninstall:
	$(Q)for entry in $(installed) $(addprefix link:,$(links)); do \
		place=$${entry#*:*:}; rm -f "$(DESTDIR)$$place"; \
		while place=$${place%/*}; test -n "$$place"; do \
			case ' $(kept) ' in *" $$place "*) break ;; esac; \
			rmdir "$(DESTDIR)$$place" 2>/dev/null || break; \
		done; \
	done

deb:
	packaging/deb

rpm:
	packaging/rpmbuild

# What the check compares later libraries with, written down at a release.
abi: $(SHARED)
	lib/print-abi $(SHARED) >lib/libxdpaction.abi
.PHONY: abi

dist:
	@git rev-parse --git-dir >/dev/null
	git archive --prefix=xdp-action-$(VERSION)/ --output=xdp-action-$(VERSION).tar HEAD
	xz -9 --force xdp-action-$(VERSION).tar

clean:
	rm -rf build bpf/*.o $(SKELETONS) $(STATIC) lib/libxdpaction.so* $(TOOL)

distclean: clean
	rm -f config.mk

.PHONY: all tests demo test check check-faults soak check-matrix check-newest coverage bench docs install uninstall deb rpm dist clean distclean
.DELETE_ON_ERROR:
.SECONDARY:

-include $(wildcard build/*/*.d build/*/*/*.d build/*/*/*/*.d)
