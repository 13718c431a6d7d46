#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# TX and REDIRECT with real packets. A veth takes redirected frames only while its peer has GRO or a program;
# TX wants a program: with GRO alone frames are queued for the peer, and nothing wakes it.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	make_pair w0 w1
	peer_program v1 obj "$neighbour" sec xdp
	packets gro peer:w1 on
	run_ok xdp-action load v0
}

peer_program()
{
	ip -n peer link set dev "$1" xdp "${@:2}"
}

# The head of a frame as `packets` shows it: destination, source, and on.
mac_of()
{
	local mac
	mac=$(</dev/stdin)
	echo "${mac//:/}"
}

@test "TX: the sender gets its own frames back, with the MAC addresses swapped" {
	run_ok xdp-action set TX v0
	flow -c 50 -w 500 peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "0 50"
	local here there
	here=$(mac_of </sys/class/net/v0/address)
	there=$(ip -n peer -json link show v1 | jsonget 0/address | mac_of)
	is "${flow[first_back]:0:28}" "$there${here}88b5"
	is "$(counted v0)" "0 0 0 50 0"
}

@test "TX: a VLAN tag comes back as it was" {
	run_ok xdp-action set TX v0
	flow -c 1 -v 0x202a -w 500 peer:v1 v0
	is "${flow[back]}" 1
	is "${flow[first_back]:24:12}" 8100202a88b5
}

@test "TX: frames to a group address are never sent back" {
	run_ok xdp-action set TX v0
	flow -c 10 -d ff:ff:ff:ff:ff:ff peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "10 0"
	flow -c 10 -d 33:33:00:00:00:01 peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "10 0"
	run_ok xdp-action set TX --otherwise DROP v0
	flow -c 10 -w 50 -d ff:ff:ff:ff:ff:ff peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "0 0"
	is "$(counted v0)" "0 10 20 0 0"
}

@test "TX: jumbo frames come back" {
	peer_program v1 off
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
	run_ok xdp-action -N peer -q load v1
	run_ok xdp-action unload v0
	run_ok xdp-action load v0
	run_ok xdp-action set TX v0
	flow -c 20 -l 8000 -w 500 peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "0 20"
}

@test "TX: for a time, by chance, then PASS" {
	run_ok xdp-action set TX -p 50% --otherwise DROP -c 100 --then PASS v0
	flow -c 2000 -w 500 peer:v1 v0
	is "${flow[back]}" 100
	local drop pass tx
	read -r _ drop pass tx _ <<<"$(counted v0)"
	is "$tx $pass" "100 ${flow[v0]}"
	is $((drop + pass + tx)) 2000
}

@test "TX: set says where frames would vanish" {
	peer_program v1 off
	run_ok xdp-action set TX v0
	complains v0 TX program
	packets gro peer:v1 on
	run_ok xdp-action set TX v0
	complains v0 TX program
}

@test "REDIRECT: frames leave by the other interface" {
	run_ok xdp-action set REDIRECT --to w0 v0
	says "REDIRECT to w0"
	flow -c 50 -w 500 peer:v1 peer:w1 v0
	is "${flow[w1]} ${flow[v0]} ${flow[back]}" "50 0 0"
	is "$(counted v0)" "0 0 0 0 50"
	is "$(field v0 setting/target/interface)" w0
}

@test "REDIRECT: as the base of a temporary setting" {
	run_ok xdp-action set DROP -c 5 --then REDIRECT --to w0 v0
	flow -c 15 -w 500 peer:v1 peer:w1
	is "${flow[w1]}" 10
	is "$(counted v0)" "0 5 0 0 10"
}

@test "REDIRECT: is the base again when a temporary setting ends" {
	run_ok xdp-action set REDIRECT --to w0 v0
	run_ok xdp-action set DROP -c 5 v0
	says "then REDIRECT to w0"
	flow -c 15 -w 500 peer:v1 peer:w1
	is "${flow[w1]}" 10
}

@test "REDIRECT: to nowhere, to itself, to what is not there is refused" {
	run_fail 2 xdp-action set REDIRECT v0
	complains --to
	run_fail 1 xdp-action set REDIRECT --to nosuch0 v0
	complains nosuch0
	run_fail 1 xdp-action set REDIRECT --to v0 v0
	complains v0 itself
	is "$(field v0 setting/verdict)" pass
	passes
}

@test "REDIRECT: a target that cannot take frames is refused" {
	packets gro peer:w1 off
	attempt xdp-action set REDIRECT --to w0 v0
	if [ "$status" -eq 0 ]; then
		! tells_features || explain "it should be refused"
		skip "the running kernel does not tell what a driver can do"
	fi
	is "$status" 1
	complains w0 GRO
	is "$(field v0 setting/verdict)" pass
	passes
}

@test "REDIRECT: a target that is down is refused, and shown when it goes down later" {
	ip link set w0 down
	run_fail 1 xdp-action set REDIRECT --to w0 v0
	complains v0 "w0 is down" "ip link set w0 up"
	is "$(field v0 setting/verdict)" pass
	ip link set w0 up
	run_ok xdp-action set REDIRECT --to w0 v0
	is "$(field v0 problems/#)" 0
	ip link set w0 down
	is "$(field v0 problems/*/kind)" target-unable
	run_ok xdp-action status v0
	says problem "w0 is down"
	run_ok xdp-action set DROP -c 5 v0
	is "$(field v0 problems/*/kind)" target-unable "problems of the base"
	ip link set w0 up
	is "$(field v0 problems/#)" 0
}

@test "REDIRECT: set says that a target with a smaller MTU loses large packets" {
	ip link set w0 mtu 1400
	run_ok xdp-action set REDIRECT --to w0 v0
	complains "w0 has MTU 1400" REDIRECT
	ip link set w0 mtu 1500
	run_ok xdp-action set REDIRECT --to w0 v0
	[[ $error != *MTU* ]] || explain "there is no smaller MTU any more"
}

# tags_stay MODE: frames from the peer's VLAN interface keep their tag, sent back and redirected.
tags_stay()
{
	run_ok xdp-action set TX v0
	flow -c 10 -w 500 peer:v1.5 v0
	is "${flow[back]}" 10 "tagged frames that came back, in $1 mode"
	run_ok xdp-action set REDIRECT --to w0 v0
	flow -c 10 -w 500 peer:v1.5 peer:w1.5
	is "${flow[w1.5]}" 10 "tagged frames that were redirected, in $1 mode"
}

@test "TX, REDIRECT: the tag of a VLAN interface stays, in skb mode or where it is in the packet" {
	modprobe 8021q 2>/dev/null || true
	ip -n peer link add link v1 name v1.5 type vlan id 5 2>/dev/null || skip "the kernel has no VLANs"
	ip -n peer link add link w1 name w1.5 type vlan id 5
	ip -n peer link set v1.5 up
	ip -n peer link set w1.5 up
	packets txvlan peer:v1 off
	tags_stay native

	packets txvlan peer:v1 on
	run_ok xdp-action unload v0
	run_ok xdp-action load -m skb v0
	tags_stay skb
}

@test "REDIRECT: with the target gone packets are ABORTED, counted and shown" {
	run_ok xdp-action set REDIRECT --to w0 v0
	ip link del w0
	blocked
	is "$(counted v0)" "10 0 0 0 0"
	is "$(field v0 problems/*/kind)" target-gone
	run_ok xdp-action status v0
	says problem REDIRECT gone
	make_pair w0 w1
	packets gro peer:w1 on
	run_ok xdp-action set REDIRECT --to w0 v0
	flow -c 5 -w 500 peer:v1 peer:w1
	is "${flow[w1]}" 5
	is "$(field v0 problems/#)" 0
}

@test "REDIRECT: that no packet gets needs no target" {
	run_ok xdp-action set REDIRECT -p 0% --to w0 v0
	passes
	is "$(field v0 problems/#)" 0
}

@test "REDIRECT in skb mode: to any interface" {
	run_ok xdp-action unload v0
	packets gro peer:w1 off
	run_ok xdp-action load -m skb v0
	run_ok xdp-action set REDIRECT --to w0 v0
	flow -c 20 -w 500 peer:v1 peer:w1 v0
	is "${flow[w1]} ${flow[v0]}" "20 0"
}
