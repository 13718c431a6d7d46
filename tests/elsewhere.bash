# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# A chain in another network namespace, to which nothing must happen. Where there is no dispatcher, and so no neighbour,
# it is our own program that drops packets: that is quick, and tries more. For suites that load the helpers before.

# Variables of the helpers, and variables for the suites.
# shellcheck disable=SC2154,SC2034

# In the index of no other interface, so that the pins of vv are known by it.
vv_index=9000

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

# hold HOW: a namespace that hold_netns makes, in $held.
hold()
{
	start hold_netns "$1"
	eventually test -s "$started_output"
	held=$(<"$started_output")
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
