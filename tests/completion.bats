#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The completion for bash, asked as bash asks it.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	natively "the completion asks nothing of the kernel"
	default_setup
	make_pair w0 w1
	# shellcheck source=/dev/null
	source "$checkout/xdp-action/xdp-action.bash"
}

# completes EXPECTED WORD...: the last word is the one under the cursor.
completes()
{
	local expected=$1
	shift
	COMP_WORDS=(xdp-action "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_xdp_action xdp-action "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	is "${COMPREPLY[*]}" "$expected" "completion of '$*'"
}

@test "commands" {
	completes "load unload set status poll metrics help" ""
	completes "set status" s
	completes "load unload set status poll metrics help" help ""
	completes poll help p
}

@test "verdicts" {
	completes "ABORTED DROP PASS TX REDIRECT" set ""
	completes DROP set D
	completes drop set d
	completes "PASS" set DROP -c 1 --then P
	completes TX load -a T
	completes XDP_PASS set XDP_P
	completes xdp_drop set xdp_d
	completes DROP se D
}

@test "interfaces: load takes any, the others those that have an instance" {
	completes v0 load v
	completes lo load l
	run_ok xdp-action load v0
	completes v0 unload ""
	completes v0 set DROP ""
	completes v0 status ""
	completes v0 poll ""
	completes "" unload w
	completes w0 set REDIRECT --to w
}

@test "the name of an interface is never run nor expanded, and comes quoted" {
	# shellcheck disable=SC2016
	local name='x$(>mark)'
	make_pair "$name" x1
	make_pair 'y*' y1
	run_ok xdp-action load "$name" 'y*'
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here"
	touch y-file
	completes 'x\$\(\>mark\)' load x
	completes 'x\$\(\>mark\)' unload x
	completes 'x\$\(\>mark\)' unload 'x\$'
	completes 'y\*' unload y
	completes 'x\$\(\>mark\) y\*' set DROP ""
	is "$(ls)" y-file "files where the completion ran"
}

@test "options and what they take" {
	completes --probability set DROP --prob
	completes "--mode" load --m
	completes "native skb" load -m ""
	completes "native skb" load --mode ""
	completes --require-dispatcher load --req
	completes "--json" status --j
	completes "peer" -N p
	completes "peer" load --netns p
}

@test "instances of another namespace" {
	run_ok xdp-action -N peer load v1
	completes v1 -N peer unload ""
	completes "" unload ""
}

@test "every option of every command is offered" {
	local command option
	for command in load unload set status poll metrics; do
		run_ok xdp-action help $command
		COMP_WORDS=(xdp-action "$command" --)
		COMP_CWORD=2
		COMPREPLY=()
		_xdp_action xdp-action -- "$command"
		[ ${#COMPREPLY[@]} -gt 4 ]
		while read -r option; do
			[[ " ${COMPREPLY[*]} " == *" $option "* ]] || is "${COMPREPLY[*]}" "with $option"
		done < <(grep -oE '^ .{5}--[a-z-]+' <<<"$output" | grep -oE -- '--[a-z-]+')
	done
}
