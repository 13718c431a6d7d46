#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# No command does harm elsewhere: what runs in a network namespace that nobody can find goes on running, with its
# neighbour, its rules and its pins.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers
load elsewhere

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
	local first round drop=()
	has_dispatcher || drop=(-a DROP)
	# Until nobody else takes the number in between.
	for ((round = 0; round < 20; round++)); do
		run_ok xdp-action -N "$vv_netns" unload vv
		run_ok unshare --pid --fork --mount-proc sh -ec '
			readlink /proc/self/ns/pid
			exec xdp-action -q "$@"' sh -N "$vv_netns" load "${drop[@]}" vv
		first=${output%%$'\n'*}
		vv_pins=$(pins_of_vv)
		attempt unshare --net --pid --fork --mount-proc sh -ec "
			[ \"\$(readlink /proc/self/ns/pid)\" = '$first' ] || exit 77
			ip link add c0 type veth peer name c1
			xdp-action load c0
			xdp-action unload c0
			xdp-action unload --all"
		[ "$status" -eq 77 ] || break
	done
	is "$status" 0 "exit status of the commands in the second container"
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
