/*
 * Attributes: messages of versions 1 to 3. What Keras keeps in some of them (its configuration,
 * perhaps over several attributes) is put together here. HDF5 File Format Specification 3.0,
 * IV.A.2.m; keras/src/legacy/saving/legacy_h5_format.py, 3.15.
 */
#include <stdlib.h>

#include "format/hdf5/reader.h"
#include "format/model/model.h"

#define PARTS_MAX 4096

struct attribute {
    struct span name, data;
    struct type *type;
    struct space space;
};

/* ---- the message ---- */

/* One of its parts: n bytes, filled up to a multiple of eight in version 1. */
static bool take_part(struct span *in, uint64_t n, unsigned version, struct span *out)
{
    uint64_t more = version == 1 ? (8 - n % 8) % 8 : 0;

    return take(in, n, out) && (more == 0 || skip(in, more));
}

/* The type or the space, which may be in another object's header. */
static bool whole(struct h5 *h, unsigned type, bool shared, struct span body, struct message *m)
{
    *m = (struct message){ .type = type,
                           .flags = shared ? MESSAGE_SHARED : 0,
                           .body = body,
                           .addr = (uint64_t)(body.p - h->file.p) };
    return hdf5_resolve(h, m);
}

static bool take_attribute(struct h5 *h, struct span in, uint64_t addr, struct attribute *a)
{
    uint64_t version, flags, name_n, type_n, space_n, n;
    struct span type, space;
    struct message m;

    if (!hdf5_take(&in, 1, &version) || !hdf5_take(&in, 1, &flags) || !hdf5_take(&in, 2, &name_n) ||
        !hdf5_take(&in, 2, &type_n) || !hdf5_take(&in, 2, &space_n) || version < 1 || version > 3 ||
        !skip(&in, version == 3 ? 1 : 0) || !take_part(&in, name_n, (unsigned)version, &a->name) ||
        !take_part(&in, type_n, (unsigned)version, &type) ||
        !take_part(&in, space_n, (unsigned)version, &space))
        return hdf5_broken(h, addr, "an attribute of an unknown form");
    if (version == 1)
        flags = 0;
    while (a->name.n > 0 && a->name.p[a->name.n - 1] == 0)
        a->name.n--;
    if (!whole(h, MESSAGE_TYPE, flags & 1, type, &m))
        return false;
    a->type = hdf5_type(h, &m.body, m.addr);
    if (!a->type || !whole(h, MESSAGE_SPACE, flags & 2, space, &m) ||
        !hdf5_space(h, m.body, m.addr, &a->space))
        return false;
    if (MUL_OVERFLOWS(a->space.n, a->type->size, &n) || !take(&in, n, &a->data))
        return hdf5_broken(h, addr, "an attribute is shorter than its type and shape say");
    return true;
}

/* ---- texts ---- */

/* The text of one element, when the type is one of texts. */
static bool text_of(struct h5 *h, const struct type *t, struct span in, struct span *text)
{
    *text = in;
    return t->class == CLASS_STRING || t->class == CLASS_OPAQUE ||
           (t->class == CLASS_VLEN && hdf5_vlen(h, t, in, text));
}

static void add_part(struct h5 *h, struct attributes *all, int which, uint64_t index,
                     struct span text)
{
    while (text.n > 0 && text.p[text.n - 1] == 0)
        text.n--;
    if (all->n[which] >= PARTS_MAX) {
        (void)hdf5_broken(h, 0, "a configuration in too many parts");
        return;
    }
    if (hdf5_grow(h, (void **)&all->parts[which], all->n[which], &all->size[which],
                  sizeof(struct part)))
        all->parts[which][all->n[which]++] = (struct part){ index, text };
}

/* Every element of the attribute is a part; a plain number of bytes is one. */
static void add_parts(struct h5 *h, struct attributes *all, int which, uint64_t index,
                      const struct attribute *a)
{
    struct span in = a->data, one, text;

    if (hdf5_is_byte(a->type)) {
        add_part(h, all, which, index << 32, in);
        return;
    }
    for (uint64_t i = 0; h->stop == PRATIQUE_OK && a->type->size && take(&in, a->type->size, &one);
         i++)
        if (text_of(h, a->type, one, &text))
            add_part(h, all, which, index << 32 | (i & UINT32_MAX), text);
}

/* Versions that the model tells of itself: the first of each. */
static void says(struct h5 *h, const struct attribute *a)
{
    bool version = span_is(a->name, "keras_version"), backend = span_is(a->name, "backend");
    struct span text;

    if ((!version || h->said_version) && (!backend || h->said_backend))
        return;
    if (!text_of(h, a->type, a->data, &text))
        return;
    while (text.n > 0 && text.p[text.n - 1] == 0)
        text.n--;
    if (text.n == 0 || text.n > 64)
        return;
    h->said_version |= version;
    h->said_backend |= backend;
    model_sayf(h->s, "library", version ? "Keras %.*s" : "backend %.*s", (int)text.n,
               (const char *)text.p);
}

void hdf5_attribute(struct h5 *h, struct attributes *all, struct span message, uint64_t addr)
{
    struct attribute a = { .name = SPAN_EMPTY };
    struct place place = { .item = all->item, .addr = addr };
    uint64_t index;
    int which;

    h->attributes++;
    if (!take_attribute(h, message, addr, &a))
        return;
    hdf5_hear(h, "attribute", h->queue.p[all->item].addr, a.name, 0);
    place.attribute = a.name;
    which = hdf5_config_name(a.name, &index);
    if (which >= 0)
        add_parts(h, all, which, index, &a);
    says(h, &a);
    if (a.type->carries || hdf5_is_byte(a.type))
        hdf5_values(h, a.type, a.data, &place);
    arena_reset(&h->types);
}

/* ---- parts ---- */

static int by_index(const void *a, const void *b)
{
    const struct part *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* One text of them all, in the order of their numbers. */
static void join(struct h5 *h, struct attributes *all, int which)
{
    struct place place = { .item = all->item, .attribute = SPAN_EMPTY };
    size_t n = 0, at = 0;
    uint8_t *text;

    qsort(all->parts[which], all->n[which], sizeof *all->parts[which], by_index);
    for (size_t i = 0; i < all->n[which]; i++)
        n += all->parts[which][i].text.n;
    text = n > 0 && hdf5_charge(h, n) ? scan_map(h->s, n) : NULL;
    if (!text) {
        if (n > 0)
            (void)hdf5_stop(h, scan_fail_budget(h->s, h->base));
        return;
    }
    for (size_t i = 0; i < all->n[which]; i++) {
        struct span part = all->parts[which][i].text;

        memcpy(text + at, part.p, part.n);
        at += part.n;
    }
    (void)hdf5_config(h, span_of(text, n), hdf5_config_names[which], &place);
    scan_unmap(h->s, text, n);
}

/* Each part that is whole by itself, and all of them as one. */
void hdf5_attributes_end(struct h5 *h, struct attributes *all)
{
    struct place place = { .item = all->item, .attribute = SPAN_EMPTY };

    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; i < all->n[which] && h->stop == PRATIQUE_OK; i++) {
            struct span part = all->parts[which][i].text;

            if (all->n[which] == 1 || (part.n > 1 && part.p[0] == '{' && part.p[part.n - 1] == '}'))
                (void)hdf5_config(h, part, hdf5_config_names[which], &place);
        }
        if (all->n[which] > 1 && h->stop == PRATIQUE_OK)
            join(h, all, which);
        scan_unmap(h->s, all->parts[which], all->size[which] * sizeof *all->parts[which]);
    }
}
