# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# usage: awk -f tests/rooms.awk CONTRIBUTING.md INCLUDES
#
# Hold includes, "FILE:LINE:#include <NAME", against the table of folders, and the table against its own order. Print
# what is not as the table has it. A folder is called by its name below lib/ or xdp-action/.

BEGIN { FS = "|" }

# "a/b/c.h" is in "a/b/".
function folder_of(path)
{
	sub(/[^\/]*$/, "", path)
	return path
}

function top_of(path)
{
	sub(/\/.*/, "/", path)
	return path
}

function exists(path,    line, found)
{
	found = (getline line <path) >= 0
	close(path)
	return found
}

# The library that a header in angle brackets belongs to; "" for the system's.
function library_of(name)
{
	if (name ~ /^bpf\//)
		return "libbpf"
	if (name ~ /^xdp\//)
		return "libxdp"
	if (name ~ /^libmnl\//)
		return "libmnl"
	if (name ~ /^pcap/)
		return "libpcap"
	if (name ~ /^jansson/)
		return "jansson"
	return ""
}

# Whether a file in a folder may include "name".
function may_include(folder, name,    room, parts)
{
	if (name ~ /\//) {
		room = folder_of(name)
		split(name, parts, "/")
		return parts[2] == parts[1] ".h" && (top_of(folder) room == folder || (folder, room) in allowed)
	}
	if (name ~ /\.skel\.h$/)
		return (folder, "skeletons") in allowed
	if (folder ~ /^lib\// && name == "context.h")
		return 1
	return (folder, name) in allowed || exists(folder name)
}

function check_order(    pair, words)
{
	for (pair in allowed) {
		split(pair, words, SUBSEP)
		if (words[2] ~ /\/$/ && place[top_of(words[1]) words[2]] <= place[words[1]])
			print "CONTRIBUTING.md: " words[1] " may include " words[2] ", which is not below it"
	}
}

FNR == NR {
	if ($2 !~ /^ `(bpf|lib|xdp-action)\/[a-z\/]*` $/)
		next
	gsub(/[ `]/, "", $2)
	gsub(/[ `]/, "", $4)
	place[$2] = FNR
	count = split($4, words, ",")
	for (i = 1; i <= count; i++)
		allowed[$2, words[i]] = 1
	next
}

FNR == 1 { check_order() }

{
	split($0, parts, ":")
	folder = folder_of(parts[1])
	name = parts[3]
	sub(/.*["<]/, "", name)
	library = library_of(name)
	if (!(folder in place))
		print parts[1] ": the table of CONTRIBUTING.md has no line for its folder"
	else if (parts[3] ~ /"/ && !may_include(folder, name))
		print parts[1] ":" parts[2] ": may not include " name
	else if (parts[3] ~ /</ && library && !((folder, library) in allowed))
		print parts[1] ":" parts[2] ": may not include " name
}
