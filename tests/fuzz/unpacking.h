/*
 * An archive unpacked into nothing: for the fuzz targets of both kinds. What the plan says of a
 * path must hold by the parent's own check, and content that is called good must be all there, in
 * the order of the plan.
 */
#ifndef PRATIQUE_TESTS_UNPACKING_H
#define PRATIQUE_TESTS_UNPACKING_H

#include <stdlib.h>

#include "trust/admit/unpack.h"

struct unpacking {
    struct unpack u;
    uint8_t ring[4 * UNPACK_PIECE]; /* a room stays as it is for two pieces more */
    size_t turn;
    size_t at;      /* the entry that content came for last */
    uint64_t n;     /* bytes of it */
    uint64_t files; /* with content, so far */
};

static inline void must(bool ok)
{
    if (!ok)
        abort();
}

static uint8_t *unpacking_room(void *user, size_t i, size_t n)
{
    struct unpacking *x = user;

    must(n <= UNPACK_PIECE && i < x->u.n && x->u.entries[i].type == UNPACK_FILE);
    if (x->n > 0 && i != x->at) {
        must(i > x->at && x->n == x->u.entries[x->at].size);
        x->n = 0;
    }
    x->at = i;
    if (sizeof x->ring - x->turn < n)
        x->turn = 0;
    x->turn += n;
    return x->ring + x->turn - n;
}

static void unpacking_put(void *user, size_t n)
{
    struct unpacking *x = user;

    x->files += x->n == 0;
    x->n += n;
    must(x->n <= x->u.entries[x->at].size);
}

static void unpacking_check_plan(const struct unpack *u)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < u->n; i++) {
        must(names_is_path(u->entries[i].path));
        bytes += u->entries[i].size;
    }
    must(bytes <= u->limits.bytes && u->n <= u->limits.files);
}

static void unpacking_check_content(const struct unpacking *x)
{
    uint64_t files = 0;

    for (size_t i = 0; i < x->u.n; i++)
        files += x->u.entries[i].type == UNPACK_FILE && x->u.entries[i].size > 0;
    must(files == x->files && (files == 0 || x->n == x->u.entries[x->at].size));
}

static void unpacking_run(struct span in, const char *name, enum unpack_format format)
{
    static const struct unpack_limits limits = { .files = 10000, .bytes = 8u << 20, .ratio = 400 };
    struct unpacking *x = calloc(1, sizeof *x);
    struct unpack_sink to = { .user = x, .room = unpacking_room, .put = unpacking_put };

    must(x != NULL);
    unpack_init(&x->u, in, name, &limits);
    x->u.format = format;
    if (unpack_is_wheel(name))
        unpack_record_new(&x->u);
    if (unpack_plan(&x->u)) {
        unpacking_check_plan(&x->u);
        if (unpack_content(&x->u, &to))
            unpacking_check_content(x);
        else
            must(x->u.faults > 0 || x->u.facts.full);
    } else {
        must(x->u.faults > 0 || x->u.facts.full);
    }
    unpack_free(&x->u);
    free(x);
}

#endif
