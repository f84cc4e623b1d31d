/* See interest.h. */
#include "fact/interest.h"

#include <string.h>

static uint32_t mix(uint32_t node, uint32_t word)
{
    uint32_t h = node * 0x9E3779B1u ^ word * 0x85EBCA77u;

    return h ^ h >> 15;
}

static uint32_t *child_slot(const struct interest *in, uint32_t node, uint32_t word)
{
    uint32_t i = mix(node, word) & (in->slots_n - 1);

    while (in->slots[i] &&
           (in->nodes[in->slots[i]].parent != node || in->nodes[in->slots[i]].word != word))
        i = (i + 1) & (in->slots_n - 1);
    return &in->slots[i];
}

uint32_t interest_child(const struct interest *in, uint32_t node, uint32_t word)
{
    return *child_slot(in, node, word);
}

static uint32_t *word_slot(const struct interest *in, const char *p, size_t n)
{
    uint32_t i = 2166136261u;

    for (size_t k = 0; k < n; k++)
        i = (i ^ (uint8_t)p[k]) * 16777619u;
    i &= in->slots_n - 1;
    while (in->word_slots[i] && (strncmp(in->words[in->word_slots[i] - 1], p, n) != 0 ||
                                 in->words[in->word_slots[i] - 1][n]))
        i = (i + 1) & (in->slots_n - 1);
    return &in->word_slots[i];
}

uint32_t interest_word(const struct interest *in, const char *word, size_t n)
{
    return *word_slot(in, word, n) - 1; /* none: UINT32_MAX */
}

static uint32_t add_word(struct interest *in, struct arena *arena, const char *p, size_t n)
{
    uint32_t *slot = word_slot(in, p, n);
    char *copy;

    if (*slot)
        return *slot - 1;
    copy = arena_copy(arena, p, n);
    if (!copy)
        return UINT32_MAX;
    in->words[in->words_n++] = copy;
    *slot = in->words_n;
    return *slot - 1;
}

/* Cuts the first part off a dotted name; its length. */
static size_t part(const char *name)
{
    return strcspn(name, ".");
}

static uint32_t add_node(struct interest *in, uint32_t parent, uint32_t word)
{
    uint32_t *slot = child_slot(in, parent, word);

    if (!*slot) {
        *slot = in->nodes_n++;
        in->nodes[*slot] = (struct interest_node){ .parent = parent, .word = word };
    }
    return *slot;
}

/* Adds row i; false without memory. */
static bool add(struct interest *in, struct arena *arena, uint32_t i)
{
    const struct interest_row *row = &in->rows[i];
    const char *at = row->name;
    uint32_t node = 0, word = 0;

    for (;;) {
        size_t n = part(at);

        word = add_word(in, arena, at, n);
        if (word == UINT32_MAX)
            return false;
        if (row->flags & INTEREST_MEMBER) {
            in->members[word] = i + 1;
            return true;
        }
        node = add_node(in, node, word);
        if (!at[n])
            break;
        at += n + 1;
    }
    in->nodes[node].row = i + 1;
    in->nodes[node].flags |= row->flags;
    return true;
}

bool interest_init(struct interest *in, struct arena *arena, const struct interest_row *rows,
                   size_t n)
{
    size_t parts = 1;
    uint32_t slots = 16;

    for (size_t i = 0; i < n; i++)
        for (const char *p = rows[i].name; p; p = strchr(p, '.'), p = p ? p + 1 : NULL)
            parts++;
    while (slots < parts * 2)
        slots *= 2;
    *in = (struct interest){ .rows = rows, .rows_n = n, .slots_n = slots, .nodes_n = 1 };
    in->words = arena_array(arena, parts, sizeof *in->words);
    in->members = arena_array(arena, parts, sizeof *in->members);
    in->nodes = arena_array(arena, parts, sizeof *in->nodes);
    in->slots = arena_array(arena, slots, sizeof *in->slots);
    in->word_slots = arena_array(arena, slots, sizeof *in->word_slots);
    if (!in->words || !in->word_slots || !in->members || !in->nodes || !in->slots)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!add(in, arena, i))
            return false;
    return true;
}

uint32_t interest_find(const struct interest *in, const char *name)
{
    uint32_t node = 0;

    for (;;) {
        size_t n = part(name);
        uint32_t word = interest_word(in, name, n);

        node = word < in->words_n ? interest_child(in, node, word) : 0;
        if (!node || !name[n])
            return node;
        name += n + 1;
    }
}
