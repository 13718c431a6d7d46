#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What is built, configured and installed. Speaks TAP; needs a built tree and no root.

set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/tap.bash
. tests/support/files.bash

test_exports()
{
	lib/check-exports "$(echo lib/libxdpaction.so.*.*.*)"
}

# Does what was built with the library that the file $1 describes run with the one that $2 describes?
keeps_abi()
{
	comm -23 "$1" "$2" >"$work/gone"
	nothing <"$work/gone"
}

# With the last release, once there is one.
test_abi()
{
	need jq || return
	lib/print-abi "$(echo lib/libxdpaction.so.*.*.*)" >"$work/abi" && keeps_abi lib/libxdpaction.abi "$work/abi"
}

# The ABI of a header that the script $2 changes, in $work/$1.
abi_with()
{
	mkdir "$work/$1.include"
	sed "$2" lib/xdpaction.h >"$work/$1.include/xdpaction.h"
	lib/print-abi "$(echo lib/libxdpaction.so.*.*.*)" "$work/$1.include" >"$work/$1"
}

test_abi_policy()
{
	local status='/^struct xdpaction_status {/,/^};/' counter='/^struct xdpaction_counter {/,/^};/' changed
	need jq || return
	abi_with header ''
	[ "$(grep -c '^symbol ' "$work/header")" -eq "$(grep -c '^xdpaction_.*)$' "$work/header")" ] || return
	abi_with grown "$status s/^};/	uint64_t more;\n};/"
	keeps_abi "$work/header" "$work/grown"
	abi_with shifted "$status s/^	struct xdpaction_chain chain;/	uint64_t more;\n&/"
	abi_with unsized "$counter s/^};/	uint64_t more;\n};/"
	abi_with retyped 's/^int xdpaction_unload(struct xdpaction \*ctx, /&bool force, /'
	abi_with less '/^int xdpaction_unload(/d'
	for changed in shifted unsized retyped less; do
		! keeps_abi "$work/header" "$work/$changed" || { echo "'$changed' was taken for compatible"; return 1; }
	done
}

test_hardening()
{
	local headers
	[[ $HARDENING != *fsanitize* && $HARDENING != *coverage* ]] ||
		{ echo "the tree is built for finding errors"; return "$SKIP"; }
	headers=$(LC_ALL=C readelf -hldW xdp-action/xdp-action)
	grep -q 'Type:.*DYN' <<<"$headers" || { echo "the tool is no PIE"; return 1; }
	grep -q 'GNU_RELRO' <<<"$headers" || { echo "the tool has no RELRO"; return 1; }
	grep -qE 'BIND_NOW|FLAGS.*NOW' <<<"$headers" || { echo "the tool binds lazily"; return 1; }
	! grep -qE 'GNU_STACK.*E ' <<<"$headers" || { echo "the tool has an executable stack"; return 1; }
	nm -D xdp-action/xdp-action | grep -q __stack_chk_fail || { echo "no stack protector"; return 1; }
	nm -D xdp-action/xdp-action | grep -q '_chk@' || { echo "no FORTIFY"; return 1; }
}

test_help()
{
	local tool=xdp-action/xdp-action command commands
	commands=$($tool help | sed -n 's/^  \([a-z]\+\) .*/\1/p' | sort -u)
	for command in load unload set status help; do
		grep -qx "$command" <<<"$commands" || { echo "help does not name the command $command"; return 1; }
	done
	for command in $commands; do
		$tool help "$command" >"$work/help" || { echo "help $command failed"; return 1; }
		grep -q "^Usage: xdp-action $command" "$work/help" || { echo "help $command does not say how to use it"; return 1; }
		$tool "$command" --help | cmp - "$work/help" || return 1
	done
}

# configure with arguments that it must refuse: the exit status, what it has to say, and the arguments.
refuses()
{
	local wanted=$1 text=$2 status=0
	shift 2
	sh ./configure "$@" >"$work/out" 2>&1 </dev/null || status=$?
	[ "$status" -eq "$wanted" ] && grep -qF -- "$text" "$work/out" && return
	echo "configure $*: exit status $status and not $wanted, or without '$text':"
	cat "$work/out"
	return 1
}

test_configure()
{
	sha256sum config.mk >"$work/sum"
	refuses 2 "unknown option '--prefx=/usr'" --prefx=/usr &&
		refuses 2 "'usr'" usr &&
		refuses 2 "--prefix wants a value" --prefix &&
		refuses 2 "--prefix 'usr': not an absolute path" --prefix=usr &&
		refuses 2 "--libdir '/a b'" --libdir '/a b' &&
		refuses 2 "--mandir '/\\x'" '--mandir=/\x' &&
		refuses 1 "Debian, Ubuntu: libxdp-dev; Fedora: libxdp-devel" PKG_CONFIG=/nonexistent &&
		refuses 1 "Debian, Ubuntu: clang; Fedora: clang" CLANG=/nonexistent &&
		refuses 1 "Debian, Ubuntu: bpftool" BPFTOOL=/nonexistent &&
		refuses 1 "Debian, Ubuntu: gcc libc6-dev; Fedora: gcc" CC=/nonexistent &&
		sha256sum --check --status "$work/sum"
}

test_install()
{
	local root=$work/root file
	make -s install DESTDIR="$root" PREFIX=/usr SBINDIR=/sbin.d LIBDIR=/usr/lib64 MANDIR=/man.d || return
	for file in sbin.d/xdp-action usr/lib64/libxdpaction.so.0 usr/lib64/libxdpaction.a usr/lib64/bpf/xdp_action.o \
		usr/include/xdpaction.h usr/include/xdp_action_maps.h usr/lib64/pkgconfig/libxdpaction.pc \
		man.d/man8/xdp-action.8 man.d/man3/libxdpaction.3 usr/share/doc/xdp-action/README.md \
		usr/share/doc/xdp-action/docs/guide.md \
		usr/share/bash-completion/completions/xdp-action 'usr/lib/systemd/system/xdp-action@.service'; do
		[ -s "$root/$file" ] || { echo "make install did not install $file"; return 1; }
	done
	# The links of the page about many hosts lead to what is there, whole.
	grep -oE '\]\(\.\./[^)#]+' docs/fleet.md | cut -c 6- | grep . | while read -r file; do
		diff -r -x __pycache__ "$file" "$root/usr/share/doc/xdp-action/$file" 2>&1
	done | nothing || return
	dead_links "$root/usr/share/doc/xdp-action" | nothing || return
	file=$root/usr/share/doc/xdp-action/README.md
	if ! grep -qF 'xdp-action(8), libxdpaction(3)' "$file" || ! grep -qF '[Guide](docs/guide.md)' "$file"; then
		echo "the links of the installed README.md are not as they should be"
		return 1
	fi
	sed -n 's/^[[:space:]]*\(xdpaction_.*\);$/\1/p' lib/libxdpaction.map | while read -r file; do
		[ -s "$root/man.d/man3/$file.3" ] || echo "make install did not install $file.3"
	done | nothing
	"$root/sbin.d/xdp-action" --version >/dev/null || return
	grep -qx 'libdir=/usr/lib64' "$root/usr/lib64/pkgconfig/libxdpaction.pc" || { echo "wrong libdir in the .pc"; return 1; }
	make -s uninstall DESTDIR="$root" PREFIX=/usr SBINDIR=/sbin.d LIBDIR=/usr/lib64 MANDIR=/man.d || return
	find "$root" -mindepth 1 | nothing
}

# Nothing is installed there: what matters is which directories it would remove.
test_uninstall_keeps()
{
	local asked=$work/removals name=none.$$ directory
	mkdir "$work/recording" "$work/home"
	# For the script to expand.
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nprintf "%%s\\n" "$1" >>"%s"\n' "$asked" >"$work/recording/rmdir"
	printf '#!/bin/sh\n' >"$work/recording/rm"
	chmod +x "$work"/recording/*
	PATH=$work/recording:$PATH make -s uninstall DESTDIR= PREFIX="/opt/$name" SBINDIR="/opt/$name/sbin" \
		LIBDIR="/srv/$name/lib" MANDIR="$work/home/$name/man" HOME="$work/home" || return
	for directory in "/opt/$name" "/srv/$name" "$work/home/$name"; do
		grep -qxF "$directory" "$asked" || { echo "make uninstall leaves $directory"; return 1; }
	done
	grep -xF -e /opt -e /srv -e "$work/home" "$asked" | sort -u | nothing
}

# Each file with its time and its size, but for what other suites make meanwhile.
list_tree()
{
	find . -path ./build -prune -o -printf '%p %T@ %s\n' | sort
	find build/lib build/xdp-action -printf '%p %T@ %s\n' | sort
}

# The tree may be of another user, or on a medium that nobody can write to.
test_install_writes_nothing()
{
	local before
	before=$(list_tree)
	make -s install DESTDIR="$work/root" || return
	diff <(echo "$before") <(list_tree)
}

# A program of somebody else's finds the installed library by pkg-config alone.
test_consumer()
{
	local prefix=$work/prefix
	[[ $HARDENING != *fsanitize* ]] || { echo "the library is built with sanitizers"; return "$SKIP"; }
	make -s install PREFIX="$prefix" SBINDIR="$prefix/sbin" LIBDIR="$prefix/lib" MANDIR="$prefix/man" || return
	cat >"$work/consumer.c" <<-END
		#include <stdio.h>
		#include <xdpaction.h>
		int main(void)
		{
			struct xdpaction *ctx;
			if (xdpaction_new(&ctx))
				return 1;
			xdpaction_free(ctx);
			return puts(xdpaction_version()) < 0;
		}
	END
	export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	# Lists of options, so splitting is wanted.
	# shellcheck disable=SC2046,SC2086
	$CC -Wall -Werror "$work/consumer.c" $($PKG_CONFIG --cflags --libs libxdpaction) -o "$work/consumer" || return
	readelf -d "$work/consumer" | grep -qF '[libxdpaction.so.0]' || { echo "the soname is not libxdpaction.so.0"; return 1; }
	[ "$(LD_LIBRARY_PATH=$prefix/lib "$work/consumer")" = "$($PKG_CONFIG --modversion libxdpaction)" ] ||
		{ echo "the library and its .pc file differ in the version"; return 1; }
	# shellcheck disable=SC2046,SC2086
	$CC -Wall -Werror "$work/consumer.c" -I"$prefix/include" "$prefix/lib/libxdpaction.a" \
		$($PKG_CONFIG --static --libs libxdp libbpf libmnl) -o "$work/consumer-static" && "$work/consumer-static" >/dev/null
}

test_unit()
{
	need systemd-analyze || return
	local instance man=no
	! command -v man >/dev/null || man=yes
	make -s install DESTDIR="$work/root" UNITDIR=/unit SBINDIR="$work/root/sbin" &&
		sed "s|$work/root/sbin|$PWD/xdp-action|" "$work/root/unit/xdp-action@.service" >"$work/xdp-action@.service" &&
		install -D man/xdp-action.8 "$work/man/man8/xdp-action.8" || return
	for instance in eth0 eth0.100 'br\x2dlan'; do
		MANPATH=$work/man systemd-analyze verify --man="$man" "$work/xdp-action@$instance.service" 2>&1
	done | nothing
}

check "the shared library exports the functions of its header" test_exports
[ ! -e lib/libxdpaction.abi ] || check "what is built with the last release runs with this library" test_abi
check "only what the ABI's policy allows is taken for compatible" test_abi_policy
check "the tool is hardened" test_hardening
check "every command has a help" test_help
check "configure refuses what it does not understand and names the package of what is missing" test_configure
check "make install puts everything into its place, make uninstall takes everything away" test_install
check "make uninstall leaves the directories that any system has" test_uninstall_keeps
check "make install writes nothing into the tree" test_install_writes_nothing
check "systemd finds nothing wrong with the unit" test_unit
check "a program builds and runs with the installed library" test_consumer
finish
