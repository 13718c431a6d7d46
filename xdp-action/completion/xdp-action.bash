# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Completion for bash. The tool itself says what can stand in the place of the last word.

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
		fi
		# Not with compgen -W, which expands its words: an interface may be called $(reboot).
		printf -v quoted %q "$candidate"
		[[ $candidate != "$current"* && $quoted != "$current"* ]] || COMPREPLY+=("$quoted")
	done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _xdp_action xdp-action
