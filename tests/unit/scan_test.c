// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What is read out of the kernel's types, against what libbpf says of them. */
#include <bpf/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"
#include "support/tap.h"

static const struct types_wanted wanted = {
	.function = "look",
	.structure = "thing",
	.member = "state",
	.enumerator = "THING_IS_ODD",
};

/* Writes the first `size` bytes of types, or all of them where that is 0; returns the path. */
static const char *write_types(const struct btf *btf, size_t size)
{
	static char path[] = "/tmp/scan_test.XXXXXX";
	static bool made;
	const void *data;
	__u32 length;
	FILE *file;

	if (!made && close(mkstemp(path)))
		bail("no file");
	made = true;
	data = btf__raw_data(btf, &length);
	if (!size)
		size = length;
	file = fopen(path, "we");
	if (!data || !file || fwrite(data, 1, size, file) != size || fclose(file))
		bail("the types cannot be written");
	return path;
}

static void add_enum(struct btf *btf)
{
	btf__add_enum(btf, "states", 4);
	btf__add_enum_value(btf, "THING_IS_EVEN", 2);
	btf__add_enum_value(btf, "THING_IS_ODD", 4);
}

/* Many types without a meaning, so that the file is read in several pieces. */
static void add_others(struct btf *btf, int integer)
{
	char name[32];
	int i, k;

	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "other_%d", i);
		btf__add_struct(btf, name, 32);
		for (k = 0; k < 4; k++)
			btf__add_field(btf, k ? "state" : "first", integer, 64 * k, 0);
		btf__add_ptr(btf, btf__type_cnt(btf) - 1);
		btf__add_array(btf, integer, integer, i + 1);
		btf__add_var(btf, name, BTF_VAR_STATIC, integer);
	}
}

/* The member stands in a structure without a name in a union without one, after it or before. */
static struct btf *make_types(bool parts_first)
{
	struct btf *btf = btf__new_empty();
	int integer, inner, outer, proto;

	if (!btf)
		bail("no memory");
	integer = btf__add_int(btf, "int", 4, 0);
	add_others(btf, integer);
	inner = btf__type_cnt(btf) + (parts_first ? 0 : 1);
	outer = inner + 1;
	if (!parts_first) {
		btf__add_struct(btf, "thing", 24);
		btf__add_field(btf, "before", integer, 0, 0);
		btf__add_field(btf, NULL, outer, 128, 0);
	}
	btf__add_struct(btf, NULL, 8);
	btf__add_field(btf, "size", integer, 0, 0);
	btf__add_field(btf, "state", integer, 32, 0);
	btf__add_union(btf, NULL, 8);
	btf__add_field(btf, NULL, inner, 0, 0);
	btf__add_field(btf, "both", integer, 0, 0);
	if (parts_first) {
		btf__add_struct(btf, "thing", 24);
		btf__add_field(btf, "before", integer, 0, 0);
		btf__add_field(btf, NULL, outer, 128, 0);
	}
	add_enum(btf);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, "thing", integer);
	btf__add_func(btf, "look", BTF_FUNC_STATIC, proto);
	return btf;
}

static void check_made(bool parts_first)
{
	struct btf *btf = make_types(parts_first);
	struct types_found found;
	bool complete = types_scan(write_types(btf, 0), &wanted, &found);

	ok(complete && found.member == 20 && found.enumerator == 4 &&
		   found.function == (uint32_t)btf__find_by_name_kind(btf, "look", BTF_KIND_FUNC),
	   "a function, a member within two parts and an enumerator are found, parts %s",
	   parts_first ? "first" : "last");
	btf__free(btf);
}

static void check_missing(void)
{
	struct types_wanted other = wanted;
	struct btf *btf = make_types(false);
	const char *path = write_types(btf, 0);
	struct types_found found;

	other.function = "loo";
	ok(!types_scan(path, &other, &found), "a function that is not there is not found");
	other = wanted;
	other.structure = "states";
	ok(!types_scan(path, &other, &found), "nor a structure that is something else");
	other = wanted;
	other.member = "other_1";
	ok(!types_scan(path, &other, &found), "nor a member that is the name of something else");
	ok(!types_scan("/nonexistent", &wanted, &found) &&
		   !types_scan("/dev/null", &wanted, &found),
	   "nor anything in a file that is not there, or is empty");
	btf__free(btf);
}

static void check_cut(void)
{
	struct btf *btf = make_types(false);
	struct types_found found;
	unsigned int complete = 0;
	__u32 length, size;

	btf__raw_data(btf, &length);
	for (size = 1; size < length; size += 997)
		complete += types_scan(write_types(btf, size), &wanted, &found);
	ok(!complete, "of a file that ends early nothing is believed");
	unlink(write_types(btf, 0));
	btf__free(btf);
}

/* What the kernel itself has, where it can be read. */
static void check_kernel(void)
{
	static const struct types_wanted of_kernel = {
		.function = "bpf_prog_run_generic_xdp",
		.structure = "xdp_buff",
		.member = "frame_sz",
		.enumerator = "XDP_FLAGS_HAS_FRAGS",
	};
	struct btf *btf = btf__parse(TYPES_FILE, NULL);
	struct types_found found;

	if (!btf || btf__find_by_name_kind(btf, of_kernel.function, BTF_KIND_FUNC) < 0) {
		skip("the kernel's types cannot be read, or do not have it", "the kernel's types");
		btf__free(btf);
		return;
	}
	ok(types_scan(TYPES_FILE, &of_kernel, &found) &&
		   found.function == (uint32_t)btf__find_by_name_kind(btf, of_kernel.function,
								      BTF_KIND_FUNC),
	   "in the kernel's types the same is found as by libbpf");
	btf__free(btf);
}

int main(void)
{
	check_made(false);
	check_made(true);
	check_missing();
	check_cut();
	check_kernel();
	return finish();
}
