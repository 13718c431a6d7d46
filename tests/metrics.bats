#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# metrics: text for Prometheus.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

@test "promtool accepts every state" {
	needs promtool
	local state=$BATS_TEST_TMPDIR/state
	xdp-action metrics >"$state.none"
	run_ok xdp-action load v0
	xdp-action metrics >"$state.pass"
	make_pair w0 w1
	packets gro peer:w1 on
	run_ok xdp-action load w0
	run_ok xdp-action set REDIRECT --to w0 v0
	run_ok xdp-action set DROP -p 5% -c 1000 --for 1m w0
	xdp-action metrics >"$state.two"
	ip link del w0
	xdp-action metrics >"$state.gone"
	local file
	for file in "$state".*; do
		# shellcheck disable=SC2016
		attempt bash -c 'promtool check metrics <"$1"' check "$file"
		[ "$status" -eq 0 ] && [ -z "$output$error" ] || explain "promtool and ${file##*.}"
	done
}

@test "the counters are those of the kernel, and never go down" {
	run_ok xdp-action load v0
	flow -c 100 peer:v1 v0
	run_ok xdp-action metrics
	says 'xdp_action_packets_total{interface="v0",verdict="pass"} 100' \
		'xdp_action_bytes_total{interface="v0",verdict="pass"} 6000'
	run_ok xdp-action set DROP v0
	flow -c 50 -w 20 peer:v1 v0
	run_ok xdp-action metrics v0
	says 'xdp_action_packets_total{interface="v0",verdict="pass"} 100' \
		'xdp_action_packets_total{interface="v0",verdict="drop"} 50'
}

@test "the setting in force, and what is left of it" {
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 25% -c 1000 --for 1h --then ABORTED v0
	run_ok xdp-action metrics
	says 'xdp_action_setting_info{interface="v0",verdict="drop",otherwise="pass",target="",then="aborted",match="",except="",spares=""} 1' \
		'xdp_action_setting_probability_ratio{interface="v0"} 0.25' \
		'xdp_action_setting_remaining_packets{interface="v0"} 1000'
	[[ $output =~ remaining_seconds\{interface=\"v0\"\}\ (3[0-9]+)\. ]] || explain "the seconds left"
	between "${BASH_REMATCH[1]}" 3500 3600 "seconds left"
	local dispatcher=false
	has_dispatcher && dispatcher=true
	says "mode=\"native\",dispatcher=\"$dispatcher\"" xdp_action_build_info
}

@test "-o: replaces the file, whole, and leaves nothing else" {
	local dir=$BATS_TEST_TMPDIR/collector
	mkdir "$dir"
	echo old >"$dir/xdp.prom"
	chmod 640 "$dir/xdp.prom"
	run_ok xdp-action load v0
	run_ok xdp-action metrics -o "$dir/xdp.prom"
	[[ $(<"$dir/xdp.prom") == *'xdp_action_packets_total{interface="v0"'* ]]
	is "$(listing "$dir")" xdp.prom
	is "$(stat -c %a "$dir/xdp.prom")" 640 "the mode"
	chown 1234:4321 "$dir/xdp.prom"
	run_ok xdp-action metrics -o "$dir/xdp.prom"
	is "$(stat -c '%u %g %a' "$dir/xdp.prom")" "1234 4321 640" "owner and mode"
}

@test "-o -: prints, and makes no file" {
	cd "$BATS_TEST_TMPDIR"
	run_ok xdp-action load v0
	run_ok xdp-action metrics -o -
	says 'xdp_action_packets_total{interface="v0"'
	[ ! -e - ]
}

@test "several namespaces: no series is in two of the files, and together they are what Prometheus reads" {
	local dir=$BATS_TEST_TMPDIR/collector number
	mkdir "$dir"
	ip netns add blue
	ip -n blue link add v0 type veth peer name v1
	run_ok xdp-action load v0
	run_ok xdp-action -N blue load v0
	run_ok xdp-action -N peer load v1
	number=$(stat -Lc %i /run/netns/peer)
	run_ok xdp-action metrics -o "$dir/host.prom"
	run_ok xdp-action -N blue metrics -o "$dir/blue.prom"
	# By its path, and from inside.
	run_ok xdp-action -N /run/netns/peer metrics -o "$dir/peer.prom"
	cmp "$dir/peer.prom" <(nsenter --net=/run/netns/peer xdp-action metrics)
	grep -q '^xdp_action_packets_total{interface="v0",verdict="pass"} ' "$dir/host.prom"
	grep -q '^xdp_action_packets_total{interface="v0",netns="blue",verdict="pass"} ' "$dir/blue.prom"
	grep -q "^xdp_action_packets_total{interface=\"v1\",netns=\"$number\",verdict=\"pass\"} " "$dir/peer.prom"
	is "$(cat "$dir"/*.prom | grep -v '^#' | sed 's/ [^ ]*$//' | sort | uniq -d)" "" "series in two files"
	is "$(cat "$dir"/*.prom | grep -c ^xdp_action_build_info)" 3
	# A metric has one head, and what belongs to it stands below.
	awk '/^# HELP/ { family = $3 } { text[family] = text[family] (seen[$0]++ ? "" : $0 "\n") }
		END { for (family in text) printf "%s", text[family] }' "$dir"/*.prom >"$dir/all"
	if command -v promtool >/dev/null; then
		# shellcheck disable=SC2016
		attempt bash -c 'promtool check metrics <"$1"' check "$dir/all"
		[ "$status" -eq 0 ] && [ -z "$output$error" ] || explain "promtool"
	fi
	ip netns del blue
}

@test "what is about some interfaces says nothing of the versions" {
	run_ok xdp-action load v0
	run_ok xdp-action metrics v0
	says_not xdp_action_build_info
	run_ok xdp-action metrics
	says xdp_action_build_info
}

@test "-o: a failure leaves the file as it was" {
	local dir=$BATS_TEST_TMPDIR/collector
	mkdir "$dir"
	echo old >"$dir/xdp.prom"
	run_fail 1 xdp-action metrics -o "$dir/xdp.prom" nosuch0
	complains nosuch0
	is "$(<"$dir/xdp.prom")" old
	run_fail 1 xdp-action metrics -o "$dir/no/such/dir.prom"
	complains "$dir/no/such"
	# A file system without room.
	mkdir "$dir/full"
	mount -t tmpfs -o size=4k tmpfs "$dir/full"
	echo old >"$dir/full/xdp.prom"
	run_fail 1 xdp-action metrics -o "$dir/full/xdp.prom"
	is "$(<"$dir/full/xdp.prom")" old
	is "$(listing "$dir/full")" xdp.prom
	umount "$dir/full"
	# A limit on the size of files, which comes with a signal, and holds for what is said to a file too.
	# shellcheck disable=SC2016
	attempt sh -c '(ulimit -f 0 && exec xdp-action metrics -o "$1" 2>&1) | cat' sh "$dir/xdp.prom"
	says "File too large"
	is "$(<"$dir/xdp.prom")" old
	is "$(cd "$dir" && echo *)" "full xdp.prom"
}

@test "an interface without an instance, named, is an error" {
	run_fail 1 xdp-action metrics v0
	complains v0
}

@test "the alerts of packaging/prometheus fire when they should, and not before" {
	needs promtool
	run_ok promtool check rules "$checkout/packaging/prometheus/xdp-action.rules.yml"
	run_ok promtool test rules "$checkout/packaging/prometheus/xdp-action.test.yml"
}

# One that keeps what it is asked to send, and the token that it reads.
curl_stand_in()
{
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/curl" <<-END
		#!/bin/sh
		cat >>"$BATS_TEST_TMPDIR/config"
		while [ "\$1" != --data ]; do shift; done
		echo "\$3 \$2" >>"$BATS_TEST_TMPDIR/sent"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/curl"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

sent()
{
	[ -e "$BATS_TEST_TMPDIR/sent" ] && grep -q -e "$1" "$BATS_TEST_TMPDIR/sent"
}

set_and_sent()
{
	xdp-action -q set PASS v0 && sent '"set"'
}

@test "Grafana gets what monitor tells as annotations, and nobody sees the token" {
	natively "nothing in it depends on the dispatcher"
	curl_stand_in
	run_ok xdp-action load v0
	start env GRAFANA_URL=http://grafana GRAFANA_TOKEN=secret "$checkout/packaging/grafana/annotate" v0
	# It watches from some time on.
	eventually set_and_sent
	run_ok xdp-action set DROP --for 100ms v0
	eventually sent '"ended"'
	is "$(sed -n 's|^http://grafana/api/annotations ||p' "$BATS_TEST_TMPDIR/sent" | tail -n 2 |
		jq -c '[.tags[0, 2, 3], (.time > 1600000000000), (.text | contains(": v0: "))]')" \
		'["xdp-action","set","v0",true,true]
["xdp-action","ended","v0",true,true]'
	is "$(sort -u "$BATS_TEST_TMPDIR/config")" 'header = "Authorization: Bearer secret"'
	is "$(<"$started_output.error")" ""
}
