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

# Is bash about to list the candidates? It asks again for that, and inserts at most what all of them begin with.
_xdp_action_lists()
{
	case ${COMP_TYPE:-} in
	33 | 63 | 64) [ ${#COMPREPLY[@]} -gt 1 ] ;;
	*) false ;;
	esac
}

# Write the descriptions behind the candidates, one below the other, as far as a line of the terminal holds them.
_xdp_action_describe()
{
	local i line longest=0 room=$((${COLUMNS:-80} - 1))
	for i in "${COMPREPLY[@]}"; do
		[ ${#i} -le "$longest" ] || longest=${#i}
	done
	[ "$room" -gt $((longest + 10)) ] || return 0
	for i in "${!COMPREPLY[@]}"; do
		[ -n "${descriptions[i]}" ] || continue
		printf -v line '%-*s  -- %s' "$longest" "${COMPREPLY[i]}" "${descriptions[i]}"
		COMPREPLY[i]=${line:0:room}
	done
}

_xdp_action()
{
	local current=${COMP_WORDS[COMP_CWORD]} candidate description quoted
	local -a descriptions=()
	[ "$current" != = ] || current=''
	COMPREPLY=()
	while IFS=$'\t' read -r candidate description; do
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
		[[ $candidate = "$current"* || $quoted = "$current"* ]] || continue
		COMPREPLY+=("$quoted")
		descriptions+=("$description")
	done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	! _xdp_action_lists || _xdp_action_describe
}

complete -F _xdp_action xdp-action
