#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# No command does harm elsewhere: what runs in a network namespace that nobody can find goes on running, with its
# neighbour, its rules and its pins; what a user puts where others may look is not touched; and a call that fails is
# not taken for an answer. Where there is no dispatcher, and so no neighbour, it is our own program that drops packets:
# that is quick, and tries more.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

# In the index of no other interface, so that the pins of vv are known by it.
vv_index=9000
# A command that waits for what a user has put in its way.
at_once=(timeout -k 2 60)
# Leaks cannot be looked for under strace.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

setup()
{
	! has_dispatcher || needs xdp-filter
	default_setup
	vv_netns=
}

teardown()
{
	default_teardown
	umount -l "$BATS_TEST_TMPDIR"/* 2>/dev/null || true
	ip netns del .hidden 2>/dev/null || true
	ip netns del elsewhere 2>/dev/null || true
}

# ---- a chain in a namespace ----

there()
{
	nsenter --net="$vv_netns" "$@"
}

# protect NETNS: an interface vv there, whose packets come from vp, with xdp-filter, which drops all of them, and us; or
# with us alone.
protect()
{
	vv_netns=$1
	there ip link add vv index $vv_index type veth peer name vp netns $$
	there ip link set vv up
	ip link set vp group "$group" up
	flow -c 10 vp "$vv_netns:vv"
	is "${flow[vv]}" 10 "frames that came through before"
	if has_dispatcher; then
		run_ok nsenter --net="$vv_netns" xdp-filter load --policy deny vv
		run_ok xdp-action -N "$vv_netns" load vv
	else
		run_ok xdp-action -N "$vv_netns" load -a DROP vv
	fi
	vv_pins=$(pins_of_vv)
	[ -n "$vv_pins" ]
	unharmed
}

pins_of_vv()
{
	listing "$bpffs/xdp" | grep -E "^(dispatch-|xdp-action/[0-9]+-)$vv_index(-|/|\$)" || true
}

# The kernel, xdp-loader and our status agree that all is as it was: no packet passes, and the pins are there.
unharmed()
{
	flow -c 10 -w 20 vp "$vv_netns:vv"
	is "${flow[vv]}" 0 "frames that came through in spite of the neighbour"
	is "$(pins_of_vv)" "$vv_pins" "the pins of vv"
	local chain=xdp_action
	if has_dispatcher; then
		chain="xdpfilt_dny_all xdp_action"
		is "$(there xdp-loader status vv | awk '$1 == "=>" { print $2, $3 }' | paste -sd ,)" \
			"10 xdpfilt_dny_all,50 xdp_action" "the chain of vv"
	fi
	run_ok xdp-action -N "$vv_netns" status -j vv
	is "$(jsonget 'instances/0/chain/*/name' instances/0/problems/# <<<"$output")" "$chain 0" "status of vv"
}

# Every command that changes or cleans something, on another interface.
commands_elsewhere()
{
	run_ok xdp-action load v0
	is "$(pins_of_vv)" "$vv_pins" "the pins of vv after a load of v0"
	run_ok xdp-action set DROP v0
	run_ok xdp-action status
	run_ok xdp-action unload v0
	is "$(pins_of_vv)" "$vv_pins" "the pins of vv after an unload of v0"
	run_ok xdp-action unload --all
	run_ok xdp-action clean
	unharmed
}

# ---- namespaces that nobody finds ----

# hold HOW: a namespace that hold_netns makes, in $held.
hold()
{
	start hold_netns "$1"
	eventually test -s "$started_output"
	held=$(<"$started_output")
}

@test "a namespace that is bound at a path of its own" {
	touch "$BATS_TEST_TMPDIR/mine"
	unshare --net="$BATS_TEST_TMPDIR/mine" true
	protect "$BATS_TEST_TMPDIR/mine"
	commands_elsewhere
}

@test "a namespace whose name begins with a dot" {
	ip netns add .hidden
	protect /run/netns/.hidden
	commands_elsewhere
}

@test "a namespace that is used by one thread only" {
	hold thread
	protect "$held"
	commands_elsewhere
}

@test "a namespace that is held by a descriptor only" {
	hold descriptor
	protect "$held"
	commands_elsewhere
}

@test "a namespace that is bound where the first process of the mount namespace is chrooted" {
	hold chroot
	protect "$held"
	commands_elsewhere
}

@test "a chain that was loaded in a container, from another whose PID namespace has the same number" {
	touch "$BATS_TEST_TMPDIR/mine"
	unshare --net="$BATS_TEST_TMPDIR/mine" true
	protect "$BATS_TEST_TMPDIR/mine"
	run_ok xdp-action -N "$vv_netns" unload vv
	local first second drop=()
	has_dispatcher || drop=(-a DROP)
	first=$(unshare --pid --fork --mount-proc readlink /proc/self/ns/pid)
	run_ok unshare --pid --fork --mount-proc xdp-action -N "$vv_netns" load "${drop[@]}" vv
	vv_pins=$(pins_of_vv)
	second=$(unshare --pid --fork --mount-proc readlink /proc/self/ns/pid)
	is "$first" "$second" "the number of a PID namespace, which should have been used again"
	run_ok unshare --net --pid --fork --mount-proc sh -ec "
		ip link add c0 type veth peer name c1
		xdp-action load c0
		xdp-action unload c0
		xdp-action unload --all"
	unharmed
}

@test "processes that may not be seen: /proc with hidepid, without CAP_SYS_PTRACE" {
	# shellcheck disable=SC2016
	start unshare --net sh -c 'echo $$; exec sleep infinity'
	eventually test -s "$started_output"
	local pid
	pid=$(<"$started_output")
	protect "/proc/$pid/ns/net"
	local blind=(unshare --mount sh -ec 'mount -t proc -o hidepid=2,gid=65534 proc /proc
		exec setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace "$@"' blind)
	run_fail 1 "${blind[@]}" sh -c "ls -d /proc/$pid >&2 || exit 1"
	local command
	for command in "load v0" "set DROP --force v0" status "unload v0" "unload --all" clean; do
		# Words of a command.
		# shellcheck disable=SC2086
		run_ok "${blind[@]}" xdp-action $command
		is "$(pins_of_vv)" "$vv_pins" "the pins of vv after $command"
	done
	unharmed
}

@test "an interface that moves between a namespace with a name and one without, while commands run" {
	ip netns add elsewhere
	hold descriptor
	protect /run/netns/elsewhere
	start shuffle_link "$vv_netns" "$held" vv
	local moving=$! round rounds=3
	has_dispatcher || rounds=50
	eventually test -s "$started_output"
	for ((round = 0; round < rounds; round++)); do
		run_ok xdp-action load v0
		run_ok xdp-action unload v0
		is "$(pins_of_vv)" "$vv_pins" "the pins of vv in round $round"
	done
	kill $moving
	wait $moving || true
	there ip link set vv up
	unharmed
}

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

# Pins that nothing uses any more, of a dispatcher where there is one, so that commands have a reason to look around.
leave_behind()
{
	make_pair k0 k1
	run_ok xdp-action load k0
	left=$(stat -Lc %i /proc/self/ns/net)-$(</sys/class/net/k0/ifindex)
	! has_dispatcher || left=dispatch-${left#*-}-
	ip link set k0 xdp off
	ip link del k0
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
	ip -n elsewhere link add vv index $vv_index type veth peer name vp
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
