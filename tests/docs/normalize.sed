# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What is different each time a session runs. Nothing and all stay what they are: 0 pkts, 0% and 100% of loss.

# Ids and paths.
s/\<(ifindex|id) +[0-9]+/\1 ID/g
s/ [0-9]+ +[0-9a-f]{16}\>/ ID TAG/
s|(xdp-action/)[0-9]+-[0-9]+|\1NETNS-IFINDEX|g
s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g
/^(xdp-action|libxdp|libbpf|Linux) [0-9]/s/ .*/ VERSION/

# Who and when.
s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}/TIME/g
s/\<by [a-z0-9_-]+ \(uid [^)]*\)/by USER/g
# Users.
s/\<(loaded|set) by [^:]*:/\1 by USER:/

# Times.
s/[0-9]+ m?s (left|or)\>/TIME \1/g
s/\<In [0-9]+ m?s:/In TIME:/
s/\<time=[0-9.]+ ms/time=MS/
s/, time [0-9]+ms$/, time MS/
/^rtt min/d

# Amounts.
s/[1-9][0-9,]* pkts +[0-9.]+ ([KMG]i)?B/SOME pkts SOME B/
s/([1-9][0-9.,]*|0\.[0-9]+) pkts\/s/SOME pkts\/s/
s/([1-9][0-9.]*|0\.[0-9]+) [kMG]?bit\/s/SOME bit\/s/
s/[1-9][0-9,]* pkts$/SOME pkts/
s/[0-9]+ received, ([1-9][0-9]?(\.[0-9]+)?|0\.[0-9]+)% packet loss/SOME received, SOME packet loss/

# Columns are as wide as what stands in them.
s/ +/ /g
s/ $//
