/* The rows of models.def by name. See models.h. */
#include "format/package/models.h"

static const struct model rows[] = {
#define MODEL(name, effect, a, a_key, b, b_key, word)                                              \
    { name, E_##effect, a, a_key, b, b_key, word },
#include "format/package/models.def"
#undef MODEL
};

static uint32_t hash_name(struct span s)
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * 16777619U;
    return h;
}

bool models_init(struct models *m, struct arena *arena)
{
    m->slots_n = 256;
    while (m->slots_n < 2 * ARRAY_LEN(rows))
        m->slots_n *= 2;
    m->slots = arena_array(arena, m->slots_n, sizeof *m->slots);
    for (size_t i = 0; m->slots && i < ARRAY_LEN(rows); i++) {
        uint32_t at = hash_name(span_text(rows[i].name)) & (m->slots_n - 1);

        while (m->slots[at])
            at = (at + 1) & (m->slots_n - 1);
        m->slots[at] = (uint16_t)(i + 1);
    }
    return m->slots != NULL;
}

const struct model *models_find(const struct models *m, struct span name)
{
    uint32_t at = hash_name(name) & (m->slots_n - 1);

    for (; m->slots[at]; at = (at + 1) & (m->slots_n - 1))
        if (span_is(name, rows[m->slots[at] - 1].name))
            return &rows[m->slots[at] - 1];
    return NULL;
}
