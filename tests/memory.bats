#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What commands keep of many instances, and what they leave open or forget, as valgrind sees it.

load helpers

setup()
{
	default_setup
	needs_plain
}

# left_open LOG: what valgrind says in its log of descriptors that a command left open. The log is one of them. With a
# dispatcher libxdp itself leaves some open.
left_open()
{
	awk -v log_path="$1" -v theirs="${DISPATCHER:+/libxdp\\.so}" '
		function tell() { if (what && index(what, log_path) == 0) print what; what = "" }
		/Open (file descriptor|AF_)/ { tell(); what = $0 }
		/inherited/ || (theirs && $0 ~ theirs) { what = "" }
		END { tell() }' "$1"
}

# none_left EXPECTED COMMAND...: each, after the exit status that is expected of it.
none_left()
{
	needs valgrind
	local command expected
	for command in "$@"; do
		expected=${command%% *}
		command=${command#* }
		# Words of a command.
		# shellcheck disable=SC2086
		# What libbpf gives to the kernel has holes.
		attempt valgrind --quiet --undef-value-errors=no --track-fds=yes --leak-check=full --errors-for-leak-kinds=definite \
			--error-exitcode=99 --log-file="$BATS_TEST_TMPDIR/log" xdp-action $command
		is "$status" "$expected" "exit status of $command"
		is "$(left_open "$BATS_TEST_TMPDIR/log")" "" "descriptors that $command left open"
	done
}

@test "a load and an unload leave no descriptor and no memory behind" {
	make_pair w0 w1
	# In the VM, where each takes long, those in which libxdp has a part.
	if [ -n "${QUICK_BATS:-}" ]; then
		none_left "0 load v0" "1 load v0" "0 unload v0"
	else
		none_left "1 unload v0" "0 load v0" "1 load v0" "1 load nosuch0 w0" "1 load -m skb lo v0" "0 unload -a" "0 unload -a"
	fi
}

@test "a set leaves no descriptor and no memory behind" {
	natively "libxdp has no part in it"
	make_pair w0 w1
	run_ok xdp-action load v0
	none_left "0 set DROP --match arp -t 1h v0" "0 set DROP --except arp -t 1h v0" "2 set DROP --match arr v0" \
		"0 set DROP -p 5% -t 1h --force v0" "2 set DORP v0" "2 set DROP -t 5x v0" "1 set REDIRECT --to v0 v0" \
		"1 set REDIRECT --to w0 nosuch0 v0"
}

@test "a look leaves no descriptor and no memory behind" {
	natively "libxdp has no part in it"
	make_pair w0 w1
	run_ok xdp-action load v0
	none_left "0 status v0" "0 status -j v0" "1 status -j v0 w1" "1 status w0" "1 -N nosuch status" "0 -N peer status" \
		"0 poll -n 1 -i 10 v0" "1 poll -n 1 v0 nosuch0" "0 metrics v0" "1 metrics -o /nosuch/file v0" "0 help set"
}

@test "status, metrics and --json keep nothing long of an instance when they go on to the next" {
	natively "what they keep is the same in a chain"
	needs prlimit
	make_many 20
	run_ok xdp-action load "${many[@]}"
	run_ok prlimit --data=2000000 xdp-action status
	is "$(grep -c '^  setting  *PASS$' <<<"$output")" 40 "settings that status shows"
	run_ok prlimit --data=2000000 xdp-action metrics
	is "$(grep -c '^xdp_action_setting_info{' <<<"$output")" 40 "settings in the metrics"
	run_ok prlimit --data=2000000 xdp-action set DROP -a --json
	is "$(jq '[.outcomes[] | select(.before.verdict == "pass" and .setting.verdict == "drop")] | length' <<<"$output")" 40 \
		"outcomes of set"
}
