#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
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

# From Linux 6.12 or so on the driver lets the last program go at any MTU.
@test "virtio_net, unload at MTU 9000: it works, or says why not and what to do, and that works" {
	needs_nics
	run_ok xdp-action load "$here"
	ip link set "$here" mtu 9000
	attempt xdp-action unload "$here"
	if [ "$status" -ne 0 ]; then
		is "$status" 1
		complains "$here: the driver refuses the chain without the program: " MTU "lower the MTU"
		says_not "try "
		chain_is "$here" "$(alone)"
		ip link set "$here" mtu 1500
		run_ok xdp-action unload "$here"
	fi
	is "$(attached_id "$here")" 0
}

# Whatever MTU a tap gets, its driver takes programs; one that refused them would have to be quoted.
@test "tap, MTU 9000 while it is loaded: unload and load work, beside xdp-filter as well" {
	modprobe -q tun || true
	[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
	ip tuntap add t0 mode tap
	ip link set t0 group "$group" up
	run_ok xdp-action load t0
	chain_is t0 "$(alone)"
	ip link set t0 mtu 9000
	run_ok xdp-action unload t0
	is "$(attached_id t0)" 0
	run_ok xdp-action load t0
	chain_is t0 "$(alone)"
	if has_dispatcher; then
		needs xdp-filter
		run_ok xdp-filter load t0
		chain_is t0 "10 xdpfilt_alw_all,50 xdp_action"
		run_ok xdp-action unload t0
		run_ok xdp-action load t0
		chain_is t0 "10 xdpfilt_alw_all,50 xdp_action"
	fi
	run_ok xdp-action unload t0
}

@test "a kernel without frags: where only the peer's MTU is too large, that is told" {
	! has_frags || skip "the running kernel has frags"
	ip -n peer link set v1 mtu 9000
	run_fail 1 xdp-action load v0
	complains "the MTU 9000 of its peer v1 is too large for native mode without frags"
	ip -n peer link set v1 mtu 1500
	run_ok xdp-action load v0
}

# ---- the JIT ----

# jit 0|1: by way of tests/vm/with-jit.
jit()
{
	local is_now
	switched=yes
	echo "$1" >"$XDP_ACTION_TESTS_JIT/set"
	is_now=$(<"$XDP_ACTION_TESTS_JIT/is")
	[ "$is_now" = "$1" ]
}

teardown()
{
	[ -z "${switched:-}" ] || jit 1
	default_teardown
}

needs_jit_switch()
{
	[ -n "${XDP_ACTION_TESTS_JIT:-}" ] || skip "the JIT is not ours to switch off"
}

@test "the JIT is off: it is named, and single mode works" {
	needs_jit_switch
	needs_dispatcher
	jit 0 || skip "the kernel's JIT cannot be switched off"
	run_fail 1 xdp-action load --require-dispatcher v0
	complains "the kernel's JIT is off" "or it was built without one" "sysctl net.core.bpf_jit_enable=1"
	run_ok xdp-action load v0
	complains "the kernel's JIT is off"
	chain_is v0 "single xdp_action"
	run_ok xdp-action set DROP --for 1h v0
	blocked
	run_ok xdp-action set PASS v0
	passes
	run_ok xdp-action unload v0
	jit 1
	run_ok xdp-action load v0
	is "$(field v0 dispatcher)" true
}

# ---- RLIMIT_MEMLOCK, to which kernels before 5.11 charge programs and maps ----

# confine SOFT [HARD]: these limits in KiB, and no right to raise the hard one, as in a container, for ${confined[@]}.
confine()
{
	confined=(prlimit "--memlock=$(($1 * 1024)):$((${2:-$1} * 1024))" setpriv --bounding-set -sys_resource --)
}

needs_charges()
{
	[[ $(bpftool btf dump file /sys/kernel/btf/vmlinux) == *"STRUCT 'bpf_map_memory'"* ]] ||
		skip "the running kernel does not charge programs and maps to RLIMIT_MEMLOCK"
}

names_limit()
{
	complains "RLIMIT_MEMLOCK, which is $1 KiB" "'ulimit -l unlimited'" "'--ulimit memlock=-1'" "LimitMEMLOCK=infinity"
	says_not policy
	says_not "cannot attach programs to programs"
}

@test "RLIMIT_MEMLOCK: at each limit a load is whole or names it" {
	needs_charges
	local kib loads=0 whole
	run_ok xdp-action load v0
	whole=$(our_chain v0)
	run_ok xdp-action unload v0
	for kib in 0 8 24 64 96 1024; do
		confine $kib
		attempt "${confined[@]}" xdp-action load v0
		if [ "$status" -eq 0 ]; then
			loads=$((loads + 1))
			is "$(our_chain v0)" "$whole" "the chain at $kib KiB"
			run_ok xdp-action unload v0
		else
			names_limit $kib
			is "$(attached_id v0)" 0
			nothing_pinned
		fi
	done
	between $loads 1 10 "limits at which it was loaded"
}

@test "RLIMIT_MEMLOCK: the soft limit is raised to the hard one, and a set takes none of it" {
	needs_charges
	confine 0 100000
	run_ok "${confined[@]}" xdp-action load v0
	confine 0
	run_ok "${confined[@]}" xdp-action set DROP --force v0
	blocked
	run_fail 1 "${confined[@]}" xdp-action match icmp /dev/null
	names_limit 0
	run_fail 1 "${confined[@]}" xdp-action status --all-netns
	complains "RLIMIT_MEMLOCK, which is 0 KiB"
}

@test "RLIMIT_MEMLOCK: an unload next to another program names it, and leaves the chain as it is" {
	needs_charges
	needs_dispatcher
	run_ok xdp-loader load v0 "$neighbour"
	run_ok xdp-action load -P 60 v0
	local kib
	for kib in 0 8 64; do
		confine $kib
		run_fail 1 "${confined[@]}" xdp-action unload v0
		names_limit $kib
		chain_is v0 "50 neighbour,60 xdp_action"
	done
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "50 neighbour"
}

# The types of a kernel that charges: a header, a struct without members, and its name.
write_charging_btf()
{
	printf '\x9f\xeb\x01\0\x18\0\0\0\0\0\0\0\x0c\0\0\0\x0c\0\0\0\x10\0\0\0' >"$1"
	printf '\x01\0\0\0\0\0\0\x04\0\0\0\0\0bpf_map_memory\0' >>"$1"
}

@test "RLIMIT_MEMLOCK: it is named where a kernel that charges refuses, and by no other" {
	needs strace
	natively "the kernel's answers are given in its place"
	local refused=(strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=bpf -e inject=bpf:error=EPERM xdp-action load v0)
	write_charging_btf "$BATS_TEST_TMPDIR/btf"
	confine 64
	run_fail 1 "${confined[@]}" "${refused[@]}"
	complains "the kernel's policy forbids it"
	mount --bind "$BATS_TEST_TMPDIR/btf" /sys/kernel/btf/vmlinux
	attempt "${confined[@]}" "${refused[@]}"
	umount /sys/kernel/btf/vmlinux
	is "$status" 1 "exit status"
	names_limit 64
}

@test "a 32-bit kernel is refused, with the reason" {
	[ -e /sys/kernel/address_bits ] || skip "the running kernel does not say how many bits it has"
	echo 32 >"$BATS_TEST_TMPDIR/bits"
	mount --bind "$BATS_TEST_TMPDIR/bits" /sys/kernel/address_bits
	run_fail 1 xdp-action load v0
	complains v0 "32-bit kernel" "64-bit kernel"
	is "$(attached_id v0)" 0
	nothing_pinned
	umount /sys/kernel/address_bits
	run_ok xdp-action load v0
}

# The main function of the instance on v0, as the kernel translated it.
main_function()
{
	bpftool prog dump xlated id "$(field v0 program_id)" | awk '/^[^ ].*:$/ { functions++ } functions == 1'
}

@test "frags: the program sees itself whether a packet has them, where the kernel shows it" {
	needs bpftool
	needs_frags
	grep -qw bpf_cast_to_kern_ctx /proc/kallsyms || skip "the running kernel does not show it"
	run_ok xdp-action load v0
	main_function >"$BATS_TEST_TMPDIR/code"
	grep -q "call bpf_xdp_get_buff_len" "$BATS_TEST_TMPDIR/code" || explain "it should ask for the length of some"
	! grep -q 1480872006 "$BATS_TEST_TMPDIR/code" || explain "it should see which, but stands as it was built"
	passes 100
	run_ok xdp-action set DROP v0
	blocked
	is "$(counted v0)" "0 10 100 0 0"
}

@test "frags: without the kernel's types the program asks for the length of each packet" {
	needs bpftool
	needs_frags
	[ -e /sys/kernel/btf/vmlinux ] || skip "the running kernel has no types"
	mount --bind /dev/null /sys/kernel/btf/vmlinux
	run_ok xdp-action load v0
	main_function >"$BATS_TEST_TMPDIR/code"
	grep -q 1480872006 "$BATS_TEST_TMPDIR/code" || explain "it should stand as it was built"
	passes 100
	run_ok xdp-action set DROP v0
	blocked
	is "$(counted v0)" "0 10 100 0 0"
	umount /sys/kernel/btf/vmlinux
}
