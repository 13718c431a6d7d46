#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Odd and hostile input: on the command line, in the bpffs, in maps, in the environment.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

impostor=$checkout/build/tests/faults/impostor

# A value for each way to be wrong.
bad_values=('' ' ' '-1' '0x10' '1e3' '99999999999999999999999999' '%s%s%n' '../../etc/passwd' '/dev/null' '*'
	"'" '"' "\$(id)" $'\xff\xfe' $'\e[31mred' 'ä' '٣' "$(printf 'x%.0s' {1..5000})")

@test "values: what is wrong is refused with exit status 2, and nothing is changed" {
	natively "the command line is read before anything is asked of the kernel"
	run_ok xdp-action load v0
	local option value
	for option in -p -c -t --then --otherwise --match --except; do
		for value in "${bad_values[@]}"; do
			run_fail 2 xdp-action set DROP "$option" "$value" v0
		done
	done
	for value in "${bad_values[@]}"; do
		run_fail 2 xdp-action set "$value" v0
		run_fail 2 xdp-action load -P "$value" v0
		run_fail 2 xdp-action load -m "$value" v0
		run_fail 2 xdp-action load -a "$value" v0
		run_fail 2 xdp-action poll -i "$value" v0
		run_fail 2 xdp-action poll -n "$value" v0
		run_fail 2 xdp-action "$value" v0
	done
	is "$(field v0 setting/verdict)" pass
	chain_is v0 "$(alone)"
}

@test "targets and namespaces: what is wrong is refused, and harms no terminal" {
	natively "the command line is read before anything is asked of the kernel"
	run_ok xdp-action load v0
	local value
	cd "$BATS_TEST_TMPDIR"
	for value in "${bad_values[@]}"; do
		attempt xdp-action set REDIRECT --force --to "$value" v0
		[[ $status = [12] && -n $error ]] || explain "it should be refused"
		says_not $'\e'
		attempt xdp-action -N "$value" set DROP v0
		[[ $status = [12] && -n $error ]] || explain "it should be refused"
		says_not $'\e'
	done
	is "$(field v0 setting/verdict)" pass
}

@test "messages: a bad value is quoted, cut short where it is long, and printed as no terminal obeys it" {
	natively "the command line is read before anything is asked of the kernel"
	run_fail 2 xdp-action set DROP -p '%s%s%n' v0
	complains "'%s%s%n'"
	run_fail 2 xdp-action set DROP -p $'\e[31mred' v0
	complains '[31mred'
	says_not $'\e'
	run_fail 2 xdp-action set DROP -p $'\xff\xfe' v0
	iconv -f UTF-8 -t UTF-8 <<<"$error" >/dev/null
	run_fail 2 xdp-action set DROP -p "$(printf 'x%.0s' {1..5000})" v0
	between "${#error}" 1 1000 "length of the message"
	complains xxxxxxxx
}

@test "names: what no interface can be called is refused, and what could be is not there" {
	natively "the command line is read before anything is asked of the kernel"
	local name
	for name in '' . .. a/b 'a b' a:b ../v0 $'a\tb' sixteen-bytes-xx; do
		run_fail 2 xdp-action load "$name"
		run_fail 2 xdp-action set DROP --force "$name"
		run_fail 2 xdp-action status "$name"
		run_fail 2 xdp-action unload "$name"
	done
	for name in '*' '%s%n' $'\xff' "\$(id)" "'" '"' ';reboot'; do
		run_fail 1 xdp-action load "$name"
		run_fail 1 xdp-action set DROP --force "$name"
		run_fail 1 xdp-action status "$name"
		run_fail 1 xdp-action unload "$name"
	done
	nothing_pinned
}

@test "names: an interface with an odd name is one as any other, and does no harm to a terminal or to JSON" {
	natively "a dispatcher knows no names of interfaces"
	local name names=('*' "a'b\"c" 'x.y.z' $'\e[31mred' 'ünï' $'\xff\xfe' "\$(id)" -)
	for name in "${names[@]}"; do
		ip link add name "$name" group "$group" type veth peer name other
		run_ok xdp-action load -m skb -- "$name"
		says_not $'\e'
		run_ok xdp-action set DROP --force -- "$name"
		run_ok xdp-action status -- "$name"
		says_not $'\e'
		run_ok xdp-action status -j -- "$name"
		says_not $'\e'
		jq -e '.instances[0].setting.verdict == "drop"' <<<"$output"
		run_ok xdp-action metrics -- "$name"
		run_ok xdp-action unload -- "$name"
		ip link del dev "$name"
	done
	nothing_pinned
}

@test "a hundred interfaces on a command line, in the VM twenty" {
	local names=() pairs=50 i
	[ -z "${QUICK_BATS:-}" ] || pairs=10
	# The limit of the test has to do.
	limited=()
	for ((i = 0; i < pairs; i++)); do
		names+=("m$i" "n$i")
	done
	for ((i = 0; i < pairs; i++)); do
		echo "link add m$i group $group type veth peer name n$i"
	done | ip -batch -
	run_ok xdp-action load -m skb "${names[@]}"
	run_ok xdp-action set DROP --force "${names[@]}"
	run_ok xdp-action status -j
	is "$(jq '.instances | length' <<<"$output")" $((2 * pairs))
	run_ok xdp-action unload --all
	nothing_pinned
}

# ---- the bpffs ----

# The tool refuses to work with what is in its place, names it, and touches nothing.
refused_for()
{
	run_fail 1 xdp-action load v0
	complains "$@"
	is "$(attached_id v0)" 0 "the program on v0"
}

@test "bpffs: a symlink in the place of the directory is not followed" {
	mkdir -p "$bpffs/xdp" "$bpffs/trap"
	ln -s "$bpffs/trap" "$pins"
	refused_for "$pins"
	is "$(listing "$bpffs/trap")" ""
	rm "$pins"
	run_ok xdp-action load v0
}

@test "bpffs: a file in the place of the directory" {
	mkdir -p "$bpffs/xdp"
	bpftool map create "$pins" type array key 4 value 4 entries 1 name trap
	refused_for "$pins"
	rm "$pins"
	run_ok xdp-action load v0
}

@test "bpffs: a directory of another user, or one that others may write to, is not trusted" {
	mkdir -m 700 "$bpffs/xdp" "$pins"
	chown 1234 "$pins"
	refused_for "$pins" 1234
	chown 0 "$pins"
	chmod 777 "$pins"
	refused_for "$pins" 0777
	chmod 700 "$pins"
	run_ok xdp-action load v0
}

@test "bpffs: neither is the directory above it" {
	mkdir -m 700 "$bpffs/xdp"
	chown 1234 "$bpffs/xdp"
	refused_for "$bpffs/xdp" 1234
	chown 0 "$bpffs/xdp"
	chmod 777 "$bpffs/xdp"
	refused_for "$bpffs/xdp" 0777
	rmdir "$bpffs/xdp"
	mkdir -m 700 "$bpffs/trap"
	ln -s trap "$bpffs/xdp"
	chown -h 1234 "$bpffs/xdp"
	refused_for "$bpffs/xdp" 1234
	is "$(listing "$bpffs/trap")" ""
	chown -h 0 "$bpffs/xdp"
	run_ok xdp-action load v0
}

@test "bpffs: what is in the place of the pins of an interface is not taken over" {
	local dir
	dir=$pins/$(stat -Lc %i /proc/self/ns/net)-$(cat /sys/class/net/v0/ifindex)
	mkdir -m 700 "$bpffs/xdp" "$pins" "$dir"
	bpftool map create "$dir/action" type array key 4 value 11056 entries 1 name .data.action
	mkdir "$dir/surprise"
	refused_for "$dir"
	[ -e "$dir/surprise" ]
	rmdir "$dir/surprise"
	run_ok xdp-action load v0
	run_ok xdp-action set DROP v0
	blocked
}

# ---- maps ----

@test "maps: a program of our name whose data is not ours is no instance, and stays" {
	local id
	"$impostor" v0 type
	id=$(attached_id v0)
	run_fail 1 xdp-action status v0
	complains "not loaded"
	run_fail 1 xdp-action set DROP v0
	run_fail 1 xdp-action unload v0
	run_fail 1 xdp-action load v0
	is "$(attached_id v0)" "$id"
}

@test "maps: data of another size, form or version is refused, never trusted" {
	local kind id map before
	for kind in small large entries unmappable magic version; do
		"$impostor" v0 $kind
		id=$(attached_id v0)
		map=$(bpftool -j prog show id "$id" | jq '.map_ids[0]')
		before=$(bpftool map dump id "$map" | cksum)
		run_ok xdp-action status -j v0
		is "$(jq -c '[.instances[0].setting, .instances[0].problems[].kind]' <<<"$output")" \
			'[null,"pins-missing","version"]' "status of $kind"
		run_fail 1 xdp-action set DROP v0
		complains version
		is "$(attached_id v0)" "$id" "the program of $kind"
		is "$(bpftool map dump id "$map" | cksum)" "$before" "the map of $kind"
		run_ok xdp-action unload v0
		is "$(attached_id v0)" 0
		nothing_pinned
	done
}

@test "maps: garbage is told as what the program makes of it, and a set puts it right" {
	"$impostor" v0 garbage
	run_ok xdp-action status v0
	says ABORTED
	run_ok xdp-action set DROP v0
	is "$(field v0 setting/verdict)" drop
}

@test "maps: counters and targets of another form are refused" {
	local kind
	for kind in counters no-counters; do
		"$impostor" v0 $kind
		run_fail 1 xdp-action status v0
		complains counters
		run_ok xdp-action unload v0
	done
	make_pair w0 w1
	packets gro peer:w1 on
	"$impostor" v0 no-targets
	run_fail 1 xdp-action set REDIRECT --to w0 --force v0
	is "$(field v0 setting/verdict)" pass
	run_ok xdp-action unload v0
	# What cannot be read is nowhere read, as a value that is wider than the place for it.
	for kind in targets wide-targets; do
		"$impostor" v0 $kind
		run_fail 1 xdp-action set REDIRECT --to w0 --force v0
		complains version
		is "$(field v0 setting)" null
		run_ok xdp-action metrics v0
		run_ok xdp-action poll -n 1 -i 10 v0
		run_ok xdp-action unload v0
	done
}

@test "maps: a deadline that has passed to the program has passed" {
	"$impostor" v0 gate
	is "$(field v0 setting/verdict setting/base)" "pass null"
}

@test "maps: a match that is nowhere, of another form or garbled is told as what the program makes of it" {
	"$impostor" v0 lost-match
	run_ok xdp-action status v0
	says "setting  ABORTED"
	run_fail 1 xdp-action set DROP --match arp --force v0
	complains "no map for matches"
	run_ok xdp-action set DROP v0
	is "$(field v0 setting/verdict)" drop
	run_ok xdp-action unload v0
	"$impostor" v0 small-matches
	run_fail 1 xdp-action status v0
	complains "the map of matches has an unknown form"
	run_fail 1 xdp-action set DROP --match arp --force v0
	complains "the map of matches has an unknown form"
	run_ok xdp-action unload v0
	"$impostor" v0 garbled-match
	run_ok xdp-action status v0
	says_not $'\xa5'
	is "$(field v0 setting/verdict)" drop
	run_ok xdp-action set PASS -t 1h v0
	is "$(field v0 setting/base/verdict)" drop
	run_ok xdp-action set DROP --match arp --force v0
	is "$(field v0 setting/match setting/base)" "arp null"
	run_ok xdp-action unload v0
}

@test "counters: what a file says of the CPUs is not believed" {
	natively "the kernel's files are the same"
	run_ok xdp-action load v0
	local possible=/sys/devices/system/cpu/possible text
	flow -c 10 peer:v1 v0
	for text in 0 0-1023 nonsense; do
		echo "$text" >"$BATS_TEST_TMPDIR/possible"
		mount --bind "$BATS_TEST_TMPDIR/possible" $possible
		attempt xdp-action metrics v0
		umount $possible
		is "$status" 0 "exit status"
		says 'xdp_action_packets_total{interface="v0",verdict="pass"} 10'
	done
}

# ---- the environment ----

@test "set-user-id: the environment is ignored" {
	local copy=$BATS_TEST_TMPDIR/bin elsewhere=$BATS_TEST_TMPDIR/bpf
	mkdir "$copy" "$elsewhere"
	mount -t tmpfs tmpfs "$copy"
	mount -t bpf bpf "$elsewhere"
	cp "$(command -v xdp-action)" "$copy/xdp-action"
	chmod 4755 "$copy/xdp-action"
	run_ok env LIBXDP_BPFFS="$elsewhere" LIBXDP_SKIP_DISPATCHER=1 \
		setpriv --reuid=65534 --clear-groups "$copy/xdp-action" load v0
	chain_is v0 "$(alone)"
	is "$(listing "$elsewhere")" "" "the bpffs of the caller"
	run_ok xdp-action unload v0
	umount "$elsewhere" "$copy"
}

@test "no shell and nothing by a relative path is executed or opened" {
	needs strace
	local command
	cd "$BATS_TEST_TMPDIR"
	for command in "load v0" "set DROP --force v0" "status -j v0" "unload v0"; do
		# Words of a command.
		# shellcheck disable=SC2086
		run_ok strace -f -o calls -e trace=open,openat,openat2,execve,execveat xdp-action $command
		is "$(grep -c execve calls)" 1 "programs executed by $command"
		if grep -E 'open[a-z0-9]*\((AT_FDCWD, )?"[^/]' calls; then
			return 1
		fi
	done
}

@test "LIBXDP_BPFFS: what it names wrongly is told with its name" {
	natively "the environment is read before anything is asked of the kernel"
	local wrong
	for wrong in '' /sys/fs/bfp /tmp; do
		LIBXDP_BPFFS=$wrong run_fail 1 xdp-action load v0
		complains "'$wrong'" "LIBXDP_BPFFS" "unset it"
		says_not "mount -t"
	done
}

# What forbids the socket of netlink is told.
@test "no netlink: the message says who may forbid it" {
	needs strace
	natively "the kernel's answer is given in its place"
	local error_name
	for error_name in EAFNOSUPPORT EPERM; do
		run_fail 1 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=socket -e inject=socket:error=$error_name xdp-action load v0
		complains "netlink" "a filter forbids it" RestrictAddressFamilies=
	done
	run_fail 1 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=socket -e inject=socket:error=EACCES xdp-action load v0
	complains "netlink" "SELinux"
	run_fail 1 strace -f -o "$BATS_TEST_TMPDIR/calls" -e trace=bpf -e inject=bpf:error=EACCES xdp-action load v0
	complains "SELinux"
	nothing_pinned
}
