/* The table of rules: rows of *.def, and their lookup. See rules.h. */
#include "rules/rules.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"

/* In a row's fact column: no kind of fact fires this rule by itself (src/verdict decides). */
enum { FACT_JUDGED = FACT_KINDS };

static const struct pratique_rule rows[RULES] = {
#define RULE(id, name, fact, severity, message, why, remedy, reference)                            \
    { #id, name, PRATIQUE_##severity, message, why, remedy, reference },
#include "rules/rules.def"
#undef RULE
};

static const unsigned short fires_on[RULES] = {
#define RULE(id, name, fact, severity, message, why, remedy, reference) FACT_##fact,
#include "rules/rules.def"
#undef RULE
};

const struct pratique_rule *rule_row(enum rule_id id)
{
    return (unsigned)id < RULES ? &rows[id] : NULL;
}

/* By kind of fact: 1 + the first rule that it fires by itself, or 0. */
static unsigned short by_kind[FACT_KINDS];
static pthread_once_t by_kind_made = PTHREAD_ONCE_INIT;

static void make_by_kind(void)
{
    for (unsigned i = RULES; i-- > 0;)
        if (fires_on[i] < FACT_KINDS)
            by_kind[fires_on[i]] = (unsigned short)(i + 1);
}

const struct pratique_rule *rule_for_fact(enum fact_kind kind)
{
    unsigned row;

    if ((unsigned)kind >= FACT_KINDS || pthread_once(&by_kind_made, make_by_kind) != 0)
        return NULL;
    row = by_kind[kind];
    return row ? &rows[row - 1] : NULL;
}

size_t rule_index(const struct pratique_rule *rule)
{
    return (size_t)(rule - rows);
}

size_t pratique_rule_count(void)
{
    return RULES;
}

static const struct pratique_rule *by_id[RULES];
static pthread_once_t by_id_made = PTHREAD_ONCE_INIT;

static int compare_ids(const void *a, const void *b)
{
    const struct pratique_rule *const *x = a, *const *y = b;

    return strcmp((*x)->id, (*y)->id);
}

static void make_by_id(void)
{
    for (size_t i = 0; i < RULES; i++)
        by_id[i] = &rows[i];
    qsort(by_id, RULES, sizeof by_id[0], compare_ids);
}

const struct pratique_rule *pratique_rule_at(size_t i)
{
    if (i >= RULES || pthread_once(&by_id_made, make_by_id) != 0)
        return NULL;
    return by_id[i];
}

const struct pratique_rule *pratique_rule_find(const char *id)
{
    for (size_t i = 0; id && i < RULES; i++)
        if (strcasecmp(rows[i].id, id) == 0 || strcasecmp(rows[i].name, id) == 0)
            return &rows[i];
    return NULL;
}
