/*
 * What values hold: text of a configuration, which goes to Keras's reader, and bytes that start
 * like a file of their own: pickles (PyTables keeps Python objects so), archives, programs, code.
 */
#include <stdio.h>

#include "format/hdf5/reader.h"
#include "format/hdf5/within.h"
#include "format/keras/keras.h"

const char *const hdf5_config_names[2] = { "model_config", "training_config" };
static const char other_config[] = "a text of an HDF5 file";

/* ---- files within ---- */

/* Whether bytes of the file were not handed on yet: many values may lead to the same ones. */
static bool is_new(struct h5 *h, struct span bytes)
{
    uint64_t off = (uint64_t)((uintptr_t)bytes.p - (uintptr_t)h->file.p);

    return off >= h->file.n || hdf5_first(h, off, HDF5_SALT_BYTES | (uint64_t)bytes.n << 8);
}

void hdf5_bytes(struct h5 *h, struct span bytes, const struct place *place)
{
    char text[512];
    struct span name;

    if (!hdf5_charge(h, 64 + bytes.n / 8) || !hdf5_is_file(bytes) || !is_new(h, bytes))
        return;
    if (!budget_members(h->s->budget, 1)) {
        (void)hdf5_stop(h, scan_fail_budget(h->s, h->base));
        return;
    }
    name = hdf5_path(h, place, text, sizeof text);
    if (name.n > 1)
        (void)skip(&name, 1); /* the report has one there */
    (void)hdf5_goes_on(h, scan_nested(h->s, bytes, name, ROLE_ANY));
}

/* ---- configurations ---- */

int hdf5_config_name(struct span name, uint64_t *index)
{
    *index = 0;
    for (int i = 0; i < 2; i++) {
        struct span word = span_text(hdf5_config_names[i]), digits;

        if (!span_starts(name, word))
            continue;
        digits = span_from(name, word.n);
        if (digits.n > 6)
            return -1;
        for (size_t at = 0; at < digits.n; at++) {
            if (digits.p[at] < '0' || digits.p[at] > '9')
                return -1;
            *index = *index * 10 + (digits.p[at] - '0');
        }
        return i;
    }
    return -1;
}

/* What is no JSON under Keras's own names is a fault; elsewhere it is text like any other. */
bool hdf5_config(struct h5 *h, struct span text, const char *where, const struct place *place)
{
    enum pratique_status st;

    while (text.n > 0 && text.p[text.n - 1] == 0)
        text.n--;
    if (text.n == 0 || !hdf5_charge(h, text.n) || !is_new(h, text))
        return h->stop == PRATIQUE_OK;
    st = keras_config(h->s, text, where);
    if (!hdf5_goes_on(h, st) || st == PRATIQUE_OK)
        return h->stop == PRATIQUE_OK;
    hdf5_bytes(h, text, place);
    return where == other_config || hdf5_broken(h, place->addr, "%s: %s", where, h->s->error.msg);
}

/* Text that describes a layer or a model, whatever the attribute is called. */
static bool describes(struct span text)
{
    while (text.n > 0 && memchr(" \t\r\n", text.p[0], 4))
        (void)skip(&text, 1);
    return text.n > 0 && (text.p[0] == '{' || text.p[0] == '[') &&
           span_find(text, 0, SPAN_LITERAL("\"class_name\"")) != SIZE_MAX;
}

/* ---- elements ---- */

static void text_value(struct h5 *h, struct span bytes, const struct place *place)
{
    uint64_t index;

    if (!hdf5_charge(h, bytes.n))
        return;
    while (bytes.n > 0 && bytes.p[bytes.n - 1] == 0)
        bytes.n--;
    /* attribute.c puts those of these names together */
    if (place->attribute.n > 0 && hdf5_config_name(place->attribute, &index) >= 0)
        return;
    if (place->attribute.n == 0 && hdf5_config_name(h->queue.p[place->item].name, &index) >= 0) {
        (void)hdf5_config(h, bytes, hdf5_config_names[0], place);
        return;
    }
    if (describes(bytes))
        (void)hdf5_config(h, bytes, other_config, place);
    else
        hdf5_bytes(h, bytes, place);
}

static void value(struct h5 *h, const struct type *t, struct span in, const struct place *place);

/* A length, and where it lies in the global heap: an address and an index. */
bool hdf5_vlen(struct h5 *h, const struct type *t, struct span in, struct span *object)
{
    uint64_t n, addr, index, bytes;

    *object = SPAN_EMPTY;
    if (!hdf5_take(&in, 4, &n) || !hdf5_take_addr(h, &in, &addr) || !hdf5_take(&in, 4, &index))
        return hdf5_broken(h, 0, "a value of variable length is cut short");
    if (n == 0 || addr == 0 || addr == UNDEFINED || !hdf5_global(h, addr, (uint32_t)index, object))
        return false;
    if (!MUL_OVERFLOWS(n, t->base->size, &bytes) && bytes < object->n)
        object->n = (size_t)bytes;
    return true;
}

static void vlen(struct h5 *h, const struct type *t, struct span in, const struct place *place)
{
    struct span object;

    if (!hdf5_vlen(h, t, in, &object))
        return;
    if (t->text)
        text_value(h, object, place);
    else
        hdf5_values(h, t->base, object, place);
}

static void value(struct h5 *h, const struct type *t, struct span in, const struct place *place)
{
    struct span part;

    if (t->class == CLASS_STRING) {
        text_value(h, in, place);
    } else if (t->class == CLASS_OPAQUE) {
        hdf5_bytes(h, in, place);
    } else if (t->class == CLASS_VLEN) {
        vlen(h, t, in, place);
    } else if (t->class == CLASS_ARRAY && hdf5_is_byte(t->base)) {
        hdf5_bytes(h, in, place);
    } else if (t->class == CLASS_ARRAY) {
        hdf5_values(h, t->base, in, place);
    } else {
        for (const struct type *m = t->members; m; m = m->next)
            if (m->carries && span_sub(in, m->off, m->size, &part))
                value(h, m, part, place);
    }
}

void hdf5_values(struct h5 *h, const struct type *t, struct span in, const struct place *place)
{
    struct span one;

    if (hdf5_is_byte(t)) {
        hdf5_bytes(h, in, place);
        return;
    }
    while (t->carries && t->size > 0 && h->stop == PRATIQUE_OK && take(&in, t->size, &one) &&
           hdf5_charge(h, 8))
        value(h, t, one, place);
}
