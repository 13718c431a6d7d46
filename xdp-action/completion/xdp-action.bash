# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Completion for bash. The tool itself says what can stand in the place of the last word.

# What stands behind -- is a line of its own.
_xdp_action_program()
{
	local first=1
	while [ "${COMP_WORDS[first++]}" != -- ]; do
		:
	done
	if declare -F _command_offset >/dev/null; then
		_command_offset $first
	elif [ $first -eq "$COMP_CWORD" ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$1")
	else
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$1")
	fi
}

_xdp_action()
{
	local current=${COMP_WORDS[COMP_CWORD]} candidate quoted
	[ "$current" != = ] || current=''
	COMPREPLY=()
	while IFS=$'\t' read -r candidate _; do
		if [ "$candidate" = :files ]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			return
		elif [ "$candidate" = :program ]; then
			_xdp_action_program "$current"
			return
		fi
		# Not with compgen -W, which expands its words: an interface may be called $(reboot).
		printf -v quoted %q "$candidate"
		[[ $candidate != "$current"* && $quoted != "$current"* ]] || COMPREPLY+=("$quoted")
	done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _xdp_action xdp-action
