// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Changing the setting of an instance, and what may stand in its way. */

#include "bpffs/bpffs.h"
#include "instance/instance.h"

static int open_targets(struct xdpaction *ctx, const struct instance *instance, int *fd)
{
	struct bpf_map_info info;
	int err;

	*fd = -1;
	if (!instance->targets_map_id)
		return 0;
	err = map_open(ctx, instance->targets_map_id, fd, &info);
	if (!err && (info.max_entries != XDP_ACTION_TARGETS || info.value_size != sizeof(__u32)))
		return fail(ctx, -EPROTO, "unload it and load it again",
			    "%s: the instance was loaded by another version of xdp-action",
			    instance->chain.link.name);
	return err == -ENOENT ? fail(ctx, err, NULL, "%s: xdp-action was unloaded meanwhile",
				     instance->chain.link.name) : err;
}

/*
 * An interface that moved to another namespace left its pins behind under its
 * old name there.
 */
static int claim_place(struct xdpaction *ctx, const struct instance *instance,
		  struct xdp_action_data *data)
{
	unsigned int ifindex = instance->chain.link.ifindex;
	char old[XDPACTION_PATH_SIZE];
	uint32_t pinned = 0;
	uint64_t netns;
	int err;

	err = netns_inode(ctx, &netns);
	if (err || (data->netns == netns && data->ifindex == ifindex))
		return err;

	err = pins_path_of(ctx, data->netns, data->ifindex, old);
	if (!err)
		err = pinned_data_id(ctx, old, &pinned);
	if (!err && pinned == instance->data_map_id)
		err = pins_remove(ctx, old);
	if (err)
		return err;
	data->netns = netns;
	data->ifindex = ifindex;
	return 0;
}

static int store_setting(struct xdpaction *ctx, const struct instance *instance,
		 const struct xdpaction_setting *setting)
{
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	CLEANUP(close_fd) int targets = -1;
	int err;

	err = data_map(ctx, instance, true, &data);
	if (!err)
		err = open_targets(ctx, instance, &targets);
	if (!err)
		err = claim_place(ctx, instance, data);
	if (!err)
		err = setting_store(ctx, data, targets, setting);
	return err;
}

int xdpaction_set(struct xdpaction *ctx, const char *ifname,
		  const struct xdpaction_setting *setting)
{
	CLEANUP(lock_drop) int lock = -1;
	struct instance instance;
	int err;

	forget_error(ctx);
	err = lock_take(ctx, &lock);
	if (!err)
		err = instance_read(ctx, ifname, &instance);
	if (!err)
		err = setting_check(ctx, &instance.chain.link, setting);
	if (err)
		return err;
	if (instance.copies > 1) {
		fail(ctx, -EPROTO, NULL, "%s: there are %zu copies of xdp-action in the chain",
		     ifname, instance.copies);
		advise(ctx, "'xdp-action unload %s' removes them all", ifname);
		return -EPROTO;
	}

	err = pins_adopt(ctx, &instance);
	return err ? err : store_setting(ctx, &instance, setting);
}
