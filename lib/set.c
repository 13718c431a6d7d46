// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Changing the setting of an instance. */
#include "bpffs/bpffs.h"
#include "instance/instance.h"

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
	if (!err && pinned == instance->maps.data.id)
		err = pins_remove(ctx, old);
	if (err)
		return err;
	data->netns = netns;
	data->ifindex = ifindex;
	return 0;
}

static int store_setting(struct xdpaction *ctx, const struct instance *instance,
			 struct xdpaction_setting *setting)
{
	const struct held_map *targets = &instance->maps.targets;
	CLEANUP(data_unmap) struct xdp_action_data *data = NULL;
	int err;

	err = data_map(ctx, instance, true, &data);
	if (err)
		return err;
	err = claim_place(ctx, instance, data);
	return err ? err : setting_store(ctx, data, targets->id ? targets : NULL, setting);
}

static int check_single(struct xdpaction *ctx, const struct instance *instance)
{
	if (instance->copies == 1)
		return 0;
	return fail_kind(ctx, instance->chain.link.name, -EPROTO, XDPACTION_ADVICE_UNLOAD,
			 "there are %zu copies of xdp-action in the chain", instance->copies);
}

int xdpaction_set(struct xdpaction *ctx, const char *ifname,
		  const struct xdpaction_setting *setting, struct xdpaction_setting *stored)
{
	CLEANUP(instance_close) struct instance instance = { 0 };
	CLEANUP(lock_drop) int lock = -1;
	struct xdpaction_setting wanted;
	struct link link;
	int err;

	forget_error(ctx);
	err = sized_read(ctx, &wanted, sizeof(wanted), setting);
	if (!err && stored)
		err = sized_check(ctx, stored);
	if (!err)
		err = not_gone(lock_take(ctx, &lock));
	if (!err)
		err = link_by_name(ctx, ifname, &link);
	if (!err)
		err = instance_read(ctx, &link, &instance);
	if (!err)
		err = setting_check(ctx, &instance.chain.link, &wanted);
	if (!err)
		err = check_single(ctx, &instance);
	if (!err)
		err = not_gone(pins_adopt(ctx, &instance));
	if (!err)
		err = not_gone(store_setting(ctx, &instance, &wanted));
	if (!err && stored)
		sized_write(stored, &wanted);
	return err;
}
