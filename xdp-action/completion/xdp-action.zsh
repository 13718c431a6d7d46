#compdef xdp-action
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion for zsh. Commands, options and what an option takes come from the tool's own help, the names of
# instances from its status, so that nothing here can fall behind.

_xdp_action_commands()
{
	$1 help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p'
}

# The command that the word $2 stands for, which may be short; itself where it is none or several.
_xdp_action_command()
{
	local -a found=(${(M)${(f)"$(_xdp_action_commands $1)"}:#${(b)2}*})
	if (( $#found == 1 )); then
		print -r -- $found
	else
		print -r -- $2
	fi
}

# The options of a command, or of all commands: "-p --probability PCT" a line, without the value for a flag.
_xdp_action_options()
{
	$1 help $2 2>/dev/null |
		sed -n 's/^  \(-.\), \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1 \2\3/p
			s/^      \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1\2/p'
}

# What the option $1 takes, by the lines that follow; nothing for a flag.
_xdp_action_value()
{
	local option=$1 line
	shift
	for line; do
		local -a parts=(${=line})
		if [[ ${parts[-1]} != -* ]] && (( ${parts[(Ie)$option]} )); then
			echo ${parts[-1]}
		fi
	done
}

_xdp_action_interfaces()
{
	sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev
}

_xdp_action_instances()
{
	$1 ${2:+-N} $2 status -j 2>/dev/null | sed -n 's/^      "interface": "\([^"\\]*\)",$/\1/p'
}

# Candidates for a word of this kind, as help names it.
_xdp_action_kind()
{
	case $1 in
	VERDICT)
		case $2 in
		X*) print -rl -- XDP_{ABORTED,DROP,PASS,TX,REDIRECT} ;;
		x*) print -rl -- xdp_{aborted,drop,pass,tx,redirect} ;;
		[a-z]*) print -rl -- aborted drop pass tx redirect ;;
		*) print -rl -- ABORTED DROP PASS TX REDIRECT ;;
		esac
		;;
	IFNAME) _xdp_action_interfaces ;;
	'NAME|PATH') print -rl -- /run/netns/*(N:t) ;;
	*'|'*) print -rl -- ${(s:|:)1} ;;
	esac
}

# Candidates for operand number $3 of the command $2, in the network namespace $4.
_xdp_action_operand()
{
	case $2:$3 in
	:1 | help:1) _xdp_action_commands $1 ;;
	set:1) _xdp_action_kind VERDICT $5 ;;
	load:*) [[ -n $4 ]] || _xdp_action_interfaces ;;
	help:*) ;;
	*) _xdp_action_instances $1 $4 ;;
	esac
}

_xdp_action()
{
	local tool=$words[1] current=$words[CURRENT] command='' netns='' value='' word i
	local -i operands=0
	local -a options candidates

	options=(${(f)"$(_xdp_action_options $tool)"})
	for ((i = 2; i < CURRENT; i++)); do
		word=$words[i]
		if [[ -n $value ]]; then
			[[ $value != 'NAME|PATH' ]] || netns=$word
			value=''
		elif [[ $word = -- ]]; then
			options=()
		elif [[ $word = --*=* ]]; then
			[[ $word != --netns=* ]] || netns=${word#*=}
		elif [[ $word = -* ]]; then
			value=$(_xdp_action_value $word $options)
		elif [[ -z $command ]]; then
			command=$(_xdp_action_command $tool $word)
			options=(${(f)"$(_xdp_action_options $tool $command)"})
		else
			operands+=1
		fi
	done

	if [[ -z $value && $current = --*=* ]]; then
		value=$(_xdp_action_value ${current%%=*} $options)
		compset -P '*='
		current=${current#*=}
	fi
	if [[ $value = FILE ]]; then
		_files
		return
	elif [[ -n $value ]]; then
		candidates=(${(f)"$(_xdp_action_kind $value $current)"})
	elif [[ $current = -* ]]; then
		candidates=(${(f)"$(print -rl -- $options | grep -o -- '--[a-z-]*')"})
	else
		candidates=(${(f)"$(_xdp_action_operand $tool "$command" $((operands + 1)) "$netns" "$current")"})
	fi
	compadd -a candidates
}

_xdp_action "$@"
