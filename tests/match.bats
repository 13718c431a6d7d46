#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# xdp-action match: what the program in the kernel matches of captures, which are made here, is what libpcap matches.
load helpers

# The captures of a test.
setup()
{
	natively "it attaches nothing, so no dispatcher matters"
	fresh_bpffs
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	cd /
}

# Two Ethernet addresses.
macs=020000000001020000000002
# An ARP request, a TCP segment to port PORT, an UDP datagram from port PORT; of IPv4.
arp=${macs}08060001080006040001

tcp()
{
	printf '%s0800450000280001000040060000c0000201c00002029c40%04x0000000000000000501000000000' "$macs" "$1"
}

udp()
{
	printf '%s08004500001c0001000040110000c0000201c0000202%04x003500080000' "$macs" "$1"
}

# Seven packets, of which ARP is 1 and 4, TCP 2, 3 and 6, UDP 5 and 7.
seven()
{
	printf '%s 60\n' "$arp" "$(tcp 80)" "$(tcp 443)" "$arp" "$(udp 4000)" "$(tcp 80)" "$(udp 4001)"
}

# numbers EXPR FILE: of the packets that match, as the tool has them.
numbers()
{
	xdp-action match -j -v "$@" 2>/dev/null | jsonget 'files/0/numbers/*'
}

# as_libpcap FILE EXPR...: for each expression the kernel says what libpcap says.
as_libpcap()
{
	local expression
	for expression in "${@:2}"; do
		is "$(numbers "$expression" "$1" | sed 's/^-$//')" "$(capture "$expression" "$1")" "'$expression' in $1"
	done
}

@test "the number of packets that match, with -v which they are" {
	seven | capture >seven.pcap
	run_ok xdp-action match tcp seven.pcap
	is "$output" "seven.pcap: 3 of 7 packets match"
	is "$error" ""
	run_ok xdp-action match -v arp seven.pcap
	is "$output" $'seven.pcap: 2 of 7 packets match\n  1, 4'
	run_ok xdp-action match -v 'not arp and not udp' seven.pcap
	is "$output" $'seven.pcap: 3 of 7 packets match\n  2-3, 6'
	run_ok xdp-action match -v icmp seven.pcap
	is "$output" "seven.pcap: 0 of 7 packets match"
	run_ok xdp-action match '' seven.pcap
	is "$output" "seven.pcap: 7 of 7 packets match"
	run_ok xdp-action match -q arp seven.pcap
	is "$output$error" ""
}

@test "several captures, the standard input, an abbreviated command" {
	seven | capture >seven.pcap
	printf '%s 60\n' "$arp" | capture >one.pcap
	run_ok xdp-action match arp seven.pcap one.pcap
	is "$output" $'seven.pcap: 2 of 7 packets match\none.pcap: 1 of 1 packets match'
	is "$(xdp-action ma arp - <one.pcap)" "-: 1 of 1 packets match"
	run_ok xdp-action match arp <(cat seven.pcap)
	says ": 2 of 7 packets match"
}

@test "pcap and pcapng, of either byte order, in microseconds and in nanoseconds" {
	local way
	for way in "" -b -n "-b -n" -g "-g -b"; do
		# shellcheck disable=SC2086
		seven | capture $way >"seven$way"
		run_ok xdp-action match -v 'tcp port 80' "./seven$way"
		is "$output" "./seven$way: 2 of 7 packets match"$'\n  2, 6' "capture $way"
	done
}

@test "a thousand packets of all kinds, as libpcap has them" {
	awk -v arp="$arp" -v macs="$macs" 'BEGIN {
		srand(7)
		for (i = 0; i < 1000; i++) {
			kind = int(rand() * 5)
			length_ = 14 + int(rand() * 1500)
			tag = rand() < 0.3 ? sprintf("8100%04x", 1 + int(rand() * 3)) : ""
			port = sprintf("%04x", 78 + int(rand() * 6))
			host = sprintf("c00002%02x", 1 + int(rand() * 4))
			if (kind == 0)
				print macs tag "08060001080006040001", length_
			else if (kind == 4)
				print macs tag "86dd600000000014" (rand() < 0.5 ? "06" : "11") "40" \
					"fd000000000000000000000000000001fd000000000000000000000000000002" port "0050", length_
			else
				print macs tag "08004" (5 + int(rand() * 3)) "0000280001" (rand() < 0.2 ? "2001" : "0000") "40" \
					(kind == 1 ? "11" : kind == 2 ? "06" : "01") "0000" host "c0000202" port "0050" port "0010", length_
		}
	}' | capture >many.pcap
	as_libpcap many.pcap arp tcp udp icmp ip6 "vlan 2" "vlan and udp" "host 192.0.2.3" "port 80" \
		"tcp dst port 80" "udp portrange 79-81" "not (tcp port 80 or arp)" "len > 700" "less 100" \
		"ip[0] & 0xf > 5" "ip[6:2] & 0x1fff != 0" "ether[12:2] = 0x8100" "tcp[tcpflags] & tcp-syn != 0" \
		"ip6 and tcp" "src net 192.0.2.0/30 and (udp or icmp)" "ether host 02:00:00:00:00:01"
	# So that the test can tell.
	between "$(numbers "tcp or udp" many.pcap | wc -w)" 300 900
}

@test "large frames, up to what the kernel runs a program on" {
	printf '%s\n' "$(tcp 80) 1514" "$(tcp 80) 3000" "$(tcp 80) 9014" "$(udp 1) 65000" "$(tcp 80) 150000" | capture >large.pcap
	run_ok xdp-action match -v tcp large.pcap
	says "large.pcap: " " of 5 packets match, "
	complains "large.pcap: the kernel cannot be asked about packets longer than it runs a program on: "
	[[ $error == *5* ]] || explain "nothing is said of the longest"
	is "$(xdp-action match -j tcp large.pcap 2>/dev/null | jsonget files/0/packets)" 5
}

@test "what the kernel cannot be asked about is counted, and named on standard error" {
	printf '%s\n' "$arp 60" 02000000 "$(tcp 80) 60" "020000000001 13" "${macs}0806" | capture >short.pcap
	run_ok xdp-action match -v arp short.pcap
	is "$output" $'short.pcap: 2 of 5 packets match, 2 could not be asked about\n  1, 5'
	complains "xdp-action: warning: short.pcap: the kernel cannot be asked about packets shorter than an Ethernet header: 2, 4"

	printf '%s\n' "$arp 60" "$arp 61" "${arp}00" "$arp 1000" | capture -s 60 >cut.pcap
	run_ok xdp-action match arp cut.pcap
	is "$output" "cut.pcap: 2 of 4 packets match, 2 could not be asked about"
	is "$error" "xdp-action: warning: cut.pcap: the kernel cannot be asked about packets cut by the snap length of the capture: 2, 4"

	seven | capture -l 113 >cooked.pcap
	run_ok xdp-action match arp cooked.pcap
	is "$output" "cooked.pcap: 0 of 7 packets match, 7 could not be asked about"
	is "$error" "xdp-action: warning: cooked.pcap: the kernel cannot be asked about packets of the link type LINUX_SLL, which is not Ethernet: 1-7"
	run_ok xdp-action match -q arp cooked.pcap
	is "$output$error" ""

	yes $'02\n'"$arp 60" | head -n 60 | capture >often.pcap
	run_ok xdp-action match arp often.pcap
	complains ": 1, 3, 5, 7, 9, 11, 13, 15 and 22 more"
}

@test "--json is as the schema says" {
	needs_schemas
	seven | capture >seven.pcap
	printf '%s\n' "$arp 60" 0200 | capture >short.pcap
	capture </dev/null >none.pcap
	xdp-action match -j tcp seven.pcap none.pcap short.pcap >json 2>errors
	xdp-action match -j -v tcp seven.pcap short.pcap none.pcap >numbers 2>>errors
	xdp-action match -j tcp /dev/null 2>>errors >empty || true
	validate match json numbers empty
	validate error errors
	is "$(jsonget version files/# 'files/*/file' 'files/*/packets' 'files/*/matched' 'files/*/unable' <json)" \
		"1 3 seven.pcap none.pcap short.pcap 7 0 2 3 0 0 0 0 1"
	is "$(jsonget 'files/0/numbers/*' files/1/numbers/# <numbers)" "2 3 6 0"
	is "$(jsonget files/# <empty)" 0
}

@test "a capture without packets; one that is none, is not there or ends in the middle: exit status 1, and the others are read" {
	seven | capture >seven.pcap
	capture </dev/null >none.pcap
	capture -g </dev/null >none.pcapng
	run_ok xdp-action match arp none.pcap none.pcapng
	is "$output" $'none.pcap: 0 of 0 packets match\nnone.pcapng: 0 of 0 packets match'

	: >empty
	echo "this is no capture at all, and it never was one" >text
	head -c -10 seven.pcap >truncated
	attempt xdp-action match arp empty text truncated missing . seven.pcap
	is "$status" 1 "exit status"
	is "$output" "seven.pcap: 2 of 7 packets match"
	complains "empty: cannot be read as a capture: " "text: cannot be read as a capture: unknown file format" \
		"truncated: cannot be read to its end: " "missing: cannot be opened: No such file or directory" \
		".: cannot be read as a capture: " "files of pcap or pcapng"
}

@test "a wrong expression is quoted with the words of libpcap, and nothing is done: exit status 2" {
	seven | capture >seven.pcap
	run_fail 2 xdp-action match 'tcp prot 80' seven.pcap missing
	complains "'tcp prot 80': " "syntax error"
	says_not missing
	run_fail 2 xdp-action match 'host 1.2.3.4.5' seven.pcap
	complains "'host 1.2.3.4.5': "
	run_fail 2 xdp-action match 'arp and ip' seven.pcap
	complains "'arp and ip': expression rejects all packets"
	run_fail 2 xdp-action match 'ip6 protochain 6' seven.pcap
	complains "jumps back, as that of protochain does"
	run_fail 2 xdp-action match 'not inbound' seven.pcap
	complains "'not inbound': it asks for what is not in the packet"
	run_fail 2 xdp-action match 'tcp or ether[0xfffff000:2] = 0' seven.pcap
	complains "it asks for what is not in the packet"
	run_fail 2 xdp-action match tcp
	complains "name a capture"
	run_fail 2 xdp-action match
	complains "name an expression"
	run_fail 2 xdp-action match -x tcp seven.pcap
}

# sum_of N: an expression about N bytes of the packet, of about five steps for each.
sum_of()
{
	seq "$1" | awk '{ printf "%sip[%d]", (NR > 1 ? "+" : ""), $1 % 20 }'
}

@test "an expression that is too long says how long it is, and what fits" {
	seven | capture >seven.pcap
	run_fail 2 xdp-action match "$(printf 'tcp or %.0s' {1..600})tcp" seven.pcap
	complains "it has 4203 characters, and 4095 fit"
	run_fail 2 xdp-action match "$(sum_of 300)=1" seven.pcap
	[[ $error =~ "it takes "[0-9]+" steps, and this kernel's program walks "[0-9]+ ]] ||
		explain "no length, or nothing of what fits"
	[[ ${#error} -lt 500 ]] || explain "too much is quoted"
	as_libpcap seven.pcap "$(sum_of 20)>0x200" "not ($(sum_of 20)>0x200)"
}

@test "it needs no interface and no bpffs, and leaves nothing behind" {
	local before
	seven | capture >seven.pcap
	before=$(listing "$bpffs")
	run_ok unshare --net sh -c 'ip link set lo up; xdp-action match tcp seven.pcap; ip link show'
	says "seven.pcap: 3 of 7 packets match"
	says_not xdp
	is "$(listing "$bpffs")" "$before" "the bpffs"
	umount "$bpffs"
	run_ok xdp-action match tcp seven.pcap
	is "$output" "seven.pcap: 3 of 7 packets match"
	is "$(grep -c " $bpffs bpf " /proc/self/mounts || true)" 0 "mounts of a bpffs"
}

@test "without a capability it says which, but a wrong expression is wrong for everyone" {
	seven | capture >seven.pcap
	run_fail 1 setpriv --bounding-set -all xdp-action match tcp seven.pcap
	complains "to run the program, this process lacks CAP_NET_ADMIN (for XDP programs), CAP_BPF (to load a program), CAP_PERFMON"
	says_not CAP_SYS_ADMIN
	run_ok setpriv --bounding-set -all,+net_admin,+bpf,+perfmon xdp-action match tcp seven.pcap
	is "$output" "seven.pcap: 3 of 7 packets match"
	run_fail 2 setpriv --bounding-set -all xdp-action match 'tcp prot' seven.pcap
}

@test "without libpcap it says what to install" {
	seven | capture >seven.pcap
	# The inner shell expands it.
	# shellcheck disable=SC2016
	run_fail 1 unshare --mount sh -c 'for lib in $(ldconfig -p | sed -n "s/.*libpcap.*=> //p"); do
			mount --bind /dev/null "$(realpath "$lib")"
		done
		exec xdp-action match tcp seven.pcap'
	complains "expressions need libpcap: " "install libpcap (Debian: libpcap0.8, Fedora: libpcap)"
}
