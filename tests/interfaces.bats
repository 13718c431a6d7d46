#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Kinds of interfaces: where the driver takes a program the load is native, where it does not the error names
# -m skb; and a verdict that is taken without a warning does what it says. `ip link`, which asks the driver
# directly, is the witness.
#
# Each kind gives a row of the table in docs/interfaces.md; tests/interfaces-table makes it anew of what the suite prints.

# Variables of the helpers, and a test runs in a shell of its own.
# shellcheck disable=SC2154,SC2030,SC2031
load helpers

# Frames can be sent to v1 and w1 by XDP, since these have a program. s0 - s1 is for redirecting to an interface.
setup()
{
	default_setup
	make_pair w0 w1
	make_pair s0 s1
	ip -n peer link set dev v1 xdp obj "$neighbour" sec xdp
	ip -n peer link set dev w1 xdp obj "$neighbour" sec xdp
	export ROWS=$BATS_FILE_TMPDIR/rows
}

# The one way to print past bats is its descriptor 3.
teardown_file()
{
	ip netns del peer 2>/dev/null || true
	[ ! -e "$BATS_FILE_TMPDIR/rows" ] || sed 's/^/# row: /' "$BATS_FILE_TMPDIR/rows" >&"$( ({ : >&3; } 2>/dev/null && echo 3) || echo 1)"
}

# make_link NAME MODULE OPTION...: an interface, up. In the VM the kernel loads no module by itself.
make_link()
{
	local name=$1
	modprobe -q "$2" || true
	shift 2
	attempt ip link add "$name" group "$group" "$@"
	if [ $status -ne 0 ]; then
		[[ $error == *"nknown device type"* || $error == *"not supported"* ]] || explain "cannot make $name"
		skip "the running kernel has no such interface: ip link add $*"
	fi
	ip link set "$name" up
}

# make_tun MODE: t0.
make_tun()
{
	modprobe -q tun || true
	[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
	ip tuntap add t0 mode "$1"
	ip link set t0 group "$group" up
}

# Whether the driver takes a program, and there is nothing to fall back to.
driver_takes_programs()
{
	ip link set dev "$1" xdpdrv obj "$neighbour" sec xdp 2>/dev/null && ip link set dev "$1" xdpdrv off
}

# load_best IFNAME: natively where the driver can; the mode is in $mode.
load_best()
{
	if driver_takes_programs "$1"; then
		mode=native
		run_ok xdp-action load "$1"
	else
		mode=skb
		run_fail 1 xdp-action load "$1"
		complains "$1" native "-m skb"
		is "$(attached_id "$1")" 0
		run_ok xdp-action load -m skb "$1"
	fi
	is "$(field "$1" mode)" $mode
	chain_is "$1" "$(alone)"
}

# passes_and_drops IFNAME FROM
passes_and_drops()
{
	flow -c 10 "$2" "$1"
	is "${flow[$1]}" 10 "frames that came through"
	is "$(counted "$1")" "0 0 10 0 0"
	run_ok xdp-action set DROP "$1"
	flow -c 10 -w 20 "$2" "$1"
	is "${flow[$1]}" 0 "frames that came through"
	is "$(counted "$1")" "0 10 10 0 0"
}

# judge WORD ARRIVED: $warning is what `set` warned of, and so many of 10 frames arrived. What it means for the
# user is in $verdict: what was taken without a warning must hold.
judge()
{
	verdict=$1
	if [ -z "$warning" ]; then
		is "$2" 10 "frames that arrived"
	elif [ "$2" -ne 10 ]; then
		verdict="warns"
	fi
}

# try_tx IFNAME FROM: $tx
try_tx()
{
	attempt xdp-action set TX "$1"
	warning=$error
	if [ $status -eq 0 ]; then
		flow -c 10 -w 300 "$2" "$1"
		is "${flow[$1]}" 0 "frames that TX let through"
		judge yes "${flow[back]}"
		tx=$verdict
	else
		complains "$1" TX
		tx=refused
	fi
}

# try_redirect IFNAME FROM: to w0; $redirect
try_redirect()
{
	run_ok xdp-action set REDIRECT --to w0 "$1"
	warning=$error
	flow -c 10 -w 300 -d "$(<"/sys/class/net/$1/address")" "$2" peer:w1
	judge yes "${flow[w1]}"
	redirect=$verdict
}

# try_target IFNAME TO: from s0, so that it comes out at TO; $target
try_target()
{
	run_ok xdp-action load s0
	attempt xdp-action set REDIRECT --to "$1" s0
	target=native
	if [ $status -ne 0 ]; then
		complains "$1" redirect "skb mode"
		run_ok xdp-action unload s0
		run_ok xdp-action load -m skb s0
		run_ok xdp-action set REDIRECT --to "$1" s0
		target="skb only"
	fi
	warning=$error
	flow -c 10 -w 300 -d 02:00:00:00:00:99 peer:s1 "$2"
	judge "$target" "${flow[${2#peer:}]}"
	target=$verdict
	run_ok xdp-action unload s0
}

# row KIND [NOTE]: what was found out.
row()
{
	echo "| $1 | $mode | $tx | $redirect | $target |" >>"$ROWS"
}

# whole KIND IFNAME FROM: all of it, for an interface that gets what FROM sends and sends what FROM gets.
whole()
{
	load_best "$2"
	passes_and_drops "$2" "$3"
	try_tx "$2" "$3"
	try_redirect "$2" "$3"
	run_ok xdp-action unload "$2"
	try_target "$2" "$3"
	row "$1"
	nothing_pinned
}

@test "veth" {
	whole veth v0 peer:v1
	is $mode native
}

@test "tap" {
	make_tun tap
	start relay t0 v0
	eventually grep -q ready "$started_output"
	whole "tun, mode tap" t0 peer:v1
	is $mode native
}

@test "tun: its packets have no Ethernet header" {
	make_tun tun
	load_best t0
	run_fail 1 xdp-action set TX t0
	complains t0 "Ethernet header"
	run_fail 1 xdp-action set REDIRECT --to w0 t0
	complains t0 w0 "Ethernet header"
	run_ok xdp-action load v0
	run_fail 1 xdp-action set REDIRECT --to t0 v0
	complains v0 t0 "Ethernet header"
	tx=refused redirect=refused target=refused
	row "tun, mode tun"
}

@test "VLAN" {
	make_link v0.100 8021q link v0 type vlan id 100
	ip -n peer link set dev v1 xdp off
	ip -n peer link add v1.100 link v1 type vlan id 100
	ip -n peer link set v1.100 up
	whole "VLAN" v0.100 peer:v1.100
}

@test "bridge" {
	make_link br0 bridge type bridge
	ip link set v0 master br0
	whole bridge br0 peer:v1
}

@test "bond" {
	make_link bond0 bonding type bond mode active-backup
	ip link set bond0 down
	ip link set v0 down
	ip link set v0 master bond0
	ip link set bond0 up
	eventually grep -q up /sys/class/net/bond0/operstate
	whole bond bond0 peer:v1
}

@test "bond: its port alone, when the bond has a program, is the driver's to refuse" {
	make_link bond0 bonding type bond mode active-backup
	ip link set bond0 down
	ip link set v0 down
	ip link set v0 master bond0
	ip link set bond0 up
	load_best bond0
	[ $mode = native ] || skip "bond takes no programs in this kernel"
	attempt xdp-action load v0
	is $status 1
	complains v0
	is "$(field bond0 setting/verdict)" pass
}

@test "macvlan" {
	make_link mv0 macvlan link v0 type macvlan mode private
	whole macvlan mv0 peer:v1
}

@test "lo" {
	load_best lo
	is $mode skb
	passes_and_drops lo lo
	try_tx lo lo
	is "$tx" refused
	try_redirect lo lo
	run_ok xdp-action unload lo
	try_target lo lo
	row loopback
	nothing_pinned
}

# Neither ever receives a packet: a dummy has no other side, and what is redirected to an ifb goes back.
@test "dummy" {
	make_link d0 dummy type dummy
	load_best d0
	tx=- redirect=- target=-
	row dummy
}

@test "ifb" {
	make_link i0 ifb type ifb
	load_best i0
	tx=- redirect=- target=-
	row ifb
}

@test "virtio_net" {
	needs_nics
	whole virtio_net "$here" "peer:$there"
	xdp-action -q unload --all
	ip link set "$here" mtu 9000
	run_fail 1 xdp-action load "$here"
	complains "$here: the driver refuses the program: " MTU "-m skb"
	is "$(attached_id "$here")" 0
}

@test "the table in docs/interfaces.md is of these rows" {
	[[ -n ${XDP_ACTION_TESTS_NICS:-} && $(uname -r) == 6.1.* ]] || skip "the table in docs/interfaces.md is of the VM with Linux 6.1"
	local row rows
	mapfile -t rows <"$ROWS"
	between ${#rows[@]} 11 11 "rows"
	for row in "${rows[@]}"; do
		grep -qxF -- "$row" "$checkout/docs/interfaces.md" || explain "docs/interfaces.md has no row '$row'"
	done
}
