/* See pynames.h. */
#include "rules/pynames.h"

#include <pthread.h>
#include <string.h>

#include "base/compiler.h"

#define INTEREST_TABLE_BYTES ((size_t)1024 * 1024)

struct source_row {
    const char *name;
    unsigned flags;
    int upload, source; /* enum rule_id, or NONE */
    enum py_condition condition;
    int arg;
    const char *key;
    int other;
    const char *other_key;
};

enum { RULE_NONE = -1 };
enum {
    USE = INTEREST_USE,
    CALL = INTEREST_USE | INTEREST_CALL,
    IMPORT = INTEREST_IMPORT,
    EXEMPT = INTEREST_EXEMPT,
    MEMBER = INTEREST_MEMBER,
};

static const struct source_row table[] = {
#define PYNAME(name, flags, upload, source, condition, arg, key)                                   \
    PYNAME_TWO(name, flags, upload, source, condition, arg, key, -1, NULL)
#define PYNAME_TWO(name, flags, upload, source, condition, arg, key, other, other_key)             \
    { name, flags, RULE_##upload, RULE_##source, PY_##condition, arg, key, other, other_key },
#include "rules/pynames.def"
#undef PYNAME
#undef PYNAME_TWO
};

static struct py_name names[ARRAY_LEN(table)];
static struct interest_row rows[ARRAY_LEN(table)];
static struct interest interest;
static struct arena arena;
static bool made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const struct pratique_rule *rule_or_null(int id)
{
    return id == RULE_NONE ? NULL : rule_row((enum rule_id)id);
}

static unsigned flags_of(const struct source_row *r)
{
    bool unless = r->condition == PY_UNLESS_TRUE || r->condition == PY_UNLESS_SAFE;

    return r->flags | (unless ? INTEREST_UNLESS : 0);
}

static void make(void)
{
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct source_row *r = &table[i];

        rows[i] =
            (struct interest_row){ r->name, flags_of(r), r->arg, r->key, r->other, r->other_key };
        names[i] = (struct py_name){ rows[i], rule_or_null(r->upload), rule_or_null(r->source),
                                     r->condition };
    }
    arena_init(&arena, INTEREST_TABLE_BYTES);
    made = interest_init(&interest, &arena, rows, ARRAY_LEN(table));
}

const struct interest *rules_interest(void)
{
    return pthread_once(&once, make) == 0 && made ? &interest : NULL;
}

const struct py_name *pynames_find(struct span name, bool member)
{
    const struct interest *in = rules_interest();
    char text[256];
    uint32_t row, word;

    if (!in || name.n >= sizeof text)
        return NULL;
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    word = interest_word(in, text, name.n);
    if (member)
        row = word < in->words_n ? in->members[word] : 0;
    else
        row = in->nodes[interest_find(in, text)].row;
    return row ? &names[row - 1] : NULL;
}
