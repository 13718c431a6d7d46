#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What some kernels and some neighbours lack: it is found out on load, said by -v, and refused with the way out.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

make_jumbo()
{
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
}

@test "load -v says whether the kernel has frags and packet budgets, and it is so" {
	run_ok xdp-action load -v v0
	if has_frags; then
		complains "this kernel has frags and"
		is "$(field v0 frags)" true
	else
		complains "this kernel has no frags and"
		is "$(field v0 frags)" false
	fi
	if [[ $error == *"and packet budgets"* ]]; then
		run_ok xdp-action set DROP --packets 3 v0
		flow -c 10 -w 20 peer:v1 v0
		is "${flow[v0]}" 7 "frames that came through"
	else
		complains "and no packet budgets"
		run_fail 1 xdp-action set DROP --packets 3 v0
		complains "cannot count packets down" "--for"
		is "$(field v0 setting/verdict)" pass
		passes
	fi
}

@test "a kernel without frags: MTU 9000 is refused, -m skb is the way, and a set works" {
	! has_frags || skip "the running kernel has frags"
	make_jumbo
	run_fail 1 xdp-action load v0
	complains "the MTU 9000 is too large for native mode without frags" "lower the MTU" "-m skb"
	is "$(attached_id v0)" 0
	nothing_pinned
	run_ok xdp-action load -m skb v0
	run_ok xdp-action set DROP --for 1h v0
	flow -c 10 -l 9000 -w 20 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
}

# The interface takes the MTU while all have frags, and xdp-filter joins before the MTU is raised.
@test "MTU 9000 next to xdp-filter: load names it and the way out, which works" {
	needs_dispatcher
	needs xdp-filter
	needs_frags
	run_ok xdp-action load v0
	run_ok xdp-filter load v0
	run_ok xdp-action unload v0
	make_jumbo
	local before
	before=$(listing "$bpffs")
	run_fail 1 xdp-action load v0
	complains "the MTU 9000 is too large for native mode without frags" xdpfilt_alw_all "unload it" "lower the MTU" "skb mode"
	is "$(loader_chain v0)" "10 xdpfilt_alw_all"
	is "$(listing "$bpffs")" "$before" "the bpffs"
	run_ok xdp-filter unload v0
	run_ok xdp-filter load -m skb v0
	run_ok xdp-action load -m skb v0
	chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
	flow -c 10 -l 9000 peer:v1 v0
	is "${flow[v0]}" 10 "frames that came through"
}

@test "unload at MTU 9000 next to xdp-filter: says why not and what to do, and changes nothing" {
	needs_dispatcher
	needs xdp-filter
	needs_frags
	run_ok xdp-action load v0
	run_ok xdp-filter load v0
	make_jumbo
	run_fail 1 xdp-action unload v0
	complains "the MTU 9000 is too large for native mode without frags" xdpfilt_alw_all
	chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
	run_ok xdp-action set DROP v0
	blocked
	ip link set v0 mtu 1500
	ip -n peer link set v1 mtu 1500
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 xdpfilt_alw_all"
}
