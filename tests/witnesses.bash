# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What the suites look at: what is attached, what is set and counted, which packets arrive. For helpers.bash.

# Variables of the helpers.
# shellcheck disable=SC2154
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

# chain_is IFNAME CHAIN: both agree that it is this one. Where ours is not in it only xdp-loader is asked.
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

# needs_schemas [here]: what the schemas are checked with. It is slow in the VM, where it is for what needs a dispatcher.
needs_schemas()
{
	[ "${1:-}" = here ] || natively "python takes a minute in the VM"
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
	start packets -w 1000 "$@"
	flow_pid=$!
	flow_output=$started_output
	eventually test -s "$flow_output"
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
	flow -c "${1:-10}" -w 2000 peer:v1 v0
	is "${flow[v0]}" "${1:-10}" "frames that came through"
}

blocked()
{
	flow -c 10 -w 20 peer:v1 v0
	is "${flow[v0]}" 0 "frames that came through"
}
