# SPDX-License-Identifier: GPL-2.0-only
#
# Run the sessions that the documents show, and compare what they print. In each of them eth0 is 192.0.2.1 here and
# 192.0.2.2 in the namespace `peer`, and what it leaves behind is removed with the test.

docs=$checkout/tests/docs

# session DOCUMENT TITLE: its lines.
session()
{
	awk -v title="$2" -f "$docs/sessions.awk" "$checkout/$1"
}

# Type each command of a session (after "# ", "\" goes on), and print it with what it prints. In a shell of its own,
# whose jobs end with it.
type_commands()
(
	local line command='' job
	cd "$BATS_TEST_TMPDIR"
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
		command=
	done
	for job in $(jobs -p); do
		kill "$job" 2>/dev/null || true
		wait "$job" || true
	done
)

expected()
{
	if has_dispatcher; then
		cat
	else
		sed -E -f "$docs/single_mode.sed"
	fi | sed -E -f "$docs/normalize.sed"
}

# In single mode a load says why: the documents show that once.
actual()
{
	if has_dispatcher; then
		cat
	else
		grep -v 'warning: .*: this kernel cannot attach programs to programs'
	fi | sed -E -f "$docs/normalize.sed"
}

# replay DOCUMENT TITLE
replay()
{
	local lines=$BATS_TEST_TMPDIR/session
	session "$1" "$2" >"$lines"
	[ -s "$lines" ] || { echo "$1 shows no session below '$2'"; return 1; }
	make_pair eth0 eth0 192.0.2
	type_commands <"$lines" >"$lines.printed"
	diff -u --label "$1" --label "what it prints" <(expected <"$lines") <(actual <"$lines.printed")
}
