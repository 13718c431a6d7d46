# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Run the sessions that the documents show, and compare what they print. In each of them eth0 is 192.0.2.1 here and
# 192.0.2.2 in the namespace `peer`, pass.o is a program that is not ours, web.pcap a capture
# of ARP and HTTP, and what a session leaves behind is removed with the test.

docs=${checkout:?set by helpers}/tests/docs

# session DOCUMENT TITLE: its lines.
session()
{
	awk -v title="$2" -f "$docs/sessions.awk" "$checkout/$1"
}

# sessions DOCUMENT: "TITLE: WORD..." for each.
sessions()
{
	awk -v list=1 -f "$docs/sessions.awk" "$checkout/$1"
}

# prepare DOCUMENT WORD...: what a session needs.
prepare()
{
	local document=$checkout/$1 word
	for word in "${@:2}"; do
		case $word in
		dispatcher) needs_dispatcher ;;
		single) needs_single_mode ;;
		features) needs_features ;;
		file=*) awk -v file="${word#file=}" -f "$docs/sessions.awk" "$document" >"$BATS_TEST_TMPDIR/${word#file=}" ;;
		ssh) export SSH_CONNECTION="192.0.2.2 50000 192.0.2.1 22" ;;
		*)
			echo "nobody knows what '$word' means in a session"
			return 1
			;;
		esac
	done
}

# As after make install. What uses a library with sanitizers needs them too.
pkg_config_finds_us()
{
	local sanitizers
	sanitizers=$(grep -oE -e '-fsanitize=[^ ]*' "$checkout/config.mk" | head -n 1) || true
	sed "s|@PREFIX@|$checkout|; s|@LIBDIR@|$checkout/lib|; s|@VERSION@|0|; s|@INCLUDEDIR@|$checkout/lib|; s|^Libs:.*|& $sanitizers|" \
		"$checkout/lib/libxdpaction.pc.in" >"$BATS_TEST_TMPDIR/libxdpaction.pc"
	export PKG_CONFIG_PATH=$BATS_TEST_TMPDIR LD_LIBRARY_PATH=$checkout/lib
}

# Newer kernels tell what a driver can do with XDP.
needs_features()
{
	make_pair w0 w1
	xdp-action --quiet load v0
	[[ $(xdp-action set REDIRECT --to w0 2>&1) != *"does not tell"* ]] ||
		skip "the running kernel does not tell what a driver can do"
	xdp-action --quiet unload v0
}

# A question and an answer of ARP, the three packets that open a connection to port 80, and one with data.
web_capture()
{
	local macs=020000000001020000000002 flags
	printf '%s 60\n' "${macs}08060001080006040001" "${macs}08060001080006040002"
	for flags in 02 12 10 18; do
		printf '%s 60\n' "${macs}0800450000280001000040060000c0000201c00002029c400050000000000000000050${flags}"
	done
}

# Type each command of a session (after "# ", "\" goes on), and print it with what it prints. In a shell of its own,
# whose jobs end with it. What a session waits for may take longer on a busy machine, so it sleeps two seconds more.
type_commands()
(
	local line command='' last=${!:-} jobs=()
	sleep()
	{
		command sleep $(($1 + 2))
	}
	cd "$BATS_TEST_TMPDIR" || return
	while IFS= read -r line; do
		if [ -z "$command" ]; then
			[[ $line == "# "* ]] || continue
			command=${line#"# "}
		else
			command+=$'\n'$line
		fi
		printf '%s\n' "$line"
		[[ $line != *\\ ]] || continue
		eval "$command" </dev/null 2>&1 3>&- || true
		[ "${!:-}" = "$last" ] || jobs+=("$!")
		last=${!:-}
		command=
	done
	[ ${#jobs[@]} -eq 0 ] || kill "${jobs[@]}" 2>/dev/null || true
)

# The documents show the dispatcher, but for the session that is about single mode.
as_here()
{
	if has_dispatcher || [[ " $* " == *" single "* ]]; then
		cat
	else
		sed -E -f "$docs/single_mode.sed"
	fi
}

normalized()
{
	sed -E -f "$docs/normalize.sed"
}

# replay DOCUMENT TITLE
replay()
{
	local lines=$BATS_TEST_TMPDIR/session words
	session "$1" "$2" >"$lines"
	[ -s "$lines" ] || { echo "$1 shows no session below '$2'"; return 1; }
	words=$(sessions "$1" | grep -F "$2:")
	read -ra words <<<"${words#"$2:"}"
	prepare "$1" "${words[@]}"
	pkg_config_finds_us
	make_pair eth0 eth0 192.0.2
	cp "$checkout/build/tests/tools/pass.bpf.o" "$BATS_TEST_TMPDIR/pass.o"
	web_capture | capture >"$BATS_TEST_TMPDIR/web.pcap"
	type_commands <"$lines" >"$lines.printed"
	diff -u --label "$1" --label "what it prints" <(as_here "${words[@]}" <"$lines" | normalized) \
		<(as_here "${words[@]}" <"$lines.printed" | normalized)
}
