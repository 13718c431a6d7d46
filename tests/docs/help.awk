# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What `xdp-action help COMMAND` says, in the form of manual.awk: the synopsis and the options of a command.

function print_synopsis()
{
	gsub(/[{}]/, "", synopsis)
	gsub(/ \| /, "|", synopsis)
	gsub(/ +/, " ", synopsis)
	sub(/ $/, "", synopsis)
	print command " synopsis:" synopsis
}

/^Usage: xdp-action [a-z]/	{ command = $3; synopsis = substr($0, index($0, command) + length(command)); usage = 1; next }
usage && /^ /			{ synopsis = synopsis $0; next }
usage				{ print_synopsis(); usage = 0; next }

/^Options:/			{ of = command; next }
/^Options of every command:/	{ of = "every command"; next }
/^(  |      )-/ {
	sub(/^ +/, "")
	sub(/  .*/, "")
	sub(/,/, "")
	print of ": " $0
}
