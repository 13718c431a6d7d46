# SPDX-License-Identifier: GPL-2.0-only
#
# The sessions that a document shows, as a shell prints them: the literal blocks below EXAMPLES of a manual page,
# the ```console blocks of a Markdown file. All blocks below one heading are one session.
#
#	awk -v list=1 -f sessions.awk DOCUMENT		TITLE: WORD... for each session
#	awk -v title=TITLE -f sessions.awk DOCUMENT	the lines of one session
#
# The words are what a session needs. They stand in a comment between the heading and the block:
#	.\" replay: dispatcher ssh
#	<!-- replay: dispatcher ssh -->

function begin_session(name)
{
	heading = name
	words = ""
	shown = 0
}

function line(text)
{
	if (list && !shown)
		print heading ":" words
	if (!list && heading == title)
		print text
	shown = 1
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
/^\.Ss / && examples	{ sub(/^\.Ss /, ""); begin_session($0); next }
/^\.Bd -literal/	{ literal = examples; next }
/^\.Ed/			{ literal = 0; next }
literal			{ line(from_mdoc($0)); next }

/^```console$/		{ console = 1; next }
/^```/			{ console = 0; other = !other && $0 != "```"; next }
console			{ line($0); next }
/^#+ / && !other	{ sub(/^#+ /, ""); begin_session($0); next }

/^(\.\\"|<!--) replay: / {
	sub(/^(\.\\"|<!--) replay:/, "")
	sub(/ -->$/, "")
	words = $0
}
