/* See names.h. Open addressing; never more than half full. */
#include "format/tensorflow/names.h"

#include "format/tensorflow/ops.h"

void tf_names_init(struct tf_names *names, struct scan *s)
{
    *names = (struct tf_names){ .s = s, .seed = budget_now_us() ^ (uint64_t)(uintptr_t)names };
}

void tf_names_free(struct tf_names *names)
{
    scan_unmap(names->s, names->slots, names->size * sizeof *names->slots);
    names->slots = NULL;
    names->n = names->size = 0;
}

static struct tf_name *slot_of(const struct tf_names *names, struct span name)
{
    size_t mask = names->size - 1, i = tf_hash(name, names->seed) & mask;

    while (names->slots[i].number && !span_equal(names->slots[i].name, name))
        i = (i + 1) & mask;
    return &names->slots[i];
}

static bool grow(struct tf_names *names)
{
    struct tf_names more = *names;

    more.size = names->size ? names->size * 2 : 64;
    more.slots = scan_map(names->s, more.size * sizeof *more.slots);
    if (!more.slots)
        return false;
    for (size_t i = 0; i < names->size; i++)
        if (names->slots[i].number)
            *slot_of(&more, names->slots[i].name) = names->slots[i];
    scan_unmap(names->s, names->slots, names->size * sizeof *names->slots);
    *names = more;
    return true;
}

bool tf_names_put(struct tf_names *names, struct span name, uint32_t number)
{
    struct tf_name *slot;

    if (number == UINT32_MAX || (names->n * 2 >= names->size && !grow(names)))
        return false;
    slot = slot_of(names, name);
    names->n += slot->number == 0;
    *slot = (struct tf_name){ name, number + 1 };
    return true;
}

bool tf_names_get(const struct tf_names *names, struct span name, uint32_t *number)
{
    const struct tf_name *slot = names->size ? slot_of(names, name) : NULL;

    if (!slot || slot->number == 0)
        return false;
    if (number)
        *number = slot->number - 1;
    return true;
}
