/*
 * Judges what was seen of packages: by when it happens (rules/package_when.def), and of a name
 * that is called by itself, by what the policy upload thinks of it. See verdict.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "fact/package.h"
#include "rules/packagenames.h"
#include "rules/watchnames.h"
#include "verdict/verdict.h"

/* Calls that lead to a fetch: beyond so many, it may depend on anything. */
#define NEAR 4

bool verdict_is_package(enum fact_kind kind)
{
    return (kind >= FACT_PKG_RUNS && kind <= FACT_NATIVE_BROKEN);
}

/* ---- downloads that are pinned ---- */

/* Where a fetch stands that was followed: that its call runs on import is no finding besides. */
struct pinned {
    uint32_t where, line;
    bool only_seen; /* it was followed, and no pin was found */
};

struct package_case {
    struct pinned *list; /* sorted; in the arena */
    size_t n;
};

static int compare_pinned(const void *left, const void *right)
{
    const struct pinned *a = left, *b = right;

    if (a->where != b->where)
        return (a->where > b->where) - (a->where < b->where);
    if (a->line != b->line)
        return (a->line > b->line) - (a->line < b->line);
    return a->only_seen - b->only_seen;
}

static struct pinned place_of(const struct fact *fact, bool only_seen)
{
    return (struct pinned){ fact->where ? fact->where->id : 0, fact->line, only_seen };
}

static bool is_fetch(const struct fact *fact)
{
    return fact->kind == FACT_PKG_PINNED || fact->kind == FACT_PKG_FETCH;
}

struct package_case *package_case_new(struct arena *arena, const struct facts *facts)
{
    struct package_case *c = arena_alloc(arena, sizeof *c);
    size_t n = 0;

    for (size_t i = 0; i < facts->n; i++)
        n += is_fetch(&facts->list[i]);
    if (!c || !(c->list = arena_array(arena, n, sizeof *c->list)))
        return NULL;
    for (size_t i = 0; i < facts->n; i++)
        if (is_fetch(&facts->list[i]))
            c->list[c->n++] = place_of(&facts->list[i], facts->list[i].kind == FACT_PKG_FETCH);
    if (n)
        qsort(c->list, n, sizeof *c->list, compare_pinned);
    return c;
}

static bool is_told(const struct package_case *c, const struct fact *fact, bool only_seen)
{
    struct pinned place = place_of(fact, only_seen);

    return c->n && bsearch(&place, c->list, c->n, sizeof *c->list, compare_pinned);
}

static bool is_pinned(const struct package_case *c, const struct fact *fact)
{
    return is_told(c, fact, false);
}

/* ---- facts ---- */

static void add(struct hits *out, struct package_opinion opinion)
{
    if (opinion.rule)
        out->list[out->n++] = (struct hit){ .rule = opinion.rule, .severity = opinion.severity };
}

static void add_rule(struct hits *out, enum rule_id id, enum pratique_severity severity)
{
    add(out, (struct package_opinion){ rule_row(id), severity });
}

static struct span ref_of(const struct fact *fact, size_t ref)
{
    return fact->refs_n > ref ? fact->refs[ref] : SPAN_EMPTY;
}

/* How many calls lead from what runs by itself to the name: the arrows of its chain. */
static unsigned calls_of(const struct fact *fact)
{
    const struct span arrow = SPAN_LITERAL(" -> ");
    struct span chain = ref_of(fact, PKG_REF_CHAIN);
    unsigned n = 0;

    for (size_t at = 0; (at = span_find(chain, at, arrow)) != SIZE_MAX; at += arrow.n)
        n++;
    return n;
}

/*
 * The first argument of a call, where it begins with a plain string: what is between the quotes;
 * *rest: what follows them.
 */
static struct span first_literal(struct span code, struct span *rest)
{
    size_t open = span_find(code, 0, SPAN_LITERAL("(")), end;
    struct span s = open == SIZE_MAX ? SPAN_EMPTY : span_from(code, open + 1);
    struct span quote, text;

    *rest = SPAN_EMPTY;
    while (span_starts(s, SPAN_LITERAL("[")) || span_starts(s, SPAN_LITERAL("(")) ||
           span_starts(s, SPAN_LITERAL(" ")))
        (void)skip(&s, 1);
    if (!take(&s, 1, &quote) || (quote.p[0] != '"' && quote.p[0] != '\''))
        return SPAN_EMPTY;
    end = span_find(s, 0, quote);
    if (end == SIZE_MAX || !span_sub(s, 0, end, &text))
        return SPAN_EMPTY;
    *rest = span_from(s, end + 1);
    return text;
}

/* What is thought of a program that is started by itself. */
enum program_weight { PROGRAM_ASKS, PROGRAM_OTHER, PROGRAM_ACTS };

static bool has_any(struct span text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_find(text, 0, span_text(list[i])) != SIZE_MAX)
            return true;
    return false;
}

/*
 * By what the program is for. One that asks is none of those where a word of the call has it start
 * another or remove what it finds; git, where it does more than read what is there.
 */
static enum program_weight weight_of_program(struct span name, struct span code)
{
    static const char *const starting[] = { "-exec",    "-ok",      "-delete",     "system(",
                                            "-fplugin", "-wrapper", "--to-command" };
    static const char *const changing[] = { "clone", "fetch", "pull", "push", "-c", "config" };
    struct span known;

    switch (watch_program_class(watch_base_name(name), &known)) {
    case PROGRAM_GIT:
        return has_any(code, changing, ARRAY_LEN(changing)) ? PROGRAM_OTHER : PROGRAM_ASKS;
    case PROGRAM_RECON:
    case PROGRAM_COMPILER:
    case PROGRAM_COMPILER_PART:
    case PROGRAM_LISTER:
    case PROGRAM_READER:
        return has_any(code, starting, ARRAY_LEN(starting)) ? PROGRAM_OTHER : PROGRAM_ASKS;
    case PROGRAM_NETWORK:
    case PROGRAM_INSTALL:
    case PROGRAM_PERSISTENCE:
    case PROGRAM_CREDENTIAL:
    case PROGRAM_DESTRUCTIVE:
    case PROGRAM_PRIVILEGE:
        return PROGRAM_ACTS;
    default:
        return PROGRAM_OTHER;
    }
}

/* Cuts the next word off a command; *first: a command begins there. */
static struct span take_word(struct span *text, bool *first)
{
    static const char between[] = " \t;|&()`$<>\n\\";
    struct span word = *text;
    size_t n = 0;

    while (text->n && strchr(between, text->p[0]) && text->p[0]) {
        *first |= text->p[0] != ' ' && text->p[0] != '\t';
        (void)skip(text, 1);
    }
    word = *text;
    while (n < word.n && word.p[n] && !strchr(between, word.p[n]))
        n++;
    (void)span_sub(*text, 0, n ? n : word.n, &word);
    (void)skip(text, word.n);
    return word;
}

/* The gravest of a shell's command, or of the one program that a list begins with. */
static enum program_weight weight_of_command(const struct fact *fact)
{
    struct span code = ref_of(fact, PY_REF_CALL), rest, text = first_literal(code, &rest);
    enum program_weight all = text.n ? PROGRAM_ASKS : PROGRAM_OTHER;
    bool first = true;

    if (span_starts(fact->subject, SPAN_LITERAL("git."))) /* GitPython's own names */
        return PROGRAM_ASKS;
    while (text.n) {
        struct span word = take_word(&text, &first);
        enum program_weight one = PROGRAM_ASKS;

        if (first && word.n)
            one = weight_of_program(word, code);
        all = one > all ? one : all;
        first = false;
    }
    return all;
}

/* Whether code that is run, or a module that is named, stands there as text: it was read as well.
 */
static bool is_literal_code(const struct fact *fact)
{
    struct span rest, text = first_literal(ref_of(fact, PY_REF_CALL), &rest);

    while (span_starts(rest, SPAN_LITERAL(" ")))
        (void)skip(&rest, 1);
    return text.n && (span_starts(rest, SPAN_LITERAL(")")) || span_starts(rest, SPAN_LITERAL(",")));
}

/* The rule for a name that is called by itself, weighed by what the call says. */
static struct package_opinion weigh_call(const struct fact *fact,
                                         const struct pratique_rule *upload)
{
    bool process = upload == rule_row(RULE_UPL001);
    enum program_weight weight = process ? weight_of_command(fact) : PROGRAM_OTHER;
    unsigned calls = weight == PROGRAM_ACTS ? 0 : calls_of(fact); /* however far away */
    struct package_opinion o = package_opinion_of_call(upload, fact->flags, calls);
    bool plain = !(fact->flags & PKG_SURE) || (process && weight == PROGRAM_ASKS) ||
                 (upload == rule_row(RULE_UPL002) && is_literal_code(fact));

    if (plain && o.severity > PRATIQUE_LOW)
        o.severity = PRATIQUE_LOW;
    return o;
}

/* A name that is called by itself; of the network, what was followed is told by that. */
static void judge_call(struct hits *out, const struct package_case *c, const struct fact *fact)
{
    enum pratique_severity severity;
    const struct pratique_rule *upload = verdict_python_upload(fact, &severity);

    if (upload &&
        (upload != rule_row(RULE_UPL003) || !(is_pinned(c, fact) || is_told(c, fact, true))))
        add(out, weigh_call(fact, upload));
}

/* Whether a folder on the way to it is called tests: what readers are tested with is broken. */
static bool is_of_tests(struct span path)
{
    const struct span folder = SPAN_LITERAL("tests/");

    return span_starts(path, folder) || span_find(path, 0, SPAN_LITERAL("/tests/")) != SIZE_MAX;
}

static void judge_broken(struct hits *out, const struct fact *fact)
{
    bool tests = fact->where && is_of_tests(span_text(fact->where->name));

    add_rule(out, RULE_PKG305, tests ? PRATIQUE_LOW : PRATIQUE_MEDIUM);
}

/* Whether the beginning of the address that is fetched stands there. */
static bool is_address_known(const struct fact *fact)
{
    struct span source = ref_of(fact, PKG_REF_SOURCE);

    return source.n && source.p[0] != '{';
}

/*
 * A fetch of which nothing is used. Where it asks, and that it does, is known only if the address
 * stands there and few calls lead to it: a reader of files that takes addresses too is no news.
 */
static void judge_fetch(struct hits *out, const struct package_case *c, const struct fact *fact)
{
    struct package_opinion o = package_opinion(fact->kind, fact->flags);

    if (is_pinned(c, fact))
        return;
    if (o.severity > PRATIQUE_LOW && (!is_address_known(fact) || calls_of(fact) > NEAR))
        o.severity = PRATIQUE_LOW;
    add(out, o);
}

/*
 * A download that is used. No news is one that is only kept, from wherever somebody says, and what
 * only a test does that somebody starts.
 */
static void judge_use(struct hits *out, const struct fact *fact)
{
    struct package_opinion o = package_opinion(fact->kind, fact->flags);
    bool early = fact->flags & (PKG_ON_START | PKG_ON_IMPORT | PKG_ON_INSTALL);
    bool grave = fact->flags &
                 (PKG_USE_LOAD | PKG_USE_EXEC | PKG_USE_PATH | PKG_USE_CHMOD | PKG_USE_EXTRACT);

    if (!grave && o.severity > PRATIQUE_LOW && !is_address_known(fact))
        o.severity = PRATIQUE_LOW;
    if (!early && o.severity > PRATIQUE_LOW && fact->where &&
        is_of_tests(span_text(fact->where->name)))
        o.severity = PRATIQUE_LOW;
    add(out, o);
}

/* Private files: grave where nobody asked for it. Reading one's own program's is its business. */
static void judge_path(struct hits *out, const struct fact *fact)
{
    bool early = fact->flags & (PKG_ON_START | PKG_ON_IMPORT | PKG_ON_INSTALL);

    if (fact->kind == FACT_PKG_READS && package_is_private(fact->subject))
        add_rule(out, RULE_PKG105, early ? PRATIQUE_HIGH : PRATIQUE_INFO);
    if (fact->kind == FACT_PKG_WRITES && package_is_persistent(fact->subject))
        add_rule(out, RULE_PKG106, early ? PRATIQUE_HIGH : PRATIQUE_MEDIUM);
}

void verdict_package(struct hits *out, const struct package_case *c, const struct fact *fact,
                     const struct policy *policy)
{
    const struct pratique_rule *fixed = rule_for_fact(fact->kind);

    *out = (struct hits){ 0 };
    if (!(policy->in_force & POLICY_BIT(PACKAGE)))
        return;
    switch (fact->kind) {
    case FACT_PKG_RUNS:
        judge_call(out, c, fact);
        break;
    case FACT_NATIVE_BROKEN:
        judge_broken(out, fact);
        break;
    case FACT_PKG_READS:
    case FACT_PKG_WRITES:
        judge_path(out, fact);
        break;
    case FACT_PKG_NOT_FOLLOWED:
        add(out, package_opinion(fact->kind,
                                 fact->flags & PKG_SURE ? fact->flags : (uint32_t)PKG_ON_CALL));
        break;
    case FACT_PKG_FETCH_USED:
        judge_use(out, fact);
        break;
    case FACT_PKG_FETCH:
        judge_fetch(out, c, fact);
        break;
    default:
        if (fixed)
            add_rule(out, (enum rule_id)rule_index(fixed), fixed->severity);
        else
            add(out, package_opinion(fact->kind, fact->flags));
        break;
    }
}
