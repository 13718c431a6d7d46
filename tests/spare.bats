#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# --spare-session: everything is cut but the session in which that was typed, and that session goes on.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers
load sshd

# The tree of an sshd that is not installed hides the modules.
setup()
{
	default_setup
	[ -e "$BATS_FILE_TMPDIR/config" ] || modprobe -qa 8021q bonding tun xfrm_user 2>/dev/null || true
}

# ---- a session that is typed into ----

# open_session ADDRESS: a shell here, whose input is descriptor 7.
open_session()
{
	local ssh
	ssh_words
	session=$BATS_TEST_TMPDIR/session.$RANDOM
	mkfifo "$session"
	ip netns exec peer "${ssh[@]}" "root@$1" sh <"$session" >"$session.output" 2>"$session.error" 3>&- &
	started+=($!)
	exec 7>"$session"
	rounds=0
	answers
}

close_session()
{
	exec 7>&-
}

typed()
{
	echo "$*" >&7
}

# What the session has said so far has a line that begins with a text.
said()
{
	grep -q "^$1" "$session.output"
}

# It still answers.
answers()
{
	rounds=$((rounds + 1))
	typed "echo answer $rounds"
	eventually said "answer $rounds$" || {
		cat "$session.error"
		return 1
	}
}

# All else is cut, by what is typed in the session.
cut_but_session()
{
	typed "xdp-action set DROP --spare-session s0; echo exit status \$?"
	eventually said "exit status"
	is "$(grep "^exit status" "$session.output" | tail -n 1)" "exit status 0" "$(cat "$session.error")"
	is "$(field s0 setting/verdict setting/otherwise)" "drop pass"
}

# ---- neighbours ----

# So that an entry is doubted after half a second, and asked about before long.
short_lives()
{
	# For the shells.
	# shellcheck disable=SC2016
	local set='for family in ipv4 ipv6; do
		cd /proc/sys/net/$family/neigh/$0
		echo 500 >base_reachable_time_ms
		echo 1 >gc_stale_time
		echo 1 >delay_first_probe_time
		echo 100 >retrans_time_ms
	done'
	run_ok sh -ec "$set" s0
	run_ok ip netns exec peer sh -ec "$set" s1
}

# What either side knows of the other is in doubt, or has gone.
none_reachable()
{
	! { ip neigh show dev s0; ip -n peer neigh show dev s1; } | grep -q REACHABLE
}

# The one here knows the other, by an answer to its question.
reachable()
{
	ip neigh show dev s0 | grep -q REACHABLE
}

# The session outlives its neighbour entries: those that are in doubt, those that have gone, and the next.
outlives_neighbours()
{
	eventually none_reachable
	answers
	ip neigh flush dev s0
	ip -n peer neigh flush dev s1
	answers
	eventually none_reachable
	answers
	eventually reachable
}

# ---- what is not spared ----

is_dropped_since()
{
	[ "$(field s0 counters/drop/packets)" -gt "$1" ]
}

# Somebody over there waits for the server's answer.
waits_to_connect()
{
	[ -n "$(ip netns exec peer ss -Hnt state syn-sent)" ]
}

# A connection to the server at an address is not made: what asks for it is dropped.
connects_not()
{
	local before
	before=$(field s0 counters/drop/packets)
	# What it says is for bash.
	# shellcheck disable=SC2016
	start ip netns exec peer bash -c 'read -r </dev/tcp/"$0"/2222' "$1"
	eventually waits_to_connect
	eventually is_dropped_since "$before"
	waits_to_connect || explain "there is a connection to $1"
	kill "${started[-1]}"
	wait "${started[-1]}" || true
}

# Nothing else comes through: frames, a ping, a connection to the same server, of either version.
cuts_the_rest()
{
	local before
	before=$(field s0 counters/drop/packets)
	flow -c 10 peer:s1 s0
	is "${flow[s0]}" 0 "frames that came through"
	attempt ip netns exec peer ping -c 1 -W 1 10.0.7.1
	is "$status" 1 "exit status of ping"
	attempt ip netns exec peer ping -c 1 -W 1 fd00::1
	is "$status" 1 "exit status of ping over IPv6"
	connects_not 10.0.7.1
	connects_not fd00::1
	between "$(($(field s0 counters/drop/packets) - before))" 14 1000000 "packets dropped"
}

# guarded COMMAND...: as typed in an SSH session that comes in by v0.
guarded()
{
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" "$@"
}

# ---- sessions that go on ----

@test "spare: a session over IPv4 goes on past the life of its neighbour entries, and nothing else does" {
	start_sshd
	short_lives
	open_session 10.0.7.1
	cut_but_session
	outlives_neighbours
	cuts_the_rest
	answers
	close_session
}

@test "spare: so does one over IPv6, and one of link-local addresses" {
	local address
	start_sshd
	short_lives
	for address in fd00::1 fe80::1%s1; do
		run_ok xdp-action set PASS
		open_session "$address"
		cut_but_session
		outlives_neighbours
		cuts_the_rest
		answers
		close_session
	done
}

@test "spare: without ARP the session would have died" {
	natively "it is a test of the test"
	start_sshd
	short_lives
	open_session 10.0.7.1
	run_ok xdp-action set DROP --except 'tcp port 2222' s0
	answers
	ip neigh flush dev s0
	ip -n peer neigh flush dev s1
	typed "echo answer 99"
	sleep 1
	! said "answer 99" || explain "it goes on without ARP"
	close_session
}

@test "spare: another session from the same host is cut" {
	local first
	start_sshd
	open_session 10.0.7.1
	first=$session
	exec 8>&7
	open_session 10.0.7.1
	cut_but_session
	answers
	echo "echo answer 99" >&8
	cuts_the_rest
	! grep -q "answer 99" "$first.output" || explain "it goes on"
	exec 8>&-
	close_session
}

@test "spare: a session that moves a megabyte each way" {
	start_sshd
	head -c 1000000 /dev/urandom >"$BATS_TEST_TMPDIR/sent"
	local ssh
	ssh_words
	run_ok ip netns exec peer sh -c "${ssh[*]} root@10.0.7.1 'xdp-action -q set DROP --spare-session s0 && cat' \
		<$BATS_TEST_TMPDIR/sent >$BATS_TEST_TMPDIR/came_back"
	cmp "$BATS_TEST_TMPDIR/sent" "$BATS_TEST_TMPDIR/came_back"
	is "$(field s0 setting/verdict)" drop
	cuts_the_rest
}

@test "spare: a session in a VLAN, of which the interface below sees the tag" {
	start_sshd
	ip link add s0.5 link s0 type vlan id 5 2>/dev/null || skip "the running kernel has no VLANs"
	ip -n peer link add s1.5 link s1 type vlan id 5
	ip address add 10.0.8.1/24 dev s0.5
	ip -n peer address add 10.0.8.2/24 dev s1.5
	ip link set s0.5 up
	ip -n peer link set s1.5 up
	# So that the tag is in the frame.
	packets txvlan peer:s1 off
	open_session 10.0.8.1
	cut_but_session
	ip neigh flush dev s0.5
	ip -n peer neigh flush dev s1.5
	answers
	cuts_the_rest
	answers
	close_session
}

@test "spare: beside another program of the dispatcher" {
	needs_dispatcher
	start_sshd
	run_ok xdp-loader load s0 "$neighbour"
	open_session 10.0.7.1
	cut_but_session
	chain_is s0 "50 neighbour,50 xdp_action"
	ip neigh flush dev s0
	ip -n peer neigh flush dev s1
	answers
	cuts_the_rest
	answers
	close_session
}

@test "spare: a session by a port that NAT redirects" {
	natively "the kernel's NAT is the same there"
	start_sshd
	nft -f - <<-END || skip "the running kernel has no NAT"
	table ip spare {
		chain in {
			type nat hook prerouting priority dstnat
			tcp dport 2223 redirect to :2222
		}
	}
	END
	ssh_port=2223 open_session 10.0.7.1
	cut_but_session
	is "$(field s0 setting/spares/sessions/0/server_port)" 2223
	answers
	cuts_the_rest
	answers
	close_session
	nft delete table ip spare
}

# ---- what is stored, shown, and what the guard makes of it ----

@test "spare: shown in words and as JSON" {
	needs_schemas
	run_ok xdp-action load v0
	guarded run_ok xdp-action set DROP -s v0
	is "$output" "v0: DROP, sparing the SSH session from 10.0.0.2 port 50000"
	guarded run_ok xdp-action set DROP -s --match 'tcp port 80' -p 5% --for 1h v0
	says "v0: DROP 5% of packets that match 'tcp port 80', sparing the SSH session from 10.0.0.2 port 50000, otherwise PASS, for 1 h; then DROP, sparing the SSH session from 10.0.0.2 port 50000"
	run_ok xdp-action status v0
	says "sparing the SSH session"
	is "$(field v0 setting/spares/sessions/# 'setting/spares/sessions/*/client' setting/base/spares/sessions/0/client_port)" "1 10.0.0.2 50000"
	is "$(field v0 setting/spares/sessions/0/server setting/spares/sessions/0/server_port)" "10.0.0.1 22"
	xdp-action status -j >"$BATS_TEST_TMPDIR/json"
	validate status "$BATS_TEST_TMPDIR/json"
	guarded run_ok xdp-action set PASS v0
	is "$(field v0 setting/spares)" null
}

@test "spare: load begins with it" {
	guarded run_fail 1 xdp-action load -a DROP v0
	complains "--spare-session"
	guarded run_ok xdp-action load -a DROP --spare-session v0
	says "DROP, sparing the SSH session from 10.0.0.2 port 50000"
	blocked
}

@test "spare: the guard takes for safe what spares this session, and nothing else" {
	run_ok xdp-action load v0
	guarded run_fail 1 xdp-action set DROP v0
	complains "spare it with --spare-session, "
	guarded run_ok xdp-action set DROP -s v0
	# The base that it takes over spares it.
	guarded run_ok xdp-action set PASS -c 1 v0
	guarded run_ok xdp-action set DROP -p 1% --for 2s v0
	# That of another session does not.
	SSH_CONNECTION="10.0.0.2 50001 10.0.0.1 22" run_fail 1 xdp-action set PASS -c 1 v0
	complains "--then PASS"
	is "$(field v0 setting/base/spares/sessions/0/client_port)" 50000
	# Nor is a base of its own cut.
	guarded run_ok xdp-action set PASS -s --for 1h --then DROP v0
	is "$(field v0 setting/base/spares/sessions/0/client)" 10.0.0.2
	guarded run_fail 1 xdp-action set PASS --for 1h --then DROP v0
	# What is left over has to pass.
	guarded run_fail 2 xdp-action set PASS -s --match arp --otherwise DROP v0
	complains "--spare-session needs PASS for --otherwise"
}

@test "spare: without a session there is nothing to spare" {
	run_ok xdp-action load v0
	run_fail 1 setsid xdp-action set DROP -s v0
	complains "there is no SSH session to spare" "leave out --spare-session"
	is "$(field v0 setting/verdict)" pass
	run_fail 1 setsid xdp-action load -a DROP -s lo
	is "$(attached_id lo)" 0
}

@test "spare: a session whose packets cannot be told is refused, with the reason" {
	run_ok xdp-action load v0
	# Relayed by this host.
	SSH_CONNECTION="10.0.0.1 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP -s v0
	complains "cannot spare" "a process on this host relays it" "--for 30s"
	SSH_CONNECTION="10.0.0.1 50000 10.0.0.1 22" run_fail 1 xdp-action set DROP v0
	says_not "--spare-session"
	# Not known at all.
	SSH_CONNECTION="10.0.99.1 50000 10.0.99.2 22" run_fail 1 xdp-action set DROP -s v0
	complains "cannot spare" "no interface has the address"
	is "$(field v0 setting/verdict)" pass
	# By IPsec, unless another policy lets it go by.
	ip xfrm policy add dir in src 10.0.0.2 dst 10.0.0.1 priority 10 tmpl proto esp mode transport 2>/dev/null ||
		skip "the running kernel has no IPsec"
	guarded run_fail 1 xdp-action set DROP -s v0
	complains "IPsec hides its packets"
	SSH_CONNECTION="10.0.0.3 50000 10.0.0.1 22" run_ok xdp-action set DROP -s v0
	ip xfrm policy add dir in src 10.0.0.2 dst 10.0.0.1 proto tcp dport 22 priority 5
	guarded run_ok xdp-action set DROP -s v0
	ip xfrm policy flush
}

@test "spare: where it may be any of several sessions, all are spared, but not with mosh" {
	natively "a login takes long in the VM"
	needs script
	start_sshd
	open_session 10.0.7.1
	log_in fd00::1 sleep 20 &
	eventually accepted 2
	run_ok script -qec "xdp-action set DROP -s s0" /dev/null
	says "sparing the SSH sessions from " " and "
	between "$(field s0 setting/spares/sessions/#)" 2 16
	answers
	# As its server, which is no part of a connection.
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/mosh-server"
	start "$BATS_TEST_TMPDIR/mosh-server" 20
	eventually pgrep -x mosh-server >/dev/null
	attempt script -qec "xdp-action set DROP -s s0" /dev/null
	is "$status" 1 "exit status"
	says "cannot spare" "it may be one of mosh"
	answers
	close_session
	kill %%
}

@test "spare: a session in a tunnel is spared there, and not below it" {
	ip tuntap add tun9 mode tun 2>/dev/null || skip "the running kernel has no tun"
	ip link set tun9 group "$group" up
	ip address add 10.0.13.1/24 dev tun9
	run_ok xdp-action load -m skb tun9
	run_ok xdp-action load v0
	SSH_CONNECTION="10.0.13.2 50000 10.0.13.1 22" run_ok xdp-action set DROP -s tun9
	says "tun9: DROP, sparing the SSH session from 10.0.13.2 port 50000"
	SSH_CONNECTION="10.0.13.2 50000 10.0.13.1 22" run_fail 1 xdp-action set DROP -s v0
	complains "cannot spare" "what carries tun9 is not known"
	# All or none.
	run_ok xdp-action set PASS
	SSH_CONNECTION="10.0.13.2 50000 10.0.13.1 22" run_fail 1 xdp-action set DROP -s
	is "$(field tun9 setting/verdict) $(field v0 setting/verdict)" "pass pass"
}

@test "spare: a session by another interface is no matter, and it is spared where it comes in" {
	make_pair w0 w1 10.0.9
	run_ok xdp-action load v0 w0
	guarded run_ok xdp-action set DROP -s
	says "v0: DROP, sparing" "w0: DROP, sparing"
	is "$(field w0 setting/verdict)" drop
}

@test "spare: no LACP, no bond" {
	ip link add bond9 group "$group" type bond mode 802.3ad 2>/dev/null || skip "the running kernel has no bonds"
	ip link set v0 down
	ip link set v0 master bond9
	ip link set bond9 up
	ip address add 10.0.12.1/24 dev bond9
	run_ok xdp-action load v0
	SSH_CONNECTION="10.0.12.2 50000 10.0.12.1 22" run_fail 1 xdp-action set DROP -s v0
	complains "its bond is kept up by LACP"
	ip link del bond9
}
