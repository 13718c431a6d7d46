#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard: nobody cuts the SSH session in which he types, by accident.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# guarded COMMAND...: as typed in an SSH session that comes in by v0.
guarded()
{
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" "$@"
}

@test "guard: a verdict that would cut the session is refused, and says how" {
	guarded run_fail 1 xdp-action set DROP v0
	complains v0 SSH 10.0.0.2 --for --force
	is "$(field v0 setting/verdict)" pass
	guarded run_fail 1 xdp-action set DROP -p 1% v0
	guarded run_fail 1 xdp-action set DROP --for 1s --then ABORTED v0
	is "$(field v0 setting/verdict)" pass
}

@test "guard: --for and --force are heeded, PASS and other interfaces go" {
	make_pair w0 w1 10.0.9
	run_ok xdp-action load w0
	guarded run_ok xdp-action set DROP w0
	guarded run_ok xdp-action set PASS v0
	guarded run_ok xdp-action set DROP --for 30s v0
	is "$(field v0 setting/verdict)" drop
	guarded run_ok xdp-action set DROP --force v0
	is "$(field v0 setting/verdict setting/base)" "drop null"
}

@test "guard: load -a is guarded too" {
	run_ok xdp-action unload v0
	guarded run_fail 1 xdp-action load -a DROP v0
	complains v0 SSH
	is "$(attached_id v0)" 0
	guarded run_ok xdp-action load -a DROP --force v0
}

@test "guard: sees through sudo, which clears the environment" {
	# shellcheck disable=SC2016
	guarded run_fail 1 bash -c 'env -i PATH="$PATH" xdp-action set DROP v0; exit'
	complains SSH
	is "$(field v0 setting/verdict)" pass
}

@test "guard: sees a session over IPv6" {
	ipv6 on
	make_pair w0 w1
	ipv6 off
	ip address add fd00::1/64 dev w0 nodad
	run_ok xdp-action load w0
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_fail 1 xdp-action set DROP w0
	complains w0 fd00::2
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_ok xdp-action set DROP v0
}
