# SPDX-License-Identifier: GPL-2.0-only
#
# Completion for bash. Commands, options and what an option takes come from the tool's own help, the names of
# instances from its status, so that nothing here can fall behind.

# The commands, one a line.
_xdp_action_commands()
{
	"$1" help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p'
}

# The command that the word $2 stands for, which may be short; itself where it is none or several.
_xdp_action_command()
{
	local name found=()
	while read -r name; do
		[[ $name != "$2"* ]] || found+=("$name")
	done < <(_xdp_action_commands "$1")
	if [ ${#found[@]} -eq 1 ]; then
		echo "${found[0]}"
	else
		echo "$2"
	fi
}

# The options of a command, or of all commands: "-p --probability PCT" a line, without the value for a flag.
_xdp_action_options()
{
	# Without a command there is no word.
	# shellcheck disable=SC2086
	"$1" help $2 2>/dev/null |
		sed -n 's/^  \(-.\), \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1 \2\3/p
			s/^      \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1\2/p'
}

# What the option $1 takes, by the lines $2 of its command; nothing for a flag.
_xdp_action_value()
{
	local words line
	while read -r line; do
		read -ra words <<<"$line"
		case $line in
		"$1 "[A-Za-z]* | -?" $1 "[A-Za-z]* | "$1 --"*" "*) echo "${words[-1]}" ;;
		esac
	done <<<"$2"
}

_xdp_action_instances()
{
	"$1" ${2:+-N "$2"} status -j 2>/dev/null | sed -n 's/^      "interface": "\([^"\\]*\)",$/\1/p'
}

_xdp_action_interfaces()
{
	sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev
}

# Candidates for a word of this kind, as help names it.
_xdp_action_kind()
{
	case $1 in
	VERDICT)
		case $2 in
		X*) printf 'XDP_%s\n' ABORTED DROP PASS TX REDIRECT ;;
		x*) printf 'xdp_%s\n' aborted drop pass tx redirect ;;
		[a-z]*) printf '%s\n' aborted drop pass tx redirect ;;
		*) printf '%s\n' ABORTED DROP PASS TX REDIRECT ;;
		esac
		;;
	IFNAME) _xdp_action_interfaces ;;
	"NAME|PATH") ls /run/netns 2>/dev/null ;;
	*"|"*) tr '|' '\n' <<<"$1" ;;
	esac
}

# Candidates for operand number $3 of the command $2, in the network namespace $4.
_xdp_action_operand()
{
	case $2:$3 in
	:1 | help:1) _xdp_action_commands "$1" ;;
	set:1) _xdp_action_kind VERDICT "$5" ;;
	load:*) [ -n "$4" ] || _xdp_action_interfaces ;;
	help:*) ;;
	*) _xdp_action_instances "$1" "$4" ;;
	esac
}

_xdp_action()
{
	local tool=$1 current=${COMP_WORDS[COMP_CWORD]} command='' netns='' value='' operands=0 options i word

	options=$(_xdp_action_options "$tool" '')
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ "$word" = = ]; then
			continue
		elif [ -n "$value" ]; then
			[ "$value" != "NAME|PATH" ] || netns=$word
			value=''
		elif [ "$word" = -- ]; then
			options=''
		elif [[ $word = -* ]]; then
			value=$(_xdp_action_value "$word" "$options")
		elif [ -z "$command" ]; then
			command=$(_xdp_action_command "$tool" "$word")
			options=$(_xdp_action_options "$tool" "$command")
		else
			operands=$((operands + 1))
		fi
	done
	[ "$current" != = ] || current=''

	local candidates candidate quoted
	if [ "$value" = FILE ]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
	elif [ -n "$value" ]; then
		candidates=$(_xdp_action_kind "$value" "$current")
	elif [[ $current = -* ]]; then
		candidates=$(grep -o -- '--[a-z-]*' <<<"$options")
	else
		candidates=$(_xdp_action_operand "$tool" "$command" $((operands + 1)) "$netns" "$current")
	fi
	# Not with compgen -W, which expands its words: an interface may be called $(reboot).
	COMPREPLY=()
	while read -r candidate; do
		printf -v quoted %q "$candidate"
		[[ -z $candidate || ($candidate != "$current"* && $quoted != "$current"*) ]] || COMPREPLY+=("$quoted")
	done <<<"$candidates"
}

complete -F _xdp_action xdp-action
