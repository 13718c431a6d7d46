#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Unloading, and what is done about pins that nothing uses.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

@test "unload: nothing is left" {
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	says v0
	is "$(attached_id v0)" 0
	nothing_pinned
	passes
}

@test "unload: what is not loaded is an error" {
	run_fail 1 xdp-action unload v0
	complains "v0: xdp-action is not loaded"
	says_not "xdp-action load"
	run_fail 1 xdp-action unload nosuch0
	complains nosuch0
}

@test "unload: a program attached without libxdp is not ours to remove" {
	ip link set dev v0 xdp obj "$neighbour" sec xdp
	local id
	id=$(attached_id v0)
	run_fail 1 xdp-action unload v0
	is "$(attached_id v0)" "$id"
}

@test "unload --all: every instance" {
	make_pair w0 w1
	make_pair x0 x1
	run_ok xdp-action load v0 w0
	run_ok xdp-action unload --all
	says v0 w0
	is "$(attached_id v0) $(attached_id w0) $(attached_id x0)" "0 0 0"
	nothing_pinned
}

@test "unload, load again: everything starts anew" {
	run_ok xdp-action load -a DROP v0
	blocked
	run_ok xdp-action unload v0
	run_ok xdp-action load v0
	is "$(field v0 setting/verdict)" pass
	is "$(counted v0)" "0 0 0 0 0"
}

@test "stale pins: load heals them" {
	run_ok xdp-action load -a DROP v0
	run_ok xdp-loader unload v0 --all
	is "$(attached_id v0)" 0
	[[ $(listing "$pins") == *action_counters* ]]
	run_ok xdp-action load v0
	chain_is v0 "$(alone)"
	is "$(field v0 setting/verdict)" pass
	is "$(field v0 problems/#)" 0
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "stale pins: unload removes them, though there is no instance" {
	run_ok xdp-action load v0
	ip link set v0 xdp off
	run_fail 1 xdp-action unload v0
	complains v0
	nothing_pinned
}

@test "stale pins: those of a deleted interface go with the next unload --all" {
	make_pair w0 w1
	run_ok xdp-action load v0 w0
	ip link del w0
	run_ok xdp-action unload --all
	nothing_pinned
}

@test "a low soft limit of descriptors: the hard one counts, for one interface and for 60" {
	natively "the limit is raised before anything is asked of the kernel"
	local names=() i
	for ((i = 0; i < 60; i++)); do
		echo "link add m$i group $group type veth peer name n$i"
	done | ip -batch -
	for ((i = 0; i < 60; i++)); do
		names+=("m$i")
	done
	ulimit -Sn 10
	run_ok xdp-action load -m skb "${names[@]}"
	run_ok xdp-action status -j
	is "$(jq '.instances | length' <<<"$output")" 60 "instances"
	run_ok xdp-action unload --all
	is "$(ip -details link show group "$group" | grep -c prog/xdp || true)" 0 "programs that were left"
	nothing_pinned
}

# every_absence CALLS COMMAND...: each of its system calls CALLS says once that there is no such thing, on the PATHS,
# where there are some. Either v0 is unloaded, or the command fails and says why.
paths=()
every_absence()
{
	local calls=$1 n words
	shift
	for ((n = 1; ; n++)); do
		[ "$(attached_id v0)" != 0 ] || run_ok xdp-action load v0
		attempt strace -f -o "$BATS_TEST_TMPDIR/calls" \
			"${paths[@]}" -e trace="$calls" -e inject="$calls:error=ENOENT:when=$n" "$@"
		grep -q INJECTED "$BATS_TEST_TMPDIR/calls" || break
		if [ "$(attached_id v0)" != 0 ]; then
			words=${error%%$'\n'*}
			[[ $status = 1 && ${words##*: } = [a-zA-Z]* ]] || explain "call $n of $calls: it still runs"
		fi
	done
	between $n 3 200 "calls of $calls"
}

@test "unload: what still runs is never taken for gone, whatever the kernel does not find" {
	needs strace
	natively "what is looked for is the same"
	every_absence bpf xdp-action unload v0
}

@test "unload --all: neither is it where /proc and the bpffs are not found" {
	needs strace
	natively "what is looked for is the same"
	paths=(-P /proc/thread-self/ns/net -P "$bpffs" -P "$bpffs/xdp" -P "$pins")
	every_absence stat,lstat,newfstatat,statx xdp-action unload --all
	every_absence statfs xdp-action unload --all
}
