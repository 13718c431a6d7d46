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
	complains "MTU 9000" "is too large for native mode without frags" "lower the MTU" "-m skb"
	is "$(attached_id v0)" 0
	nothing_pinned
	run_ok xdp-action load -m skb v0
	run_ok xdp-action set DROP --for 1h v0
	flow -c 10 -l 9000 -w 20 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
}

# The largest MTU that the kernel lets the peer of v0 have. Next to a program without frags it is that of one page; some
# kernels see to it at the first program only and not when others join, so that what refuses the load or the unload
# at MTU 9000 is the driver. Where the kernel sees to it there is nothing to refuse.
peer_limit()
{
	ip -n peer -details -json link show v1 | jsonget 0/max_mtu
}

# filter_and_us IFNAME: a chain that began with ours.
filter_and_us()
{
	needs_dispatcher
	needs xdp-filter
	needs_frags
	run_ok xdp-action load "$1"
	run_ok xdp-filter load "$1"
}

@test "veth, MTU 9000 next to xdp-filter: load names it and the way out, or the kernel allows no such MTU" {
	filter_and_us v0
	run_ok xdp-action unload v0
	if [ "$(peer_limit)" -lt 9000 ]; then
		run_fail 2 ip -n peer link set v1 mtu 9000
		run_ok xdp-action load v0
		chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
		return
	fi
	make_jumbo
	local before
	before=$(listing "$bpffs")
	run_fail 1 xdp-action load v0
	complains "the MTU 9000 of its peer v1 is too large for native mode without frags" xdpfilt_alw_all "unload it" "lower the MTU" "skb mode"
	is "$(loader_chain v0)" "10 xdpfilt_alw_all"
	is "$(listing "$bpffs")" "$before" "the bpffs"
	run_ok xdp-filter unload v0
	run_ok xdp-filter load -m skb v0
	run_ok xdp-action load -m skb v0
	chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
	flow -c 10 -l 9000 peer:v1 v0
	is "${flow[v0]}" 10 "frames that came through"
}

@test "veth, unload at MTU 9000 next to xdp-filter: says why not, or the kernel allows no such MTU" {
	filter_and_us v0
	run_ok xdp-action set DROP v0
	if [ "$(peer_limit)" -lt 9000 ]; then
		run_fail 2 ip -n peer link set v1 mtu 9000
	else
		make_jumbo
		run_fail 1 xdp-action unload v0
		complains "the MTU 9000 of its peer v1 is too large for native mode without frags" xdpfilt_alw_all
		chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
		blocked
		ip link set v0 mtu 1500
		ip -n peer link set v1 mtu 1500
	fi
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 xdpfilt_alw_all"
}

# A driver that takes any MTU while a program runs, and refuses the next one.
@test "virtio_net, MTU 9000 next to xdp-filter: load says why not and what to do, and changes nothing" {
	needs_nics
	filter_and_us "$here"
	run_ok xdp-action unload "$here"
	ip link set "$here" mtu 9000
	local before
	before=$(listing "$bpffs")
	run_fail 1 xdp-action load "$here"
	complains "$here: the driver refuses the program: " MTU xdpfilt_alw_all "unload it" "skb mode"
	is "$(loader_chain "$here")" "10 xdpfilt_alw_all"
	is "$(listing "$bpffs")" "$before" "the bpffs"
	ip link set "$here" mtu 1500
	run_ok xdp-action load "$here"
	chain_is "$here" "10 xdpfilt_alw_all,50 xdp_action"
}

@test "virtio_net, unload at MTU 9000 next to xdp-filter: says why not and what to do, and changes nothing" {
	needs_nics
	filter_and_us "$here"
	run_ok xdp-action set DROP --force "$here"
	ip link set "$here" mtu 9000
	run_fail 1 xdp-action unload "$here"
	complains "$here: the driver refuses the chain without the program: " MTU xdpfilt_alw_all "unload it"
	chain_is "$here" "10 xdpfilt_alw_all,50 xdp_action"
	flow -c 10 -w 20 "peer:$there" "$here"
	is "${flow[$here]}" 0 "frames that came through"
	ip link set "$here" mtu 1500
	run_ok xdp-action unload "$here"
	is "$(loader_chain "$here")" "10 xdpfilt_alw_all"
}
