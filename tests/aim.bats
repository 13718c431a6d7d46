#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Settings for some of the traffic, by expressions, held to with real packets.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# through LENGTH [COUNT]: how many frames of this length come in at v0, of 10.
through()
{
	flow -c "${2:-10}" -l "$1" peer:v1 v0
	echo "${flow[v0]}"
}

# The packets that matched, and those that did not.
asked()
{
	field "$1" counters/matched/packets counters/missed/packets
}

@test "--match: packets that match get the verdict, the others pass, and both are counted" {
	run_ok xdp-action set DROP --match 'greater 100' v0
	says "v0: DROP packets that match 'greater 100', otherwise PASS"
	is "$(through 60)" 10 "short frames"
	is "$(through 200)" 0 "long frames"
	is "$(counted v0)" "0 10 10 0 0"
	is "$(asked v0)" "10 10"
	is "$(field v0 counters/matched/bytes counters/missed/bytes)" "2000 600"
	is "$(field v0 setting/match setting/except setting/base)" "greater 100 null null"
	run_ok xdp-action status v0
	says "DROP packets that match 'greater 100', otherwise PASS" "matched" "missed"
	run_ok xdp-action set PASS v0
	is "$(through 200)" 10 "frames without a match"
	is "$(field v0 setting/match counters/matched counters/missed)" "null null null"
	run_ok xdp-action status v0
	says_not matched
}

@test "--except: packets that match it are left out" {
	run_ok xdp-action set DROP --except 'greater 100' v0
	says "v0: DROP packets that do not match 'greater 100', otherwise PASS"
	is "$(through 60)" 0 "short frames"
	is "$(through 200)" 10 "long frames"
	is "$(asked v0)" "10 10"
	run_ok xdp-action set DROP --match 'greater 100' --except 'greater 300' v0
	says "v0: DROP packets that match 'greater 100' and not 'greater 300', otherwise PASS"
	is "$(through 60) $(through 200) $(through 400)" "10 0 10"
	is "$(field v0 setting/match setting/except)" "greater 100 greater 300"
}

@test "--match with a number counts packets that match, and then the base has its own match again" {
	counts_or_skip
	run_ok xdp-action set DROP --match 'less 80' v0
	run_ok xdp-action set DROP --match 'greater 100' -c 3 v0
	says "for 3 packets; then DROP packets that match 'less 80', otherwise PASS"
	is "$(through 60)" 10 "while it holds the base's match means nothing"
	is "$(through 200)" 7 "frames after the third"
	is "$(field v0 setting/match setting/base)" "less 80 null"
	is "$(through 60) $(through 200)" "0 10"
}

@test "a wrong expression changes nothing, on any interface" {
	make_pair w0 w1
	run_ok xdp-action load w0
	run_ok xdp-action set DROP --match 'less 80'
	run_fail 2 xdp-action set PASS --match 'tcp prot 80' v0 w0
	complains "'tcp prot 80': " "syntax error"
	run_fail 2 xdp-action set PASS --match 'ip and arp' v0
	complains "'ip and arp': " "reject"
	run_fail 2 xdp-action set PASS --match '' v0
	run_fail 2 xdp-action set PASS --match tcp --except ' ' v0
	is "$(field v0 setting/verdict setting/match) $(field w0 setting/verdict setting/match)" "drop less 80 drop less 80"
	# Nobody has such an interface; who typed it did not quote.
	run_fail 1 xdp-action set DROP --match tcp port 22
	complains "port: there is no such interface" "quote an expression, as in --match 'tcp port 22'"
	run_fail 1 xdp-action set DROP port
	[[ $error != *quote* ]] || explain "advice for who gave no expression"
}

@test "a name is resolved once, for all interfaces, and -v shows what it is" {
	natively "nothing in it depends on the dispatcher"
	make_pair w0 w1
	run_ok xdp-action load w0
	echo "192.0.2.7 database.example" >"$BATS_TEST_TMPDIR/hosts"
	mount --bind "$BATS_TEST_TMPDIR/hosts" /etc/hosts
	attempt xdp-action -v set DROP --match 'host database.example' v0 w0
	umount /etc/hosts
	is "$status" 0 "exit status"
	is "$(grep -c "libpcap makes" <<<"$error")" 1 "times it was compiled"
	complains "instructions of 'host database.example'" "192.0.2.7"
	is "$(field v0 setting/match) $(field w0 setting/match)" "host database.example host database.example"
	run_ok xdp-action set DROP --match 'host 192.0.2.7' v0
	is "$error" ""
}

@test "load -a --match: from the first packet on" {
	run_ok xdp-action unload v0
	run_ok xdp-action load -a DROP --match 'greater 100' v0
	says "DROP packets that match 'greater 100', otherwise PASS"
	is "$(through 60) $(through 200)" "10 0"
	is "$(asked v0)" "10 10"
	run_ok xdp-action set DROP --match 'less 80' v0
	is "$(through 60) $(through 200)" "0 10"
	run_ok xdp-action unload v0
	run_fail 2 xdp-action load -a DROP --match 'tcp prot 80' v0
	complains "'tcp prot 80': "
	is "$(attached_id v0)" 0
	nothing_pinned
}

@test "what is shown of a match is as its schema says" {
	needs_schemas
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-action set DROP --match 'greater 100' -t 1h v0
	xdp-action status -j v0 >status.json
	validate status status.json
}

@test "what is counted of a match is in metrics and in poll, while one is set" {
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-action set PASS --match 'greater 100' -t 1h v0
	flow -c 7 -l 200 peer:v1 v0
	flow -c 3 -l 60 peer:v1 v0
	run_ok xdp-action metrics v0
	says 'xdp_action_matched_packets_total{interface="v0"} 7' 'xdp_action_matched_bytes_total{interface="v0"} 1400' \
		'xdp_action_missed_packets_total{interface="v0"} 3' 'xdp_action_missed_bytes_total{interface="v0"} 180' \
		'then="pass",match="greater 100",except="",spares=""} 1'
	run_ok xdp-action poll -n 1 -i 10 v0
	says " matched " " missed "
	xdp-action poll -j -n 1 -i 10 v0 >poll.json
	is "$(head -n 1 poll.json | jsonget instances/0/counters/matched/packets instances/0/rates/missed/packets_per_second)" \
		"7 0.0"
	run_ok xdp-action set PASS v0
	run_ok xdp-action metrics v0
	says 'match="",except="",spares=""} 1'
	says_not 'matched_packets_total{'
	run_ok xdp-action poll -n 1 -i 10 v0
	says_not matched
}

@test "TX and REDIRECT are for packets that match" {
	ip -n peer link set dev v1 xdp obj "$neighbour" sec xdp
	make_pair w0 w1
	packets gro peer:w1 on
	run_ok xdp-action set TX --match 'greater 100' v0
	flow -c 10 -l 200 -w 500 peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "0 10"
	flow -c 10 -l 60 peer:v1 v0
	is "${flow[v0]} ${flow[back]}" "10 0"
	run_ok xdp-action set REDIRECT --to w0 --match 'greater 100' --otherwise DROP v0
	says "REDIRECT packets that match 'greater 100' to w0, otherwise DROP"
	flow -c 10 -l 200 -w 500 peer:v1 peer:w1 v0
	is "${flow[w1]} ${flow[v0]}" "10 0"
	flow -c 10 -l 60 -w 50 peer:v1 peer:w1 v0
	is "${flow[w1]} ${flow[v0]}" "0 0"
}

# What an expression sees of a VLAN: a tag that is in the packet, and none that the driver has put beside it.
@test "a VLAN tag is seen where the driver leaves it in the packet" {
	modprobe -q 8021q || true
	ip -n peer link add link v1 name v1.5 type vlan id 5 2>/dev/null || skip "the kernel has no VLANs"
	ip -n peer link set v1.5 up
	packets txvlan peer:v1 off
	run_ok xdp-action set DROP --match 'vlan 5' v0
	flow -c 10 -w 50 peer:v1.5 v0
	is "${flow[v0]} $(asked v0)" "0 10 0"
	run_ok xdp-action set DROP --match 'ether proto 0x88b5' v0
	flow -c 10 peer:v1.5 v0
	is "$(asked v0)" "10 10"
	packets txvlan peer:v1 on
	flow -c 10 -w 50 peer:v1.5 v0
	is "$(asked v0)" "20 10"
	run_ok xdp-action set DROP --match 'vlan' v0
	flow -c 10 peer:v1.5 v0
	is "$(asked v0)" "20 20"
}

# ip PROTOCOL FRAGMENT PAYLOAD [OPTIONS]: an IPv4 packet from 192.0.2.1 to 192.0.2.2, whose checksum nobody looks at.
ip4()
{
	local options=${4:-} words
	words=$((5 + ${#options} / 8))
	printf '4%x00%04x0001%s40%02x0000c0000201c0000202%s%s' $words $((4 * words + ${#3} / 2)) "$2" "$1" "$options" "$3"
}

# ip6 NEXT PAYLOAD: an IPv6 packet.
ip6()
{
	printf '60000000%04x%02x4020010db8000000000000000000000001%s%s' $((${#2} / 2)) "$1" 20010db8000000000000000000000002 "$2"
}

ports=30391538
segment=${ports}0000000000000000500200000000000000000000
datagram=${ports}00080000
macs=ffffffffffff020000000001

# Frames that other tools let past their filters, or took for others.
odd_frames()
{
	local tag=8100002a inner=8100002b
	printf '%s\n' "${macs}0800$(ip4 6 0000 $segment) 60" "${macs}0800$(ip4 6 2000 $segment) 60" \
		"${macs}0800$(ip4 6 0003 $segment) 60" "${macs}0800$(ip4 6 0000 $segment 0101010101010100)" \
		"${macs}0800$(ip4 6 0000 3039)" "${macs}0800$(ip4 17 0000 $datagram) 60" "${macs}0800$(ip4 17 2000 $datagram) 1514" \
		"${macs}0800$(ip4 17 00b9 $datagram) 60" "${macs}080045" "${macs}0800" "${macs}86dd$(ip6 6 $segment)" \
		"${macs}86dd$(ip6 17 $datagram)" "${macs}86dd$(ip6 44 0600000000000001$segment)" \
		"${macs}86dd$(ip6 0 0600000000000000$segment)" "${macs}${tag}0800$(ip4 6 0000 $segment)" \
		"${macs}88a8002a${inner}0800$(ip4 17 0000 $datagram)" "${macs}${tag}${inner}86dd$(ip6 6 $segment)" \
		"${macs}0806000108000604000102000000000100000000000000000000c0000202" "${macs}0800$(ip4 1 0000 0800000000010001) 1200" \
		"${macs}884700001140$(ip4 6 0000 $segment)" "${macs}0800$(ip4 6 0000 $segment 01010100)0000000000000000"
}

@test "no packet that libpcap matches passes a DROP, and no other is dropped" {
	natively "nothing in it depends on the dispatcher"
	local expression matched frames expressions=(tcp udp 'tcp port 5432' 'port 5432' 'tcp[tcpflags] & tcp-syn != 0' ip6 arp vlan
		'vlan and tcp' 'vlan 42 and vlan 43' 'host 192.0.2.2' 'ip[6:2] & 0x1fff != 0' 'less 60' 'not tcp'
		'ip6 proto 44' 'greater 1500' 'ether[100] = 0' 'icmp' 'mpls' 'tcp[(tcp[12] >> 2):4] = 0' 'net 192.0.2.0/24 and not udp')
	cd "$BATS_TEST_TMPDIR"
	odd_frames >frames
	capture <frames >frames.pcap
	frames=$(wc -l <frames)
	for expression in "${expressions[@]}"; do
		run_ok xdp-action unload v0
		run_ok xdp-action load -a DROP --match "$expression" v0
		matched=$(capture "$expression" frames.pcap | wc -w)
		inject peer:v1 <frames
		eventually settled v0 "$frames"
		is "$(asked v0) $(counted v0)" "$matched $((frames - matched)) 0 $matched $((frames - matched)) 0 0" "'$expression'"
	done
}

settled()
{
	local matched missed
	read -r matched missed <<<"$(asked "$1")"
	[ $((matched + missed)) -ge "$2" ]
}

@test "jumbo frames, whose end is in fragments, are matched to their last byte" {
	needs_frags
	! has_dispatcher || natively "single mode is enough"
	run_ok xdp-action unload v0
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
	run_ok xdp-action load v0
	run_ok xdp-action set DROP --match 'ether[7999] = 0 and greater 8000' v0
	is "$(through 8000) $(through 7999)" "0 10"
	run_ok xdp-action set DROP --match 'ether[7999] = 1 or ether[8000] = 0' v0
	is "$(through 8000)" 10
}

@test "interfaces of different link types: compiled for each, or for none" {
	natively "a tun runs no dispatcher that matters here"
	modprobe -q tun || true
	[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
	ip tuntap add t0 mode tun
	ip link set t0 group "$group" up
	run_ok xdp-action load -m skb t0
	run_ok xdp-action set DROP --match 'tcp port 5432' v0 t0
	printf '%s\n' "$(ip4 6 0000 $segment)" "$(ip4 17 0000 $datagram)" "$(ip6 6 $segment)" | inject -t t0
	is "$(asked t0)" "2 1"
	printf '%s\n' "${macs}0800$(ip4 6 0000 $segment)" "${macs}0800$(ip4 17 0000 $datagram)" "${macs}86dd$(ip6 6 $segment)" |
		inject peer:v1
	eventually settled v0 3
	is "$(asked v0)" "2 1"
	run_fail 2 xdp-action set DROP --match 'ether host 02:00:00:00:00:01' v0 t0
	complains "t0: 'ether host"
	is "$(field v0 setting/match) $(field t0 setting/match)" "tcp port 5432 tcp port 5432"
}

@test "an expression that is too long says how long it is, and what fits" {
	local expression
	natively "libpcap takes its time for long ones"
	run_ok xdp-action set DROP --match arp v0
	printf -v expression ' or tcp port %d' {1000..1499}
	expression=${expression# or }
	run_fail 2 xdp-action set DROP --match "$expression" v0
	complains "is too long: it has 8496 characters, and 4095 fit"
	printf -v expression ' or host 192.0.2.%d' {1..170}
	expression=${expression# or }
	run_fail 2 xdp-action set DROP --match "$expression" --except "${expression//192.0.2/198.51.100}" v0
	[[ $error =~ it\ takes\ [0-9]+\ steps,\ and\ this\ kernel\'s\ program\ walks\ (1024|128) ]] || explain "the steps"
	is "$(field v0 setting/match)" arp
	# What fits on any kernel.
	printf -v expression ' or tcp dst port %d' {1000..1059}
	run_ok xdp-action set DROP --match "${expression# or }" v0
}

@test "a setting with a match that changes under packets: each sees one of them" {
	local i
	start_flow -r 20000 -c 10000000 -l 200 peer:v1 v0
	for i in {1..10}; do
		run_ok xdp-action set DROP --match "greater 100 and less $((1000 + i))" v0
		run_ok xdp-action set PASS --match "greater 100 and less $((1000 + i))" --otherwise ABORTED v0
		run_ok xdp-action set DROP --match 'less 100' --except "greater $i" -t 1h --otherwise PASS v0
	done
	end_flow
	is "$(field v0 counters/aborted/packets counters/tx/packets)" "0 0"
}
