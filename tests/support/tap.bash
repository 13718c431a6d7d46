# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# For suites that are shell scripts: a test is a function, and its failure message is what it prints.

unset MAKEFLAGS MFLAGS MAKELEVEL
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

CC=$(sed -n 's/^CC = //p' config.mk)
PKG_CONFIG=$(sed -n 's/^PKG_CONFIG = //p' config.mk)
HARDENING=$(sed -n 's/^HARDENING =//p' config.mk)
export CC PKG_CONFIG HARDENING

# A test that cannot be made says why and returns this.
SKIP=77
need()
{
	command -v "$1" >/dev/null && return
	echo "$1 is not installed"
	return "$SKIP"
}

# Succeeds when nothing comes in; what does come in is what is wrong.
nothing()
{
	! grep . >&2
}

number=0
status=0
# Make the test $2 with the arguments that follow, and report it as $1. The first command of it that fails ends it.
check()
{
	local text=$1
	shift
	number=$((number + 1))
	# Not in a list with ||, where the shell would ignore -e.
	(set -e; "$@") >"$work/output" 2>&1 </dev/null
	case $? in
	0) echo "ok $number - $text" ;;
	"$SKIP") echo "ok $number - $text # SKIP $(tail -n 1 "$work/output")" ;;
	*)
		echo "not ok $number - $text"
		sed 's/^/# /' "$work/output"
		status=1
		;;
	esac
}

# Run a program that speaks TAP, as a part of a larger suite: its numbers go on from those before it.
part()
{
	"$@" >"$work/tap" 2>&1 </dev/null || status=1
	awk -v number="$number" -v part="${*##*/}" '
		/^1\.\.[0-9]/ { planned = substr($1, 4); next }
		/^(not )?ok / { sub(/[0-9]+/, ++number); results++ }
		{ print }
		END {
			if (results + 0 != planned || !planned)
				print "not ok " ++number " - " part " gave " results + 0 " of " planned + 0 " results"
			print number >count
		}' count="$work/count" "$work/tap"
	number=$(<"$work/count")
}

finish()
{
	echo "1..$number"
	exit $status
}
