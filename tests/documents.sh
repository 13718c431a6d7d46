#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# The documents name all that there is, and nothing else. Speaks TAP; needs a built tree and no root. What they show
# of the tool at work is for docs.bats.

set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/tap.bash

tool=xdp-action/xdp-action
manual=man/xdp-action.8
library=man/libxdpaction.3
readme=README.md
pages=("$readme" docs/*.md)
mapfile -t sources < <(find lib xdp-action -name '*.c')

# same NAME NAME TEXT TEXT: the same lines in any order.
same()
{
	[ -n "$3" ] && diff -u --label "$1" --label "$2" <(sort -u <<<"$3") <(sort -u <<<"$4")
}

commands()
{
	$tool help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# A manual page as text, in one line.
text_of()
{
	mandoc -T ascii "$1" | col -bx | tr -s ' \n' ' '
}

test_commands()
{
	same help "$manual" "$(commands)" \
		"$(sed -n '/^\.Sh COMMANDS/,/^\.Ss Options/s/^\.Ss \([a-z]*\)$/\1/p' "$manual")"
}

test_options()
{
	local help
	help=$(for command in $(commands); do $tool help "$command"; echo; done)
	same help "$manual" "$(awk -f tests/docs/help.awk <<<"$help")" "$(awk -f tests/docs/manual.awk "$manual")"
}

# Every line of the manual pages, declarations and examples too, fits a terminal of 80 columns.
test_width()
{
	need mandoc || return
	local page
	for page in man/*.[1-8]; do
		mandoc -T ascii -O width=80 "$page" | col -bx | awk -v page="$page" 'length > 80 { print page ": " $0 }'
	done | nothing
}

# What getenv gets: a string, or a macro that is one.
variables()
{
	local name
	grep -ohE 'getenv\("?[A-Z_]+"?\)' "${sources[@]}" | sed 's/getenv(//; s/)//' | while read -r name; do
		case $name in
		\"*) echo "$name" ;;
		*) sed -n "s/^#define $name \(\".*\"\)/\1/p" "${sources[@]}" ;;
		esac
	done | tr -d '"'
	# libxdp reads this one itself.
	echo LIBXDP_OBJECT_PATH
}

test_environment()
{
	same sources "$manual" "$(variables)" "$(sed -n 's/^\.It Ev //p' "$manual")"
}

# The statements of a C file, one a line, without comments and preprocessor.
statements()
{
	$CC -fpreprocessed -dD -E -P -x c - | grep -v '^#' | tr '\n\t' '  ' |
		sed -E 's/extern "C" \{//; s/ +/ /g; s/\* /*/g; s/([{(]) | ([})])/\1\2/g; s/(\)|\}|struct xdpaction(_change|_lease|_matcher|_watch)?);/\1;\n/g' |
		sed -E 's/^ //; /^\}? ?$/d; /^struct xdpaction(_change|_lease|_matcher|_watch)?;$/d'
}

test_declarations()
{
	same xdpaction.h "$library" "$(statements <lib/xdpaction.h)" \
		"$(awk -f tests/docs/declarations.awk "$library" | statements)"
}

constants()
{
	grep -oE '\<XDPACTION_[A-Z0-9_]+' "$1" | grep -vx XDPACTION_H
}

test_constants()
{
	same xdpaction.h "$library" "$(constants lib/xdpaction.h)" "$(constants "$library")"
}

errors()
{
	grep -oE '(-|Er )E[A-Z0-9]{2,}\>' "$1" | sed -E 's/-|Er //'
}

test_errors()
{
	same xdpaction.h "$library" "$(errors lib/xdpaction.h)" "$(errors "$library")"
}

# The sentences that matter most, in each place where somebody would look for them.
test_budget_with_probability()
{
	need mandoc || return
	$tool help set | grep -qF 'With -p, -c counts the packets that got VERDICT.' || { echo "not in help"; return 1; }
	text_of "$manual" | grep -qF 'When it stands with -p, it counts the packets that got VERDICT' ||
		{ echo "not in $manual"; return 1; }
	# The back quotes are Markdown's.
	# shellcheck disable=SC2016
	grep -qF 'With `-p`, `-c` counts the packets that got the verdict' "${pages[@]}" || { echo "not in ${pages[*]}"; return 1; }
}

test_clock()
{
	need mandoc || return
	local page
	for page in "$manual" "$library"; do
		text_of "$page" | grep -qE 'CLOCK_BOOTTIME:.{0,60}suspend counts' || { echo "not in $page"; return 1; }
	done
	grep -qE 'CLOCK_BOOTTIME.*in suspend counts' "${pages[@]}" || { echo "not in ${pages[*]}"; return 1; }
}

# The lines of the blocks of $1, a language, in the pages.
blocks()
{
	awk -v fence="\`\`\`$1" '$0 == "```" { inside = 0 } inside; $0 == fence { inside = 1 }' "${pages[@]}"
}

# A message is a format of the sources, but for its numbers.
test_quoted_messages()
{
	local line pattern
	blocks text | grep . >/dev/null || { echo "there are none"; return 1; }
	blocks text | while IFS= read -r line; do
		line=${line#"xdp-action: eth0: "}
		line=${line#"  "}
		pattern=$(sed -E 's/[]().*^$?+[]/./g; s/[0-9]+(\.[0-9]+)*/([0-9.]+|%[a-z]+)/g' <<<"$line")
		grep -qE "\"(%s: )?$pattern\"" "${sources[@]}" || echo "not in the sources: $line"
	done | nothing
}

# The headings of the page $1, as links name them.
anchors()
{
	sed -n 's/^#\+ //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9\n-'
}

test_links()
{
	local page link target
	for page in *.md docs/*.md; do
		grep -oE '\]\([^)]*\)' "$page" | sed 's/^](//; s/)$//' | while read -r link; do
			[[ $link != https://* ]] || continue
			target=$(dirname "$page")/${link%%#*}
			[ "${link%%#*}" ] || target=$page
			[ -e "$target" ] || { echo "$page: $link is not there"; continue; }
			[[ $link != *'#'* ]] || anchors "$target" | grep -qxF -e "${link#*'#'}" || echo "$page: no heading for $link"
		done
	done | nothing
}

# Each page can be reached from the README, which is short.
test_readme()
{
	local page
	[ "$(wc -l <"$readme")" -le 250 ] || { echo "$readme has more than 250 lines"; return 1; }
	for page in docs/*.md; do
		grep -qF "($page)" "$readme" || echo "$readme has no link to $page"
	done | nothing
}

test_first_commands()
{
	local line
	for line in "--install-deps && sudo make demo" "--install-deps=check && sudo make check"; do
		grep -qxF -e "    sudo ./configure $line" "$readme" || { echo "'$line' is not in $readme as it should be typed"; return 1; }
	done
	./configure --help | grep -q -e '--install-deps' || { echo "configure has no --install-deps"; return 1; }
	sed -nE '/^    |`/s/.*\<make ([a-z-]+).*/\1/p' "$readme" | while read -r target; do
		sed -n 's/^\.PHONY://p' Makefile | grep -qw -e "$target" || echo "make has no target '$target'"
	done | nothing
}

test_page_options()
{
	local option all
	all=$(for command in $(commands); do $tool help "$command"; done; ./configure --help)
	grep -ohE '`--?[a-z-]+\>' "${pages[@]}" | tr -d '`' | sort -u | while read -r option; do
		# That is node_exporter's.
		[[ $option == --collector* ]] || grep -qE -e "(^| )$option(,| )" <<<"$all" || echo "nothing has $option"
	done | nothing
}

# The units of the pages, each the block behind the path of its file, into $1. They start what README.md installs.
units()
{
	local prefix
	prefix=$(sed -n 's|^ *\./configure --prefix \(/[^ ]*\) .*|\1|p' README.md)
	[ "$prefix" ] || { echo "README.md installs nothing"; return 1; }
	awk -v to="$1" 'match($0, /`\/etc\/systemd\/system\/[^`\/]*`/) {
			unit = substr($0, RSTART, RLENGTH - 1)
			sub(/.*\//, "", unit)
		}
		/^```$/ { inside = 0; unit = "" }
		inside && unit { print >(to "/" unit) }
		/^```ini$/ { inside = 1 }' "${pages[@]}"
	sed -i "s|=$prefix/sbin/xdp-action|=$PWD/$tool|" "$1"/*
}

test_units()
{
	need systemd-analyze || return
	mkdir "$work/units" && units "$work/units" || return
	[ "$(find "$work/units" -type f | wc -l)" -eq 3 ] || { echo "three units were expected:"; ls "$work/units"; return 1; }
	SYSTEMD_LOG_LEVEL=warning systemd-analyze verify "$work/units"/* 2>&1 | grep xdp-action | nothing
}

# The lines of the configuration that are no comment.
defaults()
{
	grep -E '^[A-Z]+=' systemd/interface.conf
}

test_boot_defaults()
{
	local line
	same systemd/interface.conf "${pages[*]}" "$(defaults)" "$(blocks sh)"
	defaults | while read -r line; do
		grep -qF -e "$line" "$manual" || echo "$line is not in $manual"
		grep '^Environment=' systemd/xdp-action@.service.in | grep -qw -e "$line" || echo "$line is not in the unit"
	done | nothing
}

test_pictures()
{
	need python3 || return
	local file
	docs/pictures/draw "$work" || return
	for file in docs/pictures/*.svg docs/performance.md; do
		cmp -s "$file" "$work/${file##*/}" || echo "make docs makes another $file"
	done | nothing
}

# The labels that a file of alerts or a dashboard names, but for those that Prometheus and node_exporter add.
labels()
{
	# The dollar is a template's.
	# shellcheck disable=SC2016
	grep -oE '\{\{ ?(\$labels\.)?[a-z_]+ ?\}\}|\<[a-z_]+(=~|!=|=)\\?"' "$1" | sed -E 's/\$labels\.//; s/[^a-z_]//g' |
		grep -vxE 'instance|file|else|end' | sort -u
}

# What alerts and dashboards ask for.
test_metrics()
{
	local file name
	for file in packaging/prometheus/*.rules.yml packaging/grafana/*.json; do
		grep -oE '\<xdp_action_[a-z_]+' "$file" | sort -u | grep . >"$work/metrics" || { echo "$file has no metric"; return 1; }
		while read -r name; do
			grep -qF "\"$name\"" xdp-action/forms/prometheus.c || echo "$file: there is no metric $name"
		done <"$work/metrics"
		labels "$file" | grep . >"$work/labels" || { echo "$file has no label"; return 1; }
		while read -r name; do
			grep -qE "[\",]$name(\"|=)" xdp-action/forms/prometheus.c || echo "$file: there is no label $name"
		done <"$work/labels"
	done | nothing
}

test_dashboard()
{
	need python3 || return
	python3 -m json.tool packaging/grafana/xdp-action.json >/dev/null
}

# pkg-config's names of the libraries that configure looks for.
test_package_dependencies()
{
	local name version debian fedora
	sed -n 's/^probe_library //p' configure | grep . >"$work/libraries" || { echo "configure looks for none"; return 1; }
	while read -r name version debian fedora; do
		grep -qwF "pkgconfig($name)" packaging/rpm/xdp-action.spec || echo "$name $version ($fedora) is not in the spec"
		sed '/^Package:/,$d' packaging/debian/control | grep -qwF -e "$debian" || echo "$debian is not in debian/control"
	done <"$work/libraries" | nothing
}

test_package_versions()
{
	local version
	version=$(xdp-action/xdp-action --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
	grep -qx "Version: *$version" packaging/rpm/xdp-action.spec || { echo "the spec is not of $version"; return 1; }
	head -n 1 packaging/debian/changelog | grep -qF "($version-" || { echo "debian/changelog is not of $version"; return 1; }
}

check "help and the manual page have the same commands" test_commands
check "help and the manual page have the same options for each" test_options
check "the manual pages fit 80 columns" test_width
check "the manual page has the environment variables that the sources read" test_environment
check "the header and libxdpaction(3) declare the same" test_declarations
check "the header and libxdpaction(3) have the same constants" test_constants
check "the header and libxdpaction(3) name the same errors" test_errors
check "help, manual page and guide say what -c counts with -p" test_budget_with_probability
check "manual pages and guide say that the time in suspend counts" test_clock
check "the messages that the pages only quote are in the sources" test_quoted_messages
check "what the pages link to is there" test_links
check "the README is short, and links to each page" test_readme
check "the commands that the README begins with are there" test_first_commands
check "the options that the pages name are there" test_page_options
check "the defaults at boot are the same in the unit and in the documents" test_boot_defaults
check "systemd takes the units of the pages" test_units
check "the pictures and tables are what make docs makes" test_pictures
check "alerts and dashboards ask for metrics and labels that there are" test_metrics
check "the dashboard is JSON" test_dashboard
check "the packages are built with the libraries that configure looks for" test_package_dependencies
check "the packages have the version of the header" test_package_versions
finish
