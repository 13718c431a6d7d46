#compdef xdp-action
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Completion for zsh. The tool itself says what can stand in the place of the last word.

_xdp_action()
{
	local line
	local -a candidates shown
	for line in ${(f)"$($words[1] complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
		if [[ $line = :files ]]; then
			_files
			return
		elif [[ $line = :program ]]; then
			(( CURRENT -= words[(i)--] ))
			shift ${words[(i)--]} words
			_normal
			return
		fi
		candidates+=("${line%%$'\t'*}")
		shown+=("${line/$'\t'/  -- }")
	done
	compadd -l -d shown -a candidates
}

_xdp_action "$@"
