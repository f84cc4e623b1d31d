/* Facts to findings to a verdict. See verdict.h. */
#include "verdict/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "fact/package.h"
#include "verdict/match.h"

/* Kinds that may be judged to be nothing worth saying; every other kind has its rule. */
static bool may_be_silent(enum fact_kind kind)
{
    switch (kind) {
    case FACT_READ:
    case FACT_PICKLE_GLOBAL:
    case FACT_PICKLE_CALL:
    case FACT_PICKLE_CALL_COMPUTED:
    case FACT_PICKLE_METHOD:
    case FACT_PICKLE_BUILD:
    case FACT_MODEL_CODE:
    case FACT_MODEL_NEEDS:
    case FACT_MODEL_SAYS:
    case FACT_ONNX_EXTERNAL:
    case FACT_SAFETENSORS_NAMES:
    case FACT_TENSORS:
    case FACT_INDEX_SHARD:
    case FACT_INDEX_SIZE:
    case FACT_MARSHAL_NAMES:
    case FACT_BYTECODE_NAMES:
        return true;
    default:
        return false;
    }
}

struct match *matches_add(struct matches *found, const struct fact *fact,
                          const struct pratique_rule *rule, enum pratique_severity severity)
{
    size_t size = found->size ? found->size * 2 : 64;
    struct match *list = found->list, *m;

    if (found->n == found->size)
        list = reallocarray(found->list, size, sizeof *list);
    if (!list) {
        found->no_memory = true;
        return NULL;
    }
    if (found->n == found->size)
        found->size = size;
    found->list = list;
    m = &list[found->n++];
    *m = (struct match){
        .fact = fact, .rule = rule, .severity = severity, .count = fact->count ? fact->count : 1
    };
    return m;
}

/* A path with another name for its outermost file. */
const char *match_file(struct arena *arena, const struct fact *fact, const char *home)
{
    const struct where *outermost = fact->where;
    const char *path = fact->where ? where_path(arena, fact->where) : "";

    while (outermost && outermost->parent)
        outermost = outermost->parent;
    if (!path || !outermost)
        return path ? home : NULL;
    return arena_printf(arena, "%s%s", home, path + strlen(outermost->name));
}

/* What the rules say of one fact; false when they cannot judge it. */
static bool judge_fact(struct hits *hits, const struct fact *fact, const struct policy *policy,
                       const struct watch_case *watched, const struct package_case *package)
{
    struct hit *first = &hits->list[0];

    if (verdict_is_package(fact->kind)) {
        *hits = (struct hits){ .unknown = !package };
        if (package)
            verdict_package(hits, package, fact, policy);
        return !hits->unknown;
    }
    if (verdict_is_watch(fact->kind)) {
        *hits = (struct hits){ .unknown = !watched };
        if (watched)
            verdict_watch(hits, watched, fact);
        return !hits->unknown;
    }
    if (verdict_is_python(fact->kind)) {
        verdict_python(hits, fact, policy);
        return !hits->unknown;
    }
    *hits = (struct hits){ 0 };
    first->rule = verdict_is_model(fact->kind) ? verdict_model(fact, policy, &first->severity)
                                               : verdict_pickle(fact, policy, &first->severity);
    hits->n = first->rule != NULL;
    return first->rule || may_be_silent(fact->kind);
}

/* Source that no import reads as it is: a template, Cython, what a parser is tested with. */
static bool is_no_module(const struct fact *fact)
{
    struct span name =
        fact->where && fact->where->parent ? span_text(fact->where->name) : SPAN_EMPTY;

    if (fact->kind != FACT_PY_SYNTAX || !name.n)
        return false;
    return span_find(name, 0, SPAN_LITERAL("tests/")) != SIZE_MAX ||
           (!span_ends(name, SPAN_LITERAL(".py")) && !span_ends(name, SPAN_LITERAL(".pth")));
}

/*
 * Whether the rule's finding changes no verdict under the policies archive and package. A member
 * that is broken, longer than its format, or of two formats is a matter of what opens that member;
 * a tar within its compression is the archive itself, which nobody opens as anything else.
 */
static bool only_tells(const struct policy *policy, const struct pratique_rule *rule,
                       const struct fact *fact)
{
    bool inside = fact->where && fact->where->parent;
    bool broken = fact->kind == FACT_BROKEN || fact->kind == FACT_TRAILING;
    bool member = inside && (fact->kind == FACT_POLYGLOT ||
                             (broken && !span_is(fact->subject, "tar")) || is_no_module(fact));

    return policy_only_tells(policy->in_force, rule, member);
}

static void add_hit(struct matches *found, struct arena *arena, const struct fact *fact,
                    const struct hit *hit, const struct policy *policy)
{
    enum pratique_severity severity =
        only_tells(policy, hit->rule, fact) ? PRATIQUE_INFO : hit->severity;
    struct match *m = matches_add(found, fact, hit->rule, severity);

    if (!m)
        return;
    m->detail = hit->detail;
    if (policy->file)
        allow_apply(found, found->n - 1, arena, policy);
}

static void judge_all(struct matches *found, struct arena *arena, const struct facts *facts,
                      const struct policy *policy)
{
    const struct watch_case *watched =
        policy->in_force & POLICY_BIT(WATCH) ? watch_case_new(arena, facts) : NULL;
    const struct package_case *package = package_case_new(arena, facts);

    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->list[i];
        struct hits hits;

        found->unjudged |= !judge_fact(&hits, fact, policy, watched, package);
        found->read |= fact->kind == FACT_READ;
        for (size_t k = 0; k < hits.n; k++)
            add_hit(found, arena, fact, &hits.list[k], policy);
    }
}

/* Forgets what the policy file turns off. */
static void drop_off(struct matches *found)
{
    size_t kept = 0;

    for (size_t i = 0; i < found->n; i++)
        if (!found->list[i].off)
            found->list[kept++] = found->list[i];
    found->n = kept;
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
    order = order ? order : compare_numbers(a->severity, b->severity);
    order = order ? order : compare_spans(a->fact->detail, b->fact->detail);
    order = order ? order : compare_numbers(a->fact->line, b->fact->line);
    order = order ? order : compare_numbers(a->fact->column, b->fact->column);
    return order ? order : compare_numbers(a->fact->offset, b->fact->offset);
}

static bool same_evidence(const struct match *a, const struct match *b)
{
    if (!a->detail && !b->detail)
        return span_equal(a->fact->detail, b->fact->detail);
    return a->detail && b->detail && verdict_is_watch(a->fact->kind) && !a->excuse && !b->excuse &&
           strcmp(a->detail, b->detail) == 0;
}

/* The same rule with the same evidence; lines of text are each their own. */
static bool repeats(const struct match *a, const struct match *b)
{
    return compare_topics(a, b) == 0 && a->rule == b->rule && a->severity == b->severity &&
           is_bare_name(a) == is_bare_name(b) && a->fact->line == b->fact->line &&
           same_evidence(a, b);
}

static void merge(struct matches *found)
{
    enum pratique_severity gravest = PRATIQUE_INFO; /* of the topic so far, bare names apart */
    size_t kept = 0;

    if (found->n)
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

/* How a name is used, where it is not plainly called. */
static const char *use_of(const struct fact *fact)
{
    if (fact->kind != FACT_PY_NAME && fact->kind != FACT_PY_MEMBER)
        return "";
    if (fact->flags & PY_DECORATES)
        return " (called as a decorator or metaclass)";
    if (fact->flags & (PY_CALLED | PY_IMPORTED) || !(fact->flags & PY_REFERENCED))
        return "";
    return " (handed on, not called here)";
}

static const char *detail_of(struct arena *arena, const struct match *m)
{
    const struct fact *fact = m->fact;

    if (m->detail)
        return m->detail;
    return arena_printf(arena, "%.*s%s", (int)fact->detail.n, (const char *)fact->detail.p,
                        use_of(fact));
}

/* The function that the code of a fact stands in: "Class.method". */
static const char *function_of(struct arena *arena, const struct fact *fact)
{
    bool has = (verdict_is_python(fact->kind) || verdict_is_package(fact->kind)) &&
               fact->kind != FACT_PY_EXCUSE && fact->refs_n > PY_REF_FUNCTION;
    struct span name = has ? fact->refs[PY_REF_FUNCTION] : SPAN_EMPTY;

    if (verdict_is_watch(fact->kind))
        name = watch_function_of(fact);
    return name.n ? arena_copy(arena, name.p, name.n) : "";
}

/* One of what a fact about a package says beside its place; "" without it. */
static const char *package_ref(struct arena *arena, const struct fact *fact, size_t ref)
{
    bool has = verdict_is_package(fact->kind) && fact->refs_n > ref;

    return has ? arena_copy(arena, fact->refs[ref].p, fact->refs[ref].n) : "";
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
        .detail = detail_of(arena, m),
        .function = function_of(arena, fact),
        .excuse = m->excuse ? m->excuse : "",
        .chain = package_ref(arena, fact, PKG_REF_CHAIN),
        .source = package_ref(arena, fact, PKG_REF_SOURCE),
        .because = package_ref(arena, fact, PKG_REF_BECAUSE),
    };
    return f->path && f->subject && f->detail && f->function && f->chain && f->source && f->because;
}

enum pratique_verdict verdict_of_severity(enum pratique_severity severity)
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
        v = pratique_verdict_worse(v, verdict_of_severity(found->list[i].severity));
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

/* Which rule each fact fired, for whoever shows the facts themselves. */
static void note_fired(struct judged *out, struct arena *arena, const struct facts *facts,
                       const struct matches *found)
{
    out->fired = arena_array(arena, facts->n, sizeof *out->fired);
    for (size_t i = 0; out->fired && i < found->n; i++) {
        const struct match *m = &found->list[i];
        struct fired *f = &out->fired[m->fact - facts->list];

        if (!f->rule || m->severity > f->severity)
            *f = (struct fired){ m->rule, m->severity };
    }
}

enum pratique_status verdict_judge(struct judged *out, struct arena *arena,
                                   const struct facts *facts, const struct policy *policy)
{
    struct matches found = { 0 };
    enum pratique_status st = PRATIQUE_E_NOMEM;

    *out = (struct judged){ .verdict = PRATIQUE_UNDECIDED };
    if (policy->file)
        allow_note(facts, policy);
    judge_all(&found, arena, facts, policy);
    if (policy->in_force & POLICY_BIT(SOURCE))
        excuse_apply(&found, arena, facts, policy);
    if (!found.no_memory) {
        drop_off(&found);
        if (policy->in_force & POLICY_BIT(WATCH))
            note_fired(out, arena, facts, &found);
        merge(&found);
        st = report(out, arena, &found);
    }
    if (st == PRATIQUE_OK)
        out->verdict = worst(&found, facts);
    free(found.list);
    return st;
}
