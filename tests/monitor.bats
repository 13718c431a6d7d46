#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# monitor: a line for each thing that happens. What the library tells is for unit/watch_test, and who joins a chain for
# neighbours.bats.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	natively "what depends on the dispatcher is in neighbours.bats"
	default_setup
}

# start_monitor ARG...: in the background, until it watches; its output is in $monitor_output.
start_monitor()
{
	start_monitor_as xdp-action monitor "$@"
}

# start_monitor_as COMMAND...: the same, whatever runs it.
start_monitor_as()
{
	start "$@"
	monitor_pid=$!
	monitor_output=$started_output
	eventually test -s "$monitor_output"
}

# end_monitor SIGNAL STATUS: it must end with it and say nothing on stderr.
end_monitor()
{
	local result=0
	kill "-$1" $monitor_pid
	wait $monitor_pid || result=$?
	is $result "$2" "exit status of monitor"
	is "$(<"$monitor_output.error")" "" "stderr of monitor"
}

monitored()
{
	[[ $(<"$monitor_output") == *"$1"* ]]
}

# The lines without their times.
monitor_lines()
{
	cut -d ' ' -f 2- "$monitor_output"
}

@test "text: from load to the end of the interface" {
	make_pair w0 w1
	packets gro peer:w1 on
	start_monitor
	run_ok xdp-action load v0
	eventually monitored "v0: loaded by "
	run_ok xdp-action set DROP --for 50ms v0
	eventually monitored "v0: ended by time: PASS"
	run_ok xdp-action set DROP -c 3 v0
	eventually monitored "DROP, for 3 packets; then PASS"
	flow -c 5 -w 20 peer:v1 v0
	eventually monitored "v0: ended by number: PASS"
	run_ok xdp-action set REDIRECT --to w0 v0
	eventually monitored "REDIRECT to w0"
	ip link del w0
	eventually monitored "v0: the target of REDIRECT is gone"
	ip link set v0 down
	ip link set v0 name r0
	eventually monitored "r0: renamed, was v0"
	ip link set r0 netns peer
	eventually monitored "r0: moved to another network namespace"
	ip -n peer link set r0 netns $$ up
	eventually monitored "r0: came back: REDIRECT to an interface that is gone"
	ip link set r0 up
	run_ok xdp-action unload r0
	eventually monitored "r0: unloaded"
	ip link del r0
	end_monitor TERM 143
	is "$(monitor_lines | sed 's/ by [^:]*:/ by X:/' | grep -vF "ended by")" "watching; 0 instances
v0: loaded by X: PASS
v0: set by X: DROP, for 50 ms; then PASS
v0: set by X: DROP, for 3 packets; then PASS
v0: set by X: REDIRECT to w0
v0: the target of REDIRECT is gone: its packets get ABORTED
r0: renamed, was v0
r0: moved to another network namespace
r0: came back: REDIRECT to an interface that is gone
r0: unloaded"
}

@test "JSON: every line is as the schema says" {
	needs_schemas
	run_ok xdp-action load v0
	start_monitor -j
	run_ok xdp-action set DROP --for 50ms v0
	eventually monitored '"ended"'
	run_ok xdp-action set ABORTED --match 'tcp port 80' -p 5% v0
	eventually monitored '"tcp port 80"'
	local i
	for i in {1..40}; do
		xdp-action -q set PASS v0
	done
	run_ok xdp-action upgrade -f v0
	eventually monitored '"upgraded"'
	run_ok xdp-action unload v0
	eventually monitored '"unloaded"'
	run_ok xdp-action load v0
	eventually monitored '"loaded"'
	ip link set v0 down
	ip link set v0 name r0
	eventually monitored '"renamed"'
	ip link set r0 netns peer
	eventually monitored '"moved"'
	ip -n peer link set r0 netns $$
	eventually monitored '"returned"'
	ip link del r0
	eventually monitored '"gone"'
	end_monitor INT 130
	validate monitor "$monitor_output"
	# What was set is told, or told to be missed.
	is "$(jq -s '[.[] | select(.event == "set") | 1] + [.[].missed // 0] | add' "$monitor_output")" 42
	is "$(jq -r 'select(.event == "ended") | .by + " " + .setting.verdict' "$monitor_output")" "time pass"
	# The end is as late as it was to be.
	is "$(jq -s 'map(select(.event == "set"))[0].setting.remaining_ns' "$monitor_output")" 50000000
}

@test "names and notes cannot forge a line, nor write to a terminal" {
	start_monitor
	ip link set v0 down
	ip link set v0 name $'v\e[2J'
	run_ok xdp-action load $'v\e[2J'
	ip link set $'v\e[2J' up
	eventually monitored 'v\x1b[2J: loaded by '
	end_monitor TERM 143
	is "$(grep -c $'\e' "$monitor_output")" 0 "lines with an escape"
	start_monitor -j
	run_ok xdp-action set DROP --note $'x\n0 v0: unloaded \e[2J' $'v\e[2J'
	eventually monitored '"set"'
	end_monitor TERM 143
	jq -r .text "$monitor_output" >"$BATS_TEST_TMPDIR/text"
	is "$(wc -l <"$BATS_TEST_TMPDIR/text") $(grep -c $'\e' "$BATS_TEST_TMPDIR/text")" "2 0" "lines, and those with an escape"
	grep -qF 'DROP; note: x\x0a0 v0: unloaded \x1b[2J' "$BATS_TEST_TMPDIR/text"
}

@test "a hang-up that the caller ignores, as under nohup, ends nothing" {
	start_monitor_as env --ignore-signal=HUP xdp-action monitor
	kill -HUP $monitor_pid
	run_ok xdp-action load v0
	eventually monitored "v0: loaded"
	end_monitor TERM 143
}

@test "what is on one interface cannot be read: that is told, and the others are watched on" {
	local impostor=$checkout/build/tests/faults/impostor
	make_pair w0 w1
	run_ok xdp-action load v0
	"$impostor" w0 dispatcher
	start_monitor
	eventually monitored "w0: missed what became of the chain"
	ip link set w0 xdp off
	"$impostor" w0 small-matches
	eventually monitored "w0: loaded: a setting of another version"
	"$impostor" w0 dispatcher
	run_ok xdp-action set DROP v0
	eventually monitored "v0: set by"
	end_monitor TERM 143
}

@test "too few files may be open: that is said of an interface, with what to do" {
	local names=(w1 w2 w3 w4) name
	for name in "${names[@]}"; do
		make_pair "$name" "x$name"
	done
	run_ok xdp-action load "${names[@]}"
	run_fail 1 bash -c 'ulimit -n 18 && exec xdp-action monitor'
	[[ $error =~ :\ w[1-4]:\ .*Too\ many\ open\ files.*ulimit\ -n ]] || explain "neither the interface nor a way out"
	start_monitor_as bash -c 'ulimit -Sn 18 && exec xdp-action monitor'
	eventually monitored "4 instances"
	end_monitor TERM 143
}

@test "named: that is followed, others are not told" {
	make_pair w0 w1
	start_monitor v0
	run_ok xdp-action load w0
	run_ok xdp-action load v0
	eventually monitored "v0: loaded"
	ip link set v0 down
	ip link set v0 name r0
	eventually monitored "r0: renamed"
	ip link del r0
	eventually monitored "r0: the interface is gone"
	make_pair r0 v1
	run_ok xdp-action load r0
	eventually monitored "r0: loaded"
	end_monitor HUP 129
	is "$(grep -c w0 "$monitor_output")" 0 "lines about another interface"
	run_fail 1 xdp-action monitor nosuch0
	complains nosuch0
}

@test "a reader that goes away ends it, quietly, though nothing happens" {
	local result
	"${limited[@]}" xdp-action monitor 2>"$BATS_TEST_TMPDIR/error" | head -n 1 >"$BATS_TEST_TMPDIR/head"
	result=${PIPESTATUS[0]}
	is "$result" 0
	is "$(<"$BATS_TEST_TMPDIR/error")" ""
}
