# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors

# All files of the project below the current directory, without what is made, and what a packager has put there.
files()
{
	find . \( -path ./.git -o -path ./build -o -path ./debian \) -prune -o -type f -printf '%P\n' |
		grep -vE '\.(o|a|d|so|new|log|skel\.h|tar\.xz)$|\.so\.|^config\.mk$|^lib/libxdpaction\.pc$|^xdp-action/xdp-action$' |
		sort
}

# bring_up_to_date TREE: make it a copy of the project below the current directory. What is built there stays, and is
# older than what has changed.
bring_up_to_date()
{
	local tree=$1 file
	mkdir -p "$tree"
	# Sources that are gone must not be built.
	(cd "$tree" && files) | while read -r file; do
		[ -e "$file" ] || rm "$tree/$file"
	done
	files | while read -r file; do
		cmp -s "$file" "$tree/$file" || echo "$file"
	done | tar --create --files-from=- | tar --extract --touch --directory="$tree"
}

# The relative links of the pages below $1 that lead nowhere.
dead_links()
{
	local page target
	find "$1" -name '*.md' -o -name '*.md.gz' | while read -r page; do
		zcat -f "$page" | grep -oE '\]\([^)#]+' | cut -c 3- | while read -r target; do
			[[ $target == https://* || -e ${page%/*}/$target ]] || echo "$page links to $target, which is not there"
		done
	done
}
