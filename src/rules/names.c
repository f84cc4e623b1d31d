/*
 * The names tables and their lookup. See names.h.
 *
 * The tables are thousands of rows: their texts are one constant block each and
 * their rows are offsets into it, so that a start of the program pays nothing.
 */
#include "rules/names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "fact/pickle.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)

static int compare(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* ---- the allow table ---- */

/* Letters of a row's uses, as tools/names/reviewed.txt has them. */
enum {
    V = USE_VALUE,
    C = USE_VALUE | USE_CALL,
    N = USE_VALUE | USE_NEW,
    S = USE_VALUE | USE_STATE,
    H = USE_VALUE | USE_STATE | USE_HOOK,
    O = USE_VALUE | USE_STATE | USE_SLOTS,
    A = USE_VALUE | USE_APPEND,
    D = USE_VALUE | USE_ADD,
    I = USE_VALUE | USE_SETITEM,
    T = USE_VALUE | USE_CALL | USE_TRAMPOLINE,
    F = USE_VALUE | USE_SHAPED,
    L = USE_VALUE | USE_HELD,
};

#define ALLOW(name, uses) char PASTE(row_, __LINE__)[sizeof(name)];
static const struct allow_text {
#include "rules/names_allow.def"
} allow_text = {
#undef ALLOW
#define ALLOW(name, uses) name,
#include "rules/names_allow.def"
#undef ALLOW
};

static const struct allow_row {
    uint32_t at;
    uint16_t n, uses;
} allow_rows[] = {
#define ALLOW(name, uses)                                                                          \
    { (uint32_t)offsetof(struct allow_text, PASTE(row_, __LINE__)), sizeof(name) - 1, (uses) },
#include "rules/names_allow.def"
#undef ALLOW
};

static struct span allow_name(size_t i)
{
    return span_of((const char *)&allow_text + allow_rows[i].at, allow_rows[i].n);
}

static unsigned allow_find(struct span name)
{
    size_t low = 0, high = ARRAY_LEN(allow_rows);

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare(name, allow_name(mid));

        if (order == 0)
            return allow_rows[mid].uses;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return 0;
}

struct span names_allow_at(size_t i, unsigned *uses)
{
    *uses = i < ARRAY_LEN(allow_rows) ? allow_rows[i].uses : 0;
    return i < ARRAY_LEN(allow_rows) ? allow_name(i) : SPAN_EMPTY;
}

/* ---- the deny table ---- */

enum reach {
    REACH_NAME,    /* this name; inside a followed name too */
    REACH_MODULE,  /* it and all it holds, wherever it stands */
    REACH_MEMBERS, /* the same, at the start, at the end, or inside a followed name */
    REACH_PREFIX,  /* the same, at the start alone */
    REACH_NONE,    /* not denied, although it lies in what is */
};

#define DENY(name, id)    char PASTE(row_, __LINE__)[sizeof(name)];
#define MODULE(name, id)  DENY(name, id)
#define MEMBERS(name, id) DENY(name, id)
#define PREFIX(name, id)  DENY(name, id)
#define PASS(name)        DENY(name, 0)
static const struct deny_text {
#include "rules/names_deny.def"
} deny_text = {
#undef DENY
#define DENY(name, id) name,
#include "rules/names_deny.def"
#undef DENY
#undef MODULE
#undef MEMBERS
#undef PREFIX
#undef PASS
};

static const struct deny_row {
    uint32_t at;
    uint16_t n;
    uint8_t reach; /* enum reach */
    uint16_t rule; /* enum rule_id */
} deny_rows[] = {
#define ROW(name, reach, rule)                                                                     \
    { (uint32_t)offsetof(struct deny_text, PASTE(row_, __LINE__)), sizeof(name) - 1, reach, rule },
#define DENY(name, id)    ROW(name, REACH_NAME, RULE_##id)
#define MODULE(name, id)  ROW(name, REACH_MODULE, RULE_##id)
#define MEMBERS(name, id) ROW(name, REACH_MEMBERS, RULE_##id)
#define PREFIX(name, id)  ROW(name, REACH_PREFIX, RULE_##id)
#define PASS(name)        ROW(name, REACH_NONE, 0)
#include "rules/names_deny.def"
#undef DENY
#undef MODULE
#undef MEMBERS
#undef PREFIX
#undef PASS
#undef ROW
};

static struct span deny_name(size_t i)
{
    return span_of((const char *)&deny_text + deny_rows[i].at, deny_rows[i].n);
}

struct span names_deny_at(size_t i)
{
    return i < ARRAY_LEN(deny_rows) ? deny_name(i) : SPAN_EMPTY;
}

static const struct deny_row *deny_row_of(struct span name)
{
    size_t low = 0, high = ARRAY_LEN(deny_rows);

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare(name, deny_name(mid));

        if (order == 0)
            return &deny_rows[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

/* ---- names and their parts ---- */

/* Modules that are another one under a second name. */
static const struct {
    const char *alias, *name;
} aliases[] = {
#define ALIAS(alias, name) { alias, name },
#include "rules/names_alias.def"
#undef ALIAS
};

struct span name_last(struct span name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '.')
            return span_from(name, i);
    return name;
}

/* The name without its last part; false when it has but one. */
static bool drop_last(struct span *name)
{
    struct span last = name_last(*name);

    return last.n < name->n && span_sub(*name, 0, name->n - last.n - 1, name);
}

/* Cuts the first part of a dotted name off. */
static void take_part(struct span *name, struct span *part)
{
    const uint8_t *dot = name->n ? memchr(name->p, '.', name->n) : NULL;

    (void)take(name, dot ? (uint64_t)(dot - name->p) : name->n, part);
    if (dot)
        (void)skip(name, 1);
}

/* Whether head is name, or its first parts. */
static bool leads(struct span name, struct span head)
{
    return span_starts(name, head) && (name.n == head.n || name.p[head.n] == '.');
}

/* A longer text is no known name: facts cut theirs at FACT_SUBJECT_MAX. */
#define NAME_BYTES ((size_t)1100)

/* The name with an alias at its front replaced, in room; itself when there is none. */
static struct span canonical(struct span name, char room[NAME_BYTES])
{
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
        struct span alias = span_text(aliases[i].alias), to = span_text(aliases[i].name);
        struct span rest = leads(name, alias) ? span_from(name, alias.n) : SPAN_EMPTY;

        if (!leads(name, alias) || to.n + rest.n > NAME_BYTES)
            continue;
        memcpy(room, to.p, to.n);
        if (rest.n)
            memcpy(room + to.n, rest.p, rest.n);
        return span_of(room, to.n + rest.n);
    }
    return name;
}

/* ---- lookup ---- */

/* Where in a full name a part of it stands. */
struct standing {
    bool start;  /* from its beginning on */
    bool end;    /* it is the last part */
    bool dotted; /* the full name was followed attribute by attribute */
};

static bool reaches(const struct deny_row *row, bool whole, const struct standing *at)
{
    switch ((enum reach)row->reach) {
    case REACH_NAME:
        return at->start || at->dotted;
    case REACH_MODULE:
        return true;
    case REACH_MEMBERS:
        return at->start || at->dotted || (whole && at->end);
    case REACH_PREFIX:
    case REACH_NONE:
        return at->start;
    }
    return false;
}

/* The rule of the longest row that leads name and reaches it. */
static const struct pratique_rule *deny_at(struct span name, const struct standing *at)
{
    char room[NAME_BYTES];
    struct span full = canonical(name, room), head = full;

    do {
        const struct deny_row *row = deny_row_of(head);

        if (row && reaches(row, head.n == full.n, at))
            return row->reach == REACH_NONE ? NULL : rule_row((enum rule_id)row->rule);
    } while (drop_last(&head));
    return NULL;
}

static bool is_dunder(struct span part)
{
    return part.n > 4 && span_starts(part, SPAN_LITERAL("__")) &&
           span_ends(part, SPAN_LITERAL("__"));
}

/*
 * Special attributes lead anywhere (f.__globals__, m.__loader__, c.__subclasses__):
 * denied at the end of a name, and within one that is followed.
 */
static const struct pratique_rule *deny_dunder(struct span part, const struct standing *at)
{
    bool module_like = span_is(part, "__init__") || span_is(part, "__main__");

    return is_dunder(part) && (at->end || (at->dotted && !module_like)) ? rule_row(RULE_PKL007)
                                                                        : NULL;
}

static const struct pratique_rule *deny_find(struct span name, bool dotted)
{
    struct standing at = { .start = true, .dotted = dotted };
    const struct pratique_rule *rule = deny_at(name, &at);
    struct span part;

    at.start = false;
    take_part(&name, &part);
    while (!rule && name.n > 0) {
        struct span rest = name;

        take_part(&rest, &part);
        at.end = rest.n == 0;
        rule = deny_at(name, &at);
        if (!rule)
            rule = deny_dunder(part, &at);
        name = rest;
    }
    return rule;
}

struct name_facts name_look_up(struct span name, bool dotted)
{
    char room[NAME_BYTES];
    struct span same = canonical(name, room);
    struct name_facts found = { .uses = allow_find(same) };
    const struct deny_row *row = found.uses ? deny_row_of(same) : NULL;

    if (!found.uses)
        found.deny = deny_find(name, dotted);
    else if (row && row->reach == REACH_NAME)
        found.deny = rule_row((enum rule_id)row->rule);
    if (span_is(same, "builtins.getattr"))
        found.uses |= USE_LOOKUP;
    if (span_is(same, "functools.partial"))
        found.uses |= USE_PARTIAL;
    return found;
}

/* ---- argument shapes ---- */

/* The folded arguments of a call, "(...)"; empty when the text is of another callee. */
static struct span args_of(const struct fact *call, struct span name)
{
    return span_starts(call->detail, name) ? span_from(call->detail, name.n) : SPAN_EMPTY;
}

static bool is_among(struct span s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(s, list[i]))
            return true;
    return false;
}

/* Whether each global among the arguments, from the first-th on, is of the list. */
static bool refs_among(const struct fact *call, uint32_t first, const char *const *list, size_t n)
{
    if (call->refs_n > FACT_REFS_MAX)
        return false;
    for (uint32_t i = first; i < call->refs_n; i++)
        if (!is_among(call->refs[i], list, n))
            return false;
    return true;
}

/* type(None) and its like; with three arguments it makes a class. */
static bool fits_type(struct span name, const struct fact *call)
{
    static const char *const args[] = { "(None)", "(builtins.Ellipsis)",
                                        "(builtins.NotImplemented)" };

    return call->count <= 1 && is_among(args_of(call, name), args, ARRAY_LEN(args));
}

/* A codec by a plain name is one of the encodings package: text becomes bytes. */
static bool fits_encode(struct span name, const struct fact *call)
{
    (void)name;
    return call->flags & PK_FIRST_PLAIN_IDENT && !(call->flags & PK_ARGS_CALLED);
}

/* The machine tells the class, and the base, as calls of their own. */
static bool fits_rebuilder(struct span name, const struct fact *call)
{
    (void)name, (void)call;
    return true;
}

/* ("module", "name") of a ufunc that is known: the call imports the one and takes the other. */
static bool fits_ufunc(struct span name, const struct fact *call)
{
    static const char *const modules[] = { "numpy",
                                           "numpy.core.umath",
                                           "numpy.core._multiarray_umath",
                                           "numpy._core._multiarray_umath",
                                           "scipy.special",
                                           "scipy.special._ufuncs" };
    struct span args = args_of(call, name);

    for (size_t i = 0; i < ARRAY_LEN(modules); i++) {
        char want[80], full[256];
        struct span rest;
        int len;

        (void)snprintf(want, sizeof want, "(\"%s\", \"", modules[i]);
        rest = span_from(args, strlen(want));
        if (!span_starts(args, span_text(want)) || !span_ends(rest, SPAN_LITERAL("\")")))
            continue;
        len = snprintf(full, sizeof full, "%s.%.*s", modules[i], (int)(rest.n - 2),
                       (const char *)rest.p);
        if (len > 0 && (size_t)len < sizeof full && allow_find(span_text(full)) == V)
            return (call->flags & PK_FIRST_PLAIN_IDENT) != 0;
    }
    return false;
}

/* Calls the class it is given: a bit generator, or the name of one. */
static bool fits_bit_generator(struct span name, const struct fact *call)
{
    static const char *const classes[] = {
        "numpy.random._mt19937.MT19937", "numpy.random._pcg64.PCG64",
        "numpy.random._pcg64.PCG64DXSM", "numpy.random._philox.Philox",
        "numpy.random._sfc64.SFC64",
    };

    (void)name;
    return !(call->flags & PK_ARGS_CALLED) && refs_among(call, 0, classes, ARRAY_LEN(classes));
}

/* Takes a bit generator, or a name and what makes one of it. */
static bool fits_generator(struct span name, const struct fact *call)
{
    static const char *const makers[] = { "numpy.random._pickle.__bit_generator_ctor" };

    (void)name;
    return refs_among(call, 0, makers, ARRAY_LEN(makers));
}

/* subtype.__new__ of arrays of a base: masked arrays alone. */
static bool fits_masked(struct span name, const struct fact *call)
{
    static const char *const subtypes[] = { "numpy.ma.core.MaskedArray", "numpy.ma.MaskedArray",
                                            "numpy.ma.core.mvoid", "numpy.ma.mvoid",
                                            "numpy.ma.mrecords.MaskedRecords" };
    static const char *const bases[] = { "numpy.ndarray",
                                         "numpy.core.multiarray.ndarray",
                                         "numpy.recarray",
                                         "numpy.rec.recarray",
                                         "numpy.core.records.recarray",
                                         "numpy.matrix",
                                         "numpy.matrixlib.defmatrix.matrix" };

    (void)name;
    return call->flags & PK_ARGS_REF0 && call->refs_n > 0 &&
           is_among(call->refs[0], subtypes, ARRAY_LEN(subtypes)) &&
           refs_among(call, 1, bases, ARRAY_LEN(bases));
}

/* Opens its first argument, unless that is None. */
static bool fits_tzfile(struct span name, const struct fact *call)
{
    return call->count <= 1 && span_starts(args_of(call, name), SPAN_LITERAL("(None, "));
}

static const struct {
    const char *last; /* the last part of the callee's name */
    bool (*fits)(struct span name, const struct fact *call);
} shapes[] = {
    { "type", fits_type },
    { "encode", fits_encode },
    { "_reconstructor", fits_rebuilder },
    { "__newobj__", fits_rebuilder },
    { "__newobj_ex__", fits_rebuilder },
    { "_ufunc_reconstruct", fits_ufunc },
    { "__bit_generator_ctor", fits_bit_generator },
    { "__randomstate_ctor", fits_generator },
    { "__generator_ctor", fits_generator },
    { "_mareconstruct", fits_masked },
    { "_mrreconstruct", fits_masked },
    { "tzfile", fits_tzfile },
};

bool name_shape_fits(struct span name, const struct fact *call)
{
    if (call->flags & PK_ARGS_UNKNOWN)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
        if (span_is(name_last(name), shapes[i].last))
            return shapes[i].fits(name, call);
    return false;
}
