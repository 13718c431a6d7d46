# SPDX-License-Identifier: GPL-2.0-only
#
# make            the BPF program, the library and the tool; V=1 shows the commands
# make demo       a tour in a network namespace of its own, as root
# make check      every test, as root
# make bench      what a packet and what a command costs, as root
# make install    to PREFIX, SBINDIR, LIBDIR, MANDIR, below DESTDIR; uninstall takes it away again
# make dist       a source archive of the last commit
# make clean      removes what make made; distclean also what configure made

ifeq ($(filter clean distclean,$(MAKECMDGOALS)),)
include config.mk
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
SKELETON = lib/xdp_action.skel.h
STATIC = lib/libxdpaction.a
SONAME = libxdpaction.so.$(MAJOR)
SHARED = lib/libxdpaction.so.$(VERSION)
TOOL = xdp-action/xdp-action

lib_objects = $(patsubst %.c,build/%.o,$(wildcard lib/*.c))
tool_objects = $(patsubst %.c,build/%.o,$(wildcard xdp-action/*.c))

# Below tests/ a C file with a main() is a program; it gets what it uses of the other files of its part.
test_sources = $(filter-out %.bpf.c,$(wildcard tests/$(1)/*.c tests/$(1)/*/*.c))
with_main = $(if $(1),$(shell grep -l '^int main\>' $(1)))
programs = $(patsubst %.c,build/%,$(call with_main,$(call test_sources,$(1))))
parts = $(patsubst %.c,build/%.o,$(filter-out $(call with_main,$(call test_sources,$(1))),$(call test_sources,$(1))))
bpf_objects = $(patsubst %.c,build/%.o,$(wildcard tests/$(1)/*.bpf.c tests/$(1)/*/*.bpf.c))
test_programs := $(call programs,unit) $(call programs,tools)
bench_programs := $(call programs,bench)

# The flags of the project; CFLAGS and LDFLAGS are the builder's.
all_cflags = -std=gnu11 -D_GNU_SOURCE= -fPIC -Ilib -Ibpf $(LIB_CFLAGS) \
	-Wall -Wextra -Wno-unused-parameter -Wmissing-prototypes -Wstrict-prototypes -Wshadow \
	-Wpointer-arith -Wwrite-strings -Wundef -Wvla $(WERROR) \
	-ffile-prefix-map=$(CURDIR)/= $(HARDENING) $(CFLAGS)
all_ldflags = $(HARDENING) $(LINK_HARDENING) $(LDFLAGS)
bpf_cflags = -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Ibpf $(BPF_INCLUDES) \
	-Wall -Wextra -Wno-unused-parameter $(WERROR) -ffile-prefix-map=$(CURDIR)/=

all: $(BPF_OBJECT) $(STATIC) $(SHARED) lib/libxdpaction.pc $(TOOL)

config.mk: configure
	./configure $(CONFIGURE_ARGS)

$(BPF_OBJECT): bpf/xdp_action.bpf.c bpf/xdp_action.h config.mk
	$(say) CLANG $@
	$(Q)$(CLANG) $(bpf_cflags) -c $< -o $@

$(SKELETON): $(BPF_OBJECT)
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen skeleton $< name xdp_action_bpf >$@.new 2>$@.log || { cat $@.log; exit 1; }
	$(Q)mv $@.new $@ && rm $@.log

build/%.bpf.o: %.bpf.c config.mk
	$(say) CLANG $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(bpf_cflags) -MMD -MP -c $< -o $@

build/%.o: %.c config.mk
	$(say) CC $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_cflags) -MMD -MP -c $< -o $@

$(lib_objects) $(addsuffix .o,$(test_programs) $(bench_programs)): | $(SKELETON)

$(STATIC): $(lib_objects)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(SHARED): $(lib_objects) lib/libxdpaction.map
	$(say) LD $@
	$(Q)$(CC) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=lib/libxdpaction.map $(all_ldflags) \
		$(lib_objects) $(LIB_LIBS) -o $@
	$(Q)ln -sf $(@F) lib/$(SONAME) && ln -sf $(SONAME) lib/libxdpaction.so

lib/libxdpaction.pc: lib/libxdpaction.pc.in lib/xdpaction.h config.mk
	$(say) GEN $@
	$(Q)sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' $< >$@

$(TOOL): $(tool_objects) $(STATIC)
	$(say) LD $@
	$(Q)$(CC) -pie $(all_ldflags) $^ $(LIB_LIBS) $(TOOL_LIBS) -o $@

# All of the tool but its main(), for the tests of its parts.
build/tool.a: $(filter-out build/xdp-action/main.o,$(tool_objects))
build/tests-unit.a: $(call parts,unit)
build/tests-tools.a: $(call parts,tools)
build/tests-bench.a: $(call parts,bench)
build/%.a:
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(call programs,unit): build/tests-unit.a
$(call programs,tools): build/tests-tools.a
$(call programs,bench): build/tests-bench.a
$(test_programs) $(bench_programs): build/%: build/%.o build/tool.a $(STATIC)
	$(say) LD $@
	$(Q)$(CC) -pie $(all_ldflags) $(filter %.o,$^) $(filter build/%.a,$^) $(STATIC) $(LIB_LIBS) $(TOOL_LIBS) \
		-pthread -lm -o $@

build/tests/%.o: all_cflags += -Ixdp-action -Itests

tests: all $(test_programs) $(call bpf_objects,unit) $(call bpf_objects,tools)

demo: all
	@tests/demo

check: tests
	@tests/run

bench: all $(bench_programs) $(call bpf_objects,bench)
	@tests/bench/run

clean:
	rm -rf build $(BPF_OBJECT) $(SKELETON)* $(STATIC) lib/libxdpaction.so* lib/libxdpaction.pc $(TOOL)

distclean: clean
	rm -f config.mk

.PHONY: all tests demo check bench clean distclean
.DELETE_ON_ERROR:
.SECONDARY:

-include $(wildcard build/*/*.d build/*/*/*.d build/*/*/*/*.d)
