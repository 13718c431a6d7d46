# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Judge the TAP of one suite: prints what failed, with what the suite said about it, and what was skipped, with
# the reason. Variables: suite, status (its exit status), limit and seconds (what it may take and took), counts
# (a file that gets "PASSED FAILED SKIPPED").

function failure(text)
{
	failed++
	print "  not ok: " text
}

function skip(text)
{
	skipped++
	print "  skipped: " text
}

/^1\.\.[0-9]+/ {
	plans++
	planned = substr($1, 4) + 0
	if (planned == 0 && match($0, /# *[Ss][Kk][Ii][Pp][^ ]* */)) {
		skip(suite ": " substr($0, RSTART + RLENGTH))
		whole = 1
	}
	next
}

/^(not )?ok([ \t]|$)/ {
	results++
	about = /^not/
	text = $0
	sub(/^(not )?ok[ \t]*[0-9]*[ \t]*(- )?/, "", text)
	if (about)
		failure(text)
	else if (match(text, /# *[Ss][Kk][Ii][Pp][^ ]* */))
		skip(substr(text, 1, RSTART - 1) "- " substr(text, RSTART + RLENGTH))
	else
		passed++
	next
}

/^Bail out!/ {
	failure($0)
	about = 1
	next
}

# A diagnostic belongs to the result before it.
about || !/^#/ {
	print "    " $0
}

END {
	if (status == 124 || status == 137)
		failure("not done within " limit " s")
	else if (plans != 1)
		failure("the suite gave no plan (exit status " status ")")
	else if (results != planned)
		failure(planned " tests were planned, " results + 0 " gave a result (exit status " status ")")
	else if (status != 0 && !failed)
		failure("no test failed, but the exit status is " status)
	else if (!results && !whole)
		failure("the suite has no test")
	printf "%s: %d passed, %d failed, %d skipped, %d s\n", suite, passed, failed, skipped, seconds
	print passed + 0, failed + 0, skipped + 0 >counts
}
