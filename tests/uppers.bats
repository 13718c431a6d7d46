#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Interfaces on top of each other, and programs that a BPF link holds: what the kernel refuses for good is said at
# once, with a way out that works.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

# quickly COMMAND...: it is over before anybody would call it a retry, which goes on for five seconds.
quickly()
{
	local begin=$SECONDS limit=4
	[ -z "${QUICK_BATS:-}" ] || limit=30
	"$@"
	between $((SECONDS - begin)) 0 $limit "seconds it took"
}

# In the VM nothing loads a module by itself.
load_kind()
{
	modprobe -q "rtnl-link-$1" 2>/dev/null || true
}

# add_upper NAME KIND...: on v0.
add_upper()
{
	load_kind "$2"
	ip link add link v0 name "$1" group "$group" type "${@:2}" || skip "the running kernel has no $2"
	ip link set "$1" up
}

@test "a VLAN with a program: unload of what is below says so at once, and what to do works" {
	add_upper v0.5 vlan id 5
	run_ok xdp-action load v0
	run_ok xdp-action load -m skb v0.5
	quickly run_fail 1 xdp-action unload v0
	complains "v0: v0.5, which is above it" "unload what runs on v0.5 first"
	chain_is v0 "$(alone)"
	run_ok xdp-action unload v0.5
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "a VLAN with a program: load of what is below says so at once" {
	add_upper v0.5 vlan id 5
	run_ok xdp-action load -m skb v0.5
	quickly run_fail 1 xdp-action load v0
	complains "v0: v0.5, which is above it"
	is "$(attached_id v0)" 0
	quickly run_fail 1 xdp-action load -m skb v0
	complains "v0: v0.5, which is above it"
}

@test "unload: from the top down, whatever the order of names and indexes" {
	add_upper v0.5 vlan id 5
	ip link add link v0.5 name v0.5.6 group "$group" type vlan id 6
	ip link set v0.5.6 up
	local names
	for names in --all "v0 v0.5 v0.5.6"; do
		run_ok xdp-action load v0
		run_ok xdp-action load -m skb v0.5
		run_ok xdp-action load -m skb v0.5.6
		# Words of a command.
		# shellcheck disable=SC2086
		quickly run_ok xdp-action unload $names
		says "v0: unloaded" "v0.5: unloaded" "v0.5.6: unloaded"
		is "$(attached_id v0) $(attached_id v0.5) $(attached_id v0.5.6)" "0 0 0"
	done
	nothing_pinned
}

@test "unload --all: what is held below the program of another stays, and that is no success" {
	add_upper v0.5 vlan id 5
	run_ok xdp-action load v0
	ip link set dev v0.5 xdpgeneric obj "$neighbour" sec xdp
	quickly attempt xdp-action unload --all
	is "$status" 1 "exit status"
	complains "v0: v0.5, which is above it"
	chain_is v0 "$(alone)"
	ip link set dev v0.5 xdpgeneric off
	run_ok xdp-action unload --all
	nothing_pinned
}

@test "macvlan, vxlan, bridge and VRF: each is named" {
	local kind
	run_ok xdp-action load v0
	for kind in macvlan bridge vrf vxlan; do
		load_kind "$kind"
		case $kind in
		macvlan) ip link add link v0 name up0 group "$group" type macvlan || continue ;;
		vxlan) ip link add up0 group "$group" type vxlan id 7 dev v0 dstport 4789 || continue ;;
		vrf) ip link add up0 group "$group" type vrf table 9 && ip link set v0 master up0 || continue ;;
		bridge) ip link add up0 group "$group" type bridge && ip link set v0 master up0 || continue ;;
		esac
		ip link set up0 up
		run_ok xdp-action load -m skb up0
		quickly run_fail 1 xdp-action unload v0
		complains "v0: up0, which is above it"
		ip link del up0
	done
	run_ok xdp-action unload v0
}

@test "an interface above in another namespace is not seen, but what the kernel says of it is" {
	load_kind macvlan
	ip link add link v0 name up0 netns peer type macvlan || skip "the running kernel has no macvlan"
	ip -n peer link set up0 up
	run_ok xdp-action load v0
	run_ok xdp-action -N peer load -m skb up0
	quickly run_fail 1 xdp-action unload v0
	complains "v0: an interface above it that cannot be seen from here" "other network namespaces"
	chain_is v0 "$(alone)"
	run_ok xdp-action -N peer unload up0
	run_ok xdp-action unload v0
	ip -n peer link del up0
}

@test "bond: neither the bond over a loaded port, nor a port of a loaded bond" {
	load_kind bond
	ip link add bond0 group "$group" type bond mode active-backup || skip "the running kernel has no bond"
	make_pair w0 w1
	ip link set w0 down
	ip link set w0 master bond0
	ip link set bond0 up
	run_ok xdp-action load -m skb w0
	quickly run_fail 1 xdp-action load bond0
	complains "bond0: w0, which is in it" "unload what runs on w0 first"
	run_ok xdp-action unload w0
	run_ok xdp-action load bond0
	quickly run_fail 1 xdp-action load w0
	complains "w0: bond0, which is above it"
	run_ok xdp-action unload bond0
	run_ok xdp-action load -m skb w0
	run_ok xdp-action unload w0
}

# ---- BPF links ----

hold=$checkout/build/tests/tools/hold

@test "a program of ours that a BPF link holds is unloaded" {
	start "$hold" v0 "$object" xdp_action
	eventually grep -q held "$started_output"
	local id
	id=$(attached_id v0)
	[ "$id" != 0 ]
	run_ok xdp-action status v0
	quickly run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "another's program that a BPF link holds: the advice names the link, and works" {
	start "$hold" v0 "$neighbour" neighbour
	eventually grep -q held "$started_output"
	quickly run_fail 1 xdp-action load v0
	[[ $error =~ \'(bpftool link detach id [0-9]+)\' ]] || explain "it should name the link"
	run_ok bash -c "${BASH_REMATCH[1]}"
	run_ok xdp-action load v0
}

@test "a program of ours that a pinned BPF link holds is unloaded, and loaded again" {
	start "$hold" v0 "$object" xdp_action
	eventually grep -q held "$started_output"
	bpftool link pin id "$(xdp_link)" "$bpffs/held"
	kill "${started[-1]}"
	wait "${started[-1]}" || true
	[ "$(attached_id v0)" != 0 ]
	local id
	id=$(xdp_link)
	quickly run_ok xdp-action unload v0
	complains "v0: detached the BPF link $id" "a process or a pin that holds the link"
	is "$(attached_id v0)" 0
	is "$(xdp_link)" "$id" "the link, which the pin holds"
	rm "$bpffs/held"
	run_ok xdp-action load v0
	chain_is v0 "$(alone)"
}

# The id of the only BPF link to an interface.
xdp_link()
{
	bpftool -j link show | jq '.[] | select(.type == "xdp") | .id'
}

@test "a dispatcher that a BPF link holds: the advice names the link, and works" {
	needs_dispatcher
	make_pair w0 w1
	run_ok xdp-loader load w0 "$neighbour"
	start "$hold" v0 "$(attached_id w0)"
	eventually grep -q held "$started_output"
	quickly run_fail 1 xdp-action load v0
	says_not "xdp off"
	[[ $error =~ \'(bpftool link detach id [0-9]+)\' ]] || explain "it should name the link"
	run_ok bash -c "${BASH_REMATCH[1]}"
	run_ok xdp-action load v0
	chain_is v0 "$(alone)"
	is "$(loader_chain w0)" "50 neighbour"
}
