# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Run suites that speak TAP, several at a time. Sourced in the checkout's top folder; $out is where reports go.
# shellcheck shell=bash

# A shell that waits for nothing but its children passes no signal on to them.
stop()
{
	# One number a word.
	# shellcheck disable=SC2046
	kill $(jobs -rp) 2>/dev/null || true
	wait
	exit 130
}

# in_lane N COMMAND...: in the background, as soon as fewer than N of them run.
in_lane()
{
	while [ "$(jobs -rp | wc -l)" -ge "$1" ]; do
		wait -n || true
	done
	"${@:2}" &
}

# judge NAME FILE LIMIT COMMAND...: run a suite that is to end by itself within LIMIT seconds, and report it. What it said
# is in FILE.tap; "PASSED FAILED SKIPPED" in FILE.counts. Suites end in any order, so a report is printed in one piece.
judge()
{
	local name=$1 file=$2 limit=$3 status=0 start=$SECONDS
	shift 3
	mkdir -p "${file%/*}"
	rm -f "$file.counts"
	# Some more, to start and to end a machine.
	timeout --kill-after=10 $((limit + 60)) "$@" >"$file.tap" 2>&1 </dev/null &
	# shellcheck disable=SC2064
	trap "kill $!; exit" TERM
	wait $! || status=$?
	awk -v suite="$name" -v status=$status -v limit="$limit" -v seconds=$((SECONDS - start)) \
		-v counts="$file.counts" -f tests/tap.awk "$file.tap" >"$file.report"
	# It is the caller's.
	# shellcheck disable=SC2154
	flock "$out" cat "$file.report"
}

# add_up FILE...: the counts of suites, in $passed, $failed and $skipped. One without counts is one whose report broke.
add_up()
{
	local file p f s
	passed=0 failed=0 skipped=0
	for file; do
		if ! read -r p f s 2>/dev/null <"$file.counts"; then
			echo "$file: no report"
			p=0 f=1 s=0
		fi
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	done
}
