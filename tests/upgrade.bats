#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# A program in the place of one that runs, while traffic flows.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

# How often a program is exchanged under traffic: many times in 'make check-faults', in the VM, where it takes seconds, few.
many=${XDP_ACTION_TESTS_UPGRADES:-40} few=${XDP_ACTION_TESTS_UPGRADES:-1}
BATS_TEST_TIMEOUT=$((BATS_TEST_TIMEOUT + 10 * many))

# The tool of version 1 of the maps, in $version1.
needs_version1()
{
	version1=$("$checkout/tests/get-version-1" 2>"$BATS_TEST_TMPDIR/build") || {
		[[ $(<"$BATS_TEST_TMPDIR/build") != *"no history"* ]] || skip "no history of it is here"
		cat "$BATS_TEST_TMPDIR/build"
		return 1
	}
}

# The id of the program that runs.
program()
{
	field v0 program_id
}

# upgrade_often TIMES: while a flow runs.
upgrade_often()
{
	local limited=(timeout -k 2 $((100 + 10 * $1)))
	run_ok upgrades v0 "$1"
	is "$output" "$1" "upgrades"
}

# has_dropped PACKETS: at least.
has_dropped()
{
	local drop
	read -r _ drop _ <<<"$(counted v0)"
	[ "$drop" -ge "$1" ]
}

@test "upgrade: where this version's program runs already nothing is done, unless --force" {
	local before
	run_ok xdp-action load v0
	before=$(program)
	run_ok xdp-action upgrade v0
	says "v0: runs the program of this version already"
	is "$(program)" "$before" "the program"
	run_ok xdp-action upgrade -f
	says "v0: upgraded"
	[ "$(program)" != "$before" ] || explain "the program is the same"
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "upgrade: without an instance it is an error by name, and none without" {
	natively "it never comes to a dispatcher"
	run_fail 1 xdp-action upgrade v0
	complains "v0: xdp-action is not loaded"
	run_ok xdp-action upgrade
	says "No interface has an instance"
	run_fail 2 xdp-action upgrade -a v0
}

@test "upgrade: DROP lets nothing through and each frame is counted once" {
	needs_single_mode
	run_ok xdp-action load -a DROP v0
	start_flow -r 4000 -j 2 -c 1000000 peer:v1 v0
	upgrade_often "$many"
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
}

@test "upgrade: PASS loses nothing and each frame is counted once" {
	needs_single_mode
	run_ok xdp-action load v0
	start_flow -r 4000 -j 2 -c 1000000 peer:v1 v0
	upgrade_often "$many"
	end_flow
	is "${flow[lost]} ${flow[twice]}" "0 0" "frames lost and frames twice"
	is "$(counted v0)" "0 0 ${flow[sent]} 0 0"
}

@test "upgrade: a budget goes on where it was, and the base comes after it" {
	needs_single_mode
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -c 10000 v0
	start_flow -r 4000 -j 2 -c 1000000 peer:v1 v0
	until has_dropped 10000; do
		upgrade_often 3
	done
	upgrade_often 1
	end_flow
	is "$(counted v0)" "0 10000 $((flow[sent] - 10000)) 0 0"
	is "${flow[v0]}" $((flow[sent] - 10000)) "frames that came through"
}

@test "upgrade: each third packet stays each third" {
	needs_single_mode
	run_ok xdp-action load v0
	run_ok xdp-action set DROP --every 3 --skip 1000 v0
	start_flow -r 4000 -j 2 -c 1000000 peer:v1 v0
	until has_dropped 1000; do
		upgrade_often 10
	done
	end_flow
	is "${flow[lost]}" $(((flow[sent] - 1000) / 3)) "frames lost"
}

@test "upgrade: what cannot be kept is said before, and nothing where all can" {
	needs_single_mode
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 5% --burst 8 v0
	run_ok xdp-action upgrade v0
	is "$error" "" "stderr where nothing is done"
	run_ok xdp-action upgrade -f v0
	is "$error" "xdp-action: warning: v0: a run of losses that goes on just now ends with the upgrade"
	run_ok xdp-action set DROP -c 10 v0
	run_ok xdp-action upgrade -f v0
	is "$error" "" "stderr where all is kept"
}

@test "upgrade: match, deadline, target and record stay as they are" {
	local before
	needs_single_mode
	make_pair w0 w1
	run_ok packets gro peer:w1 on
	run_ok xdp-action load v0
	run_ok xdp-action set REDIRECT --to w0 --match 'udp or not udp' --for 1h v0
	before=$(field v0 setting/verdict setting/match setting/target/interface setting/base/verdict changed/pid generation)
	run_ok xdp-action upgrade -f v0
	is "$(field v0 setting/verdict setting/match setting/target/interface setting/base/verdict changed/pid generation)" "$before"
	between "$(field v0 setting/remaining_ns)" 3500000000000 3600000000000
	flow -c 10 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 0 0 0 10"
	is "$(field v0 counters/matched/packets)" 10
}

@test "upgrade: what xdp-loader loaded becomes an instance with pins" {
	needs_single_mode
	needs_frags
	run_ok xdp-loader load v0 "$object"
	run_ok xdp-action set DROP v0
	run_ok xdp-action upgrade -f v0
	is "$(field v0 pinned setting/verdict)" "true drop"
	blocked
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "upgrade: where one was broken off load says so, --keep warns, and the next one ends it" {
	needs_single_mode
	needs_frags
	run_ok xdp-loader load -n xdp_action_sub v0 "$object"
	run_fail 1 xdp-action load v0
	complains "v0: xdp-action is loaded already, and an upgrade of it was broken off" \
		"'xdp-action upgrade v0' keeps its setting and its counters"
	run_ok xdp-action load --keep v0
	complains "v0: kept, but an upgrade of it was broken off"
	run_ok xdp-action set DROP v0
	is "$(field v0 problems/0/kind setting/verdict)" "unfinished drop"
	run_ok xdp-action clean
	is "$(field v0 program_id)" "$(attached_id v0)" "the program after a clean"
	run_ok xdp-action upgrade v0
	says "v0: upgraded"
	is "$(field v0 problems/# setting/verdict)" "0 drop"
	chain_is v0 "single xdp_action"
	blocked
	run_ok xdp-action unload v0
	nothing_pinned
}

# ---- from version 1 ----

@test "version 1: its setting and its counters are shown, and what to do; set refuses, unload unloads" {
	natively "what is shown does not depend on the dispatcher"
	needs_version1
	run_ok "$version1" load v0
	run_ok "$version1" set DROP -c 1000 --for 1h v0
	blocked
	run_ok xdp-action status v0
	says "DROP" "990 packets left, then PASS" "'xdp-action upgrade v0' keeps its setting and its counters"
	is "$(field v0 problems/0/kind setting/remaining_packets)" "older 990"
	is "$(counted v0)" "0 10 0 0 0"
	run_fail 1 xdp-action set PASS v0
	complains "loaded by an older version" "xdp-action upgrade v0"
	blocked
	run_ok xdp-action unload v0
	passes
	nothing_pinned
}

@test "version 1: an upgrade under traffic lets nothing through and counts each frame once" {
	needs_single_mode
	needs_version1
	run_ok "$version1" load -a DROP v0
	start_flow -r 4000 -j 2 -c 1000000 peer:v1 v0
	run_ok xdp-action upgrade v0
	says "v0: upgraded"
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	is "$(field v0 problems/#)" 0 "problems"
	run_ok xdp-action set DROP --match 'ether[0] != 300' v0
	blocked
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "version 1: its temporary setting, its base and its budget go on" {
	local left
	needs_single_mode
	needs_version1
	run_ok "$version1" load -a DROP v0
	run_ok "$version1" set PASS -c 100 --for 1h v0
	passes 10
	run_ok xdp-action upgrade v0
	complains "v0: if its number of packets is used up in the moment of the upgrade"
	is "$(field v0 setting/verdict setting/remaining_packets setting/base/verdict pinned)" "pass 90 drop true"
	between "$(field v0 setting/remaining_ns)" 3500000000000 3600000000000
	flow -c 200 peer:v1 v0
	is "${flow[v0]}" 90 "frames that came through"
	is "$(counted v0)" "0 110 100 0 0"
}

# ---- in a chain ----

# A chain with a neighbour on each side.
chain_around()
{
	needs_dispatcher
	run_ok xdp-loader load -P 40 v0 "$neighbour"
	run_ok xdp-loader load -P 60 v0 "$neighbour"
	"$@"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
}

@test "upgrade in a chain: DROP lets nothing through and each frame is counted once" {
	chain_around run_ok xdp-action load -a DROP v0
	start_flow -r 500 -j 2 -c 1000000 peer:v1 v0
	upgrade_often "$few"
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
	is "$(field v0 problems/# pinned)" "0 true" "problems"
}

# The ids of the programs of this priority.
at_priority()
{
	xdp-loader status v0 | awk -v priority="$1" '$1 == "=>" && $2 == priority { print $4 }'
}

# others_leave attempt|run_ok: what has priority 45 is unloaded. xdp-loader reads the chain before it takes libxdp's lock,
# and fails where an upgrade comes in between.
others_leave()
{
	local id
	for id in $(at_priority 45); do
		"$1" xdp-loader unload v0 --id "$id"
	done
}

# twice_upgraded: what came of it on the standard output. Where others are faster each time it says so.
twice_upgraded()
{
	local i error
	for ((i = 0; i < 2; i++)); do
		if error=$(xdp-action upgrade -f v0 2>&1 >/dev/null); then
			echo "done"
		elif [[ $error == *"try again"* ]]; then
			echo later
		else
			echo "$error"
		fi
	done
}
export -f twice_upgraded

@test "upgrade in a chain: two at once while others come and go: DROP lets nothing through, the counters are exact" {
	local running=() outputs=() i
	chain_around run_ok xdp-action load -a DROP v0
	start_flow -r 200 -j 2 -c 1000000 peer:v1 v0
	for ((i = 0; i < 2; i++)); do
		start bash -c twice_upgraded
		running+=($!)
		outputs+=("$started_output")
	done
	while kill -0 "${running[@]}" 2>/dev/null; do
		attempt xdp-loader load -P 45 v0 "$neighbour"
		others_leave attempt
	done
	wait "${running[@]}"
	end_flow
	others_leave run_ok
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
	is "$(field v0 problems/# pinned)" "0 true" "problems"
	is "$(sort -u "${outputs[@]}" | grep -vx -e later -e 'done' || true)" "" "what else the upgrades said"
	run_ok xdp-action upgrade -f v0
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0" "after an upgrade that nobody disturbs"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
}

@test "upgrade in a chain: PASS loses nothing, and a budget and each third stay exact" {
	chain_around run_ok xdp-action load v0
	run_ok xdp-action set DROP --every 3 -c 500 v0
	start_flow -r 500 -j 2 -c 1000000 peer:v1 v0
	upgrade_often "$few"
	until has_dropped 500; do
		upgrade_often 1
	done
	end_flow
	is "$(counted v0)" "0 500 $((flow[sent] - 500)) 0 0"
	is "${flow[lost]} ${flow[twice]}" "500 0" "frames lost and frames twice"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
}

@test "upgrade in a chain: from version 1 under traffic, with its budget" {
	needs_version1
	chain_around run_ok "$version1" load v0
	run_ok "$version1" set DROP -c 100000 --for 1h v0
	start_flow -r 500 -j 2 -c 1000000 peer:v1 v0
	run_ok xdp-action upgrade v0
	says "v0: upgraded"
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	is "$(field v0 setting/remaining_packets problems/# pinned)" "$((100000 - flow[sent])) 0 true"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
}

# killed CALL N: an upgrade that is killed in place of a call. To each change of the chain libxdp makes a directory for
# the new dispatcher before, and removes that of the old one after it.
killed()
{
	attempt "$checkout/build/tests/faults/fail_call" "$1" "$2" KILL "$checkout/xdp-action/xdp-action" upgrade -f v0
	is "$status" 137 "exit status of an upgrade that is killed at $1 $2"
}

# left PROGRAMS [PROBLEM]: what a killed one has left in our place, and what status says of it.
left()
{
	is "$(loader_chain v0)" "40 neighbour,$1,60 neighbour" "the chain after: $ran"
	is "$(field v0 'problems/*/kind' setting/verdict)" "${2:+$2 }drop" "what status shows after: $ran"
}

@test "upgrade in a chain: what is killed lets nothing through, each command knows it, and the next one ends it" {
	local substitute="50 xdp_action_sub" program="50 xdp_action" events n
	chain_around run_ok xdp-action load -a DROP v0
	start xdp-action monitor
	events=$started_output
	eventually grep -q watching "$events"
	start_flow -r 200 -j 2 -c 1000000 peer:v1 v0
	killed rmdir 1
	left "$program,$substitute" unfinished
	run_ok xdp-action set DROP --note one v0
	left "$program"
	# The first ones are there already, and make no difference.
	for ((n = 4; n < 8; n++)); do
		killed mkdir $n
		[[ $(loader_chain v0) != *_sub* ]] || break
	done
	left "$program,$substitute" unfinished
	run_fail 1 xdp-action load v0
	complains "an upgrade of it was broken off" "xdp-action upgrade v0"
	# The first one is for the substitute that the one before has left.
	killed rmdir 3
	left "$substitute" "pins-stale unfinished"
	run_ok xdp-action set DROP --note two v0
	left "$substitute" unfinished
	run_ok xdp-action clean
	killed rmdir 1
	left "$program,$substitute" "pins-stale unfinished"
	killed rmdir 5
	left "$program" pins-stale
	run_ok xdp-action clean
	says dispatch-
	run_ok xdp-action upgrade v0
	says "runs the program of this version already"
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	chain_is v0 "40 neighbour,$program,60 neighbour"
	is "$(field v0 problems/# pinned changed/note)" "0 true two" "problems"
	killed rmdir 2
	run_ok xdp-action unload v0
	chain_is v0 "40 neighbour,60 neighbour"
	nothing_pinned
	eventually grep -q "v0: unloaded" "$events"
	is "$(grep -o "v0: [a-z]*" "$events" | tr -d '\n')" "v0: setv0: setv0: upgradedv0: upgradedv0: unloaded" "events"
}

@test "upgrade in a chain: what xdp-loader loaded becomes an instance with pins, and monitor tells one event" {
	chain_around run_ok xdp-loader load v0 "$object"
	start xdp-action monitor
	eventually grep -q watching "$started_output"
	run_ok xdp-action upgrade -f v0
	eventually grep -q "v0: upgraded: PASS" "$started_output"
	is "$(grep -c "loaded\|joined\|left" "$started_output")" 0 "lines about the steps of an upgrade"
	is "$(field v0 pinned problems/#)" "true 0"
	chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
	run_ok xdp-action set DROP v0
	blocked
	run_ok xdp-action unload v0
	chain_is v0 "40 neighbour,60 neighbour"
	nothing_pinned
}

@test "upgrade in a chain: one error at a change is got over, and lets nothing through" {
	local n before
	chain_around run_ok xdp-action load -a DROP v0
	start_flow -r 200 -j 2 -c 1000000 peer:v1 v0
	# libxdp makes a directory in each of the four changes of the chain; the first ones are there already.
	for n in 4 5 6 7; do
		before=$(program)
		attempt "$checkout/build/tests/faults/fail_call" mkdir $n ENOMEM "$checkout/xdp-action/xdp-action" upgrade -f v0
		is "$status" 0 "exit status of an upgrade with an error at mkdir $n"
		chain_is v0 "40 neighbour,50 xdp_action,60 neighbour"
		[ "$(program)" != "$before" ] || explain "the program is the same"
	done
	end_flow
	is "${flow[v0]}" 0 "frames that came through"
	is "$(counted v0)" "0 ${flow[sent]} 0 0 0"
	is "$(field v0 problems/# pinned)" "0 true" "problems"
}

@test "upgrade in a chain: a program that sorts between it and a substitute is named before anything is done" {
	local program="50 xdp_action" other="50 xdp_action_next" id
	needs_dispatcher
	run_ok xdp-action load -a DROP v0
	run_ok xdp-loader load -n xdp_action_next v0 "$neighbour"
	id=$(program)
	run_ok xdp-action upgrade v0
	says "runs the program of this version already"
	run_fail 1 xdp-action upgrade -f v0
	complains "$(at_priority 50 | tail -n 1), xdp_action_next, has the same priority 50" "load that program with another priority"
	is "$(program)" "$id" "the program"
	chain_is v0 "$program,$other"
	run_ok xdp-loader unload v0 --id "$(at_priority 50 | tail -n 1)"
	run_ok xdp-loader load -n xdp_action_next -P 51 v0 "$neighbour"
	run_ok xdp-action upgrade -f v0
	chain_is v0 "$program,51 xdp_action_next"
	blocked
	# The same of a substitute that one has left.
	killed rmdir 2
	run_ok xdp-loader load -n xdp_action_next v0 "$neighbour"
	run_fail 1 xdp-action upgrade v0
	complains "xdp_action_next, has the same priority 50" "unload xdp-action and load it with another one"
	is "$(loader_chain v0)" "$other,${program}_sub,51 xdp_action_next" "the chain"
	blocked
	run_ok xdp-action unload v0
	run_ok xdp-action load -P 49 v0
	run_ok xdp-action upgrade -f v0
	chain_is v0 "49 xdp_action,$other,51 xdp_action_next"
}

@test "upgrade in a chain: where it cannot be without a gap that is said, and nothing is done" {
	needs_dispatcher
	run_ok xdp-loader load -A XDP_DROP v0 "$object"
	run_fail 1 xdp-action upgrade -f v0
	complains "hands on to the next program other packets"
	chain_is v0 "50 xdp_action"
	run_ok xdp-action unload v0
	run_ok xdp-loader load v0 "$neighbour" "$neighbour" "$neighbour" "$neighbour" "$neighbour" \
		"$neighbour" "$neighbour" "$neighbour" "$neighbour"
	run_ok xdp-action load v0
	run_fail 1 xdp-action upgrade -f v0
	complains "the chain is full" "leaves a gap"
}
