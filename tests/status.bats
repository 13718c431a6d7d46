#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What status shows, as text and as JSON.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

# fits N: every line has so many columns at most.
fits()
{
	local line
	while IFS= read -r line; do
		[ ${#line} -le "$1" ] || explain "a line of ${#line} columns: $line"
	done <<<"$output"
}

# on_terminal COMMAND: with a terminal for stdout and stderr.
on_terminal()
{
	needs script
	run_ok env TERM=xterm script -qec "$1" /dev/null
}

escape=$'\033['

@test "text: setting, chain, pins and counters" {
	run_ok xdp-action load -a DROP v0
	flow -c 1500 -w 20 peer:v1 v0
	run_ok xdp-action status v0
	says "v0  ifindex $(</sys/class/net/v0/ifindex), native mode" "setting  DROP" "no packet passes"
	says "this program" "$pins/"
	[[ $output =~ XDP_DROP\ +1,500\ pkts\ +87.9\ KiB ]] || explain "the counter of DROP"
	[[ $output =~ XDP_PASS\ +0\ pkts\ +0\ B ]] || explain "the counter of PASS"
}

@test "text: what is left of a setting, and what follows" {
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 5% -c 1000 --for 1h --then ABORTED v0
	run_ok xdp-action status v0
	# Some time has passed.
	[[ $output =~ "DROP 5% of packets, otherwise PASS; 59 min "([0-9]+" s ")?"or 1,000 packets left, then ABORTED" ]] ||
		explain "what is left"
	run_ok xdp-action set ABORTED -p 0.0000001% --otherwise DROP -c 4294967296 --for 30d v0
	run_ok xdp-action status v0
	says "0.0000001" "4,294,967,296"
	is "$(grep -c "then ABORTED" <<<"$(xdp-action status v0 | grep setting)")" 1 "lines that grep finds"
}

@test "text: as wide as the terminal" {
	run_ok xdp-action load v0
	run_ok xdp-action set ABORTED -p 0.0000001% --otherwise DROP -c 4294967296 --for 30d v0
	local columns
	for columns in 60 100; do
		on_terminal "stty cols $columns; NO_COLOR=1 xdp-action status v0"
		output=${output//$'\r'/}
		fits $columns
		says "0.0000001"
		is "$(grep -c '^  setting.*then PASS' <<<"$output")" 0 "lines with all of it"
	done
	on_terminal "stty cols 200; NO_COLOR=1 xdp-action status v0"
	says "4,294,967,296 packets left, then PASS"
}

@test "text: no instance is no error, unless it is named" {
	run_ok xdp-action status
	run_fail 1 xdp-action status v0
	complains v0 "not loaded" "xdp-action load v0"
	run_ok xdp-action load v0
	attempt xdp-action status v0 lo
	is "$status" 1
	says "v0 "
	complains lo
}

@test "text: several instances in the order of their index" {
	make_pair w0 w1
	make_pair a0 a1
	run_ok xdp-action load a0 v0 w0
	run_ok xdp-action status
	is "$(grep -o '^[avw]0' <<<"$output" | tr '\n' ' ')" "v0 w0 a0 "
}

@test "text: colour on a terminal only, never with NO_COLOR or on a dumb one" {
	run_ok xdp-action load v0
	run_ok xdp-action status v0
	says_not "$escape"
	on_terminal "xdp-action status v0"
	says "$escape"
	on_terminal "NO_COLOR=1 xdp-action status v0"
	says "v0 "
	says_not "$escape"
	on_terminal "TERM=dumb xdp-action status v0"
	says "v0 "
	says_not "$escape"
}

@test "text: what cannot be looked at is not said to be nothing" {
	make_pair w0 w1
	"$checkout/build/tests/faults/impostor" w0 dispatcher
	run_fail 1 xdp-action status
	complains "w0: "
}

@test "text: an output that cannot be written is an error" {
	run_ok xdp-action load v0
	attempt bash -c 'xdp-action status >/dev/full'
	is "$status" 1
	complains "No space left"
	attempt bash -c 'xdp-action status >&-'
	is "$status" 1
	complains "Bad file descriptor"
	attempt bash -c 'xdp-action set --help >/dev/full'
	is "$status" 1
	complains "cannot write to the standard output: No space left"
}

@test "text: the exit status of what was changed is true, also where it cannot be told" {
	attempt bash -c 'xdp-action load v0 >/dev/full'
	is "$status" 0
	complains "the change was made" "No space left"
	attempt bash -c 'xdp-action set DROP v0 >&-'
	is "$status $(field v0 setting/verdict)" "0 drop"
	attempt bash -c 'xdp-action unload v0 v1 >/dev/full'
	is "$status" 1
	complains "No space left" "v1: there is no such interface"
	is "$(attached_id v0)" 0
}

@test "help and version: on stdout, exit 0" {
	run_ok xdp-action help
	says Usage load unload set status poll metrics
	run_ok xdp-action set --help
	says "Usage: xdp-action set"
	run_ok xdp-action -h
	run_ok xdp-action --version
	says "xdp-action " "libxdp " "libbpf " "$(uname -r)"
	run_fail 2 xdp-action
	run_fail 2 xdp-action nonsense
	complains "'nonsense'"
	run_fail 2 xdp-action status --nonsense
	complains "'--nonsense'"
}

# ---- JSON ----

# The commands' output, each validated, in one process.
@test "JSON: every state is as the schema says" {
	needs_schemas here
	local dir=$BATS_TEST_TMPDIR/json
	mkdir "$dir"
	xdp-action status -j >"$dir/none"
	run_ok xdp-action load v0
	xdp-action status -j v0 >"$dir/pass"
	run_ok xdp-action set DROP -p 5% -c 1000 --for 1m --then ABORTED v0
	xdp-action status -j v0 >"$dir/temporary"
	run_ok xdp-action set TX --otherwise DROP v0
	xdp-action status -j v0 >"$dir/tx"
	make_pair w0 w1
	packets gro peer:w1 on
	run_ok xdp-action set REDIRECT --to w0 v0
	xdp-action status -j v0 >"$dir/redirect"
	ip link del w0
	rm -r "$pins"
	xdp-action status -j v0 >"$dir/problems"
	LIBXDP_BPFFS=$dir xdp-action status -j >"$dir/no-bpffs"
	validate status "$dir"/*
	is "$(jsonget instances/# <"$dir/none")" 0
	is "$(jsonget 'instances/0/problems/#' <"$dir/problems")" 2
	is "$(jsonget 'instances/0/pins' <"$dir/no-bpffs")" null
}

@test "JSON: the numbers are those of the kernel" {
	run_ok xdp-action load v0
	flow -c 123 -l 1000 peer:v1 v0
	is "$(field v0 version counters/pass/packets counters/pass/bytes)" "- 123 123000"
	is "$(field v0 interface ifindex netns_inode)" \
		"v0 $(</sys/class/net/v0/ifindex) $(stat -Lc %i /proc/self/ns/net)"
	is "$(field v0 mode pinned)" "native true"
	is "$(xdp-action status -j | jsonget version)" 1
	local id
	id=$(field v0 program_id)
	[[ $(bpftool prog show id "$id") == *"name xdp_action "* ]]
	local now loaded
	now=$(date +%s%N)
	read -r loaded <<<"$(field v0 loaded_ns)"
	between "$loaded" $((now - 60000000000)) "$now" "the time of loading"
}

@test "JSON: an error is JSON as well, on stderr" {
	needs_schemas
	run_ok xdp-action load v0
	attempt xdp-action status -j lo nosuch0 v0
	is "$status" 1
	is "$(jsonget 'instances/*/interface' <<<"$output")" v0
	local lines
	mapfile -t lines <<<"$error"
	is "$(jsonget error/interface error/errno <<<"${lines[0]}")" "lo ENOENT"
	is "$(jsonget error/interface error/errno <<<"${lines[1]}")" "nosuch0 ENODEV"
	echo "$error" >"$BATS_TEST_TMPDIR/errors"
	validate error "$BATS_TEST_TMPDIR/errors"
}
