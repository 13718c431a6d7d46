#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# poll: rates, what it sees on the way, and how it ends.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# start_poll ARG...: in the background; its output is in $poll_output.
start_poll()
{
	start xdp-action poll "$@"
	poll_pid=$!
	poll_output=$started_output
}

# Stop it by signal $1; it must exit with 0 and say nothing on stderr.
end_poll()
{
	local result=0
	kill "-$1" $poll_pid
	wait $poll_pid || result=$?
	is $result 0 "exit status of poll"
	is "$(<"$poll_output.error")" "" "stderr of poll"
}

polled()
{
	[[ $(<"$poll_output") == *"$1"* ]]
}

@test "text: -n reports, then the summary" {
	run_ok xdp-action poll -n 2 -i 50 v0
	is "$(grep -c '^v0  no packets' <<<"$output")" 2 "rows of an interface without packets"
	is "$(grep -c '^v0 ' <<<"$output")" 3 "rows of an interface, and its summary"
	run_ok xdp-action poll -v -n 1 -i 50 v0
	[[ $output =~ v0\ +ABORTED\ .*\ DROP\ .*\ PASS\ .*\ TX\ .*\ REDIRECT\  ]] || explain "not all verdicts"
	[[ $output =~ In\ [0-9.]+\ m?s: ]] || explain "no summary"
	says_not "$(printf '\033')"
	run_fail 2 xdp-action poll -i 0
	complains "'0'"
	run_fail 2 xdp-action poll -n 10abc
	complains "'10abc'"
}

# on_terminal ROWSxCOLUMNS DEED... -- ARG...: poll on a terminal, as tests/tools/pty.c says.
on_terminal()
{
	attempt env TERM=xterm pty "$@"
}

# What leaving gives back: the lines, the cursor and the screen.
left=$'\e[?7h\e[?25h\e[?1049l'

# On the screen, and then a summary outside of it.
was_on_screen()
{
	says $'\e[?1049h' "${left}"
	[[ ${output##*"$left"} == *"In "* ]] || explain "no summary after the screen"
}

@test "terminal: q and Ctrl-C leave the screen with a summary, and the terminal as it was" {
	local key
	for key in q $'\003'; do
		on_terminal 10x40 see "v0  no packets" key "$key" -- xdp-action poll -i 50
		is "$status" 0 "exit status"
		was_on_screen
	done
	on_terminal 10x40 -- xdp-action poll -i 50 -n 2
	is "$status" 0 "exit status"
	was_on_screen
}

@test "terminal: signals give it back, and so does an error" {
	on_terminal 10x40 see "v0  no packets" signal 15 -- xdp-action poll -i 50
	is "$status" 0 "exit status"
	was_on_screen
	on_terminal 10x40 see "v0  no packets" signal 1 -- xdp-action poll -i 50
	is "$status" 129 "exit status"
	says "$left"
	on_terminal 10x40 see "v0  no packets" signal 1 see "v0  no packets" key q -- \
		env --ignore-signal=HUP xdp-action poll -i 50
	is "$status" 0 "exit status, with a hang-up that is ignored"
	on_terminal 10x40 -- xdp-action poll -i 50 nosuch0
	is "$status" 1 "exit status"
	[[ ${output##*"$left"} == *"nosuch0"* ]] || explain "an error that vanished with the screen"
}

@test "terminal: stopped it gives it back, and goes on" {
	on_terminal 10x40 see "v0  no packets" key $'\032' stopped see $'\e[?1049h' see "v0  no packets" key q -- \
		xdp-action poll -i 50
	is "$status" 0 "exit status"
	was_on_screen
}

@test "terminal: as large as it is, also when that changes" {
	local i
	for i in 1 2 3; do
		make_pair w$i x$i
	done
	run_ok xdp-action load w1 w2 w3
	on_terminal 10x40 see "4 interfaces  " see "measuring: first rates after 1 s" key q -- xdp-action poll
	is "$status" 0 "exit status"
	on_terminal 3x40 see "4 interfaces, 2 not shown" size 10x100 see "4 interfaces  " key q -- xdp-action poll -i 50
	is "$status" 0 "exit status"
	was_on_screen
	on_terminal 3x40 see "v0" key q -- env TERM=dumb xdp-action poll -i 50 -n 2
	is "$status" 0 "exit status"
	says_not $'\e'
}

@test "the rate is what was counted over the time that really passed" {
	start_flow -r 500 -c 100000 peer:v1 v0
	run_ok xdp-action poll -j -n 2 -i 500 v0
	end_flow
	local reports before after elapsed_ns rate bits
	mapfile -t reports < <(grep '"report"' <<<"$output")
	before=$(jsonget instances/0/counters/pass/packets <<<"${reports[0]}")
	read -r after elapsed_ns rate bits <<<"$(jsonget instances/0/counters/pass/packets \
		instances/0/elapsed_ns instances/0/rates/pass/packets_per_second \
		instances/0/rates/pass/bits_per_second <<<"${reports[1]}")"
	local counted=$((after - before))
	[ "$counted" -gt 0 ]
	between "${rate%.*}" $((counted * 1000000000 / elapsed_ns - 1)) \
		$((counted * 1000000000 / elapsed_ns + 1)) "packets a second, of $counted in $elapsed_ns ns"
	# A frame has 60 bytes.
	between "${bits%.*}" $((${rate%.*} * 480)) $((${rate%.*} * 480 + 480)) "bits a second"
}

@test "what is on one interface cannot be read: that is told once, and the others go on" {
	local impostor=$checkout/build/tests/faults/impostor
	natively "it does not depend on the dispatcher"
	make_pair w0 w1
	"$impostor" w0 dispatcher
	run_ok xdp-action poll -i 20 -n 3
	is "$(grep -c '^w0: cannot be read: ' <<<"$output")" 1 "lines about w0"
	is "$(grep -c '^v0  no packets' <<<"$output")" 3 "rows of v0"
	start_poll -i 20 v0
	eventually polled "v0  no packets"
	"$impostor" v0 dispatcher
	eventually polled "v0: cannot be read: "
	ip link set v0 xdp off
	eventually polled "v0: unloaded"
	end_poll TERM
	run_fail 1 xdp-action poll -n 1 -i 20
	complains "w0: "
	run_fail 1 xdp-action poll -n 1 -i 20 w0
	complains "w0: "
}

@test "JSON: every line is as the schema says" {
	needs_schemas
	start_poll -j -i 50
	eventually polled '"report"'
	run_ok xdp-action unload v0
	eventually polled '"unloaded"'
	run_ok xdp-action load v0
	eventually polled '"loaded"'
	run_ok xdp-action upgrade -f v0
	eventually polled '"upgraded"'
	ip link del v0
	eventually polled '"deleted"'
	make_pair w0 w1
	"$checkout/build/tests/faults/impostor" w0 dispatcher
	eventually polled '"unread"'
	end_poll INT
	polled '"summary"'
	validate poll "$poll_output"
}

@test "SIGINT and SIGTERM end it with a summary and exit 0" {
	local signal
	for signal in INT TERM; do
		start_poll -j -i 50 v0
		eventually polled '"report"'
		end_poll $signal
		is "$(tail -n 1 "$poll_output" | jsonget type)" summary
	done
}

@test "a stream that the caller closed is no socket of ours" {
	local pid
	start bash -c 'exec xdp-action poll -i 10 v0 2>&-'
	eventually test -s "$started_output"
	pid=$(pgrep -P $!)
	is "$(readlink "/proc/$pid/fd/2")" /dev/null
}

@test "a reader that goes away ends it, quietly" {
	local result
	xdp-action poll -i 20 2>"$BATS_TEST_TMPDIR/error" | head -n 3 >"$BATS_TEST_TMPDIR/head"
	result=${PIPESTATUS[0]}
	is "$(<"$BATS_TEST_TMPDIR/error")" ""
	is "$(wc -l <"$BATS_TEST_TMPDIR/head")" 3
	[ "$result" -eq 0 ] || [ "$result" -eq 141 ]
}

@test "text: unloaded, loaded, renamed, deleted while it looks: says so and goes on" {
	make_pair w0 w1
	run_ok xdp-action load w0
	start_poll -i 50
	eventually polled "w0  "
	run_ok xdp-action unload v0
	eventually polled "v0: unloaded"
	run_ok xdp-action load v0
	eventually polled "v0: loaded"
	run_ok xdp-action upgrade -f v0
	eventually polled "v0: upgraded"
	is "$(grep -c 'v0: .*loaded' "$poll_output")" 2 "lines of what was loaded and unloaded"
	ip link set w0 down
	ip link set w0 name r0
	eventually polled "r0: renamed, was w0"
	ip link del r0
	eventually polled "r0: the interface is gone"
	end_poll TERM
}

@test "an interface that is renamed all the time is never said to be unloaded" {
	natively "it is a race between two processes"
	make_pair w0 w1
	run_ok xdp-action load w0
	start_poll -i 1
	eventually polled "w0 "
	local i
	for i in {1..100}; do
		ip link set w0 down
		ip link set w0 name r0
		ip link set r0 name w0
	done
	ip link set w0 name x0
	eventually polled "x0: renamed, was"
	end_poll TERM
	is "$(grep -E 'unloaded|gone' "$poll_output")" "" "what poll told of w0"
}

@test "an interface that was named and has no instance is an error at first" {
	run_ok xdp-action unload v0
	run_fail 1 xdp-action poll -n 1 -i 20 v0
	complains v0
	run_fail 1 xdp-action poll -n 1 -i 20 nosuch0
	complains nosuch0
}

@test "an interface that was named may be deleted and come again" {
	start_poll -i 50 v0
	eventually polled "v0 "
	ip link del v0
	eventually polled "v0: the interface is gone"
	make_pair v0 v1
	run_ok xdp-action load v0
	eventually polled "v0: loaded"
	end_poll INT
}
