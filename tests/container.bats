#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Containers that have the host's bpffs: with the capabilities that docs/fleet.md names everything works, without one
# of them the message says which; and what the host runs, which a container cannot see, is left alone.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

# A function would be unknown to the time limit of the helpers.
contain=$checkout/tests/contain

# read_flags: of the command line in docs/fleet.md, the capabilities as setpriv has them, in $capabilities.
read_flags()
{
	local line word
	capabilities=
	while read -r line; do
		[[ $line == "podman run "* ]] || continue
		[[ $line == *" --network host "*" -v $bpffs:$bpffs "* ]]
		for word in ${line//--cap-add /+}; do
			[[ $word != +* ]] || capabilities+=${capabilities:+,}${word,,}
		done
	done <"$checkout/docs/fleet.md"
	[ -n "$capabilities" ]
}

@test "with the capabilities that docs/fleet.md names: every command" {
	read_flags
	run_ok "$contain" "$capabilities" '
		xdp-action load c0
		xdp-action set DROP -t 1h c0
		xdp-action status c0
		xdp-action metrics c0
		xdp-action set PASS c0
		xdp-action unload c0'
	says "c0: loaded" "c0: DROP" 'interface="c0"' "c0: unloaded"
	nothing_pinned
}

@test "a missing capability is named" {
	run_fail 1 "$contain" +net_admin,+bpf,+perfmon 'xdp-action load c0'
	complains CAP_SYS_ADMIN
	run_fail 1 "$contain" +sys_admin 'xdp-action load c0'
	complains CAP_NET_ADMIN
	run_fail 1 "$contain" +net_admin 'xdp-action load c0'
	complains CAP_SYS_ADMIN CAP_BPF CAP_PERFMON
	nothing_pinned
}

@test "no bpffs: the message says how to get one" {
	run_fail 1 "$contain" +net_admin,+sys_admin 'umount /sys/fs/bpf; xdp-action load c0'
	complains "bpffs" /sys/fs/bpf
}

@test "what the host runs is left alone, on load, unload and unload --all" {
	run_ok xdp-action load -a DROP v0
	if has_dispatcher; then
		run_ok xdp-filter load v0
	fi
	local id before
	id=$(attached_id v0)
	before=$(listing "$bpffs")
	run_ok "$contain" +net_admin,+sys_admin '
		xdp-action load c0
		xdp-action unload c0
		xdp-action load c0
		xdp-action unload --all'
	is "$(attached_id v0)" "$id" "the program on v0"
	is "$(listing "$bpffs")" "$before" "the bpffs"
	is "$(field v0 setting/verdict 'problems/#')" "drop 0"
	blocked
	run_ok xdp-action unload v0
}

@test "the host's interfaces, without the host's processes, with the capabilities that docs/fleet.md names" {
	read_flags
	local inside=(unshare --pid --fork --kill-child --mount --mount-proc setpriv --bounding-set "-all,$capabilities" --)
	run_ok xdp-action load v0
	run_ok "${inside[@]}" sh -ec '
		xdp-action set DROP v0
		xdp-action status v0'
	says "v0: DROP" "v0 "
	blocked
	run_ok "${inside[@]}" xdp-action unload v0
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "what a container that ended leaves behind is healed, though the containers do not see each other" {
	run_ok "$contain" +net_admin,+sys_admin 'xdp-action load c0'
	[[ $(listing "$pins") == *action_counters* ]] || explain "the container left nothing behind"
	# The kernel takes the namespace down after the last process.
	eventually healed
}

healed()
{
	xdp-action -q unload --all && nothing_pinned >/dev/null
}
