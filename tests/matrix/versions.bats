#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Two versions of libxdp on one host: one has loaded, the tool of the other comes along. To look and to set works
# always; to load and to unload works where both know the format of the dispatcher, and says so where not; and
# nothing of the other is deleted.
#
# XDP_ACTION_TESTS_USERLANDS has a line for each userland: its name, its root and its built tree. Each becomes a
# command: `sid xdp-action load v0` runs with sid's libraries, on this kernel and this bpffs.

# Variables of the helpers.
# shellcheck disable=SC2154
load ../helpers

mapfile -t userlands < <(cut -d ' ' -f 1 <<<"$XDP_ACTION_TESTS_USERLANDS")
commands=/run/userlands
PATH=$commands:$PATH
declare -A format

setup()
{
	[ -d "$commands" ] || enter_roots
	default_setup
	make_pair w0 w1
	local name
	for name in "${userlands[@]}"; do
		format[$name]=$(<"$commands/$name.format")
	done
}

# What is mounted below /sys from now on is there in the roots as well.
enter_roots()
{
	local name root tree
	mount --make-shared /sys
	mkdir "$commands"
	while read -r name root tree; do
		mkdir -p "$root$tree"
		mount --bind "$tree" "$root$tree"
		mount --bind /proc "$root/proc"
		mount --bind /dev "$root/dev"
		mount --rbind /sys "$root/sys"
		cat >"$commands/$name" <<-END_OF_COMMAND
			#!/bin/sh
			exec chroot "$root" env PATH="$tree/xdp-action:/usr/sbin:/usr/bin:/sbin:/bin" "\$@"
		END_OF_COMMAND
		chmod +x "$commands/$name"
		find_format "$name" >"$commands/$name.format"
	done <<<"$XDP_ACTION_TESTS_USERLANDS"
}

# Of the dispatcher that the libxdp of a userland makes.
find_format()
{
	ip link add scratch0 type veth peer name scratch1
	"$1" xdp-action -q load scratch0
	"$1" xdp-action status -j scratch0 | jsonget instances/0/dispatcher_format
	"$1" xdp-action -q unload scratch0
	ip link del scratch0
}

# each_pair COMMAND: with the names of each two userlands, in either order. What the one has loaded is unloaded
# with its own tools in the end.
each_pair()
{
	local a b
	for a in "${userlands[@]}"; do
		for b in "${userlands[@]}"; do
			[ "$a" != "$b" ] || continue
			echo "first $a (format ${format[$a]}), then $b (format ${format[$b]})"
			"$1" "$a" "$b"
			is "$(attached_id v0) $(attached_id w0)" "0 0" "programs on v0 and w0"
			is "$(listing "$bpffs" | grep -cE 'dispatch|action' || true)" 0 "pins in the bpffs"
		done
	done
}

# snapshot: what must not change.
snapshot()
{
	echo "v0 runs $(attached_id v0); the bpffs:"
	listing "$bpffs"
}

# works_or_explains A B COMMAND...: of B; it works when both have one format, or else says why not and what to do,
# and changes nothing.
works_or_explains()
{
	local a=$1 b=$2 before
	shift 2
	if [ "${format[$a]}" = "${format[$b]}" ]; then
		run_ok "$b" "$@"
		works=yes
		return
	fi
	before=$(snapshot)
	run_fail 1 "$b" "$@"
	explains "$a" "$b" "$before"
	works=
}

# explains A B SNAPSHOT: the last command says why it did not work, and has changed nothing since.
explains()
{
	local a=$1 b=$2 before=$3
	complains v0 "format ${format[$a]}" "format ${format[$b]}" "unload its programs with the tools of the libxdp that loaded them"
	is "$(snapshot)" "$before"
}

@test "the userlands have two formats of the dispatcher" {
	printf '%s\n' "${format[@]}"
	is "$(printf '%s\n' "${format[@]}" | sort -u | wc -l)" 2 "formats"
}

look_and_set()
{
	run_ok "$1" xdp-action load v0
	run_ok "$1" xdp-filter load v0
	local theirs before
	theirs=$("$1" xdp-action status -j v0 | jsonget instances/0/chain/#  instances/0/chain/0/name instances/0/chain/1/self)
	is "$theirs" "2 xdpfilt_alw_all true"
	before=$(snapshot)
	is "$("$2" xdp-action status -j v0 | jsonget instances/0/chain/#  instances/0/chain/0/name instances/0/chain/1/self)" "$theirs"
	run_ok "$2" xdp-action set DROP v0
	blocked
	run_ok "$2" xdp-action metrics v0
	is "$("$1" xdp-action status -j v0 | jsonget instances/0/setting/verdict instances/0/problems/#)" "drop 0"
	run_ok "$1" xdp-action set PASS v0
	is "$("$2" xdp-action status -j v0 | jsonget instances/0/setting/verdict instances/0/problems/#)" "pass 0"
	passes
	is "$(snapshot)" "$before"
	run_ok "$1" xdp-action unload v0
	run_ok "$1" xdp-filter unload v0
}

@test "status and set work on an instance of the other, next to its xdp-filter" {
	each_pair look_and_set
}

unload_of_the_other()
{
	run_ok "$1" xdp-filter load v0
	run_ok "$1" xdp-action load v0
	works_or_explains "$1" "$2" xdp-action unload v0
	if [ -z "$works" ]; then
		run_ok "$1" xdp-action unload v0
	fi
	is "$("$1" xdp-loader status v0 | grep -c xdpfilt_alw_all)" 1 "xdp-filter in the chain"
	run_ok "$1" xdp-filter unload v0
}

@test "unload of an instance of the other: works, or says which version holds the dispatcher" {
	each_pair unload_of_the_other
}

# A newer libxdp can take down a whole dispatcher that it could not change.
unload_alone()
{
	run_ok "$1" xdp-action load v0
	local before
	before=$(snapshot)
	attempt "$2" xdp-action unload v0
	if [ $status -ne 0 ]; then
		[ "${format[$2]}" -lt "${format[$1]}" ] || explain "failed"
		explains "$1" "$2" "$before"
		run_ok "$1" xdp-action unload v0
	fi
}

@test "unload of the only program: works, or an older libxdp says which version holds the dispatcher" {
	each_pair unload_alone
}

load_into_the_other()
{
	run_ok "$1" xdp-filter load v0
	works_or_explains "$1" "$2" xdp-action load v0
	if [ -n "$works" ]; then
		is "$("$1" xdp-action status -j v0 | jsonget instances/0/chain/# instances/0/problems/#)" "2 0"
		run_ok "$1" xdp-action unload v0
	fi
	is "$("$1" xdp-loader status v0 | grep -c xdpfilt_alw_all)" 1 "xdp-filter in the chain"
	run_ok "$1" xdp-filter unload v0
}

@test "load into a dispatcher of the other's xdp-filter: works, or says which version holds it" {
	each_pair load_into_the_other
}

# xdp-filter 1.3 removes the pins of a newer one, so the other's stays out of it.
elsewhere()
{
	run_ok "$1" xdp-action load v0
	run_ok "$1" xdp-filter load v0
	local before
	before=$(snapshot)
	run_ok "$2" xdp-action load w0
	run_ok "$2" xdp-action set DROP w0
	run_ok "$2" xdp-action unload w0
	is "$(snapshot)" "$before"
	run_ok "$1" xdp-action unload v0
	run_ok "$1" xdp-filter unload v0
}

@test "what one does on another interface leaves the other's alone" {
	each_pair elsewhere
}
