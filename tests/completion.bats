#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The completion for bash, zsh and fish, asked as each shell asks it.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	natively "the completion asks nothing of the kernel"
	default_setup
	make_pair w0 w1
	# shellcheck source=/dev/null
	source "$checkout/xdp-action/completion/xdp-action.bash"
}

# What each shell offers for a command line whose last word is the one under the cursor, one a line.
offer_bash()
{
	COMP_WORDS=(xdp-action "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_xdp_action xdp-action "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
}

# compadd works only inside zsh's line editor; it passes on what begins with the word.
offer_zsh()
{
	# shellcheck disable=SC2016
	zsh -fc '
		_files() { print files }
		_normal() { print -r -- "normal $CURRENT of $words" }
		compadd() { print -rl -- ${(M)${(P)argv[-1]}:#${(b)words[CURRENT]}*} }
		file=$1
		shift
		words=(xdp-action "$@")
		CURRENT=$#words
		source $file' zsh "$checkout/xdp-action/completion/xdp-action.zsh" "$@" | sed '/^$/d'
}

# fish shows what else an option does behind a tab.
offer_fish()
{
	# shellcheck disable=SC2016
	HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR XDG_DATA_HOME=$BATS_TEST_TMPDIR \
		fish --no-config -c 'source $argv[1]; complete --do-complete "xdp-action $argv[2..]"' \
		"$checkout/xdp-action/completion/xdp-action.fish" "$@" | cut -f "${fields:-1}"
}

# completes EXPECTED WORD...: the last word is the one under the cursor; in every shell, in any order.
completes()
{
	local expected=$1 shell
	shift
	expected=$(tr ' ' '\n' <<<"$expected" | sort)
	for shell in bash zsh fish; do
		needs "$shell"
		is "$("offer_$shell" "$@" | sort)" "$expected" "what $shell offers for '$*'"
	done
}

@test "commands" {
	completes "load unload set run upgrade status poll monitor metrics match clean help" ""
	completes "set status" s
	completes "load unload set run upgrade status poll monitor metrics match clean help" help ""
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

@test "leftovers" {
	make_pair x0 x1
	run_ok xdp-action load x0
	rm -r "$bpffs/xdp/dispatch-"* 2>/dev/null || true
	ip link del x0
	local left
	left=$(ls "$pins")
	completes "$left" clean ""
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
	local quoted='x\$\(\>mark\)' command
	for command in load unload; do
		is "$(offer_bash $command x)" "$quoted" "what bash offers for $command"
		is "$(offer_zsh $command x)" "$name" "what zsh offers for $command, before it quotes it"
		is "$(offer_fish $command x)" "$name" "what fish offers for $command, before it quotes it"
	done
	is "$(offer_bash unload 'x\$')" "$quoted" "for a name begun with quotes"
	is "$(offer_bash unload y)" 'y\*' "for a pattern"
	is "$(offer_zsh unload y)" 'y*' "for a pattern"
	is "$(offer_fish unload y)" 'y*' "for a pattern"
	is "$(ls)" y-file "files where the completion ran"
}

@test "options and what they take" {
	completes --probability set DROP --prob
	completes "--mode" load --mo
	completes "native skb" load -m ""
	completes "native skb" load --mode ""
	completes --require-dispatcher load --req
	completes "--json" status --j
	completes "peer" -N p
	completes "peer" load --netns p
}

@test "no interface is offered twice, but as a target" {
	run_ok xdp-action load v0 w0
	completes w0 unload v0 ""
	completes v0 set DROP w0 ""
	completes "" load w0 w
	completes w0 set REDIRECT w0 --to w
}

@test "durations and probabilities" {
	completes "1s 10s 30s 1m 5m 1h" set DROP --for ""
	completes "10s 1s 1m 1h" set DROP -t 1
	completes "0.1% 1% 5% 10% 50%" load -p ""
	needs zsh
	is "$(offer_zsh set --for=3)" --for=30s
}

@test "options and what they take in one word" {
	needs zsh
	needs fish
	is "$(offer_bash load --mode = n)" native "what bash offers behind ="
	is "$(offer_bash load --netns = '')" peer "what bash offers behind ="
	is "$(offer_zsh load --mode=n)" --mode=native
	is "$(offer_fish load --mode=n)" --mode=native
	completes peer load -vN p
}

@test "files" {
	cd "$BATS_TEST_TMPDIR"
	touch some-file
	needs zsh
	needs fish
	is "$(offer_bash metrics -o so)" some-file
	is "$(offer_zsh metrics -o so)" files "what zsh is asked for"
	is "$(offer_fish metrics -o so)" some-file
	is "$(offer_fish metrics --output=so)" --output=some-file
	is "$(offer_bash match tcp so)" some-file
	is "$(offer_zsh match tcp so)" files "what zsh is asked for"
	is "$(offer_fish match tcp so)" some-file
}

@test "behind -- the command that is to run" {
	needs zsh
	needs fish
	printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/some-command"
	chmod +x "$BATS_TEST_TMPDIR/some-command"
	PATH+=:$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR"
	touch some-file
	is "$(offer_bash run DROP -- some-c)" some-command
	is "$(offer_bash run DROP -- cat some-f)" some-file
	is "$(offer_zsh run DROP -- cat some-f)" "normal 2 of cat some-f" "what zsh is asked for"
	is "$(offer_fish run DROP -- some-c)" some-command
	is "$(offer_fish run DROP -- cat some-f)" some-file
	completes v0 load -- v
}

@test "zsh and fish show what commands and options are for" {
	needs zsh
	needs fish
	is "$(fields=1- offer_fish unl)" $'unload\tTakes the program off an interface'
	is "$(fields=1- offer_fish unload --note | tail -n 1)" $'--note\twhy: written to the log'
	is "$(fields=1- offer_fish set --note | tail -n 1)" $'--note\twhy: kept with the setting, and written to the log'
	is "$(fields=1- offer_fish set R)" $'REDIRECT\tsend it out of another interface'
	is "$(fields=1- offer_fish load -m s)" $'skb\tin the network stack'
	is "$(fields=1- offer_fish load --q)" $'--quiet\tprint nothing but errors'
	# shellcheck disable=SC2016
	is "$(zsh -fc 'compadd() { print -rl -- ${(P)argv[3]} }; words=(xdp-action unl); CURRENT=2; source $1' zsh \
		"$checkout/xdp-action/completion/xdp-action.zsh" | grep ^unl)" "unload  -- Takes the program off an interface"
}

# type_bash COLUMNS SETTING KEYS: what a bash that wide shows when they are typed, with this setting of readline.
type_bash()
{
	error=''
	output=$(printf '%b\n' "source '$checkout/xdp-action/completion/xdp-action.bash'; bind 'set $2'\n$3\nexit 0" |
		COLUMNS=$1 PS1='$ ' TERM=dumb INPUTRC=/dev/null HISTFILE='' bash --norc -i 2>&1)
}

@test "bash lists what candidates are for, and inserts none of it" {
	local verdicts='
ABORTED   -- drop it, and tell who traces exceptions
DROP      -- drop it
PASS      -- let it pass
REDIRECT  -- send it out of another interface
TX        -- send it back to its sender
'
	type_bash 60 "bell-style none" 'xdp-action set \t\tT\t--fo\t\t\t'
	says "$verdicts" $'\n--for    -- ' $'\n--force  -- ' $'$ xdp-action set TX --for\n'
	type_bash 60 "show-all-if-ambiguous on" 'xdp-action set \tT\t--fo\t'
	says "$verdicts" $'\n--for    -- ' $'\n--force  -- ' $'$ xdp-action set TX --for\n'
	type_bash 60 "show-all-if-unmodified on" 'xdp-action set \t'
	says "$verdicts"
	type_bash 30 "bell-style none" 'xdp-action set \t\t'
	says $'\nABORTED   -- drop it, and tel\n'
	type_bash 18 "bell-style none" 'xdp-action set \t\t'
	says ABORTED
	says_not "drop it"
}

@test "the command behind it is not shown, and says nothing of what it cannot find out" {
	run_ok xdp-action help
	says_not complete
	run_ok xdp-action complete -- -N nosuch unload ""
	is "$output$stderr" ""
	run_ok xdp-action complete
	is "$output$stderr" ""
}

@test "instances of another namespace" {
	run_ok xdp-action -N peer load v1
	completes v1 -N peer unload ""
	completes "" unload ""
}

@test "every option of every command is offered" {
	local command option offered
	for command in load unload set run upgrade status poll monitor metrics match clean; do
		run_ok xdp-action help $command
		offered=$(offer_bash "$command" --)
		is "$(offer_zsh "$command" -- | sort)" "$(sort <<<"$offered")" "what zsh offers for $command --"
		is "$(offer_fish "$command" -- | sort)" "$(sort <<<"$offered")" "what fish offers for $command --"
		[ "$(wc -l <<<"$offered")" -gt 4 ]
		while read -r option; do
			grep -qx -- "$option" <<<"$offered" || is "$offered" "with $option"
		done < <(grep -oE '^ .{5}--[a-z-]+' <<<"$output" | grep -oE -- '--[a-z-]+')
	done
}
