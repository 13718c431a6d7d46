# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Completion for fish. The tool itself says what can stand in the place of the last word.

function __xdp_action_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
    if test "$lines" = :files
        set -l option (string match -r -- '^--[^=]*=' "$current")
        printf '%s\n' "$option"(__fish_complete_path (string replace -r -- '^--[^=]*=' '' "$current"))
    else if test "$lines" = :program
        set -l first (math (contains -i -- -- $words) + 1)
        complete -C (string join ' ' -- (string escape -- $words[$first..]) "$current")
    else if test -n "$lines"
        printf '%s\n' $lines
    end
end

complete -c xdp-action -f -a '(__xdp_action_complete)'
