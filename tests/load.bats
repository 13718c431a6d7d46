#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Loading: all or nothing, and said as it is.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

@test "load: the program is in the chain and passes packets" {
	run_ok xdp-action load v0
	says "v0: loaded" PASS
	chain_is v0 "$(alone)"
	passes 100
	is "$(counted v0)" "0 0 100 0 0"
}

@test "load: ping goes through over IPv4 and IPv6" {
	ipv6 on
	make_pair w0 w1
	ipv6 off
	ip address add fd00::1/64 dev w0 nodad
	ip -n peer address add fd00::2/64 dev w1 nodad
	run_ok xdp-action load v0 w0
	run_ok ping -q -c 2 -i 0.1 -W 2 10.0.0.2
	run_ok ping -q -c 2 -i 0.1 -W 2 fd00::2
}

@test "load -a: the verdict holds from the first packet on" {
	run_ok xdp-action load -a DROP v0
	says DROP
	blocked
	is "$(counted v0)" "0 10 0 0 0"
}

@test "load -a TX: says that frames would vanish" {
	run_ok xdp-action load -a TX v0
	complains v0 TX vanish
	run_ok xdp-action unload v0
	run_ok xdp-action load -a DROP v0
	says_not vanish
}

@test "load: says that it is in single mode, and what that means" {
	needs_single_mode
	run_ok xdp-action load v0
	[[ $output$error == *"single mode"* ]] || explain "it should say 'single mode'"
	[[ $output$error == *"no other"* ]] || explain "it should say that no other program can join"
	is "$(field v0 dispatcher)" false
}

@test "load --require-dispatcher: fails without one and changes nothing" {
	needs_single_mode
	run_fail 1 xdp-action load --require-dispatcher v0
	complains v0 dispatcher
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "load --require-dispatcher: succeeds with one" {
	needs_dispatcher
	run_ok xdp-action load --require-dispatcher v0
	says_not "single mode"
	chain_is v0 "50 xdp_action"
}

@test "load --prio: is the priority in the chain" {
	needs_dispatcher
	run_ok xdp-action load -P 7 v0
	chain_is v0 "7 xdp_action"
}

@test "load twice: an error that changes nothing" {
	run_ok xdp-action load v0
	run_ok xdp-action set DROP v0
	local before id
	before=$(listing "$bpffs")
	id=$(attached_id v0)
	run_fail 1 xdp-action load -a PASS v0
	complains v0 "already"
	is "$(attached_id v0)" "$id" "the program on v0"
	is "$(listing "$bpffs")" "$before" "the bpffs"
	is "$(field v0 setting/verdict)" drop
	chain_is v0 "$(alone)"
}

@test "load -m skb: generic mode" {
	run_ok xdp-action load -m skb v0
	says skb
	[[ $(ip link show v0) == *" xdpgeneric "* ]]
	is "$(field v0 mode)" skb
	passes
}

@test "load: native mode where there is none names -m skb and changes nothing" {
	run_fail 1 xdp-action load lo
	complains lo native "-m skb"
	is "$(attached_id lo)" 0
	nothing_pinned
	run_ok xdp-action load -m skb lo
	run_ok xdp-action unload lo
	is "$(attached_id lo)" 0
}

@test "load: another mode than the dispatcher's is refused at once" {
	needs_dispatcher
	run_ok xdp-loader load -m skb v0 "$neighbour"
	local before=$SECONDS
	run_fail 1 xdp-action load v0
	complains v0 skb
	# What is tried again is tried for five seconds.
	between $((SECONDS - before)) 0 4 "seconds"
	is "$(loader_chain v0)" "50 neighbour"
	run_ok xdp-action load -m skb v0
	is "$(loader_chain v0)" "50 neighbour,50 xdp_action"
}

@test "load: MTU 9000 in native mode, jumbo frames are counted whole" {
	needs_frags
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
	run_ok xdp-action load v0
	is "$(field v0 frags)" true
	flow -c 20 -l 9000 peer:v1 v0
	is "${flow[v0]}" 20
	is "$(field v0 counters/pass/bytes)" 180000
	run_ok xdp-action set DROP v0
	flow -c 20 -l 9000 -w 20 peer:v1 v0
	is "${flow[v0]}" 0
	is "$(field v0 counters/drop/bytes)" 180000
}

@test "load: no such interface" {
	run_fail 1 xdp-action load nosuch0
	complains nosuch0
	says_not "did you mean"
	nothing_pinned
}

@test "load: a slip in the name of an interface is told with the one that was probably meant" {
	make_pair uplink10 far10
	run_fail 1 xdp-action load uplnik10
	complains "uplnik10: there is no such interface" "did you mean 'uplink10'? 'ip link' shows"
	attempt xdp-action load -j UPLINK10
	is "$status" 1
	complains '"advice": "did you mean '\''uplink10'\''?'
	# Those are other interfaces, not slips.
	run_fail 1 xdp-action load uplink11 uplink1 uplink
	says_not "did you mean"
	nothing_pinned
}

@test "load: no bpffs is an error that says how to mount one" {
	umount "$bpffs"
	run_fail 1 xdp-action load v0
	complains "$bpffs" "mount -t bpf"
	is "$(attached_id v0)" 0
}

@test "load: a program attached without libxdp is named, with its id, and stays" {
	ip link set dev v0 xdp obj "$neighbour" sec xdp
	local id
	id=$(attached_id v0)
	run_fail 1 xdp-action load v0
	complains v0 neighbour "$id"
	is "$(attached_id v0)" "$id" "the program on v0"
	nothing_pinned
}

@test "load: a full chain is an error that changes nothing" {
	needs_dispatcher
	local before
	run_ok xdp-loader load v0 "$neighbour" "$neighbour" "$neighbour" "$neighbour" "$neighbour" \
		"$neighbour" "$neighbour" "$neighbour" "$neighbour" "$neighbour"
	before=$(loader_chain v0)
	run_fail 1 xdp-action load v0
	complains v0 10
	is "$(loader_chain v0)" "$before"
	nothing_pinned
}

@test "load: pins are nobody else's, whatever the umask" {
	umask 0
	run_ok xdp-action load v0
	umask 022
	local dir pin
	dir=$(field v0 pins)
	is "$dir" "$pins/$(stat -Lc %i /proc/self/ns/net)-$(cat /sys/class/net/v0/ifindex)"
	is "$(stat -c %a "$pins")" 700
	is "$(stat -c %a "$dir")" 700
	is "$(listing "$dir")" $'action\naction_counters\naction_targets'
	for pin in "$dir"/*; do
		is "$(stat -c '%a %u' "$pin")" "600 0" "$pin"
	done
}

@test "load: an interface name with a dot, or of 15 bytes" {
	make_pair v0.100 v1.100
	make_pair fifteen-bytes-x v1.15
	run_ok xdp-action load v0.100 fifteen-bytes-x
	run_ok xdp-action set DROP v0.100
	is "$(field v0.100 setting/verdict)" drop
	is "$(field fifteen-bytes-x setting/verdict)" pass
	run_ok xdp-action unload v0.100 fifteen-bytes-x
	is "$(attached_id v0.100) $(attached_id fifteen-bytes-x)" "0 0"
}

@test "load: several interfaces are each tried, and a failure is the exit status" {
	make_pair w0 w1
	attempt xdp-action load v0 nosuch0 w0
	is "$status" 1
	complains nosuch0
	says "v0: loaded" "w0: loaded"
	chain_is v0 "$(alone)"
	chain_is w0 "$(alone)"
}

@test "load: the same interface twice on one command line is loaded once" {
	run_ok xdp-action load v0 v0
	chain_is v0 "$(alone)"
}

@test "load: five at once on one interface, one of them does it" {
	local i results='' result
	for ((i = 0; i < 5; i++)); do
		start xdp-action load v0
	done
	for i in "${started[@]}"; do
		result=0
		wait "$i" || result=$?
		results+="$result"
	done
	is "$(tr -d 1 <<<"$results")" 0 "the one exit status that is not 1 of $results"
	chain_is v0 "$(alone)"
	is "$(field v0 problems/#)" 0
}

@test "-q says nothing, -v says what was done" {
	run_ok xdp-action -q load v0
	is "$output$error" ""
	run_ok xdp-action set -q DROP v0
	is "$output$error" ""
	run_ok xdp-action unload -v v0
	[ -n "$output" ]
	run_ok xdp-action load -v -v v0
	complains libbpf
}

@test "xdp-loader load of our object is managed like our own" {
	needs_frags
	run_ok xdp-loader load v0 "$object"
	is "$(loader_chain v0)" "$(alone)"
	run_ok xdp-action status v0
	says v0 PASS
	run_fail 1 xdp-action load v0
	complains already
	run_ok xdp-action set DROP v0
	blocked
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "commands may be shortened while only one fits" {
	run_ok xdp-action lo v0
	run_ok xdp-action sta v0
	run_fail 2 xdp-action s v0
	complains set status
	run_ok xdp-action un v0
}
