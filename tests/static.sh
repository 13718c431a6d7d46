#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What the sources show: style, lint, headers, includes, licences. Speaks TAP; needs a built tree and no root.

set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/tap.bash
. tests/support/files.bash

files | grep -qx lib/xdpaction.h || { echo "Bail out! the files of the project were not found"; exit 1; }

c_files()
{
	files | grep -E '\.[ch]$'
}

shell_files()
{
	files | while read -r file; do
		case $file in
		*.sh | *.bash | *.bats) echo "$file" ;;
		*) ! head -n 1 "$file" | grep -qaE '^#!.*[/ ](sh|bash)$' || echo "$file" ;;
		esac
	done
}

test_format()
{
	need clang-format || return
	tests/format
}

# A line that ends in a string may be longer, since a message that is cut in two cannot be found.
test_columns()
{
	local file
	c_files | while read -r file; do
		expand "$file" | awk -v file="$file" 'length > 100 && !/"[),;:?]*( [:?|&]+)?$/ { print file ":" NR ": " length " columns" }'
	done | nothing
}

test_white_space()
{
	local file
	files | grep -vE '^LICENSES/|/corpus/' | while read -r file; do
		grep -nIE '[[:space:]]$|^ +	' "$file" | sed "s|^|$file:|"
		[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo "$file: the last line has no end"
	done | nothing
}

test_shellcheck()
{
	need shellcheck || return
	shell_files | grep -vE '\.(bats|bash)$' | xargs shellcheck -f gcc
	# It does not follow bats' load: variables come from elsewhere, go elsewhere, and live in one test. Commands
	# that fail end a test.
	shell_files | grep -E '\.(bats|bash)$' | xargs shellcheck -f gcc -e SC2154,SC2034,SC2030,SC2031,SC2164
}

test_clang_tidy()
{
	need clang-tidy || return
	# The analyzer's chatter about warnings in system headers goes to stderr.
	find lib xdp-action -name '*.c' >"$work/sources"
	# One word a line.
	# shellcheck disable=SC2046
	clang-tidy --quiet $(cat "$work/sources") -- -std=gnu11 -D_GNU_SOURCE= -Ilib -Ibpf -Ixdp-action 2>"$work/log" ||
		{ grep 'error:' "$work/log"; return 1; }
}

# Does header $1 compile on its own with the compiler and the options that follow?
compiles_alone()
{
	local header=$1
	shift
	echo "#include \"$header\"" | "$@" -Wall -Wextra -pedantic -Werror -Ilib -Ibpf -fsyntax-only -
}

test_header_c11()
{
	compiles_alone "$1" "$CC" -std=c11 -x c
}

test_header_cxx()
{
	need g++ || return
	compiles_alone "$1" g++ -std=c++11 -x c++
}

# The names that the files $1 include, one a line with the file.
includes()
{
	# A pattern, so it stands unquoted.
	# shellcheck disable=SC2086
	grep -noE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]*' $1 /dev/null
}

includes_below()
{
	find "$@" -name '*.[ch]' ! -name '*.skel.h' -print0 | xargs -0 grep -noE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]*' /dev/null
}

test_tool_includes()
{
	includes_below xdp-action | grep -E '["<](bpf/|xdp/|linux/bpf|.*skel\.h|xdp_action_maps\.h)' | nothing
}

# The table of CONTRIBUTING.md says what a folder may include, and only what is below it in the table.
test_rooms()
{
	includes_below bpf lib xdp-action >"$work/includes"
	awk -f tests/rooms.awk CONTRIBUTING.md "$work/includes" >"$work/wrong"
	nothing <"$work/wrong"
}

test_public_header_includes()
{
	includes lib/xdpaction.h | grep -vE '<std(arg|bool|def|int)\.h' | nothing
	includes bpf/xdp_action_maps.h | grep -vE '<linux/types\.h' | nothing
}

test_bpf_includes()
{
	c_files | grep -v '\.bpf\.[ch]$' | xargs grep -nE 'vmlinux\.h|bpf/bpf_(helpers|core_read|tracing|endian)\.h' | nothing
}

licence_of()
{
	case $1 in
	bpf/*.bpf.[ch]) echo GPL-2.0-only ;;
	bpf/*.h | lib/*.[ch] | lib/*.map | lib/*.in) echo "LGPL-2.1-only OR BSD-2-Clause" ;;
	*) echo GPL-2.0-only ;;
	esac
}

# Files that have no place for a licence and a holder have them in .reuse/dep5.
# REUSE-IgnoreStart
test_licences()
{
	local file line licence
	files | grep -vE '\.(md|json|txt|tap|svg|cast)$|^LICENSES/|^\.reuse/|^packaging/debian/(changelog|copyright|source/format|.*\.install)$|^\.gitignore$|/corpus/' | while read -r file; do
		line=1
		! head -n 1 "$file" | grep -q '^#[!]\|^#compdef' || line=2
		licence=$(licence_of "$file")
		sed -n "${line}p" "$file" | grep -qE "SPDX-License-Identifier: $licence( \*/)?$" ||
			echo "$file:$line: no 'SPDX-License-Identifier: $licence'"
		sed -n "$((line + 1))p" "$file" | grep -qE "SPDX-FileCopyrightText: 20[0-9]{2} the xdp-action authors( \*/)?$" ||
			echo "$file:$((line + 1)): no 'SPDX-FileCopyrightText: YEAR the xdp-action authors'"
	done | nothing
	for file in $(files | xargs grep -hoaE 'SPDX-License-Identifier: [A-Za-z0-9. -]*' | sed 's/.*: //; s/ OR / /g' |
		tr ' ' '\n' | grep -E '^[A-Z].*[0-9]' | sort -u); do
		[ -e "LICENSES/$file.txt" ] || echo "LICENSES/$file.txt is not there"
	done | nothing
}
# REUSE-IgnoreEnd

# In a copy, where nothing is that was built.
test_reuse()
{
	need reuse || return
	mkdir "$work/reuse"
	files | tar --create --files-from=- | tar --extract --directory="$work/reuse"
	(cd "$work/reuse" && reuse lint)
}

# The brackets keep this file from finding itself.
test_no_leftovers()
{
	files | xargs grep -nIwE 'TOD[O]|FIXM[E]|XX[X]|HAC[K]' | nothing
}

test_no_build_paths()
{
	files | grep -v '^LICENSES/' | xargs grep -nIE '(^|[^A-Za-z0-9_.$}])/(wor[k]|roo[t]|hom[e])/' | nothing
	strings xdp-action/xdp-action bpf/xdp_action.o lib/libxdpaction.so | grep -F "$PWD/" | nothing
}

test_manual()
{
	need mandoc || return
	# The examples come early, before the details.
	mandoc -T lint -W warning man/*.[1-8] | grep -v 'sections out of conventional order: Sh ENVIRONMENT$' | nothing
}

test_completion()
{
	need "$1" || return
	"$1" -n xdp-action/completion/*."$1"
}

# A suite that was renamed is slow under its new name too.
test_order()
{
	local slowest
	slowest=$(sed -n '/^slowest=(/,/)$/p' tests/run | tr -d '()' | sed 's/^slowest=//' | xargs -n 1)
	[ "$slowest" ] || { echo "tests/run names no slow suites"; return 1; }
	diff -u --label slowest --label tests/run <(cat <<<"$slowest") <(tests/run --list | grep -xF "$slowest")
}

check "C files are as .clang-format says" test_format
check "C lines have at most 100 columns" test_columns
check "no white space at the end of a line, no space before a tab, no line without an end" test_white_space
check "shellcheck finds nothing in the shell scripts" test_shellcheck
check "clang-tidy finds nothing in lib/ and xdp-action/" test_clang_tidy
check "the public header compiles alone as C11" test_header_c11 xdpaction.h
check "the public header compiles alone as C++" test_header_cxx xdpaction.h
check "the shared header compiles alone as C11" test_header_c11 xdp_action_maps.h
check "the shared header compiles alone as C++" test_header_cxx xdp_action_maps.h
check "the tool includes of the library only its public header" test_tool_includes
check "the folders include what the table of CONTRIBUTING.md lets them" test_rooms
check "the installed headers include nothing but standard headers" test_public_header_includes
check "only BPF programs include what is for BPF programs" test_bpf_includes
check "each file names its licence and its holder in its first lines, and the texts are there" test_licences
check "reuse finds a licence and a holder for every file" test_reuse
check "nothing is left to be done in a comment" test_no_leftovers
check "no path of the build machine is in a file or in what is built" test_no_build_paths
check "mandoc finds nothing in the manual pages" test_manual
for shell in bash zsh fish; do
	check "the completion for $shell is valid" test_completion "$shell"
done
check "tests/run starts the suites first that it says are the slowest" test_order
finish
