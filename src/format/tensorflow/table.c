/* See table.h. */
#include "format/tensorflow/table.h"

#include "format/protobuf/protobuf.h" /* its varints are LevelDB's and snappy's too */
#include "format/tensorflow/crc32c.h"

#define FOOTER_N  48
#define TRAILER_N 5 /* of a block: its compression and its checksum */

bool tf_table_looks_like(struct span in)
{
    return in.n > FOOTER_N && span_ends(in, SPAN_LITERAL("\x57\xfb\x80\x8b\x24\x75\x47\xdb"));
}

static enum pratique_status fail(struct scan *s, uint64_t offset, const char *why)
{
    return scan_fail(s, PRATIQUE_E_FORMAT, offset, "table: %s", why);
}

/* ---- snappy ---- */

bool snappy_length(struct span *in, uint64_t *n)
{
    return pb_take_varint(in, n) && *n <= UINT32_MAX;
}

/* A length of one to four bytes that follows a tag. */
static bool take_length(struct span *in, unsigned bytes, uint64_t *n)
{
    struct span s;

    *n = 0;
    if (!take(in, bytes, &s))
        return false;
    for (unsigned i = bytes; i-- > 0;)
        *n = *n << 8 | s.p[i];
    return true;
}

/* The length and the distance of a copy; distance 0: a literal of that length follows. */
static bool take_element(struct span *in, uint64_t *n, uint64_t *distance)
{
    uint8_t tag;

    *distance = *n = 0;
    if (!take_u8(in, &tag))
        return false;
    if ((tag & 3) == 0) {
        *n = tag >> 2;
        if (*n >= 60 && !take_length(in, (unsigned)*n - 59, n))
            return false;
        ++*n;
        return true;
    }
    if ((tag & 3) == 1) {
        *n = (uint64_t)(tag >> 2 & 7) + 4;
        if (!take_length(in, 1, distance))
            return false;
        *distance |= (uint64_t)(tag >> 5) << 8;
    } else {
        *n = (uint64_t)(tag >> 2) + 1;
        if (!take_length(in, (tag & 3) == 2 ? 2 : 4, distance))
            return false;
    }
    return *distance > 0;
}

bool snappy_decode(struct span in, uint8_t *out, size_t n)
{
    size_t done = 0;

    while (in.n > 0) {
        uint64_t length, distance;
        struct span literal;

        if (!take_element(&in, &length, &distance) || length > n - done || distance > done)
            return false;
        if (distance == 0) {
            if (!take(&in, length, &literal))
                return false;
            memcpy(out + done, literal.p, literal.n);
            done += literal.n;
        }
        for (; distance > 0 && length > 0; length--, done++) /* may overlap what it makes */
            out[done] = out[done - distance];
    }
    return done == n;
}

/* ---- blocks ---- */

static enum pratique_status expand(struct scan *s, struct span body, struct tf_block *block)
{
    uint64_t n;

    if (!snappy_length(&body, &n))
        return fail(s, block->offset, "a compressed block without its length");
    if (!budget_output(s->budget, n) || !budget_ratio(s->budget, body.n, n))
        return scan_fail_budget(s, block->offset);
    block->copy_n = (size_t)n;
    block->copy = scan_map(s, block->copy_n);
    if (!block->copy)
        return scan_fail_budget(s, block->offset);
    if (!snappy_decode(body, block->copy, block->copy_n))
        return fail(s, block->offset, "a compressed block that is none");
    block->contents = span_of(block->copy, block->copy_n);
    return PRATIQUE_OK;
}

/* The contents of a block, its checksum checked. */
static enum pratique_status open_block(struct scan *s, struct span in, uint64_t offset, uint64_t n,
                                       struct tf_block *block)
{
    struct span body, summed, trailer;
    uint8_t compression;
    uint32_t sum;

    *block = (struct tf_block){ .offset = offset, .contents = SPAN_EMPTY };
    if (!span_sub(in, offset, n, &body) || !span_sub(in, offset, n + 1, &summed) ||
        !span_sub(in, offset + body.n, TRAILER_N, &trailer))
        return fail(s, offset, "a block beyond the end");
    s->budget->work_done += body.n;
    if (!take_u8(&trailer, &compression) || !take_u32le(&trailer, &sum) ||
        crc32c_masked(crc32c(0, summed)) != sum)
        return fail(s, offset, "a block whose checksum is wrong");
    if (compression == 1)
        return expand(s, body, block);
    if (compression != 0)
        return fail(s, offset, "a block compressed in a way that is not known");
    block->contents = body;
    return PRATIQUE_OK;
}

void tf_block_free(struct scan *s, struct tf_block *block)
{
    scan_unmap(s, block->copy, block->copy_n);
    *block = (struct tf_block){ .contents = SPAN_EMPTY };
}

enum pratique_status tf_table_index(struct scan *s, struct span in, struct tf_block *index)
{
    struct span footer = span_from(in, in.n - FOOTER_N);
    uint64_t offset, n, meta_offset, meta_n;

    *index = (struct tf_block){ .contents = SPAN_EMPTY };
    if (!pb_take_varint(&footer, &meta_offset) || !pb_take_varint(&footer, &meta_n) ||
        !pb_take_varint(&footer, &offset) || !pb_take_varint(&footer, &n))
        return fail(s, in.n - FOOTER_N, "a footer that is none");
    if (offset > in.n || n > in.n)
        return fail(s, in.n - FOOTER_N, "an index beyond the end");
    return open_block(s, in, offset, n, index);
}

enum pratique_status tf_table_block(struct scan *s, struct span in, struct span handle,
                                    uint64_t *end, struct tf_block *block)
{
    uint64_t offset, n;

    *block = (struct tf_block){ .contents = SPAN_EMPTY };
    if (!pb_take_varint(&handle, &offset) || !pb_take_varint(&handle, &n))
        return fail(s, *end, "an entry of the index that names no block");
    if (offset < *end || offset > in.n || n > in.n)
        return fail(s, *end, "a block out of its place");
    *end = offset + n + TRAILER_N;
    return open_block(s, in, offset, n, block);
}

/* ---- entries ---- */

bool tf_entries_begin(struct tf_entries *e, struct span contents)
{
    uint32_t restarts = 0;
    struct span tail;

    e->key_n = 0;
    e->in = SPAN_EMPTY;
    if (contents.n < 4)
        return false;
    tail = span_from(contents, contents.n - 4);
    if (!take_u32le(&tail, &restarts) || restarts > (contents.n - 4) / 4)
        return false;
    e->in = span_of(contents.p, contents.n - 4 - (size_t)restarts * 4);
    return true;
}

bool tf_entries_next(struct tf_entries *e, struct span *key, struct span *value, bool *bad)
{
    uint64_t shared, added, length;
    struct span more;

    *bad = false;
    *key = *value = SPAN_EMPTY;
    if (e->in.n == 0)
        return false;
    *bad = true;
    if (!pb_take_varint(&e->in, &shared) || !pb_take_varint(&e->in, &added) ||
        !pb_take_varint(&e->in, &length) || shared > e->key_n || added > TF_KEY_MAX - shared ||
        !take(&e->in, added, &more) || !take(&e->in, length, value))
        return false;
    memcpy(e->key + shared, more.p, more.n);
    e->key_n = (size_t)shared + more.n;
    *key = span_of(e->key, e->key_n);
    *bad = false;
    return true;
}
