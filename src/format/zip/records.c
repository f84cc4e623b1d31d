/* See records.h. */
#include "format/zip/records.h"

#define ALL_ONES 0xffffffffu

bool zip_is(struct span in, uint64_t off, enum zip_signature sig)
{
    uint32_t found;

    in = span_from(in, off);
    return take_u32le(&in, &found) && found == (uint32_t)sig;
}

static bool is_zero(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i])
            return false;
    return true;
}

/* Zero bytes at the end are how alignment tools pad; anything else too short is broken. */
static struct zip_extra parse_extra(struct span in)
{
    struct zip_extra x = { .zip64 = SPAN_EMPTY, .unicode_path = SPAN_EMPTY };
    struct span rest = in, body;
    uint16_t id, n;

    while (take_u16le(&rest, &id) && take_u16le(&rest, &n) && take(&rest, n, &body)) {
        in = rest;
        if (id == 0x0001 && !x.has_zip64) {
            x.zip64 = body;
            x.has_zip64 = true;
        } else if (id == 0x7075 && x.unicode_path.n == 0) {
            x.unicode_path = body;
        }
    }
    x.broken = !is_zero(in);
    return x;
}

/*
 * Zip64 values come in the order of sizes->usize, csize, local, and only for the
 * fields whose 32 bits are all ones (4.5.3); a local header has the first two. Some writers add
 * them all the same; when there is more than was called for, it is also read as if every field were
 * there, into *other. True when the two differ.
 */
static bool apply_zip64(struct span field, size_t fields, struct zip_sizes *sizes,
                        struct zip_sizes *other)
{
    uint64_t *to[] = { &sizes->usize, &sizes->csize, &sizes->local };
    uint64_t *all[] = { &other->usize, &other->csize, &other->local };
    struct span x = field;
    bool differs = false;
    uint64_t v;

    for (size_t i = 0; i < fields; i++)
        if (*to[i] == ALL_ONES && take_u64le(&x, &v))
            *to[i] = v;
    *other = *sizes;
    if (x.n < 8)
        return false;
    x = field;
    for (size_t i = 0; i < fields && take_u64le(&x, &v); i++) {
        differs |= *to[i] != v;
        *all[i] = v;
    }
    return differs;
}

bool zip_local(struct span in, uint64_t off, struct zip_local *out)
{
    struct span h = span_from(in, off), extra, skipped;
    uint32_t sig, csize, usize;
    uint16_t version, name_n, extra_n;
    struct zip_sizes sizes;

    *out = (struct zip_local){ .name = SPAN_EMPTY };
    if (!take_u32le(&h, &sig) || sig != SIG_LOCAL || !take_u16le(&h, &version) ||
        !take_u16le(&h, &out->flags) || !take_u16le(&h, &out->method) || !take(&h, 4, &skipped) ||
        !take_u32le(&h, &out->crc) || !take_u32le(&h, &csize) || !take_u32le(&h, &usize) ||
        !take_u16le(&h, &name_n) || !take_u16le(&h, &extra_n) || !take(&h, name_n, &out->name) ||
        !take(&h, extra_n, &extra))
        return false;
    out->extra = parse_extra(extra);
    sizes = (struct zip_sizes){ .csize = csize, .usize = usize };
    out->contradicts = apply_zip64(out->extra.zip64, 2, &sizes, &out->other);
    out->csize = sizes.csize;
    out->usize = sizes.usize;
    out->sized = !(out->flags & FLAG_DESCRIPTOR) ||
                 (out->csize && !(csize == ALL_ONES && out->csize == ALL_ONES));
    if (!out->sized) /* a streaming writer's zeros say nothing */
        out->contradicts = false;
    out->data = off + SIZE_LOCAL + name_n + extra_n;
    return true;
}

/* Takes n bytes, or what is left of them; true when it was all. */
static bool take_most(struct span *in, size_t n, struct span *out)
{
    bool all = n <= in->n;

    return take(in, all ? n : in->n, out) && all;
}

bool zip_central(struct span in, uint64_t off, uint64_t limit, struct zip_central *out)
{
    struct span h, extra, skipped;
    uint32_t sig, csize, usize, local;
    uint16_t needed, name_n, extra_n, comment_n, internal;
    struct zip_sizes sizes;

    *out = (struct zip_central){ .name = SPAN_EMPTY };
    if (limit < off || !span_sub(in, off, limit - off, &h) || !take_u32le(&h, &sig) ||
        sig != SIG_CENTRAL || !take_u16le(&h, &out->made_by) || !take_u16le(&h, &needed) ||
        !take_u16le(&h, &out->flags) || !take_u16le(&h, &out->method) || !take(&h, 4, &skipped) ||
        !take_u32le(&h, &out->crc) || !take_u32le(&h, &csize) || !take_u32le(&h, &usize) ||
        !take_u16le(&h, &name_n) || !take_u16le(&h, &extra_n) || !take_u16le(&h, &comment_n) ||
        !take_u16le(&h, &out->disk) || !take_u16le(&h, &internal) ||
        !take_u32le(&h, &out->external) || !take_u32le(&h, &local))
        return false;
    out->cut = !take_most(&h, name_n, &out->name);
    out->cut |= !take_most(&h, extra_n, &extra);
    out->cut |= !take_most(&h, comment_n, &out->comment);
    out->extra = parse_extra(extra);
    sizes = (struct zip_sizes){ .csize = csize, .usize = usize, .local = local };
    out->contradicts = apply_zip64(out->extra.zip64, 3, &sizes, &out->other);
    out->csize = sizes.csize;
    out->usize = sizes.usize;
    out->local = sizes.local;
    out->end = off + SIZE_CENTRAL + out->name.n + extra.n + out->comment.n;
    return true;
}

bool zip_end(struct span in, uint64_t off, struct zip_end *out)
{
    struct span h = span_from(in, off);
    uint16_t disk, directory_disk, count_here, count, comment_n;
    uint32_t sig, size, offset;

    *out = (struct zip_end){ .comment = SPAN_EMPTY };
    if (!take_u32le(&h, &sig) || sig != SIG_END || !take_u16le(&h, &disk) ||
        !take_u16le(&h, &directory_disk) || !take_u16le(&h, &count_here) ||
        !take_u16le(&h, &count) || !take_u32le(&h, &size) || !take_u32le(&h, &offset) ||
        !take_u16le(&h, &comment_n))
        return false;
    out->disk = disk;
    out->directory_disk = directory_disk;
    out->count_here = count_here;
    out->count = count;
    out->size = size;
    out->offset = offset;
    out->comment_cut = comment_n > h.n;
    (void)take(&h, out->comment_cut ? h.n : comment_n, &out->comment);
    out->end = off + SIZE_END + out->comment.n;
    return true;
}

bool zip_end64(struct span in, uint64_t off, struct zip_end *out)
{
    struct span h = span_from(in, off);
    uint64_t size;
    uint32_t sig;
    uint16_t made_by;

    *out = (struct zip_end){ .comment = SPAN_EMPTY };
    if (!take_u32le(&h, &sig) || sig != SIG_END64 || !take_u64le(&h, &size) ||
        !take_u16le(&h, &made_by) || !take_u16le(&h, &out->needed) || !take_u32le(&h, &out->disk) ||
        !take_u32le(&h, &out->directory_disk) || !take_u64le(&h, &out->count_here) ||
        !take_u64le(&h, &out->count) || !take_u64le(&h, &out->size) ||
        !take_u64le(&h, &out->offset))
        return false;
    out->extensible = size > SIZE_END64 - 12 ? size - (SIZE_END64 - 12) : 0;
    if (out->extensible > h.n)
        out->extensible = 0;
    out->end = off + SIZE_END64 + out->extensible;
    return true;
}

bool zip_locator(struct span in, uint64_t off, uint64_t *end64, uint32_t *disks)
{
    struct span h = span_from(in, off);
    uint32_t sig, disk;

    *end64 = *disks = 0;
    return take_u32le(&h, &sig) && sig == SIG_LOCATOR && take_u32le(&h, &disk) &&
           take_u64le(&h, end64) && take_u32le(&h, disks);
}

/* One form: with or without its signature, sizes of 32 or 64 bits. */
static bool is_descriptor(struct span d, bool wide, uint32_t crc, uint64_t csize, uint64_t usize)
{
    uint64_t c = 0, u = 0;
    uint32_t found, c32, u32;

    if (!take_u32le(&d, &found) || found != crc)
        return false;
    if (wide)
        return take_u64le(&d, &c) && take_u64le(&d, &u) && c == csize && u == usize;
    return take_u32le(&d, &c32) && take_u32le(&d, &u32) && c32 == (uint32_t)csize &&
           u32 == (uint32_t)usize;
}

unsigned zip_descriptor(struct span in, uint64_t off, uint32_t crc, uint64_t csize, uint64_t usize)
{
    struct span d = span_from(in, off);

    if (zip_is(d, 0, SIG_DESCRIPTOR)) {
        struct span body = span_from(d, 4);

        if (is_descriptor(body, true, crc, csize, usize))
            return 24;
        if (is_descriptor(body, false, crc, csize, usize))
            return 16;
    }
    if (is_descriptor(d, true, crc, csize, usize))
        return 20;
    return is_descriptor(d, false, crc, csize, usize) ? 12 : 0;
}

bool zip_unicode_path(struct span field, uint32_t name_crc, struct span *out)
{
    uint8_t version;
    uint32_t crc;

    *out = SPAN_EMPTY;
    if (!take_u8(&field, &version) || version != 1 || !take_u32le(&field, &crc) || crc != name_crc)
        return false;
    *out = field;
    return true;
}
