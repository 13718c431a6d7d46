#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# A setting for the life of a command: it holds as long as that runs, and not longer, whatever is killed.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	[ "$BATS_TEST_DESCRIPTION" = "$in_the_chain" ] || natively "a lease is a matter of the map"
	default_setup
	run_ok xdp-action load v0
	process=$BATS_TEST_TMPDIR/process
}

teardown()
{
	local processes
	if [ -e "$process" ]; then
		read -ra processes <"$process"
		kill -KILL "${processes[@]}" 2>/dev/null || true
	fi
	default_teardown
}

in_the_chain="the setting holds while the command runs, and the base is back when it has ended"

# What a command of a test says of itself: who runs it, and its own number. Then it does what $1 says.
hold()
{
	# shellcheck disable=SC2016
	printf '%s' 'echo $PPID $$ >'"$process"'.new; mv '"$process"'.new '"$process"'; '"${1:-exec sleep 300}"
}

# start_run OPTION...: with a command that waits. $runner and $command are the processes.
start_run()
{
	start xdp-action run "$@" -- sh -c "$(hold)"
	running=$!
	eventually test -e "$process"
	read -r runner command <"$process"
}

# ended STATUS: the runner has ended, with this exit status.
ended()
{
	local result=0
	wait "$running" || result=$?
	error=$(<"$started_output.error")
	is "$result" "$1" "exit status of run"
}

verdict_is()
{
	[ "$(field "${2:-v0}" setting/verdict)" = "$1" ]
}

# The base of what was set, as everybody sees it.
passes_again()
{
	is "$(field v0 setting/verdict setting/base)" "pass null"
	passes
}

@test "the setting holds while the command runs, and the base is back when it has ended" {
	start_run DROP v0
	blocked
	is "$(field v0 setting/verdict setting/base/verdict)" "drop pass"
	kill -TERM "$command"
	ended 143
	passes_again
	chain_is v0 "$(alone)"
}

@test "the streams and the exit status are those of the command" {
	attempt xdp-action run DROP v0 -- sh -c 'echo out; echo err >&2; exit 7'
	is "$status $output $error" "7 out err"
	run_ok xdp-action run DROP v0 -- true
	is "$output$error" ""
	run_fail 137 xdp-action run DROP v0 -- sh -c 'echo said >&2; kill -KILL $$'
	passes_again
	# shellcheck disable=SC2016
	is "$(echo in | xdp-action run DROP v0 -- sh -c 'read -r line; echo "$line"')" in
}

@test "it is renewed for longer than it holds by itself" {
	start_run DROP v0
	# No time is right or wrong here: what was renewed too late is set again.
	sleep 4
	eventually verdict_is drop
	kill -TERM "$command"
	ended 143
	passes_again
}

@test "what was counted goes on when it is renewed" {
	start_run DROP --skip 5 -c 1000 --every 2 v0
	flow -c 15 peer:v1 v0
	is "${flow[v0]}" 10 "frames that came through"
	sleep 2.5
	is "$(field v0 setting/remaining_packets)" 995
	kill -TERM "$command"
	ended 143
	is "$error" ""
}

@test "a number that is used up ends it, and the command goes on" {
	start_run DROP -c 5 v0
	flow -c 10 peer:v1 v0
	is "${flow[v0]}" 5 "frames that came through"
	sleep 1.5
	passes_again
	kill -0 "$command"
	kill -TERM "$command"
	ended 143
	is "$error" ""
}

@test "kill -9 of the runner: it ends by itself, and the command goes on" {
	start_run DROP v0
	kill -KILL "$runner"
	eventually verdict_is pass
	passes
	kill -0 "$command"
}

@test "kill -9 of the command: the base is back" {
	start_run DROP v0
	kill -KILL "$command"
	ended 137
	passes_again
}

@test "kill -9 of both: it ends by itself" {
	start_run DROP v0
	kill -KILL "$runner" "$command"
	eventually verdict_is pass
	passes
}

@test "twenty interfaces: all at once, and none is left when the runner is killed" {
	make_many 10
	run_ok xdp-action unload v0
	run_ok xdp-action load -q "${many[@]}"
	local drop pass
	drop=$(printf 'drop %.0s' {1..20})
	pass=$(printf 'pass %.0s' {1..20})
	verdicts_are()
	{
		[ "$(xdp-action status -j | jsonget 'instances/*/setting/verdict') " = "$1" ]
	}
	start_run DROP
	verdicts_are "$drop"
	sleep 3.5
	eventually verdicts_are "$drop"
	kill -TERM "$command"
	ended 143
	verdicts_are "$pass"
	rm "$process"
	start_run DROP
	verdicts_are "$drop"
	kill -KILL "$runner"
	eventually verdicts_are "$pass"
}

@test "what somebody else sets meanwhile stays, and a line says so" {
	start_run DROP v0
	run_ok xdp-action set ABORTED v0
	kill -TERM "$command"
	ended 143
	is "$(grep -c 'somebody else changed the setting meanwhile' <<<"$error")" 1 "lines that say so"
	is "$(field v0 setting/verdict)" aborted
}

@test "a temporary setting of somebody else ends in the base, and not in what is held" {
	run_ok xdp-action set ABORTED v0
	start_run DROP v0
	run_ok xdp-action set PASS --for 1h v0
	is "$(field v0 setting/verdict setting/base/verdict)" "pass aborted"
	sleep 1.5
	kill -TERM "$command"
	ended 143
	is "$(field v0 setting/verdict setting/base/verdict)" "pass aborted"
}

@test "one within another: the inner one ends in the base of the outer one" {
	start_run DROP v0
	run_ok xdp-action run ABORTED v0 -- xdp-action status -j v0
	is "$(jsonget instances/0/setting/verdict instances/0/setting/base/verdict <<<"$output")" "aborted pass"
	is "$(field v0 setting/verdict)" pass
	kill -TERM "$command"
	ended 143
	[[ $error == *"somebody else"* ]]
}

@test "the base that comes back is whole: its match, its chance and its target" {
	needs ethtool
	make_pair w0 w1
	ip netns exec peer ethtool -K w1 gro on
	run_ok xdp-action set REDIRECT --to w0 --match 'udp port 53' --every 3 v0
	local before
	before=$(field v0 setting)
	run_ok xdp-action run DROP --match icmp -p 10% v0 -- true
	is "$(field v0 setting)" "$before"
	run_ok xdp-action run DROP --then ABORTED v0 -- true
	is "$(field v0 setting/verdict)" aborted
}

@test "an interface that goes away meanwhile is told, and the others are done" {
	make_pair w0 w1
	run_ok xdp-action load w0
	start_run DROP v0 w0
	ip link del w0
	sleep 1.5
	kill -TERM "$command"
	ended 143
	[[ $error == *"w0: the interface is gone"* ]]
	passes_again
}

@test "an instance that was unloaded and loaded again is not touched" {
	start_run DROP v0
	run_ok xdp-action unload v0
	run_ok xdp-action load -a ABORTED v0
	kill -TERM "$command"
	ended 143
	[[ $error == *"v0: the interface is gone, or the program was unloaded"* ]]
	is "$(field v0 setting/verdict)" aborted
}

@test "signals are handed on" {
	local signal
	for signal in INT TERM HUP QUIT USR1; do
		start xdp-action run DROP v0 -- env --default-signal=INT,QUIT sh -c "trap 'exit 9' $signal; $(hold 'while :; do sleep 0.1; done')"
		running=$!
		eventually test -e "$process"
		read -r runner command <"$process"
		kill -"$signal" "$runner"
		ended 9
		rm "$process"
	done
	passes_again
}

@test "a command that reads a terminal has it, and gets what is typed there once" {
	needs script
	needs python3
	# shellcheck disable=SC2016
	local typed='printf "name?"; read -r name; echo "it is $name"'
	run_ok pty 10x40 see "name?" key $'alice\n' see "it is" -- xdp-action run DROP v0 -- sh -c "$typed"
	is "$output" $'name?alice\r\nit is alice\r'
	# Ctrl-C, as soon as the command says that it takes it. A shell would not do: one that is about
	# to start a program loses the signal.
	local ready=$BATS_TEST_TMPDIR/ready result=0
	cat >"$BATS_TEST_TMPDIR/command" <<-END
		import signal
		signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
		open("$ready", "w").close()
		first = signal.sigtimedwait([signal.SIGINT], 60)
		again = signal.sigtimedwait([signal.SIGINT], 0.5)
		exit(1 if not first else 2 if again else 3)
	END
	{ eventually test -e "$ready" && printf '\003'; } |
		script -qefc "exec xdp-action run DROP v0 -- python3 $BATS_TEST_TMPDIR/command" /dev/null || result=$?
	is "$result" 3 "exit status of the command (1: not interrupted, 2: twice)"
	passes_again
}

# signals_of MASK: the word of /proc for the runner.
signals_of()
{
	sed -n "s/^$1:\t//p" "/proc/$(<"$process")/status"
}

has_signals()
{
	[ "$(signals_of "$1")" != 0000000000000000 ]
}

# As soon as the signal would wait.
interrupt_early()
{
	eventually test -s "$process"
	eventually has_signals SigBlk
	printf '\003'
	eventually has_signals ShdPnd
}

@test "Ctrl-C that is typed before the command has started is not lost" {
	needs script
	hold_lock 300
	local holder=$! result=0
	# What it waits for is the lock.
	# shellcheck disable=SC2016
	printf '%s' 'echo $$ >"$1"; exec xdp-action run DROP v0 -- sleep 5' >"$BATS_TEST_TMPDIR/early"
	{ interrupt_early; kill "$holder"; } |
		script -qefc "exec sh $BATS_TEST_TMPDIR/early $process" /dev/null || result=$?
	is "$result" 130 "exit status of run"
	rm "$process"
	passes_again
}

@test "stopped for too long it ends, and is set again when it goes on" {
	start_run DROP -c 1000 v0
	flow -c 10 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
	kill -STOP "$runner"
	eventually verdict_is pass
	passes
	kill -CONT "$runner"
	eventually verdict_is drop
	is "$(field v0 setting/remaining_packets)" 990
	kill -TERM "$command"
	ended 143
	is "$(grep -c 'was not renewed in time; it is set again' <<<"$error")" 1 "lines that say so"
	passes_again
}

@test "it is renewed while another process holds the lock, and ends without it" {
	start_run DROP v0
	hold_lock 300
	local holder=$!
	sleep 4
	eventually verdict_is drop
	kill -TERM "$command"
	ended 143
	passes
	kill "$holder"
}

@test "--for: not longer than that, and the command goes on" {
	start_run DROP --for 1s v0
	eventually verdict_is pass
	sleep 1.5
	passes
	kill -0 "$command"
	kill -TERM "$command"
	ended 143
	is "$error" ""
	passes_again
	is "$(field v0 generation ended/by)" "3 time" "its end, which is told once"
}

@test "what cannot be set is not set, and the command is not started" {
	local mark=$BATS_TEST_TMPDIR/mark
	make_pair w0 w1
	attempt xdp-action run DROP v0 nosuch0 -- touch "$mark"
	is "$status" 125
	complains nosuch0
	attempt xdp-action run DROP v0 w0 -- touch "$mark"
	is "$status" 125
	complains "w0: xdp-action is not loaded"
	attempt xdp-action run DROP v0 --bogus -- touch "$mark"
	is "$status" 125
	attempt xdp-action run DROP v0
	is "$status" 125
	complains "name the command that is to run, behind '--'"
	[ ! -e "$mark" ]
	is "$(field v0 setting/verdict setting/base)" "pass null"
}

@test "a command that cannot be executed: 126, or 127 when there is none" {
	attempt xdp-action run DROP v0 -- "$BATS_TEST_TMPDIR"
	is "$status" 126
	complains "cannot run"
	attempt xdp-action run DROP v0 -- no-such-command -x
	is "$status" 127
	complains "cannot run 'no-such-command'"
	passes_again
}

@test "the command inherits what the caller has, and nothing of the tool" {
	# shellcheck disable=SC2016
	local tell='ulimit -Sn; ulimit -Sl; echo "$POSIXLY_CORRECT"; grep -E "^Sig(Blk|Ign)" /proc/self/status; readlink /proc/self/ns/net; ls /proc/self/fd'
	ulimit -Sn 256
	export POSIXLY_CORRECT=1
	run_ok sh -c "$tell"
	local expected=$output
	run_ok xdp-action run DROP v0 -- sh -c "$tell"
	is "$output" "$expected"
	run_ok xdp-action -N peer load v1
	run_ok xdp-action -N peer run DROP v1 -- sh -c "$tell"
	is "$output" "$expected"
}

@test "everything behind -- is the command's, and nothing before it" {
	run_ok xdp-action run DROP v0 -- echo -v --help -- v0
	is "$output" "-v --help -- v0"
	attempt xdp-action run DROP v0 echo -- true
	is "$status" 125
	complains "echo"
}

@test "who it is and why is kept, and no change of somebody else is undone" {
	local generation
	generation=$(field v0 generation)
	start_run DROP --note "ticket 42" --if-unchanged "$generation" v0
	is "$(field v0 changed/note changed/process)" "ticket 42 xdp-action"
	kill -TERM "$command"
	ended 143
	attempt xdp-action run DROP --if-unchanged "$generation" v0 -- touch "$BATS_TEST_TMPDIR/mark"
	is "$status" 125
	[ ! -e "$BATS_TEST_TMPDIR/mark" ]
	passes_again
}

@test "the guard: a command is no end, --for is one, and a session can be spared" {
	export SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22"
	attempt xdp-action run DROP v0 -- touch "$BATS_TEST_TMPDIR/mark"
	is "$status" 125
	complains "this would cut the SSH session it was typed in"
	[ ! -e "$BATS_TEST_TMPDIR/mark" ]
	run_ok xdp-action run DROP --for 30s v0 -- true
	run_ok xdp-action run DROP --force v0 -- true
	run_ok xdp-action run DROP --spare-session v0 -- xdp-action status v0
	says "sparing the SSH session from 10.0.0.2"
	passes_again
}
