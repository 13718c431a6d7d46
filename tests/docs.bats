#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The documents are true: what they show is what happens, and they name all there is and nothing else.

load helpers
load docs/sessions

@test "xdp-action.8: A cut that heals" {
	replay man/xdp-action.8 "A cut that heals"
}

@test "xdp-action.8: Exactly the next packet" {
	replay man/xdp-action.8 "Exactly the next packet"
}

@test "xdp-action.8: One packet in ten" {
	replay man/xdp-action.8 "One packet in ten"
}

@test "xdp-action.8: Next to xdp-filter" {
	needs_dispatcher
	replay man/xdp-action.8 "Next to xdp-filter"
}

@test "xdp-action.8: In another network namespace" {
	replay man/xdp-action.8 "In another network namespace"
}

@test "xdp-action.8: In a script" {
	replay man/xdp-action.8 "In a script"
}

@test "xdp-action.8: Rates" {
	replay man/xdp-action.8 "Rates"
}

@test "xdp-action.8: For Prometheus" {
	replay man/xdp-action.8 "For Prometheus"
}
