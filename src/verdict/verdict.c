/* Facts to findings to a verdict. See verdict.h. */
#include "verdict/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* A finding on its way: the fact it is made of, and what it will say. */
struct match {
    const struct fact *fact;
    const struct pratique_rule *rule;
    enum pratique_severity severity;
    uint64_t count;
};

struct matches {
    struct match *list; /* room for one of each fact */
    size_t n;
    bool read;     /* something was read at all */
    bool unjudged; /* a fact that no rule answers */
};

/* The kinds that may be judged to be nothing worth saying; every other kind has its rule. */
static bool may_be_silent(enum fact_kind kind)
{
    switch (kind) {
    case FACT_READ:
    case FACT_PICKLE_GLOBAL:
    case FACT_PICKLE_CALL:
    case FACT_PICKLE_CALL_COMPUTED:
    case FACT_PICKLE_METHOD:
    case FACT_PICKLE_BUILD:
        return true;
    default:
        return false;
    }
}

/* What the rules say of one fact; false when they have nothing to say. */
static bool judge_fact(struct match *m, const struct fact *fact, const struct policy *policy)
{
    *m = (struct match){ .fact = fact, .count = fact->count ? fact->count : 1 };
    m->rule = verdict_pickle(fact, policy, &m->severity);
    return m->rule != NULL;
}

static void judge_all(struct matches *found, const struct facts *facts, const struct policy *policy)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->list[i];

        if (judge_fact(&found->list[found->n], fact, policy))
            found->n++;
        else
            found->unjudged |= !may_be_silent(fact->kind);
        found->read |= fact->kind == FACT_READ;
    }
}

static int compare_spans(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* The id of a place; facts about the artifact as a whole may have none. */
static uint64_t place(const struct fact *fact)
{
    return fact->where ? (uint64_t)fact->where->id + 1 : 0;
}

/* What a finding is about: a name at a place. */
static int compare_topics(const struct match *a, const struct match *b)
{
    int order = compare_numbers(place(a->fact), place(b->fact));

    return order ? order : compare_spans(a->fact->subject, b->fact->subject);
}

static bool is_bare_name(const struct match *m)
{
    return m->fact->kind == FACT_PICKLE_GLOBAL;
}

/* Topic by topic; within one, the bare names last, then by rule and evidence. */
static int compare_for_merge(const void *left, const void *right)
{
    const struct match *a = left, *b = right;
    int order = compare_topics(a, b);

    order = order ? order : (int)is_bare_name(a) - (int)is_bare_name(b);
    order = order ? order : strcmp(a->rule->id, b->rule->id);
    order = order ? order : compare_spans(a->fact->detail, b->fact->detail);
    order = order ? order : compare_numbers(a->fact->line, b->fact->line);
    order = order ? order : compare_numbers(a->fact->column, b->fact->column);
    return order ? order : compare_numbers(a->fact->offset, b->fact->offset);
}

/* The same rule with the same evidence; lines of text are each their own. */
static bool repeats(const struct match *a, const struct match *b)
{
    return compare_topics(a, b) == 0 && a->rule == b->rule && is_bare_name(a) == is_bare_name(b) &&
           a->fact->line == b->fact->line && span_equal(a->fact->detail, b->fact->detail);
}

static void merge(struct matches *found)
{
    enum pratique_severity gravest = PRATIQUE_INFO; /* of the topic so far, bare names apart */
    size_t kept = 0;

    qsort(found->list, found->n, sizeof *found->list, compare_for_merge);
    for (size_t i = 0; i < found->n; i++) {
        struct match *m = &found->list[i], *last = kept ? &found->list[kept - 1] : NULL;

        if (!last || compare_topics(last, m) != 0)
            gravest = PRATIQUE_INFO;
        if (is_bare_name(m) && m->severity <= gravest)
            continue; /* shown in use already */
        if (!is_bare_name(m) && m->severity > gravest)
            gravest = m->severity;
        if (last && repeats(last, m))
            last->count += m->count;
        else
            found->list[kept++] = *m;
    }
    found->n = kept;
}

static int compare_for_report(const void *left, const void *right)
{
    const struct pratique_finding *a = left, *b = right;
    int order = compare_numbers(b->severity, a->severity);

    order = order ? order : strcmp(a->path, b->path);
    order = order ? order : compare_numbers(a->offset, b->offset);
    order = order ? order : compare_numbers(a->line, b->line);
    order = order ? order : compare_numbers(a->column, b->column);
    order = order ? order : strcmp(a->rule->id, b->rule->id);
    order = order ? order : strcmp(a->subject, b->subject);
    return order ? order : strcmp(a->detail, b->detail);
}

/* Fills one finding; false without memory. */
static bool tell(struct pratique_finding *f, struct arena *arena, const struct match *m)
{
    const struct fact *fact = m->fact;

    *f = (struct pratique_finding){
        .rule = m->rule,
        .severity = m->severity,
        .path = fact->where ? where_path(arena, fact->where) : "",
        .offset = fact->offset,
        .line = fact->line,
        .column = fact->column,
        .count = m->count,
        .subject = arena_copy(arena, fact->subject.p, fact->subject.n),
        .detail = arena_copy(arena, fact->detail.p, fact->detail.n),
    };
    return f->path && f->subject && f->detail;
}

static enum pratique_verdict verdict_of(enum pratique_severity severity)
{
    switch (severity) {
    case PRATIQUE_INFO:
    case PRATIQUE_LOW:
        return PRATIQUE_ADMIT;
    case PRATIQUE_MEDIUM:
        return PRATIQUE_HOLD;
    case PRATIQUE_HIGH:
    case PRATIQUE_CRITICAL:
        return PRATIQUE_REFUSE;
    case PRATIQUE_GAP:
        break;
    }
    return PRATIQUE_UNDECIDED;
}

static enum pratique_verdict worst(const struct matches *found, const struct facts *facts)
{
    bool complete = found->read && !found->unjudged && !facts->full;
    enum pratique_verdict v = complete ? PRATIQUE_ADMIT : PRATIQUE_UNDECIDED;

    for (size_t i = 0; i < found->n; i++)
        v = pratique_verdict_worse(v, verdict_of(found->list[i].severity));
    return v;
}

static enum pratique_status report(struct judged *out, struct arena *arena,
                                   const struct matches *found)
{
    struct pratique_finding *list = arena_array(arena, found->n, sizeof *list);

    if (!list)
        return PRATIQUE_E_NOMEM;
    for (size_t i = 0; i < found->n; i++)
        if (!tell(&list[i], arena, &found->list[i]))
            return PRATIQUE_E_NOMEM;
    qsort(list, found->n, sizeof *list, compare_for_report);
    out->findings = list;
    out->n = found->n;
    return PRATIQUE_OK;
}

enum pratique_status verdict_judge(struct judged *out, struct arena *arena,
                                   const struct facts *facts, const struct policy *policy)
{
    struct matches found = { .list = calloc(facts->n + 1, sizeof *found.list) };
    enum pratique_status st = PRATIQUE_E_NOMEM;

    *out = (struct judged){ .verdict = PRATIQUE_UNDECIDED };
    if (!found.list)
        goto out;
    judge_all(&found, facts, policy);
    merge(&found);
    st = report(out, arena, &found);
    if (st == PRATIQUE_OK)
        out->verdict = worst(&found, facts);
out:
    free(found.list);
    return st;
}
