# SPDX-License-Identifier: GPL-2.0-only
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
unset SSH_CONNECTION SSH_CLIENT SSH_TTY NO_COLOR LIBXDP_BPFFS

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
	xdp-loader load scratch0 "$object" 2>/dev/null
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

needs_single_mode()
{
	! has_dispatcher || skip "the running kernel has an XDP dispatcher"
}

needs()
{
	command -v "$1" >/dev/null || skip "$1 is not installed"
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

# start COMMAND...: in the background, stopped after the test; its pid is in $!, its stdout in $started_output.
started=()
start()
{
	started_output=$BATS_TEST_TMPDIR/started.${#started[@]}
	: >"$started_output"
	timeout -k 2 60 "$@" >"$started_output" 2>"$started_output.error" 3>&- </dev/null &
	started+=($!)
}

# Poll for a condition, a command, for up to 5 s.
eventually()
{
	local i
	for ((i = 0; i < 250; i++)); do
		"$@" && return
		sleep 0.02
	done
	echo "did not come true: $*"
	return 1
}

# ---- what is attached ----

# The chain of an interface as xdp-loader sees it: "PRIO NAME" for each program, joined by commas; a program
# without dispatcher as "single NAME".
loader_chain()
{
	local line chain='' fields bare=
	while read -r line; do
		read -ra fields <<<"$line"
		case $line in
		"=>"*) chain+=${chain:+,}"${fields[1]} ${fields[2]}" ;;
		"$1 "*xdp_dispatcher*) bare= ;;
		"$1 "*"<No XDP program loaded!>"*) bare= ;;
		"$1 "*) bare="single ${fields[1]}" ;;
		esac
	done < <(xdp-loader status "$1")
	echo "${chain:-$bare}"
}

# The same as xdp-action sees it.
our_chain()
{
	local words count chain i
	read -ra words <<<"$(field "$1" dispatcher chain/# 'chain/*/priority' 'chain/*/name')"
	count=${words[1]}
	if [ "${words[0]}" = false ]; then
		echo "single ${words[2 + count]}"
		return
	fi
	for ((i = 2; i < 2 + count; i++)); do
		chain+=${chain:+,}"${words[i]} ${words[i + count]}"
	done
	echo "$chain"
}

# chain_is IFNAME CHAIN: both agree that it is this one. With "-" there is none of ours, and only xdp-loader
# is asked.
chain_is()
{
	is "$(loader_chain "$1")" "$2" "the chain of $1 in xdp-loader"
	if [[ $2 == *xdp_action* ]]; then
		is "$(our_chain "$1")" "$2" "the chain of $1 in xdp-action"
	fi
}

# What our program alone looks like here.
alone()
{
	if has_dispatcher; then
		echo "${1:-50} xdp_action"
	else
		echo "single xdp_action"
	fi
}

# The id of the XDP program that the interface itself runs.
attached_id()
{
	[[ $(ip link show "$1") =~ prog/xdp\ id\ ([0-9]+) ]] || { echo 0; return; }
	echo "${BASH_REMATCH[1]}"
}

# What is below a directory, in order. The files that some kernels put into each bpffs are left out.
listing()
{
	(cd "$1" && shopt -s globstar nullglob dotglob && GLOBIGNORE="*.debug" && printf '%s\n' **)
}

# Nothing of ours is left in the bpffs.
nothing_pinned()
{
	[ ! -e "$pins" ] && return
	echo "left in the bpffs: $(listing "$bpffs")"
	return 1
}

# ---- settings and counters ----

# field IFNAME PATH...: values of `status -j`, on one line.
field()
{
	local ifname=$1
	shift
	xdp-action status -j "$ifname" | jsonget "${@/#/instances/0/}"
}

# counted IFNAME: "aborted drop pass tx redirect" packets.
counted()
{
	field "$1" counters/aborted/packets counters/drop/packets counters/pass/packets \
		counters/tx/packets counters/redirect/packets
}

# ---- JSON ----

# For what does not depend on the dispatcher.
natively()
{
	[ -z "${QUICK_BATS:-}" ] || skip "$1, so it is run natively only"
}

needs_schemas()
{
	python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
}

# validate SCHEMA FILE...: each document in each file, one after the other, against one of our schemas.
validate()
{
	run_ok python3 "$checkout/tests/tools/validate.py" "$checkout/xdp-action/schema/$1.json" "${@:2}"
}

# ---- packets ----

# flow [OPTION]... FROM TO...: what `packets` reports, in ${flow[WORD]}.
flow()
{
	local key value
	run_ok packets "$@"
	read_flow <<<"$output"
}

read_flow()
{
	local key value
	declare -gA flow=()
	while IFS='=' read -r key value; do
		flow[$key]=$value
	done
}

# start_flow [OPTION]... FROM TO...: in the background, until end_flow.
start_flow()
{
	start packets "$@"
	flow_pid=$!
	flow_output=$started_output
	# Its sockets are open when it sends.
	sleep 0.2
}

end_flow()
{
	local result=0
	kill -INT "$flow_pid" 2>/dev/null || true
	wait "$flow_pid" || result=$?
	[ $result -eq 0 ] || cat "$flow_output.error"
	is $result 0 "exit status of the flow"
	read_flow <"$flow_output"
}

# Frames from the peer reach v0; none does.
passes()
{
	flow -c "${1:-10}" peer:v1 v0
	is "${flow[v0]}" "${1:-10}" "frames that came through"
}

blocked()
{
	flow -c 10 -w 20 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
}
