#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Does this machine run libxdp's dispatcher? For use in the VM: tests/vm/run tests/vm/smoke.sh
#
# libxdp falls back to a bare program without a word where the kernel lacks a feature, so only the chain that
# the kernel reports counts as an answer.

set -eu

fail()
{
	echo "vm smoke: $*" >&2
	exit 1
}

# `ip netns exec` would mount a new /sys, without the bpffs.
in_ns()
{
	ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# Within $1 seconds.
ping_peer()
{
	in_ns far ping -c 1 -W "$1" 10.11.12.1 >/dev/null
}

ip netns add near
ip netns add far
ip link add veth0 netns near type veth peer name veth0 netns far
in_ns near ip addr add 10.11.12.1/24 dev veth0
in_ns far ip addr add 10.11.12.2/24 dev veth0
in_ns near ip link set veth0 up
in_ns far ip link set veth0 up
ping_peer 5 || fail "no ping without XDP"

in_ns near xdp-filter load --mode native --policy allow veth0 || fail "xdp-filter load"
chain=$(in_ns near xdp-loader status veth0)
echo "$chain"
case $chain in
*xdp_dispatcher*xdpfilt_alw_all*) ;;
*) fail "no dispatcher with xdpfilt_alw_all in it" ;;
esac
ping_peer 5 || fail "no ping through a dispatcher that passes everything"

in_ns near xdp-filter ip --mode src 10.11.12.2
! ping_peer 1 || fail "a ping got through that xdp-filter drops"
in_ns near xdp-filter ip --mode src --remove 10.11.12.2
ping_peer 5 || fail "no ping after the rule was removed"

in_ns near xdp-filter unload veth0
case $(in_ns near xdp-loader status veth0) in
*xdp_dispatcher*) fail "the dispatcher is still there after unload" ;;
esac
echo "vm smoke: ok"
