#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The world changes behind the tool's back: status stays true and writes nothing, set never succeeds for a
# program that is not attached, load and unload put things right.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# Every file of the bpffs with its inode.
inodes()
{
	find "$bpffs" ! -name '*.debug' -printf '%p %i\n' | sort
}

# no_instance IFNAME [WORD...]: all commands agree that there is none, in these words; status wrote nothing, and a load
# puts things right.
no_instance()
{
	local before
	before=$(inodes)
	run_fail 1 xdp-action status "$1"
	complains "$1: xdp-action is not loaded" "'xdp-action load $1'" "${@:2}"
	run_fail 1 xdp-action set DROP "$1"
	complains "$1: xdp-action is not loaded" "${@:2}"
	run_ok xdp-action status
	says_not "$1 "
	is "$(inodes)" "$before" "the bpffs after status and set"
	run_ok xdp-action load "$1"
	chain_is "$1" "$(alone)"
	is "$(field "$1" problems/#)" 0
	run_ok xdp-action unload "$1"
	nothing_pinned
}

@test "ip link set xdp off" {
	ip link set v0 xdp off
	no_instance v0 "only its pins are left"
}

@test "xdp-loader unload --all" {
	run_ok xdp-loader unload v0 --all
	no_instance v0 "only its pins are left"
}

@test "a program of another tool in our place" {
	ip link set v0 xdp off
	ip link set v0 xdp obj "$neighbour" sec xdp
	local id
	id=$(attached_id v0)
	local command
	for command in status "set DROP" unload; do
		# shellcheck disable=SC2086
		run_fail 1 xdp-action $command v0
		complains "v0: xdp-action is not loaded" "neighbour (id $id)" "what loaded it"
	done
	is "$(attached_id v0)" "$id"
	nothing_pinned
}

@test "the interface is deleted, and made again under its name" {
	ip link del v0
	run_fail 1 xdp-action status v0
	run_fail 1 xdp-action set DROP v0
	make_pair v0 v1
	no_instance v0
}

@test "the interface is deleted and made again with its name and its index" {
	local index
	index=$(</sys/class/net/v0/ifindex)
	ip link del v0
	ip link add v0 index "$index" group "$group" type veth peer name v1 netns peer
	no_instance v0
}

@test "the interface is renamed: the instance keeps its setting, under the new name" {
	run_ok xdp-action set DROP v0
	ip link set v0 down
	ip link set v0 name r0
	ip link set r0 up
	run_fail 1 xdp-action status v0
	is "$(field r0 setting/verdict problems/#)" "drop 0"
	run_ok xdp-action set PASS r0
	flow -c 5 peer:v1 r0
	is "${flow[r0]}" 5
	run_fail 1 xdp-action load r0
	complains already
	run_ok xdp-action unload r0
	is "$(attached_id r0)" 0
	nothing_pinned
}

# Of v0 and w0.
swap_names()
{
	ip -batch - <<-END
	link set v0 down
	link set w0 down
	link set v0 name x0
	link set w0 name v0
	link set x0 name w0
	END
}

@test "two interfaces swap their names: each instance stays with its interface" {
	make_pair w0 w1
	run_ok xdp-action load -a ABORTED w0
	swap_names
	is "$(field v0 setting/verdict) $(field w0 setting/verdict)" "aborted pass"
	run_ok xdp-action set DROP v0
	is "$(field v0 setting/verdict) $(field w0 setting/verdict)" "drop pass"
}

# stop_at CALL N COMMAND...: start it, to be stopped at its Nth system call CALL; its pid is in $stopped, which
# is empty when it ended before that. The leak sanitizer cannot look at a process that strace traces.
stopped=
stop_at()
{
	local calls=$BATS_TEST_TMPDIR/calls.${#started[@]} call=$1 n=$2
	shift 2
	start env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -o "$calls" \
		-e trace="$call" -e inject="$call:signal=STOP:when=$n" "$@"
	eventually grep -qs -e "stopped by SIGSTOP" -e "+++ exited" "$calls"
	stopped=$(awk '/stopped by SIGSTOP/ { print $1; exit }' "$calls")
}

# What became of it is in $status, $output and $error.
go_on()
{
	kill -CONT "$stopped"
	status=0
	wait "${started[-1]}" || status=$?
	output=$(<"$started_output")
	error=$(<"$started_output.error")
	ran="what was stopped"
}

@test "two interfaces swap their names while one is unloaded: it is the one that had the name" {
	needs strace
	natively "the names are looked up in the same way"
	make_pair w0 w1
	run_ok xdp-action load w0
	local n
	for ((n = 1; ; n++)); do
		stop_at sendto $n xdp-action unload v0
		[ -n "$stopped" ] || break
		swap_names
		go_on
		is "$status" 0 "exit status after the names were swapped at call $n"
		is "$(attached_id w0)" 0 "what runs on the one that was v0"
		is "$(field v0 setting/verdict problems/#)" "pass 0"
		run_ok xdp-action load w0
	done
	between $n 3 50 "calls"
}

# target_vanishes N [IFNAME]: the target is deleted when set is at its Nth sendto(). Either it was set by then, or the
# message says of v0 what is missing: that the target is gone says nothing of v0. $stopped is empty when there are fewer.
target_vanishes()
{
	if [ ! -e /sys/class/net/w0 ]; then
		make_pair w0 w1
		packets gro peer:w1 on
	fi
	stop_at sendto "$1" xdp-action set REDIRECT --to w0 "${@:2}"
	[ -n "$stopped" ] || return 0
	ip link del w0
	go_on
	[ "$status" = 0 ] || [[ $status$error = "1xdp-action: v0: "*@(w0|"interface to send to")* ]] ||
		explain "deleted at call $1"
}

@test "the target of REDIRECT is deleted while it is set: no instance is passed over, and the message says so" {
	needs strace
	natively "it is looked at in the same way"
	local names n
	for names in "" v0; do
		for ((n = 1; ; n++)); do
			target_vanishes $n ${names:+"$names"}
			[ -n "$stopped" ] || break
		done
		between $n 3 50 "calls"
	done
}

# vanishes CALL N [COMMAND...]: the interface is deleted when status is at its Nth CALL. The look was complete by then,
# or the message has the interface's name. $stopped is empty when there are fewer calls.
vanishes()
{
	local call=$1 n=$2
	shift 2
	[ -e /sys/class/net/v0 ] || make_pair v0 v1
	[ "$(attached_id v0)" != 0 ] || run_ok xdp-action load v0
	stop_at "$call" "$n" "$@" xdp-action status v0
	[ -n "$stopped" ] || return 0
	ip link del v0
	go_on
	[ "$status" = 0 ] || [[ $status$error = "1xdp-action: v0: the interface went away" ]] || explain "deleted at call $n of $call"
}

@test "the interface is deleted while status looks at it: the message has its name" {
	needs strace
	natively "it is looked at in the same way"
	local call n
	for call in sendto bpf; do
		for ((n = 1; ; n++)); do
			vanishes $call $n
			[ -n "$stopped" ] || break
		done
		between $n 3 50 "calls of $call"
	done
}

@test "so it has where the pins of the dispatcher are not seen" {
	needs strace
	needs_dispatcher
	mkdir "$BATS_TEST_TMPDIR/other"
	mount -t bpf bpf "$BATS_TEST_TMPDIR/other"
	vanishes sendto 1 env LIBXDP_BPFFS="$BATS_TEST_TMPDIR/other"
	umount "$BATS_TEST_TMPDIR/other"
	[ -n "$stopped" ]
	is "$status" 1 "exit status"
	complains "v0: the interface went away"
}

@test "the interface goes down and up: nothing changes" {
	run_ok xdp-action set DROP v0
	ip link set v0 down
	is "$(field v0 setting/verdict problems/#)" "drop 0"
	run_ok xdp-action set ABORTED v0
	ip link set v0 up
	blocked
	is "$(counted v0)" "10 0 0 0 0"
}

@test "the MTU is raised: jumbo frames are decided about as well" {
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
	run_ok xdp-action set DROP v0
	flow -c 5 -l 9000 -w 20 peer:v1 v0
	is "${flow[v0]}" 0
	is "$(field v0 counters/drop/bytes)" 45000
}

@test "the interface moves to another namespace and back: the instance goes with it or is gone, and never lies" {
	run_ok xdp-action set DROP v0
	ip netns add other
	ip link set v0 netns other
	run_fail 1 xdp-action status v0
	run_fail 1 xdp-action set PASS v0
	attempt xdp-action -N other status -j v0
	if [ "$status" -eq 0 ]; then
		is "$(jsonget instances/0/setting/verdict <<<"$output")" drop
		run_ok xdp-action -N other set PASS v0
	else
		complains v0
	fi
	ip -n other link set v0 netns 1
	ip netns del other
	attempt xdp-action unload v0
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "pins removed by hand: status says so and writes nothing, set works and pins again" {
	rm -r "$pins"
	local before
	before=$(inodes)
	is "$(field v0 setting/verdict pinned 'problems/*/kind')" "pass false pins-missing"
	run_ok xdp-action status v0
	says problem
	is "$(inodes)" "$before" "the bpffs after status"
	run_ok xdp-action set DROP v0
	blocked
	is "$(field v0 setting/verdict pinned problems/#)" "drop true 0"
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "pins removed by hand: unload works" {
	rm -r "$pins"
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "one pin removed by hand: set works and pins it again" {
	local dir
	dir=$(field v0 pins)
	rm "$dir/action_counters"
	is "$(field v0 'problems/*/kind')" pins-missing
	run_ok xdp-action set DROP v0
	[ -e "$dir/action_counters" ]
	is "$(field v0 problems/#)" 0
}

@test "pins of another instance, or in each other's place: status reads its own maps, and set pins these again" {
	local dir other
	make_pair w0 w1
	run_ok xdp-action load -a ABORTED w0
	dir=$(field v0 pins)
	other=$(field w0 pins)
	mv "$other"/* "$dir"
	is "$(field v0 setting/verdict pinned 'problems/*/kind')" "pass false pins-stale"
	run_ok xdp-action set DROP v0
	blocked
	is "$(field v0 setting/verdict pinned problems/#)" "drop true 0"
	is "$(field w0 setting/verdict 'problems/*/kind')" "aborted pins-missing"
	mv "$dir/action_counters" "$dir/aside"
	mv "$dir/action_targets" "$dir/action_counters"
	mv "$dir/aside" "$dir/action_targets"
	is "$(field v0 setting/verdict pinned 'problems/*/kind')" "drop false pins-stale"
	run_ok xdp-action set PASS v0
	passes
	is "$(field v0 setting/verdict pinned problems/#)" "pass true 0"
}

@test "bpffs hidden: status is true, and nothing succeeds that did not happen" {
	# Its pins live on elsewhere, as they do for a process that has another /sys.
	local elsewhere=$BATS_TEST_TMPDIR/bpf verdict=pass
	mkdir "$elsewhere"
	mount --bind "$bpffs" "$elsewhere"
	umount "$bpffs"
	attempt xdp-action status v0
	if [ "$status" -eq 0 ]; then
		says PASS "pins     out of reach" "no bpffs is mounted at $bpffs"
		is "$(field v0 pins)" null
	else
		complains "$bpffs"
	fi
	attempt xdp-action set DROP v0
	if [ "$status" -eq 0 ]; then
		verdict=drop
	else
		complains "$bpffs"
	fi
	run_fail 1 xdp-action load v0
	mount --bind "$elsewhere" "$bpffs"
	is "$(field v0 setting/verdict problems/#)" "$verdict 0"
	chain_is v0 "$(alone)"
	umount "$elsewhere"
}

@test "bpffs unmounted and mounted anew: all commands tell the same, and load puts things right" {
	# With the last mount the pins go, and with them a dispatcher's programs.
	umount "$bpffs"
	fresh_bpffs
	attempt xdp-action status v0
	if [ "$status" -eq 0 ]; then
		run_ok xdp-action set DROP v0
		blocked
		run_ok xdp-action unload v0
	else
		run_fail 1 xdp-action set DROP v0
		passes
		attempt xdp-action unload v0
		complains v0
	fi
	passes
	run_ok xdp-action load v0
	chain_is v0 "$(alone)"
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "bpffs read-only: status is true, a load fails and changes nothing, an unload says what it did" {
	make_pair w0 w1
	run_ok xdp-action set DROP v0
	mount -o remount,ro "$bpffs"
	run_ok xdp-action status v0
	says DROP
	is "$(field v0 problems/#)" 0
	run_fail 1 xdp-action load w0
	complains "$bpffs" "mounted read-only" "remount,rw"
	is "$(attached_id w0)" 0
	attempt xdp-action unload v0
	complains "$bpffs"
	if [ "$status" -eq 0 ]; then
		is "$(attached_id v0)" 0
	else
		is "$(our_chain v0)" "$(alone)"
	fi
	mount -o remount,rw "$bpffs"
	run_ok xdp-action load w0
	run_ok xdp-action unload --all
	nothing_pinned
}

@test "status and metrics call nothing that writes" {
	needs strace
	local before
	before=$(inodes)
	run_ok strace -f -o "$BATS_TEST_TMPDIR/calls" \
		-e trace=bpf,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2,flock,chmod,fchmod \
		xdp-action status
	says "v0 "
	grep -q BPF_MAP_GET_FD_BY_ID "$BATS_TEST_TMPDIR/calls"
	# Whether a writer is at work it tries to learn without waiting, by a lock that no reader minds.
	if grep -vF 'LOCK_SH|LOCK_NB' "$BATS_TEST_TMPDIR/calls" |
		grep -E 'mkdir|unlink|rmdir|rename|flock|chmod|BPF_OBJ_PIN|_UPDATE_|_DELETE_|BPF_LINK_(CREATE|DETACH|UPDATE)|BPF_PROG_(LOAD|ATTACH)'; then
		return 1
	fi
	run_ok xdp-action metrics
	run_ok xdp-action poll -n 1 -i 10
	is "$(inodes)" "$before"
}

@test "a foreign map in the place of our pin is refused, never trusted" {
	local dir
	dir=$(field v0 pins)
	rm "$dir/action"
	bpftool map create "$dir/action" type array key 4 value 11056 entries 1 name .data.action
	local kind
	kind=$(field v0 'problems/*/kind')
	[[ $kind == *pins-* ]] || is "$kind" "a problem with the pins"
	run_ok xdp-action set DROP v0
	blocked
	is "$(field v0 setting/verdict problems/#)" "drop 0"
}
