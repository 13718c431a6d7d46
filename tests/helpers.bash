# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What the suites share. A suite runs in namespaces of its own (tests/private) and says
#
#	load helpers
#
# Each test then starts with a fresh bpffs at /sys/fs/bpf and the veth pair v0 - peer:v1: v0 here, 10.0.0.1;
# v1 in the namespace `peer`, 10.0.0.2. There is no IPv6, which sends packets of its own: what a test sends is
# all that is counted. Fork and exec are slow in the VM, so a test does with few processes.

# Many of these variables are for the suites.
# shellcheck disable=SC2034
checkout=$(realpath "${BASH_SOURCE[0]%/*}/..")
object=$checkout/bpf/xdp_action.o
# Another tool's program, which passes every packet; its name is `neighbour`.
neighbour=$checkout/build/tests/tools/pass.bpf.o
bpffs=/sys/fs/bpf
pins=$bpffs/xdp/xdp-action
# Interfaces of this group are removed after each test.
group=77
# What keeps one command from running for ever. In the VM, where it takes longer than the commands, the time
# limit of the test has to do.
limited=(timeout -k 2 30)
export BATS_TEST_TIMEOUT=120
if [ -n "${QUICK_BATS:-}" ]; then
	limited=()
	BATS_TEST_TIMEOUT=400
fi
export PATH=$checkout/xdp-action:$checkout/build/tests/tools:$PATH
unset NO_COLOR LIBXDP_BPFFS

bats_require_minimum_version 1.5.0

# ---- what holds for a whole suite ----

setup_file()
{
	if [ -z "${XDP_ACTION_TESTS_PRIVATE:-}" ]; then
		echo "run it as: tests/private bats $BATS_TEST_FILENAME" >&2
		return 1
	fi
	ip netns add peer
	ip -n peer link set lo up
	ipv6 off
	find_dispatcher
	export DISPATCHER
}

# ipv6 on|off: for the interfaces made from now on.
ipv6()
{
	local disable=1
	[ "$1" = off ] || disable=0
	echo $disable >/proc/sys/net/ipv6/conf/default/disable_ipv6
	ip netns exec peer sh -c "echo $disable >/proc/sys/net/ipv6/conf/default/disable_ipv6"
}

# Ask a tool that is not ours, on an interface of no use: it exits with 0 either way.
find_dispatcher()
{
	ip link add scratch0 type veth peer name scratch1
	xdp-loader load scratch0 "$neighbour" 2>/dev/null
	DISPATCHER=
	if [[ $(ip -details link show scratch0) == *xdp_dispatcher* ]]; then
		DISPATCHER=yes
	fi
	ip link del scratch0
}

teardown_file()
{
	ip netns del peer 2>/dev/null || true
}

# ---- what holds for a test ----

# For a suite whose setup() adds to it.
default_setup()
{
	fresh_bpffs
	make_pair v0 v1 10.0.0
}

fresh_bpffs()
{
	local mounts
	while read -r -d '' mounts </proc/self/mounts || [[ $mounts == *" $bpffs bpf "* ]]; do
		umount "$bpffs"
	done
	mount -t bpf bpf "$bpffs"
}

setup()
{
	default_setup
}

# For a suite whose teardown() adds to it.
default_teardown()
{
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	ip link del group $group 2>/dev/null || true
	give_back_nics
}

teardown()
{
	default_teardown
}

has_dispatcher()
{
	[ -n "$DISPATCHER" ]
}

needs_dispatcher()
{
	has_dispatcher || skip "the running kernel has no XDP dispatcher"
}

# Valgrind cannot run what has the sanitizers in it.
needs_plain()
{
	! nm -D "$checkout/xdp-action/xdp-action" | grep -q __asan_init || skip "it needs a build without the sanitizers"
}

needs_single_mode()
{
	! has_dispatcher || skip "the running kernel has an XDP dispatcher"
}

# Frags came together with this function for programs, without which xdp_action.o cannot be loaded as it is.
has_frags()
{
	grep -qw bpf_xdp_get_buff_len /proc/kallsyms
}

needs_frags()
{
	has_frags || skip "the running kernel has no frags"
}

# Whether the kernel tells what a driver can do with XDP, as it does from 6.3 on.
tells_features()
{
	grep -qw xdp_set_features_flag /proc/kallsyms
}

needs()
{
	command -v "$1" >/dev/null || skip "$1 is not installed"
	# Leaks cannot be looked for under it.
	[ "$1" != strace ] || export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
}

# For what does not depend on the dispatcher.
natively()
{
	[ -z "${QUICK_BATS:-}" ] || skip "$1, so it is run natively only"
}

# make_pair NAME PEERNAME [NET]: a veth pair with two queues; NET is three bytes of an IPv4 address. Without NET
# there are no addresses.
make_pair()
{
	local v4=${3:-}
	ip -batch - <<-END
	link add $1 group $group numtxqueues 2 numrxqueues 2 type veth peer name $2 numtxqueues 2 numrxqueues 2 netns peer
	${v4:+address add $v4.1/24 dev $1}
	link set $1 up
	END
	ip -n peer -batch - <<-END
	${v4:+address add $v4.2/24 dev $2}
	link set $2 up
	END
}

# make_many PAIRS: interfaces that are down, two of each; their names are in the array `many`.
make_many()
{
	local i
	many=()
	for ((i = 0; i < $1; i++)); do
		ip link add "a$i" group "$group" type veth peer name "b$i"
		ip link set "b$i" group "$group"
		many+=("a$i" "b$i")
	done
}

# The machine's two virtio_net interfaces, which are on one wire: $here, and $there in the namespace `peer`.
here='' there=''
needs_nics()
{
	read -r here there <<<"${XDP_ACTION_TESTS_NICS:-}"
	[ -n "$there" ] || skip "the machine has no two virtio_net interfaces on one wire"
	ip link set "$here" up
	ip link set "$there" netns peer up
}

give_back_nics()
{
	[ -n "$there" ] || return 0
	ip link set "$here" mtu 1500 xdp off || true
	ip -n peer link set "$there" netns $$ || true
}

# ---- commands ----

# Run a command with a time limit: stdout goes to $output, stderr to $error, the exit status to $status.
attempt()
{
	status=0
	output=$("${limited[@]}" "$@" 2>"$BATS_TEST_TMPDIR/error" 3>&- </dev/null) || status=$?
	error=$(<"$BATS_TEST_TMPDIR/error")
	ran=$*
}

explain()
{
	echo "$1"
	echo "  command: $ran"
	echo "  exit status: $status"
	[ -z "$output" ] || echo "  stdout: ${output//$'\n'/$'\n'          }"
	[ -z "$error" ] || echo "  stderr: ${error//$'\n'/$'\n'          }"
	return 1
}

# run_ok COMMAND...: it must exit with 0.
run_ok()
{
	attempt "$@"
	[ $status -eq 0 ] || explain "failed"
}

# run_fail CODE COMMAND...: it must exit with CODE and say why on stderr, and nothing else.
run_fail()
{
	local code=$1
	shift
	attempt "$@"
	[ $status -eq "$code" ] || explain "the exit status should be $code"
	[ -n "$error" ] || explain "an error without a message"
	[ -z "$output" ] || explain "an error with output"
}

# The last command's stdout, or stderr, has each of these texts.
says()
{
	local text
	for text; do
		[[ $output == *"$text"* ]] || explain "stdout should say '$text'"
	done
}

complains()
{
	local text
	for text; do
		[[ $error == *"$text"* ]] || explain "stderr should say '$text'"
	done
}

says_not()
{
	[[ $output$error != *"$1"* ]] || explain "it should not say '$1'"
}

# is ACTUAL EXPECTED [WHAT]
is()
{
	[ "$1" = "$2" ] && return
	echo "${3:-value}: '$1', expected '$2'"
	return 1
}

# between VALUE MIN MAX [WHAT]
between()
{
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ] && return
	echo "${4:-value}: $1, expected $2 to $3"
	return 1
}

# without_types COMMAND...: libbpf finds the kernel's types (BTF) neither in sysfs nor in a file.
without_types()
{
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	mount -t tmpfs none /sys/kernel/btf
	mount --bind "$BATS_TEST_TMPDIR/empty" /boot
	"$@"
	umount /boot /sys/kernel/btf
}

# start COMMAND...: in the background, stopped after the test; its pid is in $!, its stdout in $started_output.
# A shell lets what it starts in the background ignore SIGINT, and newer versions of timeout do not pass on what they
# ignore. Without --foreground timeout sends a SIGCONT after each signal, which takes away the SIGSTOP by which
# LeakSanitizer stops the program at its end, and then it waits for ever. What -k says begins with the first signal that
# timeout gets, so it is what a program may need to end on a busy machine.
started=()
start()
{
	started_output=$BATS_TEST_TMPDIR/started.${#started[@]}
	: >"$started_output"
	env --default-signal=INT timeout --foreground -k 30 "$BATS_TEST_TIMEOUT" "$@" >"$started_output" 2>"$started_output.error" 3>&- </dev/null &
	started+=($!)
}

# Poll for a condition, a command, for at least half a minute: a busy machine may need that, and others do not wait so long.
eventually()
{
	local i
	for ((i = 0; i < 1500; i++)); do
		"$@" && return
		sleep 0.02
	done
	echo "did not come true: $*"
	return 1
}

is_locked()
{
	! flock -n "$pins" true
}

# hold_lock SECONDS: that of all who change something, in the background; its pid is in $!.
hold_lock()
{
	start flock --no-fork "$pins" sleep "$1"
	eventually is_locked
}

# Skip the test without the atomic instruction of Linux 5.12; v0 has an instance.
counts_or_skip()
{
	attempt xdp-action set DROP --every 2 v0
	[ $status -eq 0 ] || {
		complains "cannot count packets"
		skip "this kernel cannot count over all CPUs"
	}
	run_ok xdp-action set PASS v0
}

# shellcheck source=tests/witnesses.bash
source "$checkout/tests/witnesses.bash"
