#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Many interfaces: what they cost, how far a call is, and what is when it is interrupted.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	natively "a call goes from one interface to the next in every mode"
	default_setup
	make_many 20
}

# The number of interfaces that have an instance, each of which must be whole.
instances()
{
	xdp-action status -j | jq '[.instances[] | select(.setting.verdict and (.problems | length) == 0)] | length'
}

has_instance()
{
	[ "$(attached_id "$1")" != 0 ]
}

# The command in the background does not end by a SIGTERM at once any more.
catches_term()
{
	local mask
	mask=$(sed -n 's/^SigCgt:\t//p' "/proc/$(pgrep -P "$running")/status")
	((0x${mask:-0} >> 14 & 1))
}

# interrupted SIGNAL STATUS: the command in the background is sent it, and ends by it.
interrupted()
{
	local result=0
	kill -"$1" "$running"
	wait "$running" || result=$?
	output=$(<"$started_output") error=$(<"$started_output.error")
	is "$result" "$2" "exit status"
}

# start_slowly COMMAND...: in the background, with a twentieth of a second between two interfaces, on whatever machine: it
# waits for the lock at each. strace is no parent of it, so that signals go to the command itself.
slowly=(strace -D -f -o /dev/null -e trace=flock -e inject=flock:delay_enter=50000)
start_slowly()
{
	start "${slowly[@]}" "$@"
	running=$!
}

# answers_to COMMAND...: how many answers of netlink it reads; a long list comes in many.
answers_to()
{
	run_ok strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=recvmsg xdp-action "$@"
	answers=$(grep -c 'recvmsg(' "$BATS_TEST_TMPDIR/calls")
}

# In a chain libxdp does: libbpf 1.1 lists all to find the program of one.
@test "load and unload do not look at all interfaces" {
	needs_single_mode
	needs strace
	local few
	answers_to load v0
	few=$answers
	answers_to unload v0
	few+=" $answers"
	for ((i = 0; i < 150; i++)); do
		echo "link add c$i group $group type veth peer name d$i group $group"
	done | ip -batch -
	answers_to load v0
	local many=$answers
	answers_to unload v0
	is "$many $answers" "$few" "answers that load and unload read"
}

@test "load, unload, upgrade: a signal ends them between two interfaces, which is said" {
	needs strace
	start_slowly xdp-action load "${many[@]}"
	eventually has_instance b1
	interrupted TERM 143
	local loaded
	loaded=$(instances)
	between "$loaded" 4 39
	is "$(grep -c ': loaded in' <<<"$output")" "$loaded" "lines about what was loaded"
	[[ $error == *"interrupted: loaded $loaded of 40 interfaces, stopped before ${many[$loaded]}"* ]] ||
		explain "it should say how far it came"
	run_ok xdp-action load --keep -q "${many[@]}"
	is "$(instances)" 40

	local before
	before=$(attached_id a0)
	start_slowly xdp-action upgrade -f
	upgraded()
	{
		[ "$(attached_id a0)" != "$before" ]
	}
	eventually upgraded
	interrupted INT 130
	[[ $error == *"interrupted: upgraded "*" of 40 interfaces, stopped before "* ]] ||
		explain "it should say how far it came"
	is "$(instances)" 40

	start_slowly xdp-action unload -j "${many[@]}"
	gone()
	{
		! has_instance b1
	}
	eventually gone
	interrupted HUP 129
	is "$(jq '[.outcomes[] | select(.outcome == "done")] | length' <<<"$output")" $((40 - $(instances)))
	[[ $output == *"interrupted: unloaded "* ]] || explain "the object should say so"
	run_ok xdp-action unload -a
	is "$(instances)" 0
	nothing_pinned
}

@test "a second signal ends a load at once, and the next command heals" {
	run_ok xdp-action load v0
	hold_lock 300
	local holder=$!
	start xdp-action load "${many[@]:0:2}"
	running=$!
	eventually catches_term
	kill -TERM "$running"
	sleep 0.2
	kill -0 "$running"
	interrupted TERM 143
	kill "$holder"
	run_ok xdp-action load "${many[@]:0:2}"
	is "$(instances)" 3
}

@test "what is ignored stays ignored, as with nohup" {
	needs strace
	# The signal is for the program alone.
	# shellcheck disable=SC2016
	start sh -c 'echo $$ >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/process" "${slowly[@]}" nohup xdp-action load "${many[@]}"
	local running=$!
	eventually has_instance b1
	kill -HUP "$(<"$BATS_TEST_TMPDIR/process")"
	wait "$running"
	is "$(instances)" 40
}

# let_go_late HOLDER: more than two seconds after a command has begun, however long that takes.
let_go_late()
{
	eventually pgrep --ns $$ --nslist net -x xdp-action >/dev/null
	sleep 4
	kill "$1"
}

@test "a terminal shows how far it is after two seconds, and whole lines" {
	needs script
	local -x TERM=xterm
	run_ok xdp-action load v0
	hold_lock 300
	let_go_late $! 3>&- &
	script -qec "xdp-action load a0 b0 a1" "$BATS_TEST_TMPDIR/typescript" >/dev/null </dev/null
	# What is printed next begins where it stood.
	grep -q $'^\rloaded 1 of 3\e\[K\r\e\[K[bx]' "$BATS_TEST_TMPDIR/typescript" || {
		cat -v "$BATS_TEST_TMPDIR/typescript"
		explain "no line of progress"
	}
	# The last line is gone at the end.
	is "$(tail -n 3 "$BATS_TEST_TMPDIR/typescript" | grep -c "3 of 3")" 0 "lines of progress at the end"
	hold_lock 300
	let_go_late $! 3>&- &
	script -qec "xdp-action unload -q a0 b0 a1" "$BATS_TEST_TMPDIR/typescript" >/dev/null </dev/null
	is "$(grep -c " of 3" "$BATS_TEST_TMPDIR/typescript")" 0 "lines of progress with --quiet"
}
