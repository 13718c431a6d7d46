# SPDX-License-Identifier: GPL-2.0-only
#
# Completion for fish. Commands, options and what an option takes come from the tool's own help, the names of
# instances from its status, so that nothing here can fall behind.

function __xdp_action_commands
    $argv[1] help 2>/dev/null | sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p'
end

# The command that the word $argv[2] stands for, which may be short; itself where it is none or several.
function __xdp_action_command
    set -l found (__xdp_action_commands $argv[1] | string match -- "$argv[2]*")
    if test (count $found) -eq 1
        echo $found
    else
        echo $argv[2]
    end
end

# The options of a command, or of all commands: "-p --probability PCT" a line, without the value for a flag.
function __xdp_action_options
    $argv[1] help $argv[2..] 2>/dev/null | sed -n 's/^  \(-.\), \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1 \2\3/p
        s/^      \(--[a-z-]*\)\( [^ ]\{1,\}\)\{0,1\}  .*/\1\2/p'
end

# What the option $argv[1] takes, by the lines that follow; nothing for a flag.
function __xdp_action_value
    for line in $argv[2..]
        set -l parts (string split ' ' -- $line)
        if not string match -q -- '-*' $parts[-1]; and contains -- $argv[1] $parts
            echo $parts[-1]
        end
    end
end

function __xdp_action_interfaces
    sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev
end

# Candidates for a word of the kind $argv[1], as help names it.
function __xdp_action_kind
    switch $argv[1]
        case VERDICT
            switch $argv[2]
                case 'X*'
                    printf '%s\n' XDP_{ABORTED,DROP,PASS,TX,REDIRECT}
                case 'x*'
                    printf '%s\n' xdp_{aborted,drop,pass,tx,redirect}
                case a'*' d'*' p'*' t'*' r'*'
                    printf '%s\n' aborted drop pass tx redirect
                case '*'
                    printf '%s\n' ABORTED DROP PASS TX REDIRECT
            end
        case IFNAME
            __xdp_action_interfaces
        case FILE
            __fish_complete_path $argv[2]
        case 'NAME|PATH'
            ls /run/netns 2>/dev/null
        case '*|*'
            string split '|' -- $argv[1]
    end
end

# Candidates for operand number $argv[3] of the command $argv[2], in the network namespace $argv[4].
function __xdp_action_operand
    switch "$argv[2]:$argv[3]"
        case ':1' 'help:1'
            __xdp_action_commands $argv[1]
        case 'set:1'
            __xdp_action_kind VERDICT $argv[5]
        case 'load:*'
            test -n "$argv[4]"; or __xdp_action_interfaces
        case 'help:*'
        case '*'
            set -l netns
            test -z "$argv[4]"; or set netns -N $argv[4]
            $argv[1] $netns status -j 2>/dev/null | sed -n 's/^      "interface": "\([^"\\\\]*\)",$/\1/p'
    end
end

function __xdp_action_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l tool $words[1]
    set -l name
    set -l netns
    set -l value
    set -l operands 0
    set -l options (__xdp_action_options $tool)

    for word in $words[2..]
        if test -n "$value"
            test "$value" != 'NAME|PATH'; or set netns $word
            set value
        else if test "$word" = --
            set options
        else if string match -q -- '--*=*' $word
            string match -q -- '--netns=*' $word; and set netns (string replace -r '^[^=]*=' '' -- $word)
        else if string match -q -- '-*' $word
            set value (__xdp_action_value $word $options)
        else if test -z "$name"
            set name (__xdp_action_command $tool $word)
            set options (__xdp_action_options $tool $name)
        else
            set operands (math $operands + 1)
        end
    end

    if test -n "$value"
        __xdp_action_kind $value "$current"
    else if string match -q -- '--*=*' $current
        set -l option (string replace -r '=.*' '' -- $current)
        set value (__xdp_action_value $option $options)
        test -z "$value"; or printf '%s\n' $option=(__xdp_action_kind $value (string replace -r '^[^=]*=' '' -- $current))
    else if string match -q -- '-*' $current
        string match -r -a -- '--[a-z-]+' $options
    else
        __xdp_action_operand $tool "$name" (math $operands + 1) "$netns" "$current"
    end
end

complete -c xdp-action -f -a '(__xdp_action_complete)'
