#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What the documents show is what happens: their sessions are typed, and print what stands there.

load helpers
load docs/sessions

@test "xdp-action.8: A cut that heals" {
	replay man/xdp-action.8 "A cut that heals"
}

@test "xdp-action.8: Exactly the next packet" {
	replay man/xdp-action.8 "Exactly the next packet"
}

@test "xdp-action.8: One packet in ten" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "One packet in ten"
}

@test "xdp-action.8: For the life of a command" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "For the life of a command"
}

@test "xdp-action.8: Some of the traffic" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "Some of the traffic"
}

@test "xdp-action.8: Next to xdp-filter" {
	replay man/xdp-action.8 "Next to xdp-filter"
}

@test "xdp-action.8: In another network namespace" {
	replay man/xdp-action.8 "In another network namespace"
}

@test "xdp-action.8: In a script" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "In a script"
}

@test "xdp-action.8: Rates" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "Rates"
}

@test "xdp-action.8: What happened" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "What happened"
}

@test "xdp-action.8: For Prometheus" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "For Prometheus"
}

@test "xdp-action.8: What an expression matches" {
	natively "nothing in it depends on the dispatcher"
	replay man/xdp-action.8 "What an expression matches"
}

@test "libxdpaction.3: A packet that is sent again" {
	natively "nothing in it depends on the dispatcher"
	replay man/libxdpaction.3 "A packet that is sent again"
}

@test "README.md: A first session" {
	replay README.md "A first session"
}

@test "README.md: A cut that heals" {
	replay README.md "A cut that heals"
}

@test "README.md: The third packet" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "The third packet"
}

@test "README.md: For the life of a test" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "For the life of a test"
}

@test "README.md: Some of the traffic" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "Some of the traffic"
}

@test "README.md: All but my session" {
	replay README.md "All but my session"
}

@test "docs/guide.md: Where it sits" {
	replay docs/guide.md "Where it sits"
}

@test "docs/guide.md: One per cent loss for a minute" {
	natively "nothing in it depends on the dispatcher"
	replay docs/guide.md "One per cent loss for a minute"
}

@test "docs/guide.md: Exactly the next packet" {
	replay docs/guide.md "Exactly the next packet"
}

@test "docs/guide.md: What an expression matches" {
	natively "nothing in it depends on the dispatcher"
	replay docs/guide.md "What an expression matches"
}

@test "docs/guide.md: Watching it" {
	natively "nothing in it depends on the dispatcher"
	replay docs/guide.md "Watching it"
}

@test "docs/guide.md: Who changed it" {
	replay docs/guide.md "Who changed it"
}

@test "docs/guide.md: Updates" {
	natively "nothing in it depends on the dispatcher"
	replay docs/guide.md "Updates"
}

@test "docs/guide.md: Network namespaces" {
	replay docs/guide.md "Network namespaces"
}

@test "docs/guide.md: The library" {
	natively "nothing in it depends on the dispatcher"
	replay docs/guide.md "The library"
}

@test "docs/fleet.md: Prometheus" {
	natively "nothing in it depends on the dispatcher"
	replay docs/fleet.md "Prometheus"
}

@test "docs/troubleshooting.md: 1. No other program can join" {
	replay docs/troubleshooting.md "1. No other program can join"
}

@test "docs/troubleshooting.md: 2. The driver has no XDP" {
	replay docs/troubleshooting.md "2. The driver has no XDP"
}

@test "docs/troubleshooting.md: 3. Somebody is there already" {
	replay docs/troubleshooting.md "3. Somebody is there already"
}

@test "docs/troubleshooting.md: 4. The chain runs in another mode" {
	replay docs/troubleshooting.md "4. The chain runs in another mode"
}

@test "docs/troubleshooting.md: 5. The MTU is large" {
	replay docs/troubleshooting.md "5. The MTU is large"
}

@test "docs/troubleshooting.md: 6. There is no bpffs" {
	natively "nothing in it depends on the dispatcher"
	replay docs/troubleshooting.md "6. There is no bpffs"
}

@test "docs/troubleshooting.md: 7. Capabilities are missing" {
	natively "nothing in it depends on the dispatcher"
	replay docs/troubleshooting.md "7. Capabilities are missing"
}

@test "docs/troubleshooting.md: 8. TX vanishes, or REDIRECT is refused" {
	replay docs/troubleshooting.md "8. TX vanishes, or REDIRECT is refused"
}

@test "docs/troubleshooting.md: 10. It is loaded already, or not at all" {
	replay docs/troubleshooting.md "10. It is loaded already, or not at all"
}

@test "each session of the documents is a test" {
	local document title missing=
	cd "$checkout"
	for document in README.md docs/*.md man/xdp-action.8 man/libxdpaction.3; do
		while IFS= read -r title; do
			grep -qxF "	replay $document \"${title%:*}\"" "$BATS_TEST_FILENAME" || missing+="$document: $title"$'\n'
		done < <(sessions "$document")
	done
	is "$missing" ""
}

@test "the demo runs to its end, also when it is typed over SSH" {
	# Its pings have to be over before its cut is.
	run_ok env -u XDP_ACTION_TESTS_PRIVATE DEMO_CUT=6 SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" \
		"$checkout/tests/demo"
	says "DROP, and nothing comes through any more" "That was all."
}
