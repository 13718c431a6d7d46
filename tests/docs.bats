#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
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

@test "README.md: Where it sits" {
	replay README.md "Where it sits"
}

@test "README.md: A cut that heals" {
	replay README.md "A cut that heals"
}

@test "README.md: One per cent loss for a minute" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "One per cent loss for a minute"
}

@test "README.md: Exactly the next packet" {
	replay README.md "Exactly the next packet"
}

@test "README.md: The third packet to a port" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "The third packet to a port"
}

@test "README.md: Lose packets of a database only" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "Lose packets of a database only"
}

@test "README.md: What an expression matches" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "What an expression matches"
}

@test "README.md: Over SSH" {
	replay README.md "Over SSH"
}

@test "README.md: Watching it" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "Watching it"
}

@test "README.md: Prometheus" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "Prometheus"
}

@test "README.md: Network namespaces and containers" {
	replay README.md "Network namespaces and containers"
}

@test "README.md: 1. No other program can join" {
	replay README.md "1. No other program can join"
}

@test "README.md: 2. The driver has no XDP" {
	replay README.md "2. The driver has no XDP"
}

@test "README.md: 3. Somebody is there already" {
	replay README.md "3. Somebody is there already"
}

@test "README.md: 4. The chain runs in another mode" {
	replay README.md "4. The chain runs in another mode"
}

@test "README.md: 5. The MTU is large" {
	replay README.md "5. The MTU is large"
}

@test "README.md: 6. There is no bpffs" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "6. There is no bpffs"
}

@test "README.md: 7. Capabilities are missing" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "7. Capabilities are missing"
}

@test "README.md: 8. TX vanishes, or REDIRECT is refused" {
	replay README.md "8. TX vanishes, or REDIRECT is refused"
}

@test "README.md: 10. It is loaded already, or not at all" {
	replay README.md "10. It is loaded already, or not at all"
}

@test "README.md: The library" {
	natively "nothing in it depends on the dispatcher"
	replay README.md "The library"
}

@test "each session of the documents is a test" {
	local document title missing=
	for document in README.md man/xdp-action.8 man/libxdpaction.3; do
		while IFS= read -r title; do
			grep -qxF "	replay $document \"${title%:*}\"" "$BATS_TEST_FILENAME" || missing+="$document: $title"$'\n'
		done < <(sessions "$document")
	done
	is "$missing" ""
}

@test "the demo runs to its end, also when it is typed over SSH" {
	run_ok env -u XDP_ACTION_TESTS_PRIVATE SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" \
		"$checkout/tests/demo"
	says "DROP, and nothing comes through any more" "That was all."
}
