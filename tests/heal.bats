#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
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
	without_types run_ok xdp-action -v unload --all
	complains "left $left: the kernel cannot be asked" "/sys/kernel/btf/vmlinux: No such file or directory"
	is "$(dispatch_dirs w0)" "$left" "dispatchers on w0"
	run_ok xdp-action unload --all
	is "$(dispatch_dirs w0)" "" "dispatchers on w0"
}

@test "a directory that cannot be read to its end is not taken for an empty one" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-action load v0
	run_ok strace -f -o calls -e trace=getdents64 xdp-action clean
	says "Nothing is left over"
	local n count
	count=$(grep -c getdents64 calls)
	between "$count" 4 20 "reads of directories"
	for ((n = 1; n <= count; n++)); do
		run_fail 1 strace -f -o calls -e inject=getdents64:error=EIO:when="$n" xdp-action clean
		complains "cannot look into $bpffs/xdp"
		says_not "Nothing"
	done
}

# libxdp has pinned a dispatcher with the neighbour alone when unload is killed. Later that belongs to nobody's chain.
@test "killed at the last moment, and then the neighbour leaves: its dispatcher is no longer kept" {
	needs_dispatcher
	needs strace
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-filter load w0
	run_ok xdp-action load w0
	attempt "$checkout/build/tests/faults/fail_call" netlink "$(calls_until_change)" KILL \
		"$checkout/xdp-action/xdp-action" unload w0
	is "$status" 137 "the exit status"
	is "$(dispatch_dirs w0 | wc -l)" 2 "dispatchers on w0"
	run_ok xdp-filter unload w0
	is "$(dispatch_dirs w0 | wc -l)" 2 "dispatchers on w0"
	run_ok xdp-action load v0
	is "$(dispatch_dirs w0 | wc -l)" 1 "dispatchers on w0"
	chain_is w0 "50 xdp_action"
	run_ok xdp-action unload --all
	is "$(listing "$bpffs/xdp")" "" "left in the bpffs"
}

# Which netlink call of an unload, over all its threads, is the one that changes the interface.
calls_until_change()
{
	strace -f -o before -e trace=sendto,sendmsg,recvfrom,recvmsg xdp-action unload w0 >/dev/null
	xdp-action -q load w0 >/dev/null
	awk '/resumed/ { next } / (send|recv)(to|msg|from)\(/ { n++ } /RTM_SETLINK|nlmsg_type=0x13 / { print n; exit }' before
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
	eventually left_over_is "$(has_dispatcher && echo 2 || echo 1)"
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

# In here names are what nobody would give them; the kernel never gave the number 4294967295 to a program.
@test "clean: what is named like ours or libxdp's but is not stays, and does not keep the rest" {
	run_ok xdp-action load v0
	local name none=4294967295
	local names=("dispatch- 5- $none" "dispatch-05-$none" "dispatch-5-$none%n" $'dispatch-5-4294967295\n'
		"xdp-action/ 1- 2" "xdp-action/01-2")
	for name in "${names[@]}"; do
		mkdir "$bpffs/xdp/$name"
	done
	# A directory where a pin should be, and an instance's directory with something foreign in it.
	mkdir -p "$bpffs/xdp/dispatch-6-$none/prog0-prog" "$pins/1-2/foreign" "$bpffs/xdp/dispatch-7-$none" "$pins/1-3"
	attempt xdp-action clean
	is $status 1 "exit status"
	says "dispatch-7-$none: removed" "1-3: removed" "dispatch-6-$none: kept"
	says_not "$none%n"
	complains "cannot remove the directory $pins/1-2"
	for name in "${names[@]}" "dispatch-6-$none/prog0-prog" xdp-action/1-2/foreign; do
		[ -d "$bpffs/xdp/$name" ] || explain "$name is gone"
	done
	run_fail 1 xdp-action clean --force ../xdp "./dispatch-6-$none" "dispatch-6-$none/" "${names[0]}" $'a\e[1mb'
	complains "'../xdp' is not left over" "'a\\x1b[1mb' is not left over"
	attempt xdp-action clean --force "dispatch-6-$none" "$bpffs/xdp/dispatch-6-$none"
	is "$status $output" "0 $bpffs/xdp/dispatch-6-$none: removed${output#*: removed}"
	# A load heals what it can as well.
	mkdir "$bpffs/xdp/dispatch-8-$none" "$pins/1-4"
	run_ok xdp-action load w0
	complains "cannot clean up now: cannot remove the directory $pins/1-2"
	[ ! -e "$bpffs/xdp/dispatch-8-$none" ] && [ ! -e "$pins/1-4" ] || explain "not healed"
}

@test "a directory of pins that hold another dispatcher is not taken for an unused one" {
	needs_dispatcher
	run_ok xdp-filter load w0
	run_ok xdp-action load w0
	local real twin=$bpffs/xdp/dispatch-9-4294967295
	real=$(dispatch_dirs w0)
	ln -s "${real##*/}" "$twin"
	run_ok xdp-action load v0
	run_ok xdp-action clean
	says "$twin: kept" "is of another program"
	is "$(listing "$real" | grep -c link)" 2 "links"
	chain_is w0 "10 xdpfilt_alw_all,50 xdp_action"
	rm "$twin"
}

# leave_pins COUNT: of instances whose interfaces are gone.
leave_pins()
{
	local i
	for ((i = 0; i < $1; i++)); do
		mkdir -p "$pins/9-$((1000 + i))"
	done
}

@test "clean: killed at each call that changes something, the next one finishes" {
	natively "these calls are the same with a dispatcher"
	needs strace
	cd "$BATS_TEST_TMPDIR"
	local call n count
	for call in flock unlink rmdir; do
		count=1
		for ((n = 0; n <= count; n++)); do
			make_pair k0 k1
			run_ok xdp-action load k0
			ip link del k0
			mkdir "$bpffs/xdp/dispatch-6-4294967295"
			leave_pins 1
			eventually left_over_is 3
			if [ $n -eq 0 ]; then
				run_ok strace -f -o calls -e trace=$call xdp-action clean
				count=$(grep -c "$call(" calls)
				between "$count" 2 40 "calls of $call"
				continue
			fi
			attempt strace -f -o calls -e trace=$call -e inject=$call:signal=KILL:when=$n xdp-action clean
			[ $status -ne 0 ] || explain "not killed at call $n of $call"
			run_ok xdp-action clean
			left_over_is 0
			is "$(listing "$bpffs/xdp" | grep -v '^xdp-action$' || true)" "" "left in the bpffs"
		done
	done
}

@test "clean: several at a time, and loads meanwhile: all is removed once, nothing of what is loaded" {
	local i j cleaners
	run_ok xdp-action load v0
	for ((i = 0; i < 5; i++)); do
		leave_pins 20
		cleaners=()
		for ((j = 0; j < 3; j++)); do
			xdp-action -q clean 3>&- &
			cleaners+=($!)
		done
		run_ok xdp-action load w0
		for j in "${cleaners[@]}"; do
			wait "$j" || explain "a clean failed"
		done
		left_over_is 0
		is "$(field w0 problems/#) $(field v0 problems/#)" "0 0"
		run_ok xdp-action unload w0
	done
}

@test "clean: hundreds of leftovers take no longer than some" {
	leave_pins 500
	left_over_is 500
	# Of a CPU, which others may take away for longer.
	local TIMEFORMAT="%0U %0S" user system
	{ time run_ok xdp-action clean; } 2>"$BATS_TEST_TMPDIR/time"
	read -r user system <"$BATS_TEST_TMPDIR/time"
	between $((user + system)) 0 "$(has_dispatcher && echo 30 || echo 3)" "seconds of a CPU"
	is "$(grep -c ': removed' <<<"$output")" 500
	nothing_pinned
}

@test "of many leftovers a load removes some, and clean the rest" {
	natively "a directory of pins is the same with a dispatcher"
	local left i netns
	netns=$(stat -L -c %i /proc/self/ns/net)
	for ((i = 0; i < 100; i++)); do
		mkdir -p "$pins/$netns-$((100000 + i))"
	done
	run_ok xdp-action load v0
	left=$(xdp-action status -j | jsonget leftovers)
	between "$left" 70 95 "left over"
	run_ok xdp-action clean
	left_over_is 0
	chain_is v0 "$(alone)"
}

@test "clean: on a read-only bpffs, and without the capability to ask, it says what it cannot do" {
	leave_pins 2
	local poor=(setpriv --bounding-set "-perfmon,-sys_admin" --inh-caps "-perfmon,-sys_admin")
	run_ok "${poor[@]}" xdp-action clean -n
	says "9-1000: kept" "9-1001: kept" CAP_SYS_ADMIN
	attempt "${poor[@]}" xdp-action clean --force 9-1000
	is $status 1 "exit status"
	says "9-1000: kept"
	complains CAP_SYS_ADMIN CAP_PERFMON
	mount -o remount,ro "$bpffs"
	attempt xdp-action clean
	mount -o remount,rw "$bpffs"
	is $status 1 "exit status"
	complains "Read-only file system"
	says "9-1000: unused" "9-1001: unused"
	run_ok xdp-action clean 9-1001 9-1001 9-1000
	is "$(grep -c ': removed' <<<"$output")" 2
	nothing_pinned
}
