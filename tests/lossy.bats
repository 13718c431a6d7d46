#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Which packets are lost where it is not each by itself, held to with real packets.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# through COUNT [FLOW OPTION...]: how many frames of so many come in at v0.
through()
{
	local count=$1
	shift
	flow -c "$count" "$@" peer:v1 v0
	echo "${flow[v0]}"
}

@test "--every: exactly each Nth packet" {
	counts_or_skip
	run_ok xdp-action set DROP --every 10 v0
	says "v0: DROP every 10th of packets, otherwise PASS"
	is "$(through 95)" 86 "frames that passed"
	is "$(counted v0)" "0 9 86 0 0"
	is "$(field v0 setting/every setting/probability setting/skip setting/burst setting/pulse)" \
		"10 1.0 null null null"
	is "$(through 5)" 4 "the five that make up the next ten"
}

@test "--skip: not for the first packets, and with -c for exactly one" {
	counts_or_skip
	run_ok xdp-action set DROP --skip 2 -c 1 v0
	says "v0: DROP packets, after the next 2, otherwise PASS, for 1 packet; then PASS"
	is "$(field v0 setting/skip)" 2
	is "$(through 1)" 1 "the first"
	is "$(field v0 setting/skip)" 1
	is "$(through 1)" 1 "the second"
	is "$(field v0 setting/skip)" null
	is "$(through 1)" 0 "the third"
	is "$(through 10)" 10 "all others"
	is "$(field v0 setting/verdict)" pass
}

# connects PORT: a TCP connection from the peer is made, however often its SYN has to be sent.
connects()
{
	run_ok ip netns exec peer bash -c "exec 3<>/dev/tcp/10.0.0.1/$1"
}

# How many packets matched, and how many were lost.
matched_and_lost()
{
	field v0 counters/matched/packets counters/drop/packets
}

# How often the peer has sent the SYN of a connection once more.
syns_again()
{
	local name count _
	read -r name count _ < <(ip netns exec peer nstat -asz TcpExtTCPSynRetrans | tail -1)
	is "$name" TcpExtTCPSynRetrans && echo "$count"
}

@test "--match, --skip and -c: the third SYN of TCP connections is lost, and nothing else" {
	needs nstat
	natively "a SYN that the VM answers late is sent again"
	counts_or_skip
	local syn='tcp dst port 5432 and tcp[tcpflags] & tcp-syn != 0'
	start listen 5432
	eventually test -s "$started_output"
	# The base counts those that come later.
	run_ok xdp-action set PASS --match "$syn" v0
	run_ok xdp-action set DROP --match "$syn" --skip 2 -c 1 v0
	connects 5432
	connects 5432
	is "$(matched_and_lost)" "2 0" "SYNs of two connections, and those that were lost"
	is "$(syns_again)" 0
	connects 5432
	# It may be sent more than once where the answer takes long.
	is "$(matched_and_lost)" "$((3 + $(syns_again))) 1" "SYNs of three connections, and the one that was lost"
	is "$(counted v0 | cut -d ' ' -f 1,2,4,5)" "0 1 0 0"
	is "$(field v0 setting/verdict)" pass
}

@test "status: of what has ended it says every condition, as it was asked for" {
	counts_or_skip
	run_ok xdp-action set DROP --skip 2 -c 1 v0
	is "$(through 1) $(field v0 setting/skip ended)" "1 1 null"
	is "$(through 3)" 2
	is "$(field v0 setting/skip ended/skip ended/packets ended/by)" "null 2 1 packets"
	run_ok xdp-action status v0
	says "the end of DROP packets, after the next 2, otherwise PASS, for 1 packet; that was set "
	run_ok xdp-action set DROP --match 'greater 100' --skip 3 --pulse 30d/1d -c 1 --note why v0
	is "$(through 3 -l 200) $(through 4 -l 200)" "3 3"
	run_ok xdp-action status v0
	says "the end of DROP packets that match 'greater 100', on for 30 d and off for 1 d, after the next 3, otherwise PASS, for 1 packet"
	says "why"
	for condition in "-p 99% --burst 1000" "-p 99.9999999% --per-flow --seed 7" "--every 2"; do
		# One word each.
		# shellcheck disable=SC2086
		run_ok xdp-action set DROP $condition --skip 1 --for 1ms v0
		asked=$output
		sleep 0.01
		run_ok xdp-action status v0
		asked=${asked#v0: }
		says "when ${asked%; then PASS} ended"
	done
}

@test "--skip and --every look at what matches, and at nothing else" {
	counts_or_skip
	run_ok xdp-action set DROP --match 'greater 100' --skip 2 --every 3 v0
	says "DROP every 3rd of packets that match 'greater 100', after the next 2, otherwise PASS"
	is "$(through 20 -l 60)" 20 "short frames"
	is "$(through 4 -l 200)" 4 "two that are skipped and two more"
	is "$(through 1 -l 200)" 0 "the third of the rest"
}

@test "a base goes on where it was" {
	counts_or_skip
	run_ok xdp-action set DROP --every 4 --otherwise ABORTED v0
	is "$(through 3)" 0
	run_ok xdp-action set PASS -c 5 v0
	says "then DROP every 4th of packets, otherwise ABORTED"
	is "$(field v0 setting/base/every)" 4
	is "$(through 5)" 5
	is "$(through 1)" 0
	is "$(counted v0)" "3 1 5 0 0"
}

@test "--burst: a share in runs" {
	run_ok xdp-action set DROP -p 50% --burst 1 v0
	says "v0: DROP 50% of packets, in runs of 1 on average, otherwise PASS"
	# In and out with each packet on each CPU: half of them, and one more or less for each.
	between "$(through 1000)" 490 510 "frames that passed"
	run_ok xdp-action set DROP -p 25% --burst 2.5 v0
	says "in runs of 2.5 on average"
	is "$(field v0 setting/burst setting/probability)" "2.5 0.25"
	# Seven standard deviations.
	between "$(through 4000)" 2650 3350 "frames that passed"
	run_ok xdp-action set DROP -p 66.6% --burst 2 v0
	# The most there is, and no multiple of 2^-32.
	run_ok xdp-action set DROP -p 80% --burst 4 v0
	run_ok xdp-action set DROP -p 2% --burst 100000 v0
}

@test "--per-flow: all packets of a flow, or none" {
	run_ok xdp-action set DROP -p 50% --per-flow --seed 77 v0
	says "v0: DROP 50% of flows, by seed 77, otherwise PASS"
	is "$(field v0 setting/per_flow setting/seed)" "true 77"
	local passed
	passed=$(through 100)
	[ "$passed" -eq 0 ] || [ "$passed" -eq 100 ] || explain "$passed of one flow passed"
	run_ok xdp-action set DROP -p 50% --per-flow v0
	[[ $output =~ "by seed "[1-9][0-9]* ]] || explain "a seed of its own"
	# Each seed is a throw of a coin for the flow: not 40 times the same.
	local seed lost=0
	for seed in {1..40}; do
		run_ok xdp-action set DROP -p 50% --per-flow --seed "$seed" v0
		[ "$(through 1)" -eq 1 ] || lost=$((lost + 1))
	done
	between "$lost" 1 39 "seeds that lose the flow"
}

# Frames come in, and there are now more than ten that were lost, and more than ten that passed.
lost_and_passed()
{
	through 10 >/dev/null
	read -r aborted drop pass tx redirect <<<"$(counted v0)"
	[ "$drop" -gt 10 ] && [ "$pass" -gt 10 ]
}

@test "--pulse: on and off, from the moment of the set" {
	run_ok xdp-action set DROP --pulse 30d/1d v0
	says "v0: DROP packets, on for 30 d and off for 1 d, otherwise PASS"
	is "$(through 10)" 0
	is "$(field v0 setting/pulse/on_ns setting/pulse/off_ns)" "2592000000000000 86400000000000"
	run_ok xdp-action set DROP --pulse 1ms/30d v0
	sleep 0.05
	is "$(through 10)" 10 "frames while it is off"
	run_ok xdp-action set DROP --pulse 20ms/20ms v0
	eventually lost_and_passed
	is "$aborted $tx $redirect" "0 0 0"
}

@test "--for: the conditions end with the setting" {
	run_ok xdp-action set DROP --pulse 30d/1d --for 1h v0
	says "then PASS"
	is "$(through 5)" 0
	run_ok xdp-action set DROP --pulse 30d/1d --for 1ms v0
	sleep 0.05
	is "$(through 5)" 5
	is "$(field v0 setting/pulse)" null
}

@test "load -a: the conditions hold from the first packet on" {
	run_ok xdp-action unload v0
	run_ok xdp-action load -a DROP -p 50% --per-flow v0
	says "DROP 50% of flows, otherwise PASS"
	local seed passed
	seed=$(field v0 setting/seed)
	[ "$seed" -gt 0 ] || explain "a seed of its own"
	passed=$(through 20)
	[ "$passed" -eq 0 ] || [ "$passed" -eq 20 ] || explain "$passed of one flow passed"
	run_ok xdp-action unload v0
	run_ok xdp-action load -a DROP -p 50% --per-flow --seed "$seed" v0
	says "DROP 50% of flows, by seed $seed, otherwise PASS"
	is "$(through 20)" "$passed" "the same flow by the same seed"
	run_ok xdp-action unload v0
	run_fail 2 xdp-action load -a DROP --burst 4 v0
	complains "--burst needs --probability"
	run_fail 2 xdp-action load -a DROP -p 60% --burst 1 v0
	complains "--burst 1 cannot be with -p 60%"
	is "$(attached_id v0)" 0
	run_ok xdp-action load -a DROP --pulse 30d/1d v0
	is "$(through 10)" 0
	run_ok xdp-action unload v0
	attempt xdp-action load -a DROP --match 'greater 100' --skip 2 --every 3 v0
	[ $status -eq 0 ] || {
		complains "cannot count packets"
		skip "this kernel cannot count over all CPUs"
	}
	says "DROP every 3rd of packets that match 'greater 100', after the next 2, otherwise PASS"
	is "$(through 10 -l 60) $(through 5 -l 200)" "10 4"
}

@test "metrics: conditions have series" {
	counts_or_skip
	run_ok xdp-action set DROP --every 10 --skip 5 --pulse 1s/2s v0
	run_ok xdp-action metrics v0
	says 'xdp_action_setting_every_packets{interface="v0"} 10' \
		'xdp_action_setting_skip_packets{interface="v0"} 5' \
		'xdp_action_setting_pulse_seconds{interface="v0",phase="off"} 2'
	run_ok xdp-action set DROP -p 5% --burst 1.5 v0
	run_ok xdp-action metrics v0
	says 'xdp_action_setting_burst_packets{interface="v0"} 1.5'
	run_ok xdp-action set DROP -p 5% --per-flow --seed 9007199254740991 v0
	run_ok xdp-action metrics v0
	says 'xdp_action_setting_per_flow{interface="v0",seed="9007199254740991"} 1'
}

# wrong TEXT ARG...: exit 2, and the message has TEXT.
wrong()
{
	local text=$1
	shift
	run_fail 2 xdp-action set DROP "$@" v0
	complains "$text"
}

@test "conditions that cannot go together are refused, and nothing is changed" {
	local before
	before=$(field v0 setting)
	wrong "--burst needs --probability" --burst 4
	wrong "--per-flow needs --probability" --per-flow
	wrong "--seed needs --per-flow" --seed 4 -p 5%
	wrong "give --every or --probability, not both" --every 4 -p 5%
	wrong "give --burst or --per-flow, not both" --burst 4 --per-flow -p 5%
	wrong "none and all have no runs" --burst 4 -p 0%
	wrong "none and all have no runs" --burst 4 -p 100%
	wrong "below 100%" --per-flow -p 100%
	wrong "'0.5' is not a mean number of packets" --burst 0.5 -p 5%
	wrong "'1' is not a number of packets" --every 1
	wrong "'0' is not a number of packets" --skip 0
	wrong "'200ms' is not a pulse" --pulse 200ms
	wrong "'200ms/' is not a pulse" --pulse 200ms/
	wrong "'1us/1s' is out of range; expected 1ms to 30d for each" --pulse 1us/1s
	wrong "'1s/31d' is out of range" --pulse 1s/31d
	wrong "'1us/x' is not a pulse" --pulse 1us/x
	wrong "--burst 1 cannot be with -p 60%: with one packet between two runs, these are at most 50% of all" -p 60% --burst 1
	wrong "--burst 2.5 cannot be with -p 71.5%" -p 71.5% --burst 2.5
	wrong "--burst 1000 cannot be with -p 0.0000001%: runs so long are at least 0.00232826%" -p 0.0000001% --burst 1000
	is "$(field v0 setting)" "$before"
}
