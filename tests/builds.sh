#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The ways in which others build the project, each in a copy of the tree, with warnings as errors. Speaks TAP; needs
# no root.

set -u
cd "$(dirname "$0")/.." || exit 1
# It sets $work.
# shellcheck disable=SC2154
. tests/support/tap.bash
. tests/support/files.bash
# Those of the tree are not for its copies.
unset CC PKG_CONFIG HARDENING

# What dpkg-buildflags says in Ubuntu 24.04.
ubuntu_cppflags="-Wdate-time -D_FORTIFY_SOURCE=3"
ubuntu_cflags="-g -O2 -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -flto=auto -ffat-lto-objects
	-fstack-protector-strong -fstack-clash-protection -Wformat -Werror=format-security -fcf-protection"
ubuntu_ldflags="-Wl,-Bsymbolic-functions -flto=auto -ffat-lto-objects -Wl,-z,relro -Wl,-z,now"

# in_copy DIRECTORY FUNCTION: in a copy of the tree.
in_copy()
{
	local copy=$work/$1
	rm -rf "$copy"
	bring_up_to_date "$copy" && cd "$copy" && "$2"
}

# run COMMAND...: it must succeed, and without a warning.
run()
{
	"$@" >"$work/said" 2>&1 && ! grep -E 'warning:|WARNING' "$work/said" && return
	tail -n 20 "$work/said"
	return 1
}

# The library has the functions of its header, for the linker to find, and no others.
has_library()
{
	local static
	lib/check-exports "$(echo lib/libxdpaction.so.*.*.*)" || return
	static=$(nm -g --defined-only lib/libxdpaction.a | awk 'NF == 3 { print $3 }' | sort)
	diff -u <(nm -D --defined-only lib/libxdpaction.so | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort) \
		<(echo "$static") && ! readelf -S --wide lib/libxdpaction.a | grep -F .gnu.lto_
}

# As dh builds a package in Ubuntu, where the tree's path has a space, and installs it from a tree that is read-only.
build_as_ubuntu()
{
	# They are for configure to expand.
	# shellcheck disable=SC2016
	run env CPPFLAGS="$ubuntu_cppflags" CFLAGS="${ubuntu_cflags//$'\n'/ }" LDFLAGS="$ubuntu_ldflags" ./configure \
		--enable-werror --build=x86_64-linux-gnu --prefix=/usr '--includedir=${prefix}/include/x86_64-linux-gnu' \
		'--mandir=${prefix}/share/man' '--infodir=${prefix}/share/info' --sysconfdir=/etc --localstatedir=/var \
		--disable-option-checking --disable-silent-rules '--libdir=${prefix}/lib/x86_64-linux-gnu' --runstatedir=/run \
		--disable-maintainer-mode --disable-dependency-tracking --disable-static --unitdir=/usr/lib/systemd/system &&
		run make && has_library && installs_as_ubuntu
}

installs_as_ubuntu()
{
	local root=$work/root file
	chmod -R a-w .
	run make install DESTDIR="$root"
	chmod -R u+w .
	for file in sbin/xdp-action include/x86_64-linux-gnu/xdpaction.h lib/x86_64-linux-gnu/libxdpaction.so \
		lib/x86_64-linux-gnu/pkgconfig/libxdpaction.pc share/man/man8/xdp-action.8; do
		[ -s "$root/usr/$file" ] || { echo "$file was not installed"; return 1; }
	done
	! find "$root" -name '*.a' | grep . || return
	grep -qx 'includedir=/usr/include/x86_64-linux-gnu' "$root/usr/lib/x86_64-linux-gnu/pkgconfig/libxdpaction.pc"
}

build_with_clang()
{
	need clang || return
	run ./configure --enable-werror CC=clang && run make && run make -j2 clean all && has_library
}

# With what %configure says in Fedora, and the documents where SUSE has them.
build_as_fedora()
{
	run ./configure --enable-werror CFLAGS=-O3 --build=x86_64-redhat-linux --host=x86_64-redhat-linux --program-prefix= \
		--prefix=/usr --exec-prefix=/usr --datadir=/usr/share --libdir=/usr/lib64 --sharedstatedir=/var/lib --disable-static \
		--docdir=/usr/share/doc/packages/xdp-action && run make && has_library && installs_documents
}

installs_documents()
{
	local root=$work/documents
	run make install DESTDIR="$root"
	[ -s "$root/usr/share/doc/packages/xdp-action/README.md" ] || { echo "--docdir is not heeded"; return 1; }
	find "$root" -name '*.md' ! -path '*/doc/packages/xdp-action/*' | nothing
}

# A compiler for another machine comes with tools of the same prefix, and those without are of no use.
build_cross()
{
	local tool
	mkdir cross
	for tool in gcc ar objcopy; do
		printf '#!/bin/sh\necho %s >>"%s"\nPATH=%s exec %s "$@"\n' "$tool" "$PWD/cross/used" "$PATH" \
			"$(command -v "$tool")" >"cross/other-linux-gnu-$tool"
		printf '#!/bin/sh\necho "%s is of this machine" >&2\nexit 1\n' "$tool" >"cross/$tool"
	done
	cp cross/gcc cross/cc
	cp cross/gcc cross/ld
	chmod +x cross/*
	PATH=$PWD/cross:$PATH run ./configure --enable-werror --host=other-linux-gnu || return
	PATH=$PWD/cross:$PATH run make || return
	diff <(printf '%s\n' ar gcc objcopy) <(sort -u cross/used)
}

dist_without_git()
{
	! GIT_DIR=$PWD/none make dist >"$work/said" 2>&1 || { echo "make dist succeeded"; return 1; }
	grep -qi 'not a git repository' "$work/said" && ! ls ./*.tar* 2>/dev/null
}

check "Ubuntu's flags and dh's options, a path with a space, and installed from a read-only tree" \
	in_copy "with a space" build_as_ubuntu
check "clang as the C compiler, and make clean all" in_copy clang build_with_clang
check "-O3, %configure's options, and a directory for the documents" in_copy fedora build_as_fedora
check "a cross compiler and its tools" in_copy cross build_cross
check "make dist without git fails, and leaves no archive" in_copy dist dist_without_git
finish
