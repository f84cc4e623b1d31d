/* Names of a package, in a table of open addressing. See ir.h. */
#include "format/package/ir.h"

#define SLOTS_FIRST 256u

bool ir_names_init(struct ir_names *names, struct arena *arena)
{
    *names = (struct ir_names){ .arena = arena, .n = 1, .size = SLOTS_FIRST / 2 };
    names->slots_n = SLOTS_FIRST;
    names->slots = arena_array(arena, names->slots_n, sizeof *names->slots);
    names->text = arena_array(arena, names->size, sizeof *names->text);
    names->hashes = arena_array(arena, names->size, sizeof *names->hashes);
    if (!names->slots || !names->text || !names->hashes)
        return false;
    names->text[0] = SPAN_EMPTY;
    return true;
}

/* The slot of a name, or the free one where it belongs. */
static uint32_t *slot_of(const struct ir_names *names, struct span text, uint32_t hash)
{
    uint32_t i = hash & (names->slots_n - 1);

    while (names->slots[i] && !(names->hashes[names->slots[i]] == hash &&
                                span_equal(names->text[names->slots[i]], text)))
        i = (i + 1) & (names->slots_n - 1);
    return &names->slots[i];
}

/* Twice the room; what was there stays in the arena, less than is used now. */
static bool grow(struct ir_names *names)
{
    uint32_t size = names->size * 2, slots_n = names->slots_n * 2;
    struct span *text = arena_array(names->arena, size, sizeof *text);
    uint32_t *hashes = arena_array(names->arena, size, sizeof *hashes);
    uint32_t *slots = arena_array(names->arena, slots_n, sizeof *slots);

    if (!text || !hashes || !slots)
        return false;
    memcpy(text, names->text, names->n * sizeof *text);
    memcpy(hashes, names->hashes, names->n * sizeof *hashes);
    names->text = text, names->hashes = hashes, names->slots = slots;
    names->size = size, names->slots_n = slots_n;
    for (uint32_t i = 1; i < names->n; i++)
        *slot_of(names, text[i], hashes[i]) = i;
    return true;
}

uint32_t ir_name(struct ir_names *names, struct span text)
{
    uint32_t hash = py_hash(text), *slot;
    char *copy;

    if (text.n == 0)
        return 0;
    slot = slot_of(names, text, hash);
    if (*slot)
        return *slot;
    if (names->n == names->size) {
        if (names->size > UINT32_MAX / 8 || !grow(names))
            return 0;
        slot = slot_of(names, text, hash);
    }
    copy = arena_copy(names->arena, text.p, text.n);
    if (!copy)
        return 0;
    names->text[names->n] = span_of(copy, text.n);
    names->hashes[names->n] = hash;
    return *slot = names->n++;
}

uint32_t ir_name_find(const struct ir_names *names, struct span text)
{
    return text.n ? *slot_of(names, text, py_hash(text)) : 0;
}
