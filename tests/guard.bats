#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The guard: nobody cuts the SSH session in which he types, by accident.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers
load sshd

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# guarded COMMAND...: as typed in an SSH session that comes in by v0.
guarded()
{
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" "$@"
}

@test "guard: a verdict that would cut the session is refused, and says how" {
	guarded run_fail 1 xdp-action set DROP v0
	complains v0 SSH 10.0.0.2 --for --force
	is "$(field v0 setting/verdict)" pass
	guarded run_fail 1 xdp-action set DROP -p 1% v0
	guarded run_fail 1 xdp-action set DROP --for 1s --then ABORTED v0
	is "$(field v0 setting/verdict)" pass
}

@test "guard: --for and --force are heeded, PASS and other interfaces go" {
	make_pair w0 w1 10.0.9
	run_ok xdp-action load w0
	guarded run_ok xdp-action set DROP w0
	guarded run_ok xdp-action set PASS v0
	guarded run_ok xdp-action set DROP --for 30s v0
	is "$(field v0 setting/verdict)" drop
	guarded run_ok xdp-action set DROP --force v0
	is "$(field v0 setting/verdict setting/base)" "drop null"
}

@test "guard: of a setting with an expression it says that it may cut, and of others that they would" {
	local setting
	natively "nothing in it depends on the dispatcher"
	for setting in "DROP --match udp" "DROP --except udp" "PASS --match udp --otherwise DROP" \
		"DROP --match udp -c 1"; do
		# shellcheck disable=SC2086
		guarded run_fail 1 xdp-action set $setting v0
		complains "this may cut the SSH session it was typed in, from 10.0.0.2: whether the expression"
	done
	guarded run_fail 1 xdp-action set DROP --match udp v0
	complains "  spare it with --spare-session, let it end"
	for setting in "DROP" "DROP -p 1%" "DROP --match udp --otherwise DROP" "PASS --match udp --for 30s --then DROP"; do
		# shellcheck disable=SC2086
		guarded run_fail 1 xdp-action set $setting v0
		complains "this would cut the SSH session it was typed in, from 10.0.0.2"
	done
	# The base is looked at as well as the setting.
	run_ok xdp-action set DROP --match udp v0
	guarded run_fail 1 xdp-action set PASS --for 30s v0
	complains "this may cut"
	guarded run_fail 1 xdp-action set DROP --match udp -c 1 --then DROP v0
	complains "this would cut"
}

@test "guard: who may do nothing is told that, and not what the guard cannot see" {
	natively "nothing in it depends on the dispatcher"
	run_ok xdp-action unload v0
	run_fail 1 setpriv --reuid=1234 --regid=1234 --clear-groups xdp-action load -a DROP v0
	complains "lacks CAP_NET_ADMIN" "run it as root"
	says_not /proc
	run_fail 1 setpriv --reuid=1234 --regid=1234 --clear-groups xdp-action set DROP --spare-session v0
	complains "lacks CAP_NET_ADMIN"
	run_ok xdp-action load v0
	run_fail 1 setpriv --reuid=1234 --regid=1234 --clear-groups xdp-action clean -n
	complains "cannot look into $bpffs/xdp: Permission denied" "run it as root"
}

@test "who may do nothing leaves no directory either, in which root could do no more" {
	natively "nothing in it depends on the dispatcher"
	run_ok xdp-action unload v0
	rmdir "$bpffs/xdp"
	# As mount(8) makes it.
	chmod 1777 "$bpffs"
	local line
	for line in "load v0" "set DROP" "set DROP v0" "run DROP -- true" "unload v0" "unload -a" "upgrade" "clean" "status" "metrics"; do
		# One word each.
		# shellcheck disable=SC2086
		attempt setpriv --reuid=1234 --regid=1234 --clear-groups xdp-action $line
		nothing_pinned
		[ ! -e "$bpffs/xdp" ] || explain "it left a directory"
		case $line in
		set* | run* | load* | unload*) complains "lacks CAP_NET_ADMIN" "run it as root" ;;
		esac
	done
	run_ok xdp-action load v0
	chmod 700 "$bpffs"
}

@test "guard: load -a is guarded too" {
	run_ok xdp-action unload v0
	guarded run_fail 1 xdp-action load -a DROP v0
	complains v0 SSH
	is "$(attached_id v0)" 0
	guarded run_ok xdp-action load -a DROP --force v0
}

@test "guard: sees through sudo, which clears the environment" {
	# shellcheck disable=SC2016
	guarded run_fail 1 bash -c 'env -i PATH="$PATH" xdp-action set DROP v0; exit'
	complains SSH
	is "$(field v0 setting/verdict)" pass
}

@test "guard: sees a session over IPv6" {
	ipv6 on
	make_pair w0 w1
	ipv6 off
	ip address add fd00::1/64 dev w0 nodad
	run_ok xdp-action load w0
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_fail 1 xdp-action set DROP w0
	complains w0 fd00::2
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_ok xdp-action set DROP v0
}

# ---- real sessions ----

@test "guard: in real sessions, over IPv4, IPv6 and a link-local address" {
	natively "a login takes long in the VM"
	start_sshd
	local address
	for address in 10.0.7.1 fd00::1 fe80::1%s1; do
		logged_in 1 "$address" xdp-action set DROP s0
		complains "s0: refused" --for --force
		logged_in 1 "$address" xdp-action set DROP
		complains "s0: refused"
		# All are looked at before the first change.
		is "$(field s0 setting/verdict) $(field v0 setting/verdict)" "pass pass"
		logged_in 0 "$address" "xdp-action set DROP --for 1ms s0 && xdp-action set PASS"
	done
	run_ok xdp-action unload s0
	logged_in 1 10.0.7.1 xdp-action load -a TX s0
	is "$(attached_id s0)" 0
}

@test "guard: a cut that is allowed heals before the session is lost, --force does not" {
	natively "a login takes long in the VM"
	start_sshd
	logged_in 0 10.0.7.1 "xdp-action set DROP --for 1s s0; sleep 1.2; echo back"
	says back
	# The server's packets still go out; those of the client do not come in.
	logged_in 255 10.0.7.1 "xdp-action set DROP --force s0; exec sleep 20"
	is "$(field s0 setting/verdict)" drop
}

@test "guard: in a real session, through su and an empty environment" {
	natively "a login takes long in the VM"
	start_sshd
	logged_in 1 10.0.7.1 "su - root -c '$checkout/xdp-action/xdp-action set DROP s0'"
	complains "s0: refused" 10.0.7.2
	logged_in 1 10.0.7.1 "env -i $checkout/xdp-action/xdp-action set DROP s0; exit"
	complains "s0: refused" 10.0.7.2
}

@test "guard: in a real session that is relayed it knows no interface to be safe" {
	local ssh
	natively "a login takes long in the VM"
	start_sshd
	ssh_words
	logged_in 1 10.0.7.1 "${ssh[*]} root@127.0.0.1 xdp-action set DROP s0"
	complains "refused" "may pass s0: a process on this host relays it"
	logged_in 0 10.0.7.1 "${ssh[*]} root@127.0.0.1 xdp-action set DROP --for 1s v0"
}

@test "guard: a session to an address on a loopback may come in by any interface" {
	ip address add 10.0.8.1/32 dev lo
	SSH_CONNECTION="10.0.0.2 50000 10.0.8.1 22" run_fail 1 xdp-action set DROP v0
	make_pair w0 w1 10.0.9
	run_ok xdp-action load w0
	SSH_CONNECTION="10.0.0.2 50000 10.0.8.1 22" run_fail 1 xdp-action set DROP w0
	complains w0 "its address here is on lo"
	ip address del 10.0.8.1/32 dev lo
}

# ---- sessions that no environment tells of ----

# Runs a command as what has left the session: with no environment, and no parent but the first process. Its exit
# status goes to $left_status, what it says to $left_said.
leave_session()
{
	local said=$BATS_TEST_TMPDIR/left
	rm -f "$said.status"
	log_in 10.0.7.1 "env -i PATH='$PATH' setsid -f sh -c '$1 >$said 2>&1; echo \$? >$said.status'; sleep 0.1; exec sleep 20" &
	eventually test -s "$said.status"
	left_status=$(<"$said.status")
	left_said=$(<"$said")
	kill $! 2>/dev/null || true
}

@test "guard: sees through a new terminal that no environment leads to, as of tmux under sudo -i" {
	needs script
	natively "a login takes long in the VM"
	start_sshd
	leave_session "script -qec \"xdp-action set DROP s0\" /dev/null"
	is "$left_status" 1 "exit status"
	[[ $left_said == *"s0: refused"*10.0.7.2* ]] || explain "$left_said"
	is "$(field s0 setting/verdict)" pass
	# Not every interface, and not without a terminal.
	leave_session "script -qec \"xdp-action set DROP v0\" /dev/null || exit; xdp-action set DROP s0"
	is "$left_status" 0 "$left_said: exit status"
}

@test "guard: knows a session by the kernel's audit session, and that a job of cron has another" {
	local login=/proc/self/loginuid
	[ -e $login ] || skip "the running kernel keeps no audit sessions"
	# What PAM does at a login.
	natively "a login takes long in the VM"
	start_sshd sh -c "echo 0 >$login && exec \"\$@\"" sh
	leave_session "xdp-action set DROP s0"
	is "$left_status" 1 "exit status"
	[[ $left_said == *"s0: refused"*10.0.7.2* ]] || explain "$left_said"
	log_in 10.0.7.1 sleep 20 &
	eventually accepted 1
	run_ok sh -c "echo 0 >$login && exec xdp-action set DROP s0"
	kill $!
}

@test "guard: where SSH_CONNECTION has ended, any session may have been attached" {
	needs script
	natively "a login takes long in the VM"
	start_sshd
	log_in 10.0.7.1 sleep 20 &
	eventually accepted 1
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" attempt script -qec "xdp-action set DROP s0" /dev/null
	is "$status" 1 "exit status"
	says "s0: refused" "which is not known"
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" run_ok xdp-action set DROP s0
	kill $!
}

@test "guard: a tmux that one session started may be attached to another" {
	local connection
	needs script
	natively "a login takes long in the VM"
	start_sshd
	log_in 10.0.7.1 "echo \"\$SSH_CONNECTION\" >$BATS_TEST_TMPDIR/connection; exec sleep 20" &
	log_in 10.0.0.1 sleep 20 &
	eventually accepted 2
	eventually test -s "$BATS_TEST_TMPDIR/connection"
	# It lives, and this process is no descendant of its server.
	connection=$(<"$BATS_TEST_TMPDIR/connection")
	SSH_CONNECTION=$connection attempt script -qec "xdp-action set DROP v0" /dev/null
	is "$status" 1 "exit status"
	says "v0: refused" "which is not known"
	# Without a terminal it was no tmux.
	SSH_CONNECTION=$connection run_ok xdp-action set DROP v0
}

@test "guard: asks about the base that a temporary setting takes over" {
	run_ok xdp-action set DROP --force v0
	run_ok xdp-action set PASS --for 5m v0
	guarded run_fail 1 xdp-action set PASS -c 1 v0
	complains v0 SSH "--then PASS"
	guarded run_fail 1 xdp-action set DROP -p 1% --for 2s v0
	is "$(field v0 setting/verdict setting/base/verdict)" "pass drop"
	guarded run_ok xdp-action set DROP -p 1% --for 2s --then PASS v0
	guarded run_ok xdp-action set PASS -c 1 v0
}

@test "guard: packets may come in by each interface that has a route to the client" {
	make_pair w0 w1 10.0.9
	make_pair x0 x1 10.0.10
	run_ok xdp-action load w0 x0
	# By the second of two ways, by another route, by another table, and not by one that leads elsewhere.
	ip route add 192.0.2.0/24 nexthop via 10.0.0.2 nexthop via 10.0.9.2
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP v0
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP w0
	ip route replace 192.0.2.0/24 via 10.0.0.2
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_ok xdp-action set DROP w0
	ip route add 192.0.2.0/24 via 10.0.9.2 metric 9
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP w0
	complains w0 "may pass"
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_ok xdp-action set DROP x0
	ip route add default via 10.0.10.2 table 99
	SSH_CONNECTION="192.0.2.7 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP x0
	# A direct neighbour sends to no router.
	guarded run_ok xdp-action set DROP w0 x0
	ip route flush table 99
}

@test "guard: a session in a namespace of its own, behind a bridge of the host" {
	modprobe -q bridge 2>/dev/null || true
	ip netns add box
	ip link add br0 group "$group" type bridge
	ip link set v0 master br0
	ip link add port group "$group" master br0 type veth peer name eth0 netns box
	ip -n box address add 10.0.0.9/24 dev eth0
	ip -n box link set eth0 up
	ip link set br0 up
	ip link set port up
	run_fail 1 nsenter --net=/run/netns/box env SSH_CONNECTION="10.0.0.2 50000 10.0.0.9 22" \
		xdp-action -N "/proc/$$/ns/net" set DROP v0
	complains "may pass v0" "another network namespace"
	# One that does not lead out of its own does not come by here.
	ip -n box link add br1 type bridge
	ip -n box address add 10.0.20.1/24 dev br1
	ip -n box link set br1 up
	run_ok nsenter --net=/run/netns/box env SSH_CONNECTION="10.0.20.2 50000 10.0.20.1 22" \
		xdp-action -N "/proc/$$/ns/net" set DROP v0
	ip netns del box
}

@test "guard: an ancestor whose first thread has ended shows no environment, and is not taken for one without" {
	local headless=(env SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" headless env -u SSH_CONNECTION)
	run_fail 1 "${headless[@]}" xdp-action set DROP v0
	complains "cannot tell" "/environ: " "--force"
	is "$(field v0 setting/verdict)" pass
	run_ok "${headless[@]}" xdp-action set DROP --for 30s v0
}

@test "guard: more ancestors than it used to climb" {
	# The shells between have no environment, nor those that they fork.
	# shellcheck disable=SC2016
	local deep='deep() { [ "$1" -gt 0 ] || { xdp-action set DROP v0; return; }; (deep $(($1 - 1))); return $?; }; deep 300'
	# shellcheck disable=SC2016
	guarded run_fail 1 sh -c 'env -i PATH="$PATH" sh -c "$1"; exit $?' sh "$deep"
	complains "v0: refused"
}
