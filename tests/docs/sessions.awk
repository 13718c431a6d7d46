# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The sessions that a document shows, as a shell prints them: the literal blocks below EXAMPLES of a manual page,
# the ```console blocks of a Markdown file. All blocks below one heading are one session.
#
#	awk -v list=1 -f sessions.awk DOCUMENT		TITLE: WORD... for each session
#	awk -v title=TITLE -f sessions.awk DOCUMENT	the lines of one session
#	awk -v file=NAME -f sessions.awk DOCUMENT	the lines of one file
#
# The words are what a session needs. They stand in a comment between the heading and its first block:
#	.\" replay: dispatcher ssh
#	<!-- replay: dispatcher ssh -->
# A block behind such a comment is not a part of the session, but a file that it needs:
#	.\" file: drop-one.c
#	<!-- file: drop-one.c -->

function begin_session(name)
{
	heading = name
	words = ""
	shown = 0
}

function line(text)
{
	if (list && !shown && in_file == "")
		print heading ":" words
	if (file != "" ? in_file == file : !list && in_file == "" && heading == title)
		print text
	shown = shown || in_file == ""
}

function end_block()
{
	literal = console = 0
	in_file = ""
}

function from_mdoc(text)
{
	sub(/^\\&/, "", text)
	gsub(/\\-/, "-", text)
	gsub(/\\\(aq/, "'", text)
	gsub(/\\e/, "\\", text)
	return text
}

/^\.Sh /		{ examples = $2 == "EXAMPLES"; next }
/^\.Ss / && examples	{ sub(/^\.Ss (\\&)?/, ""); begin_session($0); next }
/^\.Bd -literal/	{ literal = examples; next }
/^\.Ed/			{ end_block(); next }
literal			{ line(from_mdoc($0)); next }

# A fence of another language is shown only, unless it is a file.
/^```./			{ console = $0 == "```console" || in_file != ""; fenced = 1; next }
/^```$/			{ end_block(); fenced = 0; next }
console			{ line($0); next }
fenced			{ next }
/^#+ /			{ sub(/^#+ /, ""); begin_session($0); next }

/^(\.\\"|<!--) (replay|file): / {
	sub(/ -->$/, "")
	if ($2 == "file:") {
		in_file = $3
		words = words " file=" $3
	} else {
		sub(/^[^:]*:/, "")
		words = words $0
	}
}
