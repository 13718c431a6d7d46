#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
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
	run_ok xdp-action set DROP --match 'greater 100' -t 1h v0
	xdp-action status -j v0 >status.json
	validate status status.json
}
