#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Settings and their conditions, held to with real packets.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# ---- verdicts ----

@test "set: a verdict holds for the next packet, and each is counted under its name" {
	run_ok xdp-action set DROP v0
	says "v0: DROP"
	blocked
	run_ok xdp-action set XDP_ABORTED v0
	blocked
	run_ok xdp-action set pass v0
	passes 10
	is "$(counted v0)" "10 10 10 0 0"
}

@test "set: without a name every instance is set, and no other interface" {
	make_pair w0 w1
	make_pair x0 x1
	run_ok xdp-action load w0
	run_ok xdp-action set DROP
	says "v0: DROP" "w0: DROP"
	says_not x0
	is "$(field v0 setting/verdict) $(field w0 setting/verdict)" "drop drop"
}

@test "set: where there is no instance it is an error" {
	make_pair w0 w1
	run_fail 1 xdp-action set DROP w0
	complains w0 "not loaded"
	run_fail 1 xdp-action set DROP nosuch0
	complains nosuch0
	run_ok xdp-action unload v0
	run_fail 1 xdp-action set DROP
	complains "no interface"
}

@test "set: of several interfaces none is cut when one of them cannot be" {
	make_pair w0 w1
	make_pair x0 x1
	run_ok xdp-action load w0
	attempt xdp-action set DROP v0 nosuch0 w0
	is "$status" 1
	complains nosuch0
	attempt xdp-action set DROP -t 1h v0 x0 w0
	is "$status" 1
	complains "x0"
	run_ok xdp-action status -j
	is "$(jsonget instances/0/setting/verdict instances/1/setting/verdict <<<"$output")" "pass pass"
	run_ok xdp-action set DROP v0 w0
	says "v0: DROP" "w0: DROP"
}

@test "set --all: every instance, and no name besides" {
	make_pair w0 w1
	run_ok xdp-action load w0
	run_ok xdp-action set -a DROP
	says "v0: DROP" "w0: DROP"
	run_fail 2 xdp-action set --all PASS v0
	complains "give --all or interface names, not both"
}

# ---- for a time ----

@test "--for: the verdict ends by itself, in time" {
	start_flow -r 2000 -c 20000 peer:v1 v0
	run_ok xdp-action set DROP --for 300ms v0
	says "DROP, for 300 ms; then PASS"
	sleep 0.6
	end_flow
	is "${flow[lost_holes]}" 0 "frames that came through meanwhile"
	between "${flow[lost_min_us]}" 100000 310000 "us without frames, at least"
	between "${flow[lost_max_us]}" 290000 3000000 "us without frames, at most"
}

@test "--for: heals although the tool was killed" {
	xdp-action set DROP --for 200ms v0 3>&- &
	kill -KILL $!
	# What it did it had done by its end.
	wait $! || true
	sleep 0.3
	passes
	run_ok xdp-action set DROP --for 200ms v0
	sleep 0.3
	passes
	is "$(field v0 setting/verdict)" pass
}

@test "--for: the base is what was in force before, whole" {
	run_ok xdp-action set DROP -p 30% --otherwise ABORTED v0
	run_ok xdp-action set PASS --for 1h v0
	says "then DROP 30% of packets, otherwise ABORTED"
	passes
	run_ok xdp-action set PASS --for 1s v0
	sleep 1
	blocked
	is "$(field v0 setting/verdict setting/probability setting/otherwise setting/base)" \
		"drop 0.3 aborted null"
}

@test "--then: the base is another" {
	run_ok xdp-action set DROP --for 1h --then ABORTED v0
	says "then ABORTED"
	blocked
	run_ok xdp-action set DROP --for 1s --then ABORTED v0
	sleep 1
	blocked
	is "$(counted v0)" "10 10 0 0 0"
}

@test "a temporary setting whose end changes nothing: a warning says so" {
	run_ok xdp-action set DROP v0
	says_not "changes nothing"
	run_ok xdp-action set DROP --for 30s v0
	complains "v0: its end changes nothing" "--then PASS"
	run_ok xdp-action set DROP -p 5% --for 30s v0
	says_not "changes nothing"
	run_ok xdp-action set DROP -p 5% -c 1 --then PASS v0
	says_not "changes nothing"
	run_ok xdp-action -q set DROP --for 30s --then DROP v0
	is "$output$error" ""
}

@test "a temporary setting on a temporary one keeps the first one's base" {
	run_ok xdp-action set DROP --for 30s v0
	run_ok xdp-action set DROP --for 100ms v0
	run_ok xdp-action set ABORTED --for 100ms v0
	says "then PASS"
	sleep 0.2
	is "$(field v0 setting/verdict)" pass
	passes
}

@test "a setting without conditions is permanent, also on a temporary one" {
	run_ok xdp-action set DROP --for 100ms v0
	run_ok xdp-action set ABORTED v0
	sleep 0.2
	is "$(field v0 setting/verdict setting/base)" "aborted null"
	blocked
}

@test "status shows the time that is left, and the base when it is over, without a packet" {
	run_ok xdp-action set DROP --for 1h v0
	between "$(field v0 setting/remaining_ns)" 1 3600000000000 "ns left"
	is "$(field v0 setting/verdict setting/base/verdict)" "drop pass"
	run_ok xdp-action set DROP --for 1ms v0
	sleep 0.02
	is "$(field v0 setting/verdict setting/remaining_ns setting/base)" "pass null null"
}

# ---- so many packets ----

@test "-c: exactly the next packets, and status shows how many are left" {
	run_ok xdp-action set DROP -c 1 v0
	flow -n -c 5 -w 20 peer:v1 v0
	is "${flow[numbers]}" 1,2,3,4
	run_ok xdp-action set DROP -c 10 v0
	flow -c 4 -w 20 peer:v1 v0
	is "${flow[v0]}" 0
	is "$(field v0 setting/remaining_packets)" 6
	flow -n -c 8 -w 20 peer:v1 v0
	is "${flow[numbers]}" 6,7
	is "$(field v0 setting/verdict setting/remaining_packets)" "pass null"
}

@test "-c: exact with packets on two CPUs at once" {
	run_ok xdp-action set DROP -c 5000 v0
	flow -j 2 -c 10000 -w 200 peer:v1 v0
	is "${flow[sent]} ${flow[lost]}" "20000 5000"
	is "$(counted v0)" "0 5000 15000 0 0"
}

@test "-c: 2^32 packets are accepted and counted down" {
	run_ok xdp-action set DROP -c 4294967296 v0
	flow -c 10 -w 20 peer:v1 v0
	is "$(field v0 setting/remaining_packets)" 4294967286
}

# ---- by chance ----

@test "-p: the share of the packets is right" {
	run_ok xdp-action set DROP -p 25% v0
	says "DROP 25% of packets, otherwise PASS"
	flow -j 2 -c 20000 -w 500 peer:v1 v0
	# 5.5 standard deviations of sqrt(40000 * 0.25 * 0.75): false once in ten million runs.
	between "${flow[lost]}" 9524 10476 "of 40000 frames lost"
}

@test "-p: 0% is none and 100% is all" {
	run_ok xdp-action set DROP -p 0% v0
	flow -c 5000 -w 200 peer:v1 v0
	is "${flow[lost]}" 0
	run_ok xdp-action set DROP -p 100% v0
	flow -c 5000 -w 50 peer:v1 v0
	is "${flow[v0]}" 0
}

@test "--otherwise: what the probability leaves out" {
	run_ok xdp-action set PASS -p 50% --otherwise ABORTED v0
	flow -c 1000 -w 100 peer:v1 v0
	is "$(counted v0)" "${flow[lost]} 0 ${flow[v0]} 0 0"
	between "${flow[lost]}" 400 600 "of 1000 frames"
}

# ---- conditions together ----

@test "-p -c: counts the packets that got the verdict" {
	run_ok xdp-action set DROP -p 10% -c 100 v0
	flow -c 5000 -w 200 peer:v1 v0
	is "${flow[lost]}" 100
	is "$(field v0 setting/verdict)" pass
}

@test "-c -t: the first of the two ends it" {
	run_ok xdp-action set DROP -c 3 -t 30s v0
	flow -c 10 -w 20 peer:v1 v0
	is "${flow[lost]}" 3
	run_ok xdp-action set DROP -c 1000000 -t 1h v0
	blocked
	run_ok xdp-action set DROP -c 1000000 -t 1s v0
	sleep 1
	passes
}

# ---- many hands ----

@test "two set at once leave one of the two, whole" {
	local i
	for ((i = 0; i < 10; i++)); do
		start xdp-action set DROP -p 25% --for 60s --then ABORTED v0
		start xdp-action set TX --otherwise DROP -c 5 --then PASS v0
	done
	wait "${started[@]}"
	started=()
	local found
	found=$(field v0 setting/verdict setting/probability setting/otherwise setting/remaining_packets setting/base/verdict)
	case $found in
	"drop 0.25 pass null aborted" | "tx 1 drop 5 pass" | "tx 1.0 drop 5 pass") ;;
	*) is "$found" "one of the two" ;;
	esac
}

@test "changes under traffic: no packet gets anything but the two verdicts" {
	start_flow -c 1000000 -r 20000 -j 2 peer:v1 v0
	local i
	for ((i = 0; i < 10; i++)); do
		run_ok xdp-action set DROP --for 1m v0
		run_ok xdp-action set PASS -p 50% --otherwise DROP v0
	done
	end_flow
	local aborted drop pass tx redirect
	read -r aborted drop pass tx redirect <<<"$(counted v0)"
	is "$aborted $tx $redirect" "0 0 0"
	is $((drop + pass)) "${flow[sent]}" "frames counted"
	is "$pass" "${flow[v0]}" "frames passed"
}

# ---- the command line ----

# wrong TEXT ARG...: exit 2, and the message quotes TEXT.
wrong()
{
	local text=$1
	shift
	run_fail 2 xdp-action set "$@"
	complains "$text"
}

@test "set: what is wrong with the command line is quoted, and nothing is changed" {
	local before
	before=$(field v0 setting)
	wrong "'FOO'" FOO v0
	wrong "'5'" DROP --for 5 v0
	wrong "'0s'" DROP --for 0s v0
	wrong "'-1s'" DROP --for -1s v0
	wrong "'5x'" DROP -t 5x v0
	wrong "'31d' is out of range; expected 1ms to 30d" DROP -t 31d v0
	wrong "'1': one per cent or all? write 1% or 100%" DROP -p 1 v0
	wrong "'99999999999999999999s'" DROP -t 99999999999999999999s v0
	wrong "'101%'" DROP -p 101% v0
	wrong "'-1%'" DROP -p -1% v0
	wrong "'x'" DROP -p x v0
	wrong "'0'" DROP -c 0 v0
	wrong "'10abc'" DROP -c 10abc v0
	wrong "'4294967297'" DROP -c 4294967297 v0
	wrong "'../v0'" DROP ../v0
	wrong "''" DROP ""
	wrong "'FOO'" DROP --then FOO -c 1 v0
	wrong --for DROP --then PASS v0
	wrong --to REDIRECT v0
	wrong --to DROP --to v0 v0
	wrong verdict
	is "$(field v0 setting)" "$before"
}
