/* The table of what library functions do: each name once, well formed, and found. */
#include "format/package/models.h"

#include <stdlib.h>

#include "test.h"

static const struct model rows[] = {
#define MODEL(name, effect, a, a_key, b, b_key, word)                                              \
    { name, E_##effect, a, a_key, b, b_key, word },
#include "format/package/models.def"
#undef MODEL
};
#define ROWS (sizeof rows / sizeof rows[0])

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Identifiers with dots between; before the first one alone there may be a dot. */
static bool is_dotted(const char *s)
{
    if (*s == '.')
        return !strchr(s + 1, '.') && is_dotted(s + 1);
    for (;;) {
        if (!is_letter(*s))
            return false;
        while (is_letter(*s) || (*s >= '0' && *s <= '9'))
            s++;
        if (*s != '.')
            return *s == '\0';
        s++;
    }
}

static bool is_place(int place)
{
    return place >= NONE && place < 8;
}

TEST(models_well_formed)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct model *m = &rows[i];

        CHECK(is_dotted(m->name), "%s is a name", m->name);
        CHECK(m->effect < EFFECTS, "%s", m->name);
        CHECK(is_place(m->a) && is_place(m->b), "%s: places", m->name);
        CHECK(!m->a_key || (is_dotted(m->a_key) && m->a != SELF), "%s: first keyword", m->name);
        CHECK(!m->b_key || (is_dotted(m->b_key) && m->b != SELF), "%s: second keyword", m->name);
        CHECK(m->name[0] != '.' || !strchr(m->name + 1, '.'), "%s: a method", m->name);
    }
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct model *)x)->name, ((const struct model *)y)->name);
}

TEST(models_unique)
{
    static struct model sorted[ROWS];

    memcpy(sorted, rows, sizeof rows);
    qsort(sorted, ROWS, sizeof sorted[0], by_name);
    for (size_t i = 1; i < ROWS; i++)
        CHECK(strcmp(sorted[i - 1].name, sorted[i].name) != 0, "%s is there twice", sorted[i].name);
}

TEST(models_found)
{
    struct arena arena;
    struct models models;

    arena_init(&arena, (size_t)1 << 20);
    CHECK(models_init(&models, &arena), "a table");
    for (size_t i = 0; i < ROWS; i++) {
        const struct model *m = models_find(&models, span_text(rows[i].name));

        CHECK(m && strcmp(m->name, rows[i].name) == 0 && m->effect == rows[i].effect, "%s",
              rows[i].name);
    }
    CHECK(!models_find(&models, SPAN_LITERAL("urllib.request.urlope")), "none");
    CHECK(!models_find(&models, SPAN_EMPTY), "the empty one");
    arena_reset(&arena);
}

/* Each effect has a row, or nobody needs it. */
TEST(models_effects)
{
    bool seen[EFFECTS] = { false };

    for (size_t i = 0; i < ROWS; i++)
        seen[rows[i].effect] = true;
    for (size_t i = 0; i < EFFECTS; i++)
        CHECK(seen[i], "effect %zu", i);
}
