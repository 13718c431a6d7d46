#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What surrounds a command: its environment, a time namespace, alternative names of interfaces.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

@test "LIBXDP_SKIP_DISPATCHER=1: single mode, and it says why" {
	run_ok env LIBXDP_SKIP_DISPATCHER=1 xdp-action load v0
	complains LIBXDP_SKIP_DISPATCHER
	says "single mode"
	chain_is v0 "single xdp_action"
	run_ok xdp-action set DROP v0
	blocked
	run_ok xdp-action unload v0
	run_fail 1 env LIBXDP_SKIP_DISPATCHER=1 xdp-action load --require-dispatcher v0
	complains LIBXDP_SKIP_DISPATCHER "unset it"
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "LIBXDP_SKIP_DISPATCHER=1: where there is a dispatcher it changes nothing" {
	needs_dispatcher
	run_ok xdp-loader load v0 "$neighbour"
	local before
	before=$(loader_chain v0)
	run_fail 1 env LIBXDP_SKIP_DISPATCHER=1 xdp-action load v0
	complains v0 LIBXDP_SKIP_DISPATCHER "unset it"
	chain_is v0 "$before"
}

@test "LIBXDP_OBJECT_PATH without the dispatcher in it: an error that names it" {
	needs_dispatcher
	run_fail 1 env LIBXDP_OBJECT_PATH="$BATS_TEST_TMPDIR" xdp-action load v0
	complains v0 "does not find its dispatcher" LIBXDP_OBJECT_PATH
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "POSIXLY_CORRECT: options may still follow names" {
	run_ok xdp-action load v0
	run_ok env POSIXLY_CORRECT=1 xdp-action set DROP v0 -p 25%
	is "$(field v0 setting/probability)" 0.25
}

# left_of SECONDS NANOSECONDS: more than none of them, at most all.
left_of()
{
	between "$2" 1 "$1"000000000 "what is left"
}

@test "a time namespace: a setting ends when it should, and status says so" {
	[ -e /proc/self/ns/time ] || skip "this kernel has no time namespaces"
	local shifted=(unshare --time --boottime 1000000 --fork)
	run_ok xdp-action load v0
	run_ok "${shifted[@]}" xdp-action set DROP --for 1h v0
	blocked
	left_of 3600 "$("${shifted[@]}" xdp-action status -j v0 | jsonget instances/0/setting/remaining_ns)"
	left_of 3600 "$(field v0 setting/remaining_ns)"
	run_ok "${shifted[@]}" xdp-action set DROP --for 1s v0
	sleep 1
	passes
}

@test "a time namespace that is only for children: the same" {
	[ -e /proc/self/ns/time ] || skip "this kernel has no time namespaces"
	run_ok xdp-action load v0
	run_ok unshare --time --boottime 1000000 xdp-action set DROP --for 1h v0
	left_of 3600 "$(field v0 setting/remaining_ns)"
	left_of 3600 "$(unshare --time --boottime 1000000 xdp-action status -j v0 |
		jsonget instances/0/setting/remaining_ns)"
}

@test "an alternative name: is the interface's, which is taken once" {
	ip link property add dev v0 altname other0
	run_ok xdp-action load other0 v0
	run_ok xdp-action set DROP v0 other0
	is "$(field other0 setting/verdict interface)" "drop v0"
	run_ok xdp-action status -j v0 other0
	is "$(jsonget instances/# <<<"$output")" 1 "instances"
	run_ok xdp-action metrics other0 v0
	is "$(grep -c 'packets_total{interface="v0",verdict="drop"}' <<<"$output")" 1 "series of v0"
	run_ok xdp-action unload v0 other0
	nothing_pinned
}
