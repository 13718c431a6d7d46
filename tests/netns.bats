#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Network namespaces, with the bpffs of the caller.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	ip netns add blue
	ip netns add green
}

teardown()
{
	ip netns del blue 2>/dev/null || true
	ip netns del green 2>/dev/null || true
	default_teardown
}

# A veth of the same name and the same index in both.
make_twins()
{
	ip -n blue link add eth0 index 900 type veth peer name eth1
	ip -n green link add eth0 index 900 type veth peer name eth1
	ip -n blue link set eth0 up
	ip -n green link set eth0 up
}

@test "-N NAME: every command works there" {
	run_ok xdp-action -N peer load v1
	says "v1: loaded"
	run_ok xdp-action -N peer set DROP v1
	run_ok xdp-action -N peer status v1
	says "DROP"
	run_ok xdp-action status
	says_not v1
	run_fail 1 xdp-action status v1
	run_ok xdp-action -N peer metrics
	says 'interface="v1"'
	run_ok xdp-action -N peer unload v1
	nothing_pinned
}

@test "-N PATH: a namespace by its path, the option before or behind the command" {
	run_ok xdp-action load -N /run/netns/peer v1
	run_ok xdp-action --netns=/run/netns/peer status v1
	says "v1 "
	run_ok xdp-action unload --netns /run/netns/peer v1
}

@test "-N: what is no namespace is an error that quotes it" {
	run_fail 1 xdp-action -N nosuch status
	complains nosuch
	run_fail 1 xdp-action -N /etc/passwd status
	complains /etc/passwd
	run_fail 1 xdp-action -N ../peer status
	complains ../peer
}

@test "what is no network namespace is not even opened: a FIFO, a terminal, a file" {
	local path
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	for path in "$BATS_TEST_TMPDIR/fifo" /dev/ptmx /proc/self/ns/pid /etc/hostname; do
		run_fail 1 xdp-action -N "$path" load v0
		complains "$path" "network namespace"
	done
	is "$(attached_id v0)" 0
}

@test "a namespace that is not the one that was entered ends the command" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	run_fail 1 strace -o calls -e trace=setns -e inject=setns:retval=0 xdp-action -N peer load v1
	grep -q INJECTED calls
	complains "the network namespace is not '/run/netns/peer'"
}

@test "two namespaces with the same name and index: side by side" {
	make_twins
	run_ok xdp-action -N blue load -a DROP eth0
	run_ok xdp-action -N green load eth0
	is "$(xdp-action -N blue status -j | jsonget instances/0/ifindex instances/0/setting/verdict)" "900 drop"
	is "$(xdp-action -N green status -j | jsonget instances/0/ifindex instances/0/setting/verdict)" "900 pass"
	run_ok xdp-action -N blue set ABORTED
	is "$(xdp-action -N green status -j | jsonget instances/0/setting/verdict)" pass
	run_ok xdp-action -N blue unload eth0
	is "$(xdp-action -N green status -j | jsonget instances/0/setting/verdict instances/0/problems/#)" "pass 0"
	run_ok xdp-action -N green set DROP
	run_ok xdp-action -N green unload --all
	nothing_pinned
}

@test "a namespace that is deleted with an instance inside is healed" {
	make_twins
	run_ok xdp-action -N blue load eth0
	ip netns del blue
	eventually is_left_over
	run_ok xdp-action load v0
	is "$(listing "$pins" | grep -c '^[^/]*$')" 1 "pin directories"
	run_ok xdp-action unload v0
	nothing_pinned
}

# The namespace is taken down behind our back; an attachment ends with it, and what it leaves is unused from then on.
is_left_over()
{
	local expected=1
	! has_dispatcher || expected=2
	[ "$(xdp-action status -j | jsonget leftovers)" = $expected ]
}

@test "ip netns exec hides the bpffs: the message offers -N" {
	run_fail 1 ip netns exec peer xdp-action load v1
	complains "-N"
	is "$(ip -n peer link show v1 | grep -c prog/xdp || true)" 0
}

@test "the bpffs may be elsewhere: LIBXDP_BPFFS" {
	local other=$BATS_TEST_TMPDIR/bpf
	mkdir "$other"
	mount -t bpf bpf "$other"
	LIBXDP_BPFFS=$other run_ok xdp-action load v0
	nothing_pinned
	[ -d "$other/xdp/xdp-action" ]
	LIBXDP_BPFFS=$other run_ok xdp-action status v0
	says "$other/xdp/xdp-action/"
	LIBXDP_BPFFS=$other run_ok xdp-action unload v0
	is "$(listing "$other" | grep -c action || true)" 0
	umount "$other"
}

# What only a thread, a descriptor or a path leads to is on the kernel's list as well.
@test "status --all-netns: every program of the machine, ours or not, in namespaces without a name too" {
	make_twins
	run_ok xdp-action -N blue load -a DROP eth0
	ip netns exec green ip link set eth0 xdpgeneric obj "$neighbour" sec xdp
	touch "$BATS_TEST_TMPDIR/mine"
	unshare --net="$BATS_TEST_TMPDIR/mine" true
	nsenter --net="$BATS_TEST_TMPDIR/mine" ip link add x0 type veth peer name x1
	run_ok xdp-action -N "$BATS_TEST_TMPDIR/mine" load x0
	run_ok xdp-action status --all-netns
	says "netns    $(netns_inode /run/netns/blue) blue" "netns    $(netns_inode /run/netns/green) green" \
		"netns    $(netns_inode "$BATS_TEST_TMPDIR/mine")"
	xdp-action status --all-netns -j >"$BATS_TEST_TMPDIR/json"
	is "$(attachment blue eth0 '.setting.verdict, .mode, .ifindex, .chain[0].name')" "drop native 900 xdp_action"
	is "$(attachment green eth0 '.setting, .mode, .dispatcher, .chain[0].name')" "null skb false neighbour"
	is "$(attachment null x0 '.setting.verdict, .netns_inode')" "pass $(netns_inode "$BATS_TEST_TMPDIR/mine")"
	run_fail 2 xdp-action status --all-netns v0
	umount "$BATS_TEST_TMPDIR/mine"
	run_ok xdp-action -N blue unload eth0
}

netns_inode()
{
	stat -c %i "$1"
}

# attachment NETNS IFNAME MEMBERS: of what is in the file json.
attachment()
{
	jq -r --arg netns "$1" --arg name "$2" '.attachments[] |
		select((.netns // "null") == $netns and .interface == $name) | [('"$3"') | tostring] | join(" ")' \
		"$BATS_TEST_TMPDIR/json"
}

@test "status --all-netns --json is as the schema says" {
	needs_schemas
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 5% --for 100s v0
	xdp-action status --all-netns -j >"$BATS_TEST_TMPDIR/some"
	run_ok xdp-action unload v0
	xdp-action status --all-netns -j >"$BATS_TEST_TMPDIR/none"
	validate attachments "$BATS_TEST_TMPDIR/some" "$BATS_TEST_TMPDIR/none"
}

@test "status --all-netns: where the kernel's types cannot be read the file is named" {
	without_types run_fail 1 xdp-action status --all-netns
	complains "cannot be asked what is attached" "/sys/kernel/btf/vmlinux: No such file or directory" "mount a sysfs"
	run_ok xdp-action status --all-netns
}
