#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What is left behind is removed where it is proven to be unused, and only there.
load helpers

setup()
{
	default_setup
	make_pair w0 w1
}

# The directories of pins of an interface's dispatchers.
dispatch_dirs()
{
	find "$bpffs/xdp" -maxdepth 1 -name "dispatch-$(<"/sys/class/net/$1/ifindex")-*"
}

# Leaves a dispatcher behind on w0 that nothing runs any more.
leave_dispatcher()
{
	run_ok xdp-action load w0
	ip link set w0 xdp off
	left=$(dispatch_dirs w0)
	[ -d "$left" ] || explain "no dispatcher was left behind"
}

@test "a dispatcher that nothing runs is removed, with the pins of its instance" {
	needs_dispatcher
	leave_dispatcher
	run_ok xdp-action -v load v0
	complains "removed $left: "
	is "$(dispatch_dirs w0)" "" "dispatchers on w0"
	is "$(listing "$pins" | grep -c '^[^/]*$')" 1 "pin directories"
}

@test "a dispatcher that a process has open stays until it is closed" {
	needs_dispatcher
	leave_dispatcher
	start hold_program "${left##*-}"
	eventually test -s "$started_output"
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	is "$(dispatch_dirs w0)" "$left" "dispatchers on w0"
	kill "${started[@]}"
	eventually heals_all
}

heals_all()
{
	xdp-action -q unload --all && [ -z "$(dispatch_dirs w0)" ]
}

@test "a kernel that cannot be asked who uses a program: what was left behind stays" {
	needs_dispatcher
	leave_dispatcher
	mount -t tmpfs none /sys/kernel/btf
	mkdir "$BATS_TEST_TMPDIR/empty"
	mount --bind "$BATS_TEST_TMPDIR/empty" /boot
	run_ok xdp-action -v unload --all
	umount /boot /sys/kernel/btf
	complains "left $left: the kernel does not let itself be asked"
	is "$(dispatch_dirs w0)" "$left" "dispatchers on w0"
	run_ok xdp-action unload --all
	is "$(dispatch_dirs w0)" "" "dispatchers on w0"
}

# libxdp has pinned a dispatcher with the neighbour alone when unload is killed. Later that belongs to nobody's chain.
@test "killed at the last moment, and then the neighbour leaves: its dispatcher is no longer kept" {
	needs_dispatcher
	needs strace
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-filter load w0
	run_ok xdp-action load w0
	attempt strace -f -o calls -e trace=sendto -e inject=sendto:signal=KILL:when="$(sends_until_change)" xdp-action unload w0
	is "$(dispatch_dirs w0 | wc -l)" 2 "dispatchers on w0"
	run_ok xdp-filter unload w0
	is "$(dispatch_dirs w0 | wc -l)" 2 "dispatchers on w0"
	run_ok xdp-action load v0
	is "$(dispatch_dirs w0 | wc -l)" 1 "dispatchers on w0"
	chain_is w0 "50 xdp_action"
	run_ok xdp-action unload --all
	is "$(listing "$bpffs/xdp")" "" "left in the bpffs"
}

# Which sendto() of an unload is the one that changes the interface.
sends_until_change()
{
	strace -f -o before -e trace=sendto xdp-action unload w0 >/dev/null
	xdp-action -q load w0 >/dev/null
	awk '/sendto\(/ { n++ } /RTM_SETLINK|nlmsg_type=0x13 / { print n; exit }' before
}

@test "a program on an interface whose pins are gone is not ours to judge: maps in use stay pinned" {
	run_ok xdp-action load w0
	rm "$pins"/*/action
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	[[ $(listing "$pins") == *action_counters* ]] || explain "the pins of a program that runs are gone"
	run_ok xdp-action unload w0
}

@test "clean: what is left over, on what ground, and removed; status says in one line that there is some" {
	run_ok xdp-action load w0 v0
	run_ok xdp-action clean
	is "$output" "Nothing is left over."
	run_ok xdp-action status
	says_not "Left over"
	ip link del w0
	local expected=1
	! has_dispatcher || expected=2
	eventually left_over_is $expected
	run_ok xdp-action status
	says "Left over and unused: $expected; 'xdp-action clean'"
	run_ok xdp-action clean -n
	says ": unused" " old" "holds " "no program that can run has its maps"
	left_over_is $expected
	run_ok xdp-action clean
	says ": removed"
	says_not ": unused"
	left_over_is 0
	is "$(field v0 problems/#)" 0
	run_ok xdp-action unload v0
	nothing_pinned
}

left_over_is()
{
	is "$(xdp-action status -j | jsonget leftovers)" "$1" "left over"
}

@test "clean --json is as the schema says" {
	needs_schemas
	run_ok xdp-action load w0
	ip link del w0
	sleep 0.3
	xdp-action clean -n -j >"$BATS_TEST_TMPDIR/before"
	xdp-action clean -j >"$BATS_TEST_TMPDIR/done"
	xdp-action clean -j >"$BATS_TEST_TMPDIR/none"
	validate clean "$BATS_TEST_TMPDIR"/{before,done,none}
	is "$(jsonget leftovers/0/unused leftovers/0/removed <"$BATS_TEST_TMPDIR/before")" "true false"
	is "$(jsonget leftovers/0/unused leftovers/0/removed <"$BATS_TEST_TMPDIR/done")" "true true"
	is "$(jsonget leftovers/# <"$BATS_TEST_TMPDIR/none")" 0
}

@test "clean: what a process holds is kept, and removed by name with --force only" {
	needs_dispatcher
	leave_dispatcher
	start hold_program "${left##*-}"
	eventually test -s "$started_output"
	run_ok xdp-action clean
	says "$left: kept" "attached nowhere, but a process has it open"
	[ -d "$left" ]
	run_fail 1 xdp-action clean "${left##*/}"
	complains "$left is not proven to be unused" --force
	[ -d "$left" ]
	run_fail 2 xdp-action clean --force
	run_ok xdp-action clean --force "${left##*/}"
	says "$left: removed"
	is "$(dispatch_dirs w0)" ""
}

@test "clean: what runs is not left over, by no name and no force, here and in another namespace" {
	needs_dispatcher
	run_ok xdp-action load w0
	run_ok xdp-action -N peer load v1
	local dir
	for dir in "$bpffs"/xdp/dispatch-*; do
		run_fail 1 xdp-action clean --force "$dir"
		complains "is not left over"
	done
	run_ok xdp-action clean
	is "$output" "Nothing is left over."
	chain_is w0 "50 xdp_action"
	run_ok xdp-action -N peer unload v1
	run_ok xdp-action unload w0
	nothing_pinned
}
