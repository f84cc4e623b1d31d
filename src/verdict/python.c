/*
 * Judges what was seen in Python sources: which rules a name fires (rules/pynames.def)
 * under the policies in force, and by its argument where that decides. See verdict.h.
 */
#include "fact/python.h"
#include "base/compiler.h"
#include "rules/pynames.h"
#include "verdict/verdict.h"

bool verdict_is_python(enum fact_kind kind)
{
    switch (kind) {
    case FACT_PY_SOURCE:
    case FACT_PY_NAME:
    case FACT_PY_MEMBER:
    case FACT_PY_UNRESOLVED:
    case FACT_PY_DEEP:
    case FACT_PY_EXCUSE:
    case FACT_TEXT_NAME:
        return true;
    default:
        return false;
    }
}

/* ---- arguments, as repr() has them ---- */

static struct span argument(const struct fact *fact)
{
    return fact->refs_n > PY_REF_ARG ? fact->refs[PY_REF_ARG] : SPAN_EMPTY;
}

/* What is between the quotes of 'x' or b"x"; the closing one may be missing. False: no string. */
static bool take_string(struct span repr, struct span *inner)
{
    struct span s = repr;

    if (span_starts(s, SPAN_LITERAL("b")))
        (void)skip(&s, 1);
    if (!span_starts(s, SPAN_LITERAL("'")) && !span_starts(s, SPAN_LITERAL("\"")))
        return false;
    *inner = span_from(s, 1);
    return true;
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* \\?\, which on Windows goes before paths of any length: what it is follows. */
static const char extended[] = "\\\\\\\\?\\\\";

/*
 * A path that Python opens as absolute on POSIX or on Windows: /x, \x, \\server\x, C:\x,
 * C:/x. A backslash is two of them in repr(). "~" is not expanded by open().
 */
static bool is_absolute(struct span repr)
{
    struct span s, drive;

    if (!take_string(repr, &s))
        return false;
    if (span_starts(s, span_text(extended)))
        (void)skip(&s, sizeof extended - 1);
    repr = s;
    if (take(&s, 2, &drive) && is_letter(drive.p[0]) && drive.p[1] == ':')
        return span_starts(s, SPAN_LITERAL("/")) || span_starts(s, SPAN_LITERAL("\\\\"));
    return span_starts(repr, SPAN_LITERAL("/")) || span_starts(repr, SPAN_LITERAL("\\\\"));
}

static bool is_false(struct span repr)
{
    static const char *const values[] = { "False", "None",  "0",  "0.0", "''", "\"\"",
                                          "b''",   "b\"\"", "()", "[]",  "{}" };

    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        if (span_is(repr, values[i]))
            return true;
    return false;
}

/* Each of the names, as "a|b" has several. */
static bool is_safe_loader(struct span names)
{
    while (names.n > 0) {
        size_t bar = span_find(names, 0, SPAN_LITERAL("|"));
        struct span name;

        (void)take(&names, bar == SIZE_MAX ? names.n : bar, &name);
        (void)skip(&names, 1);
        if (!span_ends(name, SPAN_LITERAL("SafeLoader")) &&
            !span_ends(name, SPAN_LITERAL("BaseLoader")))
            return false;
    }
    return true;
}

/* ---- conditions ---- */

static enum pratique_severity at_most(enum pratique_severity s, enum pratique_severity most)
{
    return s > most ? most : s;
}

/* Whether the argument may be of this kind alone; several values may be meant. */
static bool is_only(const struct fact *fact, unsigned kind)
{
    return (fact->flags & (PY_ARG_CONSTANT | PY_ARG_PREFIX | PY_ARG_NAME | PY_ARG_UNKNOWN)) == kind;
}

/* PY_IF_TRUE: what is not given is false; what ** may hold is worth a look. */
static bool if_true(const struct fact *fact, enum pratique_severity *severity)
{
    if (is_only(fact, PY_ARG_CONSTANT))
        return !is_false(argument(fact));
    if (!is_only(fact, 0))
        return true;
    if (!(fact->flags & PY_ARG_MAYBE))
        return false;
    *severity = at_most(*severity, PRATIQUE_MEDIUM);
    return true;
}

static bool condition_holds(const struct py_name *name, const struct fact *fact,
                            enum pratique_severity *severity)
{
    if (fact->flags & PY_IMPORTED && name->condition != PY_ALWAYS)
        return false; /* how it is called decides */
    switch (name->condition) {
    case PY_ALWAYS:
        return true;
    case PY_IF_ABSOLUTE:
        return fact->flags & (PY_ARG_CONSTANT | PY_ARG_PREFIX) && is_absolute(argument(fact)) &&
               !span_is(argument(fact), "'/dev/null'") && /* nothing is read or kept there */
               !(fact->flags & PY_ARG_UNKNOWN && span_is(argument(fact), "'/'")); /* os.sep */
    case PY_IF_TRUE:
        return if_true(fact, severity);
    case PY_UNLESS_TRUE:
        return !(is_only(fact, PY_ARG_CONSTANT) &&
                 (span_is(argument(fact), "True") || span_is(argument(fact), "1")));
    case PY_UNLESS_CLASS:
        return !(fact->flags & PY_ON_CLASS);
    case PY_UNLESS_SAFE:
        return !(is_only(fact, PY_ARG_NAME) && is_safe_loader(argument(fact)));
    }
    return true;
}

/* ---- facts ---- */

static void add(struct hits *out, const struct pratique_rule *rule, enum pratique_severity severity)
{
    out->list[out->n++] = (struct hit){ .rule = rule, .severity = severity };
}

/* The row of a name; of a module below one that is asked for, that one's. */
static const struct py_name *find(const struct fact *fact)
{
    struct span name = fact->subject;
    const struct py_name *row = pynames_find(name, fact->kind == FACT_PY_MEMBER);

    if (!row && fact->kind == FACT_TEXT_NAME) /* text does not tell a method from a function */
        row = pynames_find(name, true);
    while (!row && name.n && fact->kind != FACT_PY_MEMBER) {
        while (name.n && name.p[name.n - 1] != '.')
            name.n--;
        name.n -= name.n ? 1 : 0;
        row = name.n ? pynames_find(name, false) : NULL;
        if (row && !(row->row.flags & INTEREST_IMPORT))
            row = NULL;
    }
    return row;
}

/* A method of whatever object: create_connection(), load_module(); other objects have them too. */
static bool is_guess(const struct fact *fact, const struct pratique_rule *rule)
{
    return fact->kind == FACT_PY_MEMBER && rule != rule_row(RULE_UPL007);
}

static void judge_name(struct hits *out, const struct fact *fact, unsigned in_force)
{
    const struct py_name *name = find(fact);
    const struct pratique_rule *rules[] = { NULL, NULL };

    out->unknown = !name;
    if (!name)
        return;
    rules[0] = in_force & POLICY_BIT(UPLOAD) ? name->upload : NULL;
    rules[1] = in_force & POLICY_BIT(SOURCE) ? name->source : NULL;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        enum pratique_severity severity = rules[i] ? rules[i]->severity : PRATIQUE_INFO;

        if (!rules[i] || !condition_holds(name, fact, &severity))
            continue;
        if (fact->flags & PY_GUESSED || is_guess(fact, rules[i]))
            severity = at_most(severity, PRATIQUE_MEDIUM);
        add(out, rules[i], severity);
    }
}

const struct pratique_rule *verdict_python_upload(const struct fact *fact,
                                                  enum pratique_severity *severity)
{
    const struct py_name *name = find(fact);
    const struct pratique_rule *rule = name ? name->upload : rule_row(RULE_UPL008);

    *severity = rule ? rule->severity : PRATIQUE_INFO;
    return rule && name && !condition_holds(name, fact, severity) ? NULL : rule;
}

/* Text is no code: what it names is worth a look at the most. */
static void judge_text(struct hits *out, const struct fact *fact, unsigned in_force)
{
    const struct py_name *name = find(fact);
    const struct pratique_rule *rule = name ? name->upload : NULL;
    enum pratique_severity severity = rule ? rule->severity : PRATIQUE_INFO;

    out->unknown = !name;
    if (rule && in_force & POLICY_BIT(UPLOAD) && condition_holds(name, fact, &severity))
        add(out, rule, at_most(severity, PRATIQUE_MEDIUM));
}

/* What cannot be known beforehand counts for upload; what was not inspected, for both. */
static void judge_gap(struct hits *out, const struct fact *fact, unsigned in_force)
{
    bool deep = fact->kind == FACT_PY_DEEP;
    bool package = deep && !(in_force & (POLICY_BIT(UPLOAD) | POLICY_BIT(SOURCE)));
    const struct pratique_rule *rule = package ? rule_row(RULE_PKG019)
                                       : deep  ? rule_for_fact(fact->kind)
                                               : rule_row(RULE_UPL008);
    unsigned policies = deep ? POLICY_PYTHON : POLICY_BIT(UPLOAD);

    out->unknown = !rule;
    if (!rule || !(policies & in_force))
        return;
    add(out, rule,
        fact->flags & PY_GUESSED ? at_most(rule->severity, PRATIQUE_MEDIUM) : rule->severity);
}

void verdict_python(struct hits *out, const struct fact *fact, const struct policy *policy)
{
    const struct pratique_rule *blind = rule_row(RULE_PYS003);

    *out = (struct hits){ 0 };
    switch (fact->kind) {
    case FACT_PY_SOURCE:
        if (!(policy->in_force & POLICY_PYTHON))
            add(out, blind, blind->severity);
        break;
    case FACT_PY_EXCUSE: /* see excuse.c */
        break;
    case FACT_TEXT_NAME:
        judge_text(out, fact, policy->in_force);
        break;
    case FACT_PY_UNRESOLVED:
    case FACT_PY_DEEP:
        judge_gap(out, fact, policy->in_force);
        break;
    default:
        judge_name(out, fact, policy->in_force);
        break;
    }
}
