# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The declarations that libxdpaction.3 shows, as C.

function plain(text)
{
	gsub(/" "/, ", ", text)
	gsub(/"/, "", text)
	return text
}

/^\.Sh /		{ section = $2 }
section == "SYNOPSIS" && sub(/^\.Ft /, "")	{ type = plain($0); next }
section == "SYNOPSIS" && sub(/^\.Fn /, "")	{ name = $1; sub(/^[^ ]* /, ""); print type " " name "(" plain($0) ");"; next }
section == "SYNOPSIS" && sub(/^\.Fo /, "")	{ name = $0; arguments = ""; next }
section == "SYNOPSIS" && sub(/^\.Fa /, "")	{ arguments = arguments (arguments == "" ? "" : ", ") plain($0); next }
section == "SYNOPSIS" && /^\.Fc/		{ print type " " name "(" arguments ");"; next }

/^\.Bd -literal/	{ literal = section == "DESCRIPTION"; next }
/^\.Ed/			{ literal = 0 }
literal			{ print }
