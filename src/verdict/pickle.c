/*
 * Judges what the pickle machine saw, by what is known of the names: allow by
 * construction. The rules PKL0xx are in rules/pickle.def. See verdict.h.
 */
#include <string.h>

#include "base/compiler.h"
#include "fact/pickle.h"
#include "rules/names.h"
#include "verdict/verdict.h"

/* ---- --trust-classes ---- */

static bool is_trusted(const struct policy *policy, struct span name)
{
    for (size_t i = 0; i < policy->trust_classes_n; i++) {
        struct span package = span_text(policy->trust_classes[i]);

        if (package.n && name.n > package.n && span_starts(name, package) &&
            name.p[package.n] == '.')
            return true;
    }
    return false;
}

/* Classes are written so: an upper-case letter behind any underscores, and a lower-case one later.
 */
static bool is_camel(struct span last)
{
    size_t i = 0;
    bool lower = false;

    while (i < last.n && last.p[i] == '_')
        i++;
    if (i == last.n || last.p[i] < 'A' || last.p[i] > 'Z')
        return false;
    for (; i < last.n; i++)
        lower |= last.p[i] >= 'a' && last.p[i] <= 'z';
    return lower;
}

/* Cython's own rebuilder of a class: it makes an instance and fills its fields. */
static bool is_cython_rebuilder(struct span last)
{
    return span_starts(last, SPAN_LITERAL("__pyx_unpickle_"));
}

/*
 * A class may be made by its __new__. A call runs __init__, of a class that the
 * package may only have imported (Popen): it may be given numbers alone, as enum
 * members are, or nothing at all.
 */
static bool trusts_call(const struct policy *policy, const struct fact *fact)
{
    if (!is_trusted(policy, fact->subject))
        return false;
    if (fact->flags & PK_NEWOBJ || is_cython_rebuilder(name_last(fact->subject)))
        return true;
    return is_camel(name_last(fact->subject)) &&
           (fact->flags & (PK_ARGS_NONE | PK_ARGS_NUMBERS)) != 0;
}

/* ---- the judgements ---- */

static const struct pratique_rule *fire(enum rule_id id)
{
    return rule_row(id);
}

static struct name_facts look_up(const struct fact *fact)
{
    return name_look_up(fact->subject, (fact->flags & PK_DOTTED) != 0);
}

/* No import statement can spell it: blanks, and what a report escapes (control characters, NUL). */
static bool is_impossible(struct span name)
{
    return name.n && (memchr(name.p, ' ', name.n) || memchr(name.p, '\\', name.n)) &&
           name.p[0] != '(';
}

static const struct pratique_rule *judge_global(const struct fact *fact,
                                                const struct policy *policy)
{
    struct name_facts name = look_up(fact);
    bool nameless = fact->flags & PK_EXT && fact->subject.n == 0;

    if (name.deny && !name.uses)
        return name.deny;
    if (nameless || fact->flags & PK_WEAK || name.uses & USE_LOOKUP)
        return NULL; /* what is looked up by getattr is judged where it is called */
    if (name.uses & USE_HELD)
        return fact->flags & PK_ONLY_CALLED ? NULL : fire(RULE_PKL020);
    if (name.uses || is_trusted(policy, fact->subject))
        return NULL; /* a trusted package's function may be named; calling it is another matter */
    return fire(is_impossible(fact->subject) ? RULE_PKL042 : RULE_PKL020);
}

/*
 * What a trampoline is handed may be called, and each of it is named: its first
 * argument is a known callable, or there is none among them at all.
 */
static bool callbacks_known(const struct fact *fact)
{
    bool none = fact->refs_n == 0 && !(fact->flags & PK_ARGS_CALLED);

    if (fact->refs_n > FACT_REFS_MAX || fact->flags & PK_ARGS_UNKNOWN ||
        !(fact->flags & PK_ARGS_REF0 || none))
        return false;
    for (uint32_t i = 0; i < fact->refs_n; i++) {
        struct name_facts ref = name_look_up(fact->refs[i], false);

        if (!(ref.uses & (USE_CALL | USE_NEW)) || ref.uses & USE_TRAMPOLINE || ref.deny)
            return false;
    }
    return true;
}

static bool may_call(unsigned uses, const struct fact *fact)
{
    if (uses & USE_SHAPED)
        return name_shape_fits(fact->subject, fact);
    if (fact->flags & PK_NEWOBJ)
        return (uses & USE_NEW) != 0;
    if (fact->flags & PK_OBJ && fact->flags & PK_ARGS_NONE && uses & USE_NEW)
        return true; /* CPython makes a new-style instance by cls.__new__ alone */
    return (uses & USE_CALL) != 0;
}

/* getattr(what, "name"), the result not called: old protocols save nested names and methods so. */
static const struct pratique_rule *judge_lookup(const struct fact *fact)
{
    bool plain = fact->flags & PK_FIRST_PLAIN_IDENT && !(fact->flags & PK_ARGS_UNKNOWN);

    if (fact->flags & PK_RESOLVED)
        return NULL; /* told as a global by its dotted name */
    return fire(plain && fact->refs_n <= 1 ? RULE_PKL030 : RULE_PKL007);
}

static const struct pratique_rule *judge_call(const struct fact *fact, const struct policy *policy)
{
    struct name_facts name = look_up(fact);

    if (name.uses & USE_LOOKUP)
        return judge_lookup(fact);
    if (fact->flags & PK_ARGS_INSPECTED)
        return NULL; /* the bytes are judged as the file that they are */
    if (name.deny)
        return name.uses && may_call(name.uses, fact) ? NULL : name.deny;
    if (!name.uses)
        return trusts_call(policy, fact) ? NULL : fire(RULE_PKL021);
    if (!may_call(name.uses, fact))
        return fire(RULE_PKL023);
    if (name.uses & USE_TRAMPOLINE && !callbacks_known(fact))
        return fire(RULE_PKL031);
    return NULL;
}

/*
 * What a call made is called. A functools.partial may be: what is in it was judged
 * where it was made and where it was given state (pandas 1.3 saves blocks so).
 */
static const struct pratique_rule *judge_computed(const struct fact *fact)
{
    return span_is(fact->subject, "functools.partial") ? NULL : fire(RULE_PKL028);
}

/* Which use an opcode makes of the object's class. */
static unsigned use_of_method(unsigned flags)
{
    return (flags & PK_APPEND ? (unsigned)USE_APPEND : 0) |
           (flags & PK_ADD ? (unsigned)USE_ADD : 0) |
           (flags & PK_SETITEM ? (unsigned)USE_SETITEM : 0);
}

/* The object's maker must be known for all that is done to the object. */
static const struct pratique_rule *judge_object(const struct fact *fact,
                                                const struct policy *policy, unsigned need)
{
    struct name_facts name = look_up(fact);

    if (fact->flags & PK_ON_GLOBAL)
        return fire(RULE_PKL024);
    if (fact->kind == FACT_PICKLE_METHOD &&
        fact->flags & (PK_STATE_DUNDER_LIVE | PK_STATE_METHOD_LIVE))
        return fire(RULE_PKL025); /* a mapping that may become a state */
    if (name.deny)
        return name.deny;
    if (fact->flags & PK_ON_PERSID)
        return fire(RULE_PKL022);
    if (!name.uses)
        return is_trusted(policy, fact->subject) ? NULL : fire(RULE_PKL022);
    return need && (name.uses & need) == need ? NULL : fire(RULE_PKL023);
}

/* Special attributes that decide which code runs for an object. */
static bool steers(struct span detail)
{
    static const char *const names[] = {
        "__class__",    "__dict__",     "__setstate__", "__reduce",  "__getattr",
        "__setattr__",  "__getstate__", "__new__",      "__init",    "__call__",
        "__slots__",    "__bases__",    "__mro__",      "__code__",  "__globals__",
        "__builtins__", "__del",        "__getnewargs", "__subclass"
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_find(detail, 0, span_text(names[i])) != SIZE_MAX)
            return true;
    return false;
}

/*
 * Unless a __setstate__ in C takes it, a state is put into __dict__, or set attribute
 * by attribute: then it must be plain, and its keys seen.
 */
static unsigned use_of_state(const struct fact *fact, unsigned uses)
{
    bool hooked = (uses & USE_HOOK) != 0;
    bool hidden = (fact->flags & (PK_ARGS_CALLED | PK_ARGS_UNKNOWN)) != 0;
    unsigned need = USE_STATE;

    if (!hooked && fact->flags & PK_STATE_SLOTS)
        need |= (unsigned)USE_SLOTS;
    if (!hooked && hidden)
        need |= (unsigned)USE_HOOK;
    return need;
}

static const struct pratique_rule *judge_state(const struct fact *fact, const struct policy *policy)
{
    unsigned uses = look_up(fact).uses;
    const struct pratique_rule *rule = judge_object(fact, policy, use_of_state(fact, uses));

    if (rule && rule->severity >= PRATIQUE_HIGH)
        return rule;
    if (fact->flags & PK_STATE_FORGED)
        return fire(RULE_PKL041);
    if (fact->flags & (PK_STATE_DUNDER_LIVE | PK_STATE_METHOD_LIVE))
        return fire(RULE_PKL025);
    if (rule)
        return rule;
    if (uses & USE_PARTIAL && !(fact->flags & PK_ARGS_REF0 && callbacks_known(fact)))
        return fire(RULE_PKL031);
    if (fact->flags & PK_STATE_DUNDER)
        return fire(steers(fact->detail) ? RULE_PKL027 : RULE_PKL026);
    return NULL;
}

static const struct pratique_rule *judge(const struct fact *fact, const struct policy *policy)
{
    switch (fact->kind) {
    case FACT_PICKLE_GLOBAL:
        return judge_global(fact, policy);
    case FACT_PICKLE_CALL:
        return judge_call(fact, policy);
    case FACT_PICKLE_CALL_COMPUTED:
        return judge_computed(fact);
    case FACT_PICKLE_METHOD:
        return judge_object(fact, policy, use_of_method(fact->flags));
    case FACT_PICKLE_BUILD:
        return judge_state(fact, policy);
    default:
        return rule_for_fact(fact->kind);
    }
}

const struct pratique_rule *verdict_pickle(const struct fact *fact, const struct policy *policy,
                                           enum pratique_severity *severity)
{
    const struct pratique_rule *rule = judge(fact, policy);

    *severity = rule ? rule->severity : PRATIQUE_INFO;
    return rule;
}
