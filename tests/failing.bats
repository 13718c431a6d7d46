#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What a user puts where others may look is not touched, and a call that fails is not taken for an answer.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers
load elsewhere

# A command that waits for what a user has put in its way.
at_once=(timeout -k 2 60)

# ---- what a user puts in the way ----

# in_the_way SCRIPT: a user makes a mount namespace, and in its /run/netns what the script makes.
in_the_way()
{
	start setpriv --reuid=1234 --regid=1234 --clear-groups unshare --user --map-root-user --mount sh -ec "
		mount -t tmpfs tmpfs /run
		mkdir /run/netns
		cd /run/netns
		$1
		echo ready
		exec sleep infinity"
	eventually test -s "$started_output" || { cat "$started_output.error"; return 1; }
}

# Each command ends in time, asks about no file of the user's, of another process's namespaces or of /dev, by whatever
# call, and enters no namespace; and what is left over is healed in spite of what is in the way. So no file there can
# pass for a namespace either, say by its inode number.
not_taken_in()
{
	local command
	cd "$BATS_TEST_TMPDIR"
	for command in "load v0" "set DROP v0" status "unload v0" clean; do
		[[ $command != *load* && $command != clean ]] || leave_behind
		# Words of a command.
		# shellcheck disable=SC2086
		run_ok "${at_once[@]}" strace -f -o calls -e trace=%file,setns xdp-action $command
		grep -qE 'open.*/sys/fs/bpf' calls || explain "strace saw nothing"
		if grep -vF '"/dev/null"' calls | grep -E '/run/netns|/proc/[0-9]+/(root|cwd|fd|ns|task|mount)|"/dev/|setns\('; then
			explain "it looked at what is not its own"
		fi
		[[ $(listing "$bpffs/xdp") != *"$left"* ]] || explain "$left is still there"
	done
}

@test "a FIFO in a user's /run/netns: no command waits for it" {
	needs strace
	in_the_way "mkfifo fifo"
	not_taken_in
}

@test "symlinks to all devices in a user's /run/netns: none is opened" {
	needs strace
	in_the_way "for device in /dev/*; do ln -s \$device; done"
	not_taken_in
}

@test "a dangling link in a user's /run/netns: healing goes on" {
	needs strace
	in_the_way "ln -s /nowhere dangling"
	not_taken_in
}

# ---- calls that fail ----

# prepare COMMAND: what it wants to find, and nothing else.
prepare()
{
	xdp-action -q unload --all
	case $1 in
	set | unload) run_ok xdp-action load v0 ;;
	clean) leave_behind ;;
	esac
}

# failing CALLS ERROR COMMAND...: the command once for each of its system calls, or, where that takes long, for some in
# places all over it, from the first that is not about shared objects on. It may fail, and does no harm.
failing()
{
	local calls=$1 error=$2 first count n places=4
	shift 2
	prepare "$1"
	strace -f -o calls -e trace="$calls" xdp-action "$@" >/dev/null
	first=$(grep -nvE '\.so|ld\.so|locale|, AT_EMPTY_PATH' calls | head -n 1)
	count=$(wc -l <calls)
	has_dispatcher || places=$count
	n=${first%%:*}
	while [ -n "$n" ] && [ "$n" -lt "$count" ]; do
		prepare "$1"
		attempt "${at_once[@]}" strace -f -o injected -e trace="$calls" -e inject="$calls:error=$error:when=$n" xdp-action "$@"
		is "$(pins_of_vv)" "$vv_pins" "the pins of vv after $* failed at call $n of $calls"
		n=$((n + (count - ${first%%:*}) / places + 1))
	done
}

# open_and_stat_fail COMMAND...
open_and_stat_fail()
{
	needs strace
	cd "$BATS_TEST_TMPDIR"
	hold descriptor
	protect "$held"
	failing open,openat,openat2 ENOENT "$@"
	failing open,openat,openat2 EACCES "$@"
	failing stat,lstat,fstat,newfstatat,statx ENOENT "$@"
	unharmed
}

@test "open and stat fail in a load: what cannot be seen is not taken for absent" {
	open_and_stat_fail load v0
}

@test "open and stat fail in a set" {
	open_and_stat_fail set DROP v0
}

@test "open and stat fail in an unload" {
	open_and_stat_fail unload v0
}

@test "open and stat fail in a clean" {
	open_and_stat_fail clean
}

# Of several pin directories the first finds the list broken, and the next ones must not go by what there is of it.
@test "the kernel's list of programs fails: no pins are taken for unused by half of it" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	hold descriptor
	protect "$held"
	there ip link add vx index $((vv_index + 1)) type veth peer name vy
	run_ok xdp-action -N "$vv_netns" load vx vy
	local all listed n index
	index=$(</sys/class/net/v0/ifindex)
	all=$(listing "$pins")
	strace -f -o calls -e trace=bpf xdp-action load v0
	mapfile -t listed < <(grep 'bpf(' calls | grep -n PROG_GET_NEXT_ID | cut -d : -f 1)
	[ ${#listed[@]} -gt 3 ] || explain "the list was not read"
	for n in "${listed[0]}" "${listed[1]}" "${listed[2]}"; do
		run_ok xdp-action unload v0
		attempt strace -f -o injected -e trace=bpf -e inject=bpf:error=EPERM:when="$n" xdp-action load v0
		is "$(listing "$pins" | grep -vE -- "-$index(/|\$)")" "$all" "the pins after a failure at call $n"
	done
	unharmed
}

@test "the kernel does not find a dispatcher to which there are links: it is not taken for gone" {
	needs_dispatcher
	needs strace
	cd "$BATS_TEST_TMPDIR"
	hold descriptor
	protect "$held"
	local id n
	id=$(there ip -details link show vv)
	[[ $id =~ prog/xdp\ id\ ([0-9]+) ]]
	id=${BASH_REMATCH[1]}
	strace -f -o calls -e trace=bpf xdp-action unload --all
	n=$(grep 'bpf(' calls | grep -n "PROG_GET_FD_BY_ID, {prog_id=${id}[,}]" | head -n 1)
	[ -n "$n" ] || explain "the dispatcher was not looked at"
	run_ok strace -f -o injected -e trace=bpf -e inject=bpf:error=ENOENT:when="${n%%:*}" xdp-action -v unload --all
	complains "links to the program $id but not the program"
	unharmed
}

# vv is to be loaded, and v0 has the same index and the same name here.
@test "setns fails: -N ends the command, which changes nothing where it was not sent" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	ip netns add elsewhere
	ip link add vv index "$vv_index" group "$group" type veth peer name vp
	ip -n elsewhere link add vv index "$vv_index" type veth peer name vp
	run_ok strace -f -o calls -e trace=setns xdp-action -N elsewhere load vv
	run_ok xdp-action -N elsewhere unload vv
	local n count
	count=$(grep -c 'setns(' calls)
	between "$count" 1 3 "calls of setns"
	for ((n = 1; n <= count; n++)); do
		run_fail 1 strace -f -o injected -e trace=setns -e inject=setns:error=EPERM:when=$n xdp-action -N elsewhere load vv
		is "$(attached_id vv) $(ip -n elsewhere link show vv | grep -c prog/xdp || true)" "0 0" "programs on vv here and there"
	done
	nothing_pinned
	leave_behind
	run_ok strace -f -o calls -e trace=setns xdp-action load vv
	is "$(grep -c 'setns(' calls || true)" 0 "calls of setns without -N"
}
