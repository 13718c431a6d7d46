#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Who changed a setting, when and why, as all that is told of it.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	natively "it does not depend on the dispatcher"
	default_setup
}

# store_word WORD: as a tool that knows of nothing else; WORD is a number up to 255.
store_word()
{
	local pin value
	pin=$(echo "$pins"/*/action)
	mapfile -t value < <(bpftool -j map lookup pinned "$pin" key 0 0 0 0 | jq -r '.value[]')
	value=("$1" 0 0 0 0 0 0 0 "${value[@]:8}")
	bpftool map update pinned "$pin" key 0 0 0 0 value "${value[@]}"
}

@test "JSON: which change it was, who made it, and what has ended" {
	needs_schemas
	local before
	before=$(date +%s%N)
	run_ok xdp-action load v0
	is "$(field v0 generation changed/uid changed/process ended)" "1 0 xdp-action null"
	between "$(field v0 changed/time_ns)" "$before" "$(date +%s%N)" "the time of the change"
	run_ok xdp-action set DROP --for 1m v0
	run_ok xdp-action set DROP -c 2 v0
	is "$(field v0 generation ended)" "3 null"
	flow -c 3 peer:v1 v0
	is "$(field v0 generation setting/verdict ended/by ended/verdict ended/packets ended/time)" \
		"4 pass packets drop 2 null"
	xdp-action status -j >"$BATS_TEST_TMPDIR/ended"
	run_ok xdp-action set DROP -t 1ms v0
	eventually ended_by_time
	between "$(field v0 ended/time_ns)" "$before" "$(date +%s%N)" "the time of the end"
	xdp-action status -j >"$BATS_TEST_TMPDIR/ended-by-time"
	validate status "$BATS_TEST_TMPDIR"/ended*
}

ended_by_time()
{
	[ "$(field v0 ended/by)" = time ]
}

@test "a word of another tool is nobody's" {
	needs bpftool
	run_ok xdp-action load v0
	run_ok xdp-action set PASS v0
	store_word 1
	is "$(field v0 generation changed setting/verdict)" "3 null drop"
	run_ok xdp-action set PASS v0
	is "$(field v0 generation changed/process)" "4 xdp-action"
}

# ---- on which condition ----

@test "--if-unchanged: nothing is changed when somebody was there, who is named" {
	run_ok xdp-action load v0
	run_ok xdp-action set DROP --if-unchanged 1 v0
	run_ok env SUDO_USER=alice SSH_CONNECTION="192.0.2.2 1 192.0.2.1 22" \
		xdp-action set PASS --note $'ticket\n42' v0
	run_fail 1 xdp-action set DROP --if-unchanged 2 v0
	complains "its generation is 3, not 2; it was set $(date +%Y-)" \
		'by alice (uid 0 through sudo, ssh from 192.0.2.2): ticket\x0a42'
	run_fail 1 xdp-action unload --if-unchanged 2 v0
	complains "its generation is 3, not 2" "by alice"
	is "$(field v0 generation setting/verdict)" "3 pass"
	attempt xdp-action set -j DROP --if-unchanged 2 v0
	is "$status" 1
	[[ $(jq -r .error.message <<<"$error") == *': ticket\x0a42' ]] || explain "an error with the note as it is"
	[[ $(jq -r '.outcomes[].error.message' <<<"$output") == *': ticket\x0a42' ]] || explain "an outcome with it"
	run_ok xdp-action unload --if-unchanged 3 v0
}

@test "--if-unchanged: an end is a change, and so is a word of another tool" {
	needs bpftool
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -c 1 v0
	flow -c 1 peer:v1 v0
	run_fail 1 xdp-action set TX --if-unchanged 2 v0
	complains "its generation is 3, not 2; it has ended by itself"
	store_word 1
	run_fail 1 xdp-action unload --if-unchanged 2 v0
	complains "its generation is 4, not 2; nobody recorded the change"
	run_ok xdp-action unload --if-unchanged 4 v0
}

@test "a wrong note, a wrong generation, or one for several interfaces" {
	run_fail 2 xdp-action set DROP --note $'\xff' v0
	complains '\xff' "not a note" "up to 128 bytes of UTF-8"
	run_fail 2 xdp-action load --note "$(printf '%0129d' 0)" v0
	complains "000..." "not a note"
	run_fail 2 xdp-action set DROP --if-unchanged -1 v0
	complains "not a generation"
	run_fail 2 xdp-action set DROP --if-unchanged 1
	complains "--if-unchanged needs one interface"
	run_fail 2 xdp-action unload -a --if-unchanged 1
	complains "--if-unchanged needs one interface"
	run_ok xdp-action load --note "$(printf '%0128d' 0)" v0
	is "$(field v0 changed/note)" "$(printf '%0128d' 0)"
	run_ok xdp-action set DROP --note "" v0
	is "$(field v0 changed/note)" null
}

# ---- in text ----

@test "text: since when, and who it was" {
	run_ok env SUDO_USER=alice xdp-action load --note "ticket 42" v0
	run_ok xdp-action status v0
	[[ $output =~ "  since    "[0-9-]{10}\ [0-9:]{8}", by alice (uid 0 through sudo): ticket 42" ]] || explain "since"
	run_ok env SUDO_USER="root (uid 0): x" xdp-action set DROP -c 1 v0
	run_ok xdp-action status v0
	says 'by "root (uid 0): x" (uid 0 through sudo)'
	flow -c 1 peer:v1 v0
	run_ok xdp-action status v0
	says "since    the end of DROP, for 1 packet; that was set $(date +%Y-)"
	run_ok xdp-action set DROP -t 1ms v0
	eventually ended_by_time
	run_ok xdp-action status v0
	says ", when DROP, for 1 ms ended; that was set $(date +%Y-)"
	store_word 2
	run_ok xdp-action status v0
	says "since    a change that nobody recorded"
}

@test "metrics: since when" {
	run_ok xdp-action load v0
	run_ok xdp-action metrics
	local since
	since=$(sed -n 's/^xdp_action_setting_changed_timestamp_seconds{interface="v0"} //p' <<<"$output")
	between "${since%.*}" $(($(date +%s) - 60)) "$(date +%s)" "the time of the change"
	store_word 1
	run_ok xdp-action metrics
	says_not 'changed_timestamp_seconds{'
}

# ---- what came of each interface ----

# outcomes PATH...: of the last command.
outcomes()
{
	jsonget "${@/#/outcomes\/}" <<<"$output"
}

@test "--json: load, set, upgrade and unload say what came of each interface" {
	needs_schemas
	local dir=$BATS_TEST_TMPDIR/json
	mkdir "$dir"
	make_pair w0 w1
	run_ok xdp-action load w0
	attempt xdp-action load -j v0 w0 nosuch0
	is "$status" 1
	echo "$output" >"$dir/load"
	is "$(outcomes '*/interface' | tr '\n' ' ')" "v0 w0 nosuch0 "
	is "$(outcomes '*/outcome' | tr '\n' ' ')" "done failed failed "
	is "$(outcomes 1/error/errno 1/generation 1/setting/verdict 2/error/errno 2/setting)" "EEXIST 1 pass ENODEV null"
	complains '"interface": "w0"'
	run_ok xdp-action load -j --keep -a DROP v0 w0
	echo "$output" >"$dir/keep"
	is "$(outcomes '*/outcome' | tr '\n' ' ')" "kept kept "
	is "$(outcomes 0/setting/verdict)" pass

	run_ok xdp-action set DROP --for 1m -j
	echo "$output" >"$dir/set"
	is "$(outcomes 0/outcome 0/generation 0/before/verdict 0/setting/verdict 0/setting/base/verdict)" "done 2 pass drop pass"
	attempt xdp-action set TX -j v0 lo
	is "$status" 1
	echo "$output" >"$dir/kept"
	is "$(outcomes '*/interface' | tr '\n' ' ') $(outcomes '*/outcome' | tr '\n' ' ')" "lo v0  failed kept "
	is "$(outcomes 1/setting/verdict 1/generation)" "drop 2"

	run_ok xdp-action upgrade -j v0
	echo "$output" >"$dir/current"
	is "$(outcomes 0/outcome 0/before/verdict 0/setting/verdict 0/generation)" "kept drop drop 2"
	run_ok xdp-action upgrade -j -f v0
	echo "$output" >"$dir/upgrade"
	is "$(outcomes 0/outcome 0/before/verdict 0/setting/verdict 0/generation)" "done drop drop 2"

	run_ok xdp-action unload -j -a
	echo "$output" >"$dir/unload"
	is "$(outcomes 0/outcome 0/before/verdict 0/setting)" "done drop null"
	run_ok xdp-action unload -j -a
	echo "$output" >"$dir/none"
	is "$(jsonget 'outcomes/#' error <<<"$output")" "0 null"
	attempt xdp-action set DROP -j
	is "$(jsonget error/errno <<<"$output")" ENOENT
	echo "$output" >"$dir/error"
	validate outcomes "$dir"/*
}

@test "--json of a command that has none: where there is one is said, and nothing is done" {
	run_ok xdp-action load v0
	run_fail 125 xdp-action run -j DROP -f v0 -- true
	complains "unknown option '-j'; run has no --json: its standard output is COMMAND's; 'monitor --json'"
	is "$(field v0 generation)" 1
	run_fail 2 xdp-action metrics --json
	complains "unknown option '--json'; metrics has no --json: 'status --json'"
	# What is behind -- is not ours.
	run_fail 125 xdp-action run --nosuch DROP v0 -- true -j
	says_not "has no --json"
	run_ok xdp-action run DROP -f v0 -- echo -j
}

@test "load --keep: what is there stays as it is" {
	run_ok xdp-action load -a DROP v0
	local before
	before=$(field v0 program_id generation)
	run_ok xdp-action load --keep v0
	says "v0: loaded already, and kept as it is"
	is "$(field v0 program_id generation setting/verdict)" "$before drop"
	run_ok xdp-action load --keep -q v0
	is "$output" ""
	run_ok xdp-action unload v0
	run_ok xdp-action load --keep v0
	says "v0: loaded in"
}

@test "a standard output that fails: what was not changed is not said to be" {
	make_pair w0 w1
	run_fail 1 bash -c 'xdp-action unload -a >/dev/full'
	complains "cannot write to the standard output"
	run_ok xdp-action load v0
	run_fail 1 bash -c 'xdp-action load --keep v0 >/dev/full'
	complains "cannot write to the standard output"
	run_fail 1 bash -c 'xdp-action upgrade -j v0 >/dev/full'
	complains '"cannot write to the standard output'
	run_ok bash -c 'xdp-action load --keep w0 v0 >/dev/full'
	complains "warning: the change was made, but the standard output failed"
	is "$(field w0 setting/verdict)" pass
}

# ---- the log of the system ----

# A /dev with the log of this test; what is in the old one that is needed here is taken over.
own_dev()
{
	local old=$BATS_TEST_TMPDIR/dev file
	mkdir "$old"
	mount --rbind /dev "$old"
	mount -t tmpfs dev /dev
	for file in null zero urandom; do
		: >/dev/$file
		mount --bind "$old/$file" /dev/$file
	done
	ln -s /proc/self/fd /dev/fd
}

# Each line of the log becomes one of the file $logged, as a literal of Python.
log_to()
{
	start python3 -c '
import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
while True:
    print(log.recv(65536), flush=True)'
	logged=$started_output
	eventually [ -S /dev/log ]
}

teardown()
{
	default_teardown
	[ ! -e "$BATS_TEST_TMPDIR/dev" ] || umount --recursive --lazy /dev "$BATS_TEST_TMPDIR/dev"
}

# Whether so many lines are there.
has_lines()
{
	[ "$(wc -l <"$logged")" -ge "$1" ]
}

# line N: the Nth one, which has each of the texts that follow.
line()
{
	local text number=$1 line
	eventually has_lines "$number"
	line=$(sed -n "${number}p" "$logged")
	shift
	for text; do
		[[ $line == *"$text"* ]] || { echo "the line '$line' should say '$text'"; return 1; }
	done
}

@test "syslog: one line for each change, in which nothing is forged" {
	needs python3
	own_dev
	log_to
	export SUDO_USER='alice" uid=7' SSH_CONNECTION="192.0.2.2 1 192.0.2.1 22"
	run_ok xdp-action load -q v0
	line 1 "b'<13>" ' xdp-action[' ']: load: interface="v0" before=none after="PASS" generation=1' \
		' user="alice\\x22 uid=7" uid=0' ' ssh_client="192.0.2.2"'
	run_ok xdp-action set DROP --for 1m --note $'x"\n<0>y \\ \e[2J' -f v0
	line 2 ']: set: interface="v0" before="PASS" after="DROP, for 1 min; then PASS" generation=2' \
		' note="x\\x22\\x0a<0>y \\x5c \\x1b[2J"'
	run_fail 1 xdp-action set DROP --if-unchanged 1 -f v0
	line 3 "b'<12>" ']: set: interface="v0" failed="the setting has changed'
	run_ok xdp-action load --keep v0
	run_ok xdp-action upgrade v0
	run_ok xdp-action upgrade -f v0
	line 4 ']: upgrade: interface="v0" before="DROP; ' ' after="DROP, ' ' generation=2'
	run_ok xdp-action run TX --note test -f v0 -- true
	line 5 ']: run: interface="v0" before="DROP; ' ' after="TX' ' generation=3' ' note="test"'
	line 6 ']: run: interface="v0" before="TX; ' ' after="PASS" generation=4' ' note="test"'
	run_ok xdp-action unload --note bye v0
	line 7 ']: unload: interface="v0" before="PASS" after=none generation=4' ' note="bye"'
	is "$(wc -l <"$logged")" 7
}

@test "syslog: the end of run is a line for what it ended, and for nothing else" {
	needs python3
	own_dev
	make_pair w0 w1
	run_ok xdp-action load v0 w0
	log_to
	# Another setting stays; one that has ended by itself is as it was.
	run_ok xdp-action run DROP -f v0 w0 -- xdp-action set -q TX v0
	line 3 ']: set: interface="v0" before="DROP; ' ' after="TX'
	line 4 ']: run: interface="w0" before="DROP; ' ' after="PASS"'
	run_ok xdp-action run DROP -c 1 -f w0 -- packets -c 1 peer:w1 w0
	line 5 ']: run: interface="w0" before="PASS" after="DROP, '
	run_ok xdp-action set -q PASS v0
	line 6 ']: set: interface="v0"'
	is "$(wc -l <"$logged")" 6
}

@test "syslog: without a log, and with one that nobody reads, nothing is waited for" {
	needs python3
	own_dev
	run_ok xdp-action load v0
	: >/dev/log
	run_ok xdp-action set DROP -f v0
	rm /dev/log
	start python3 -c '
import socket, time
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log.new")
full = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
full.setblocking(False)
full.connect("/dev/log.new")
try:
    while True:
        full.send(b"x")
except BlockingIOError:
    pass
import os
os.rename("/dev/log.new", "/dev/log")
time.sleep(1000)'
	eventually [ -S /dev/log ]
	run_ok xdp-action set PASS v0
	run_ok xdp-action unload v0
}
