#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
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
	complains v0
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
