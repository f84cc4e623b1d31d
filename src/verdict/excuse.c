/*
 * Comments that excuse findings of the source policy: "# nosec B301 - why" and
 * "# pratique: allow[SRC001] why". One counts when it gives a reason and
 * security/THREATS.md has an entry for the file and the rule. See docs/threats.md.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"
#include "fact/python.h"
#include "verdict/match.h"
#include "verdict/threats.h"

/* bandit's tests and our rules that look for the same. */
static const struct {
    const char *test, *rule;
} bandit[] = {
#define BANDIT(test, rule) { #test, #rule },
#include "rules/bandit.def"
#undef BANDIT
};

struct excuse {
    const struct fact *fact;
    bool reasoned;
    bool used;     /* there is a finding that it is meant for */
    bool no_entry; /* one of them has no entry */
};

struct excuses {
    struct excuse *list; /* by place, then by the first line of the logical line */
    size_t n;
};

static uint64_t place(const struct fact *fact)
{
    return fact->where ? (uint64_t)fact->where->id + 1 : 0;
}

static int compare(const void *left, const void *right)
{
    const struct fact *a = ((const struct excuse *)left)->fact;
    const struct fact *b = ((const struct excuse *)right)->fact;
    uint64_t x = place(a), y = place(b);

    if (x == y)
        x = a->number, y = b->number;
    if (x == y)
        x = a->line, y = b->line;
    return (x > y) - (x < y);
}

/* ---- what a comment says ---- */

/* Two words and eight letters at the least: "todo" and "ok" say nothing. */
static bool is_reason(struct span text)
{
    size_t letters = 0, words = 0;
    bool in_word = false;

    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;

        letters += letter;
        words += letter && !in_word;
        in_word = letter || (in_word && c != ' ');
    }
    return words >= 2 && letters >= 8;
}

/* The next id of "B301, SRC001"; false at the end. */
static bool take_id(struct span *ids, struct span *id)
{
    size_t n = 0;

    while (ids->n && (ids->p[0] == ',' || ids->p[0] == ' '))
        (void)skip(ids, 1);
    while (n < ids->n && ids->p[n] != ',' && ids->p[n] != ' ')
        n++;
    return n && take(ids, n, id);
}

static bool is_word(struct span s, const char *word)
{
    return s.n == strlen(word) && strncasecmp((const char *)s.p, word, s.n) == 0;
}

static bool id_means(struct span id, const struct pratique_rule *rule)
{
    if (is_word(id, rule->id) || is_word(id, rule->name))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(bandit); i++)
        if (is_word(id, bandit[i].test) && strcmp(bandit[i].rule, rule->id) == 0)
            return true;
    return false;
}

/* A test of bandit's that looks for what no rule of ours does: "B602". */
static bool is_foreign(struct span id)
{
    bool shaped = id.n == 4 && (id.p[0] | 0x20) == 'b';

    for (size_t i = 1; shaped && i < 4; i++)
        shaped = id.p[i] >= '0' && id.p[i] <= '9';
    for (size_t i = 0; shaped && i < ARRAY_LEN(bandit); i++)
        shaped = !is_word(id, bandit[i].test);
    return shaped;
}

/* The comment speaks to bandit alone. */
static bool is_all_foreign(const struct fact *excuse)
{
    struct span ids = excuse->subject, id;
    bool any = false;

    while (take_id(&ids, &id)) {
        any = true;
        if (!is_foreign(id))
            return false;
    }
    return any;
}

static bool covers(const struct fact *excuse, const struct pratique_rule *rule)
{
    struct span ids = excuse->subject, id;

    if (excuse->flags & PY_EXCUSE_MALFORMED)
        return false;
    if (excuse->subject.n == 0)
        return true;
    while (take_id(&ids, &id))
        if (id_means(id, rule))
            return true;
    return false;
}

/* ---- which findings it stands at ---- */

/* The lines of the statement that a finding stands in, from refs[PY_REF_SPAN]. */
static void statement(const struct fact *fact, uint64_t *first, uint64_t *last)
{
    struct span s = fact->refs_n > PY_REF_SPAN ? fact->refs[PY_REF_SPAN] : SPAN_EMPTY;
    uint64_t n[2] = { 0, 0 };
    unsigned at = 0;

    for (size_t i = 0; i < s.n && i < 40; i++) {
        if (s.p[i] == '-')
            at = 1;
        else if (s.p[i] >= '0' && s.p[i] <= '9')
            n[at] = n[at] * 10 + (s.p[i] - '0');
    }
    *first = n[0] ? n[0] : fact->line;
    *last = n[1] >= *first ? n[1] : *first;
}

/* A finding that asks to be excused. */
struct plea {
    struct match *match;
    uint64_t first, last;                 /* the lines of its statement */
    const struct pratique_threat *threat; /* the entry for its file and rule, or NULL */
};

/* In the comment's logical line: between its first line and the comment, or begun there. */
static bool stands_at(const struct fact *excuse, const struct plea *p)
{
    uint64_t line = p->match->fact->line;

    return (excuse->number <= line && line <= excuse->line) ||
           (excuse->number == p->first && excuse->line <= p->last);
}

/* The first excuse of a place whose logical line begins at line or behind it. */
static size_t lower_bound(const struct excuses *all, uint64_t at, uint64_t line)
{
    size_t low = 0, high = all->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fact *f = all->list[middle].fact;

        if (place(f) < at || (place(f) == at && f->number < line))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const char *told(struct arena *arena, const struct fact *excuse,
                        const struct pratique_threat *threat, const char *path)
{
    struct span comment = excuse->refs_n ? excuse->refs[0] : SPAN_EMPTY;

    return arena_printf(arena, "excused by %.*s, %s:%u (%s)", (int)comment.n,
                        (const char *)comment.p, path, threat->line, threat->id);
}

/* Holds a finding against the comments whose logical lines begin in from..to. */
static void hear(struct plea *p, struct excuses *all, uint64_t from, uint64_t to,
                 struct arena *arena, const struct policy *policy)
{
    uint64_t at = place(p->match->fact);

    for (size_t i = lower_bound(all, at, from); i < all->n; i++) {
        struct excuse *e = &all->list[i];

        if (place(e->fact) != at || e->fact->number > to)
            break;
        if (!stands_at(e->fact, p) || !covers(e->fact, p->match->rule))
            continue;
        e->used = true;
        e->no_entry |= !p->threat;
        if (!p->threat || !e->reasoned || p->match->excuse)
            continue;
        p->match->excuse = told(arena, e->fact, p->threat, policy->threats->path);
        if (p->match->excuse)
            p->match->severity = PRATIQUE_INFO;
    }
}

static void excuse_one(struct match *m, struct excuses *all, struct arena *arena,
                       const struct policy *policy)
{
    struct plea p = { .match = m };
    uint64_t at = place(m->fact), line = m->fact->line;
    size_t begin = lower_bound(all, at, 0), before = lower_bound(all, at, line + 1);
    const char *file = NULL;

    if (begin == all->n || place(all->list[begin].fact) != at)
        return; /* no comment in this file */
    if (policy->threats && policy->home)
        file = match_file(arena, m->fact, policy->home);
    if (file)
        p.threat = threats_find(policy->threats, file, m->rule);
    statement(m->fact, &p.first, &p.last);
    hear(&p, all, p.first, p.first, arena, policy);
    if (before > begin && all->list[before - 1].fact->number != p.first)
        hear(&p, all, all->list[before - 1].fact->number, line, arena, policy);
}

/* ---- what is wrong with a comment ---- */

static int wrong_with(const struct excuse *e)
{
    if (e->fact->flags & PY_EXCUSE_MALFORMED)
        return RULE_SRC013;
    if (!e->used)
        return is_all_foreign(e->fact) ? -1 : RULE_SRC012;
    if (!e->reasoned)
        return RULE_SRC010;
    return e->no_entry ? RULE_SRC011 : -1;
}

static void tell(struct matches *found, const struct excuse *e, struct arena *arena,
                 const struct policy *policy)
{
    int rule = wrong_with(e);
    const struct pratique_rule *row = rule < 0 ? NULL : rule_row((enum rule_id)rule);
    struct match *m = row ? matches_add(found, e->fact, row, row->severity) : NULL;

    if (!m)
        return;
    if (e->fact->refs_n) {
        m->detail = arena_copy(arena, e->fact->refs[0].p, e->fact->refs[0].n);
        found->no_memory |= !m->detail;
    }
    if (policy->file)
        allow_apply(found, found->n - 1, arena, policy);
}

static void collect(struct excuses *all, const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++)
        if (facts->list[i].kind == FACT_PY_EXCUSE)
            all->list[all->n++] = (struct excuse){ .fact = &facts->list[i],
                                                   .reasoned = is_reason(facts->list[i].detail) };
    if (all->n)
        qsort(all->list, all->n, sizeof *all->list, compare);
}

void excuse_apply(struct matches *found, struct arena *arena, const struct facts *facts,
                  const struct policy *policy)
{
    struct excuses all = { .list = calloc(facts->n + 1, sizeof *all.list) };
    size_t n = found->n;

    if (!all.list) {
        found->no_memory = true;
        return;
    }
    collect(&all, facts);
    for (size_t i = 0; all.n && i < n; i++)
        if (policy_of_rule(found->list[i].rule) == POLICY_BIT(SOURCE))
            excuse_one(&found->list[i], &all, arena, policy);
    for (size_t i = 0; i < all.n; i++)
        tell(found, &all.list[i], arena, policy);
    free(all.list);
}
