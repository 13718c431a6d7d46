// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * A few numbers out of the kernel's types (BTF), read once from front to back. libbpf
 * would keep all of them, which takes five times as long, and several times the memory
 * of this whole process, for each command.
 */
#include <fcntl.h>
#include <linux/btf.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"

/* Of a name that is wanted. */
#define NAME_MAX_LENGTH 63

/* Structures without a name, in each other. */
#define PARTS_MAX 8

/* The file is read in pieces of this; no name is longer. */
#define PIECE_SIZE 32768

/* A part of the file that is being read. */
struct stream {
	int fd;
	uint64_t at, end;	/* what of the part is not in `piece` yet */
	size_t used, filled;	/* of `piece` */
	char piece[PIECE_SIZE];
};

static void stream_open(struct stream *stream, int fd, uint64_t at, uint64_t length)
{
	stream->fd = fd;
	stream->at = at;
	stream->end = at + length;
	stream->used = stream->filled = 0;
}

/* Reads on, behind what is not used yet. False at the end of the part. */
static bool stream_fill(struct stream *stream)
{
	uint64_t left = stream->end - stream->at;
	size_t kept = stream->filled - stream->used, room = sizeof(stream->piece) - kept;
	ssize_t got;

	memmove(stream->piece, stream->piece + stream->used, kept);
	stream->used = 0;
	stream->filled = kept;
	got = pread(stream->fd, stream->piece + kept, room < left ? room : left, stream->at);
	if (got <= 0)
		return false;
	stream->at += got;
	stream->filled += got;
	return true;
}

/* The next bytes, good until the next call; NULL where there are none. */
static const void *stream_take(struct stream *stream, size_t size)
{
	const void *taken;

	while (stream->filled - stream->used < size)
		if (!stream_fill(stream))
			return NULL;
	taken = stream->piece + stream->used;
	stream->used += size;
	return taken;
}

static bool stream_skip(struct stream *stream, size_t size)
{
	size_t step;

	for (; size; size -= step) {
		step = size < sizeof(stream->piece) ? size : sizeof(stream->piece);
		if (!stream_take(stream, step))
			return false;
	}
	return true;
}

/* The next string, of *length bytes without its end; NULL at the end of the part. */
static const char *stream_string(struct stream *stream, size_t *length)
{
	const char *start, *end;

	for (;;) {
		start = stream->piece + stream->used;
		end = memchr(start, '\0', stream->filled - stream->used);
		if (end)
			break;
		if (!stream_fill(stream))
			return NULL;
	}
	*length = end - start;
	stream->used += *length + 1;
	return start;
}

/* Where the names stand among the strings. Nothing that has a name has 0. */
struct name_offsets {
	uint32_t function, structure, member, enumerator;
};

static bool find_names(struct stream *strings, const struct types_wanted *wanted,
		       struct name_offsets *offsets)
{
	const struct {
		const char *name;
		size_t length;
		uint32_t *offset;
	} names[] = {
		{ wanted->function, strlen(wanted->function), &offsets->function },
		{ wanted->structure, strlen(wanted->structure), &offsets->structure },
		{ wanted->member, strlen(wanted->member), &offsets->member },
		{ wanted->enumerator, strlen(wanted->enumerator), &offsets->enumerator },
	};
	size_t missing = ARRAY_SIZE(names), length, i;
	uint64_t offset = 0, lengths = 0;
	const char *string;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		lengths |= UINT64_C(1) << names[i].length;
	for (; missing && (string = stream_string(strings, &length)); offset += length + 1) {
		/* That of few strings, which alone are compared. */
		if (length > NAME_MAX_LENGTH || !(lengths >> length & 1))
			continue;
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			if (*names[i].offset || length != names[i].length ||
			    memcmp(string, names[i].name, length))
				continue;
			*names[i].offset = offset;
			missing--;
		}
	}
	return !missing;
}

/* What follows the head of a type, in bytes; -1 for a kind that is not known. */
static int64_t size_behind(uint32_t kind, uint32_t count)
{
	switch (kind) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (int64_t)count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return (int64_t)count * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return (int64_t)count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return (int64_t)count * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return (int64_t)count * sizeof(struct btf_enum64);
	}
	return -1;
}

/* The structure, and those without a name in it, by their ids, and where each begins. */
struct parts {
	size_t count;
	struct {
		uint32_t id, offset;
	} parts[PARTS_MAX];
};

static void parts_add(struct parts *parts, uint32_t id, uint32_t offset)
{
	size_t i;

	for (i = 0; i < parts->count; i++)
		if (parts->parts[i].id == id)
			return;
	if (i == PARTS_MAX)
		return;
	parts->parts[i].id = id;
	parts->parts[i].offset = offset;
	parts->count++;
}

static bool parts_find(const struct parts *parts, uint32_t id, uint32_t *offset)
{
	size_t i;

	for (i = 0; i < parts->count; i++) {
		if (parts->parts[i].id == id) {
			*offset = parts->parts[i].offset;
			return true;
		}
	}
	return false;
}

/* Reads the members of a structure that begins at `start` of the one that is wanted. */
static bool read_members(struct stream *types, uint32_t count, uint32_t start, uint32_t name,
			 struct parts *parts, uint32_t *found)
{
	const struct btf_member *member;
	uint32_t i, offset;

	for (i = 0; i < count; i++) {
		member = stream_take(types, sizeof(*member));
		if (!member)
			return false;
		offset = start + BTF_MEMBER_BIT_OFFSET(member->offset) / 8;
		if (member->name_off == name)
			*found = offset;
		else if (!member->name_off)
			parts_add(parts, member->type, offset);
	}
	return true;
}

static bool read_enumerators(struct stream *types, uint32_t count, uint32_t name, uint32_t *value)
{
	const struct btf_enum *enumerator;
	uint32_t i;

	for (i = 0; i < count; i++) {
		enumerator = stream_take(types, sizeof(*enumerator));
		if (!enumerator)
			return false;
		if (enumerator->name_off == name)
			*value = enumerator->val;
	}
	return true;
}

/* Reads one type. False at the end, and at what is not understood. */
static bool read_type(struct stream *types, const struct name_offsets *names, uint32_t id,
		      struct parts *parts, struct types_found *found)
{
	const struct btf_type *type = stream_take(types, sizeof(*type));
	uint32_t kind, count, name, start;
	int64_t behind;

	if (!type)
		return false;
	kind = BTF_INFO_KIND(type->info);
	count = BTF_INFO_VLEN(type->info);
	name = type->name_off;
	if (kind == BTF_KIND_FUNC && name == names->function)
		found->function = id;
	if (kind == BTF_KIND_STRUCT && name == names->structure)
		parts_add(parts, id, 0);
	if ((kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION) && parts_find(parts, id, &start))
		return read_members(types, count, start, names->member, parts, &found->member);
	if (kind == BTF_KIND_ENUM)
		return read_enumerators(types, count, names->enumerator, &found->enumerator);
	behind = size_behind(kind, count);
	return behind >= 0 && stream_skip(types, behind);
}

static bool is_complete(const struct types_found *found)
{
	return found->function && found->member && found->enumerator;
}

/* Reads the types from the first on, until nothing is missing or there is no more. */
static void read_types(struct stream *types, const struct name_offsets *names,
		       struct parts *parts, struct types_found *found)
{
	uint32_t id = 1;

	while (!is_complete(found) && read_type(types, names, id, parts, found))
		id++;
}

/* Part of what is wanted may stand before what says that it is. */
#define PASSES_MAX 3

bool types_scan(const char *path, const struct types_wanted *wanted, struct types_found *found)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct parts parts = { 0 };
	struct name_offsets names = { 0 };
	struct btf_header header;
	struct stream stream;
	uint64_t start;
	int pass;

	*found = (struct types_found){ 0 };
	if (fd < 0 || read(fd, &header, sizeof(header)) != sizeof(header) ||
	    header.magic != BTF_MAGIC)
		return false;
	start = header.hdr_len;
	stream_open(&stream, fd, start + header.str_off, header.str_len);
	if (!find_names(&stream, wanted, &names))
		return false;
	for (pass = 0; pass < PASSES_MAX && !is_complete(found); pass++) {
		stream_open(&stream, fd, start + header.type_off, header.type_len);
		read_types(&stream, &names, &parts, found);
	}
	return is_complete(found);
}
