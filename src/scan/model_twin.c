/*
 * Whether a pickle and the safetensors that a loader takes in its place hold the same tensors. What
 * is compared are sketches (format/model/sketch.h) of their names and of how many numbers each has,
 * and the bytes in all: what a change of type, a new class or a buffer less leaves nearly as it
 * was. Other numbers in tensors of the same names and sizes are not seen: no tensor is read.
 */
#include <inttypes.h>

#include "format/model/sketch.h"
#include "scan/model.h"

#define TIMES_MAX 5               /* half precision is two, a quarter four */
#define SLACK     UINT64_C(65536) /* headers */

struct side {
    struct tensors tensors;
    uint64_t bytes;
    bool untold; /* of some file it is not known */
    size_t seen; /* files that were looked at */
};

static void add_file(struct side *side, const struct model_file *f)
{
    sketch_merge(&side->tensors.names, f->by_name);
    sketch_merge(&side->tensors.sizes, f->by_size);
    side->bytes += f->size;
    side->untold |= f->by_name.n == 0;
}

/* A file, or all shards of the set that it is of. */
static void add_set(struct side *side, const struct model_set *m, const struct model_file *f)
{
    struct model_part set, part;

    if (!model_part(f->path, &set)) {
        add_file(side, f);
        return;
    }
    for (size_t i = model_set_at(m, set.stem); i < m->n && span_starts(m->files[i]->path, set.stem);
         i++) {
        side->seen++;
        if (model_part(m->files[i]->path, &part) && part.of == set.of &&
            span_equal(part.stem, set.stem) && span_equal(part.ending, set.ending))
            add_file(side, m->files[i]);
    }
}

/* Of what is in part, at least half is not in whole. */
static bool is_other(const struct sketch *whole, const struct sketch *part)
{
    size_t of, lacks = sketch_lacks(whole, part, &of);

    return of > 0 && lacks * 2 >= of;
}

/* Tensors that are views of a few large storages have no sizes to go by. */
static bool has_sizes(const struct side *pickle, const struct side *twin)
{
    return pickle->tensors.sizes.n * 2 >= twin->tensors.sizes.n;
}

static bool is_much_more(uint64_t a, uint64_t b)
{
    return a > SLACK && (a - SLACK) / TIMES_MAX > b;
}

static const char *difference(const struct model_file *f, const struct side *pickle,
                              const struct side *twin)
{
    if (is_other(&pickle->tensors.names, &twin->tensors.names))
        return "tensors of other names";
    if (has_sizes(pickle, twin) && is_other(&pickle->tensors.sizes, &twin->tensors.sizes))
        return "tensors of other sizes";
    /* A checkpoint may hold an optimizer too; weights do not. */
    if (is_much_more(twin->bytes, pickle->bytes) ||
        (model_is_family(f) && is_much_more(pickle->bytes, twin->bytes)))
        return "another amount of tensors";
    return NULL;
}

bool model_twins_differ(const struct model_set *m, const struct model_file *f,
                        struct model_twins *out)
{
    struct side pickle = { .bytes = 0 }, twin = { .bytes = 0 };
    struct model_part part;

    *out = (struct model_twins){ .how = NULL };
    if (model_part(f->path, &part) && part.number > 1)
        return false; /* told at the first of the set */
    add_set(&pickle, m, f);
    add_set(&twin, m, f->twin);
    *out = (struct model_twins){ NULL, pickle.bytes, twin.bytes, pickle.seen + twin.seen };
    if (!pickle.untold && !twin.untold)
        out->how = difference(f, &pickle, &twin);
    return out->how != NULL;
}
