# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What xdp-action.8 says of the synopsis and the options of each command.

# "Fl m Cm native | skb": "-m native|skb"
function plain(text)
{
	sub(/^\.It /, "", text)
	gsub(/Fl /, "-", text)
	gsub(/(Ar|Cm) /, "", text)
	gsub(/ , /, " ", text)
	gsub(/ \| /, "|", text)
	gsub(/ \.\.\./, "...", text)
	return text
}

function end_command()
{
	if (command != "")
		print command " synopsis:" synopsis
	command = synopsis = ""
}

/^\.Sh /			{ end_command(); section = substr($0, 5); next }
/^\.Nm/ && section == "SYNOPSIS"	{ end_command(); next }
section == "SYNOPSIS" && /^\.Cm / && command == ""	{ command = $2; next }
section == "SYNOPSIS" && /^\.Op /	{ synopsis = synopsis " [" plain(substr($0, 5)) "]"; next }
section == "SYNOPSIS"			{ synopsis = synopsis " " plain(substr($0, 2)); next }

section == "COMMANDS" && /^\.Ss /	{ of = $0 ~ /Options of every command/ ? "every command" : $2; next }
section == "COMMANDS" && /^\.It Fl /	{ print of ": " plain($0) }
