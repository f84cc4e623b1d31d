/* GNU tar 1.35 manual, "Storing Sparse Files": the old format and pax 0.0, 0.1, 1.0. */
#include "format/tar/sparse.h"

#include "format/tar/header.h"
#include "format/tar/pax.h"

/* Of an old GNU pair: two octal numbers of twelve bytes; in a block, 21 of them and a flag. */
#define PAIR_SIZE   24
#define BLOCK_PAIRS 21

static bool take_number_line(struct span *in, uint64_t *out)
{
    struct span line;

    return take_line(in, &line) && tar_pax_number(line, out);
}

struct tar_segments tar_sparse_start(const struct tar_sparse *sparse)
{
    struct tar_segments it = { .kind = sparse->kind, .rest = sparse->map, .more = sparse->more };

    if (it.kind == TAR_SPARSE_BODY)
        it.bad = !take_number_line(&it.rest, &it.left);
    return it;
}

static bool next_gnu(struct tar_segments *it, struct tar_segment *g)
{
    struct span block, offset, size;

    if (it->rest.n == 0) {
        if (!take(&it->more, TAR_BLOCK, &block))
            return false;
        (void)take(&block, BLOCK_PAIRS * PAIR_SIZE, &it->rest);
    }
    if (!take(&it->rest, PAIR_SIZE / 2, &offset) || !take(&it->rest, PAIR_SIZE / 2, &size))
        return false;
    if (size.p[0] == 0 && offset.p[0] == 0)
        return false; /* an empty pair ends the map */
    it->bad = tar_number(offset, &g->offset) != TAR_NUMBER_OK ||
              tar_number(size, &g->size) != TAR_NUMBER_OK;
    return !it->bad;
}

static bool next_pairs(struct tar_segments *it, struct tar_segment *g)
{
    struct span key, value;
    bool offset = false, whole;

    while (tar_pax_record(&it->rest, &key, &value, &whole)) {
        if (span_is(key, "GNU.sparse.offset")) {
            it->bad |= offset || !tar_pax_number(value, &g->offset);
            offset = true;
        } else if (span_is(key, "GNU.sparse.numbytes")) {
            it->bad |= !offset || !tar_pax_number(value, &g->size);
            return !it->bad;
        }
    }
    it->bad |= offset;
    return false;
}

static bool take_comma(struct span *in, uint64_t *out)
{
    size_t at = span_find(*in, 0, SPAN_LITERAL(","));
    struct span digits;

    if (!take(in, at == SIZE_MAX ? in->n : at, &digits))
        return false;
    (void)skip(in, 1);
    return tar_pax_number(digits, out);
}

static bool next_map(struct tar_segments *it, struct tar_segment *g)
{
    if (it->rest.n == 0)
        return false;
    it->bad = !take_comma(&it->rest, &g->offset) || !take_comma(&it->rest, &g->size);
    return !it->bad;
}

static bool next_body(struct tar_segments *it, struct tar_segment *g)
{
    if (it->left == 0)
        return false;
    it->left--;
    it->bad = !take_number_line(&it->rest, &g->offset) || !take_number_line(&it->rest, &g->size);
    return !it->bad;
}

bool tar_sparse_next(struct tar_segments *it, struct tar_segment *g)
{
    *g = (struct tar_segment){ 0 };
    if (it->bad)
        return false;
    switch (it->kind) {
    case TAR_SPARSE_GNU:
        return next_gnu(it, g);
    case TAR_SPARSE_PAIRS:
        return next_pairs(it, g);
    case TAR_SPARSE_MAP:
        return next_map(it, g);
    case TAR_SPARSE_BODY:
        return next_body(it, g);
    default:
        return false;
    }
}

bool tar_sparse_cut_body(struct span *body, struct span *map)
{
    struct tar_segments it = tar_sparse_start(
        &(struct tar_sparse){ .kind = TAR_SPARSE_BODY, .map = *body, .more = SPAN_EMPTY });
    struct tar_segment g;

    *map = SPAN_EMPTY;
    while (tar_sparse_next(&it, &g))
        ;
    return !it.bad && take(body, tar_blocks(body->n - it.rest.n), map);
}

bool tar_sparse_check(const struct tar_sparse *sparse, uint64_t stored, uint64_t *end)
{
    struct tar_segments it = tar_sparse_start(sparse);
    struct tar_segment g;
    uint64_t data = 0;
    bool good = true;

    *end = 0;
    while (tar_sparse_next(&it, &g)) {
        good &= g.offset >= *end && g.offset <= sparse->size && g.size <= sparse->size - g.offset;
        if (!good)
            return false;
        *end = g.offset + g.size;
        data += g.size; /* within sparse->size: the segments do not overlap */
    }
    return !it.bad && data == stored;
}

void tar_sparse_expand(const struct tar_sparse *sparse, struct span data, uint8_t *out, size_t n)
{
    struct tar_segments it = tar_sparse_start(sparse);
    struct tar_segment g;
    struct span part;

    while (tar_sparse_next(&it, &g) && take(&data, g.size < data.n ? g.size : data.n, &part))
        if (g.offset <= n && part.n <= n - g.offset)
            memcpy(out + g.offset, part.p, part.n);
}
