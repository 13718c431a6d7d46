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
	value[0]=$1
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
