/*
 * R's serialisation: .rds files and workspaces (.RData, .rda), in its three notations: XDR, the
 * machine's own binary, and text. The whole of it is walked, byte code included, with an explicit
 * stack. Data is data; a promise that waits to be evaluated runs its code as soon as anybody looks
 * at the variable (CVE-2024-27322), functions run when they are called, byte code is believed.
 *
 * Spec: R Internals 1.8 (Serialization Formats); R 4.5, src/main/serialize.c: the layout alone.
 * Left out: encrypted and lazy-load databases (.rdb).
 */
#include <ctype.h>
#include <inttypes.h>

#include "base/compiler.h"
#include "base/digit.h"
#include "format/array/array.h"
#include "format/model/model.h"
#include "format/rest.h"

enum sexp {
    SYMSXP = 1,
    LISTSXP = 2,
    CLOSXP = 3,
    ENVSXP = 4,
    PROMSXP = 5,
    LANGSXP = 6,
    SPECIALSXP = 7,
    BUILTINSXP = 8,
    CHARSXP = 9,
    LGLSXP = 10,
    INTSXP = 13,
    REALSXP = 14,
    CPLXSXP = 15,
    STRSXP = 16,
    DOTSXP = 17,
    VECSXP = 19,
    EXPRSXP = 20,
    BCODESXP = 21,
    EXTPTRSXP = 22,
    WEAKREFSXP = 23,
    RAWSXP = 24,
    OBJSXP = 25,
    ALTREP_SXP = 238,
    ATTRLISTSXP = 239,
    ATTRLANGSXP = 240,
    BASEENV_SXP = 241,
    EMPTYENV_SXP = 242,
    BCREPREF = 243,
    BCREPDEF = 244,
    PERSISTSXP = 247,
    PACKAGESXP = 248,
    NAMESPACESXP = 249,
    BASENAMESPACE_SXP = 250,
    MISSINGARG_SXP = 251,
    UNBOUNDVALUE_SXP = 252,
    GLOBALENV_SXP = 253,
    NILVALUE_SXP = 254,
    REFSXP = 255,
};

enum notation { XDR, NATIVE, ASCII };

/* What the next value is to what encloses it. */
enum place {
    P_ITEM,    /* nothing in particular */
    P_TAG,     /* the name of a pair: in a workspace, of a variable */
    P_HEAD,    /* what a call calls */
    P_PROMISE, /* the value of a promise: unbound while it waits */
    P_BODY,    /* of a function */
    P_CLASS,   /* the description of a vector that a package keeps in its own way */
    P_BC,      /* a constant's or a call's part in byte code: a type stands in front of it */
    P_BC_HEAD,
    P_BC_CONSTS, /* left constants */
    P_BC_CODE,   /* the count of constants, once the code was read */
};

struct frame {
    uint64_t left;
    enum place first, place; /* of the first value, and of those after it */
};

struct name {
    uint64_t at;
    uint32_t n;
};

#define FRAMES_MAX ((size_t)100000)

struct reader {
    struct scan *s;
    struct span all, in;
    enum notation notation;
    struct frame *frames; /* of scan_map() */
    size_t depth, frames_size;
    struct name *refs; /* of scan_map(): what was read once and may be named again */
    size_t refs_n, refs_size;
    struct span symbol; /* the latest symbol read; empty: the value was none */
    struct span tag;    /* the latest name of a pair */
    bool workspace;
    unsigned by_package; /* names that follow "::": a package, and a function of it */
    bool by_text;        /* a text that follows names a function: do.call("system", ...) */
    uint64_t items, functions, promises, codes, calls, vectors;
    uint64_t told[8];
};

static uint64_t here(const struct reader *r)
{
    return r->all.n - r->in.n;
}

static enum pratique_status bad(const struct reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "R data: %s", what);
}

/* ---- numbers and bytes in each notation ---- */

/* A word of the text notation, without the blanks around it. */
static bool take_word(struct reader *r, struct span *out)
{
    size_t n = 0;

    while (r->in.n > 0 && isspace(r->in.p[0]))
        (void)skip(&r->in, 1);
    while (n < r->in.n && !isspace(r->in.p[n]))
        n++;
    return n > 0 && take(&r->in, n, out);
}

static bool ascii_integer(struct reader *r, int32_t *out)
{
    struct span word;
    int64_t v = 0;
    bool negative;

    *out = INT32_MIN;
    if (!take_word(r, &word))
        return false;
    if (span_is(word, "NA"))
        return true;
    negative = word.p[0] == '-';
    if (negative)
        (void)skip(&word, 1);
    if (word.n == 0 || word.n > 10)
        return false;
    for (size_t i = 0; i < word.n; i++) {
        if (!isdigit(word.p[i]))
            return false;
        v = v * 10 + (word.p[i] - '0');
    }
    *out = (int32_t)(negative ? -v : v);
    return v <= INT32_MAX;
}

static bool take_integer(struct reader *r, int32_t *out)
{
    uint32_t v;
    bool had;

    if (r->notation == ASCII)
        return ascii_integer(r, out);
    had = r->notation == XDR ? take_u32be(&r->in, &v) : take_u32le(&r->in, &v);
    *out = (int32_t)v;
    return had;
}

/* A length: one integer, or -1 and two. */
static bool take_length(struct reader *r, uint64_t *out)
{
    int32_t n, high, low;

    *out = 0;
    if (!take_integer(r, &n))
        return false;
    if (n == -1) {
        if (!take_integer(r, &high) || !take_integer(r, &low) || high < 0 || high > 65536)
            return false;
        *out = (uint64_t)high << 32 | (uint32_t)low;
        return true;
    }
    *out = (uint64_t)n;
    return n >= 0;
}

/* The text notation's characters: blanks, controls and the rest escaped as in C. */
static bool ascii_bytes(struct reader *r, uint64_t n, struct span *out)
{
    size_t at = 0;

    while (r->in.n > 0 && isspace(r->in.p[0]))
        (void)skip(&r->in, 1);
    for (uint64_t i = 0; i < n; i++) {
        unsigned digits = 0;

        if (at >= r->in.n)
            return false;
        if (r->in.p[at++] != '\\')
            continue;
        while (digits < 3 && at < r->in.n && r->in.p[at] >= '0' && r->in.p[at] <= '7')
            digits++, at++;
        if (digits == 0)
            at++;
    }
    return at <= r->in.n && take(&r->in, at, out);
}

static bool take_bytes(struct reader *r, uint64_t n, struct span *out)
{
    *out = SPAN_EMPTY;
    return r->notation == ASCII ? ascii_bytes(r, n, out) : take(&r->in, n, out);
}

/* Steps over n numbers of that size; words of the text notation. */
static enum pratique_status skip_numbers(struct reader *r, uint64_t n, unsigned size,
                                         unsigned words)
{
    struct span word;

    if (n > r->in.n)
        return bad(r, "a vector is longer than the file");
    if (r->notation != ASCII)
        return skip(&r->in, n * size) ? PRATIQUE_OK : bad(r, "a vector is longer than the file");
    for (uint64_t i = 0; i < n * words; i++) {
        if (!take_word(r, &word))
            return bad(r, "a vector is longer than the file");
        if (i % 65536 == 65535 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
    }
    return PRATIQUE_OK;
}

/* ---- the stack, and what may be named again ---- */

static enum pratique_status push(struct reader *r, uint64_t left, enum place first,
                                 enum place place)
{
    size_t size = r->frames_size ? r->frames_size * 2 : 256;
    struct frame *frames;

    if (left == 0)
        return PRATIQUE_OK;
    if (r->depth == FRAMES_MAX)
        return bad(r, "values are nested too deep");
    if (r->depth == r->frames_size) {
        frames = r->frames ? scan_remap(r->s, r->frames, r->frames_size * sizeof *frames,
                                        size * sizeof *frames)
                           : scan_map(r->s, size * sizeof *frames);
        if (!frames)
            return scan_fail_budget(r->s, here(r));
        r->frames = frames;
        r->frames_size = size;
    }
    r->frames[r->depth++] = (struct frame){ left, first, place };
    return PRATIQUE_OK;
}

static enum pratique_status add_ref(struct reader *r, struct span name)
{
    size_t size = r->refs_size ? r->refs_size * 2 : 256;
    struct name *refs;

    if (r->refs_n == r->refs_size) {
        refs = r->refs ? scan_remap(r->s, r->refs, r->refs_size * sizeof *refs, size * sizeof *refs)
                       : scan_map(r->s, size * sizeof *refs);
        if (!refs)
            return scan_fail_budget(r->s, here(r));
        r->refs = refs;
        r->refs_size = size;
    }
    r->refs[r->refs_n++] =
        (struct name){ name.n ? (uint64_t)(name.p - r->all.p) : 0, (uint32_t)name.n };
    return PRATIQUE_OK;
}

static enum pratique_status reference(struct reader *r, uint32_t flags)
{
    int32_t n = (int32_t)(flags >> 8);

    if (n == 0 && !take_integer(r, &n))
        return bad(r, "a reference is cut short");
    if (n < 1 || (size_t)n > r->refs_n)
        return bad(r, "a reference to what was not there before");
    (void)span_sub(r->all, r->refs[n - 1].at, r->refs[n - 1].n, &r->symbol);
    return PRATIQUE_OK;
}

/* ---- findings ---- */

/* Functions that start programs, load code or reach the network. */
static bool is_dangerous(struct span name)
{
    static const char *const names[] = {
        "system",        "system2",       "shell",      "shell.exec",
        "pipe",          "download.file", "url",        "socketConnection",
        "dyn.load",      "source",        "sys.source", "unlink",
        "file.remove",   ".Internal",     "Sys.setenv", "install.packages",
        "library.dynam", "mcparallel",    "mcfork",     "loadNamespace",
        "curl_download", "writeLines",    "writeBin",   "fifo",
        "file.create",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static void tell(struct reader *r, enum fact_kind kind, unsigned slot, struct span subject,
                 const char *detail)
{
    if (r->told[slot]++ < 8)
        scan_fact(r->s, kind, here(r), subject, span_text(detail));
}

/* Functions that take the name of another. */
static bool calls_by_text(struct span name)
{
    static const char *const names[] = { "do.call", "match.fun", "get",       "getFunction",
                                         "call",    "as.name",   "as.symbol", "get0",
                                         "mget",    "parse",     "str2lang",  "getExportedValue",
                                         "Reduce",  "lapply" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* "system", and "system('id')" for parse(). */
static void judge_text(struct reader *r, struct span text)
{
    size_t paren = span_find(text, 0, SPAN_LITERAL("("));

    if (!r->by_text)
        return;
    if (paren != SIZE_MAX)
        text.n = paren;
    if (is_dangerous(text))
        tell(r, FACT_R_CALLS, 6, text, "a function, by its name");
    r->by_text = false;
}

/* A symbol in a place that gives it a meaning. */
static void judge_symbol(struct reader *r, enum place place)
{
    bool head;

    if (place == P_TAG)
        r->tag = r->symbol;
    head = place == P_HEAD || place == P_BC_HEAD || place == P_BC || r->by_package > 0;
    r->by_package -= r->by_package > 0;
    if (place == P_HEAD || place == P_BC_HEAD) {
        r->by_package = span_is(r->symbol, "::") || span_is(r->symbol, ":::") ? 2 : r->by_package;
        r->by_text = calls_by_text(r->symbol);
    }
    if (head && is_dangerous(r->symbol))
        tell(r, FACT_R_CALLS, 0, r->symbol, "a call, or the code of a function");
}

/* R runs these by itself when it starts and ends in a folder with such a workspace. */
static void judge_function(struct reader *r)
{
    if (span_is(r->tag, ".First") || span_is(r->tag, ".Last"))
        tell(r, FACT_R_STARTS, 1, r->tag, "R calls it when it starts, or ends");
    if (r->functions++ == 0)
        scan_fact(r->s, FACT_R_FUNCTION, here(r), r->tag, SPAN_EMPTY);
}

/* ---- values ---- */

static enum pratique_status character(struct reader *r, struct span *out)
{
    int32_t n;

    *out = SPAN_EMPTY;
    if (!take_integer(r, &n))
        return bad(r, "a string is cut short");
    if (n == -1)
        return PRATIQUE_OK; /* NA */
    if (n < 0 || !take_bytes(r, (uint64_t)n, out))
        return bad(r, "a string is longer than the file");
    return PRATIQUE_OK;
}

/* A symbol: its name is a string, which follows at once. */
static enum pratique_status symbol(struct reader *r)
{
    int32_t flags;
    enum pratique_status st;

    if (!take_integer(r, &flags) || (flags & 0xFF) != CHARSXP)
        return bad(r, "a symbol without a name");
    st = character(r, &r->symbol);
    return st == PRATIQUE_OK ? add_ref(r, r->symbol) : st;
}

/* Strings in a row, as packages, namespaces and persistent names have them. */
static enum pratique_status strings(struct reader *r)
{
    int32_t zero, n, flags;
    struct span text, first = SPAN_EMPTY;

    if (!take_integer(r, &zero) || zero != 0 || !take_integer(r, &n) || n < 0)
        return bad(r, "the name of a package is cut short");
    for (int32_t i = 0; i < n; i++) {
        enum pratique_status st;

        if (!take_integer(r, &flags) || (flags & 0xFF) != CHARSXP)
            return bad(r, "the name of a package is no string");
        st = character(r, &text);
        if (st != PRATIQUE_OK)
            return st;
        first = i == 0 ? text : first;
    }
    return add_ref(r, first);
}

static enum pratique_status raw(struct reader *r, uint64_t n)
{
    struct span bytes;

    if (r->notation == ASCII)
        return skip_numbers(r, n, 1, 1);
    if (!take(&r->in, n, &bytes))
        return bad(r, "a vector is longer than the file");
    if (span_starts(bytes, SPAN_LITERAL("{L\0\0\0\0\0\0\0"))) /* a booster of XGBoost */
        return scan_nested(r->s, bytes, SPAN_LITERAL("(raw)"), ROLE_ANY);
    return array_embedded(r->s, bytes, SPAN_LITERAL("(raw)"));
}

/* Numbers, strings and lists; attributes follow when attr. */
static enum pratique_status vector(struct reader *r, enum sexp type, bool attr)
{
    uint64_t n;
    enum pratique_status st = push(r, attr, P_ITEM, P_ITEM);

    if (st != PRATIQUE_OK)
        return st;
    if (!take_length(r, &n))
        return bad(r, "a vector without a length");
    r->vectors++;
    switch (type) {
    case LGLSXP:
    case INTSXP:
        return skip_numbers(r, n, 4, 1);
    case REALSXP:
        return skip_numbers(r, n, 8, 1);
    case CPLXSXP:
        return skip_numbers(r, n, 16, 2);
    case RAWSXP:
        return raw(r, n);
    default:
        if (n > r->in.n)
            return bad(r, "a list is longer than the file");
        return push(r, n, P_ITEM, P_ITEM);
    }
}

/* Pairs, calls, functions and promises: attributes, a tag, what is there, and what comes after. */
static enum pratique_status pair(struct reader *r, enum sexp type, bool attr, bool tag)
{
    enum place second = type == PROMSXP || type == LANGSXP ? P_ITEM : P_TAG;
    enum place third = type == LANGSXP ? P_HEAD : type == PROMSXP ? P_PROMISE : P_ITEM;
    enum pratique_status st;

    if (type == CLOSXP)
        judge_function(r);
    r->calls += type == LANGSXP;
    r->promises += type == PROMSXP;
    st = push(r, 1, type == CLOSXP ? P_BODY : P_ITEM, P_ITEM);
    if (st == PRATIQUE_OK)
        st = push(r, 1, third, P_ITEM);
    if (st == PRATIQUE_OK && tag)
        st = push(r, 1, type == CLOSXP ? P_ITEM : second, P_ITEM);
    return st == PRATIQUE_OK ? push(r, attr, P_ITEM, P_ITEM) : st;
}

static enum pratique_status byte_code(struct reader *r, bool attr, enum place place)
{
    int32_t n;
    enum pratique_status st;

    if (!take_integer(r, &n) || n < 0)
        return bad(r, "byte code is cut short");
    if (place != P_BODY && place != P_BC_CONSTS && place != P_PROMISE)
        tell(r, FACT_R_BYTECODE, 2, SPAN_EMPTY, "byte code that is no function's");
    r->codes++;
    st = push(r, attr, P_ITEM, P_ITEM);
    if (st == PRATIQUE_OK)
        st = push(r, 1, P_BC_CODE, P_BC_CODE);
    return st == PRATIQUE_OK ? push(r, 1, P_ITEM, P_ITEM) : st;
}

static enum pratique_status builtin(struct reader *r)
{
    int32_t n;
    struct span name;

    if (!take_integer(r, &n) || n < 0 || !take_bytes(r, (uint64_t)n, &name))
        return bad(r, "the name of a function is cut short");
    if (is_dangerous(name))
        tell(r, FACT_R_CALLS, 3, name, "a function of R itself");
    return PRATIQUE_OK;
}

static enum pratique_status environment(struct reader *r)
{
    int32_t locked;
    enum pratique_status st;

    if (!take_integer(r, &locked) || (locked != 0 && locked != 1))
        return bad(r, "an environment is cut short");
    st = add_ref(r, SPAN_EMPTY);
    return st == PRATIQUE_OK ? push(r, 4, P_ITEM, P_ITEM) : st;
}

/* A pointer, or a weak reference: what it pointed to is not in the file. */
static enum pratique_status pointer(struct reader *r, unsigned items)
{
    enum pratique_status st = add_ref(r, SPAN_EMPTY);

    return st == PRATIQUE_OK ? push(r, items, P_ITEM, P_ITEM) : st;
}

static enum pratique_status item_of(struct reader *r, enum place place, uint32_t flags)
{
    enum sexp type = (enum sexp)(flags & 0xFF);
    bool attr = flags & 1u << 9, tag = flags & 1u << 10;
    struct span text;
    enum pratique_status st;

    switch (type) {
    case NILVALUE_SXP:
    case EMPTYENV_SXP:
    case BASEENV_SXP:
    case GLOBALENV_SXP:
    case MISSINGARG_SXP:
    case BASENAMESPACE_SXP:
    case UNBOUNDVALUE_SXP:
        if (place == P_PROMISE && type == UNBOUNDVALUE_SXP)
            tell(r, FACT_R_PROMISE, 4, r->tag, "its value is its code's, which has not run yet");
        return PRATIQUE_OK;
    case REFSXP:
        st = reference(r, flags);
        judge_symbol(r, place);
        return st;
    case SYMSXP:
        st = symbol(r);
        judge_symbol(r, place);
        return st;
    case PERSISTSXP:
    case PACKAGESXP:
    case NAMESPACESXP:
        return strings(r);
    case ENVSXP:
        return environment(r);
    case LISTSXP:
    case LANGSXP:
    case CLOSXP:
    case PROMSXP:
    case DOTSXP:
        return pair(r, type, attr, tag);
    case EXTPTRSXP:
        return pointer(r, attr ? 3 : 2);
    case WEAKREFSXP:
        return pointer(r, attr);
    case SPECIALSXP:
    case BUILTINSXP:
        return builtin(r);
    case CHARSXP:
        st = character(r, &text);
        judge_text(r, text);
        if (st == PRATIQUE_OK && text.n > 16)
            st = array_embedded(r->s, text, SPAN_LITERAL("(string)"));
        return st == PRATIQUE_OK ? push(r, attr, P_ITEM, P_ITEM) : st;
    case LGLSXP:
    case INTSXP:
    case REALSXP:
    case CPLXSXP:
    case STRSXP:
    case VECSXP:
    case EXPRSXP:
    case RAWSXP:
        return vector(r, type, attr);
    case BCODESXP:
        return byte_code(r, attr, place);
    case OBJSXP:
        return push(r, attr, P_ITEM, P_ITEM);
    case ALTREP_SXP:
        st = push(r, 2, P_ITEM, P_ITEM); /* its state, its attributes */
        return st == PRATIQUE_OK ? push(r, 1, P_CLASS, P_ITEM) : st;
    default:
        return bad(r, "a value of an unknown type");
    }
}

/*
 * A vector that its class keeps in its own way; those of R itself but the mapped file are harmless.
 * The class's name is the first of a list of three.
 */
static enum pratique_status class_of(struct reader *r, uint32_t flags)
{
    static const char *const plain[] = { "compact_intseq", "compact_realseq", "deferred_string",
                                         "wrap_integer",   "wrap_logical",    "wrap_real",
                                         "wrap_complex",   "wrap_string",     "wrap_raw",
                                         "wrap_list" };
    int32_t inner;
    enum pratique_status st;

    if ((flags & 0xFF) != LISTSXP || (flags & (3u << 9)) || !take_integer(r, &inner))
        return bad(r, "a vector's class is no list of names");
    r->symbol = SPAN_EMPTY;
    st = push(r, 1, P_ITEM, P_ITEM);
    if (st == PRATIQUE_OK)
        st = item_of(r, P_ITEM, (uint32_t)inner);
    for (size_t i = 0; st == PRATIQUE_OK && i < ARRAY_LEN(plain); i++)
        if (span_is(r->symbol, plain[i]))
            return st;
    if (st == PRATIQUE_OK)
        tell(r, FACT_R_CLASS, 5, r->symbol, "a vector that code of that class puts together");
    return st;
}

/* ---- byte code ---- */

/* A part of a call in byte code: a type, and the value. */
static enum pratique_status bc_value(struct reader *r, enum place place)
{
    int32_t type, position;
    bool attr;
    enum pratique_status st;

    if (!take_integer(r, &type))
        return bad(r, "byte code is cut short");
    if (type == BCREPREF)
        return take_integer(r, &position) ? PRATIQUE_OK : bad(r, "byte code is cut short");
    if (type == BCREPDEF && (!take_integer(r, &position) || !take_integer(r, &type)))
        return bad(r, "byte code is cut short");
    if (type == BCODESXP && place == P_BC_CONSTS) {
        st = push(r, 1, P_BC_CODE, P_BC_CODE);
        return st == PRATIQUE_OK ? push(r, 1, P_ITEM, P_ITEM) : st;
    }
    attr = type == ATTRLANGSXP || type == ATTRLISTSXP;
    if (!attr && type != LANGSXP && type != LISTSXP)
        return push(r, 1, place == P_BC_HEAD ? P_HEAD : P_ITEM, P_ITEM);
    st = push(r, 2, type == LANGSXP || type == ATTRLANGSXP ? P_BC_HEAD : P_BC, P_BC);
    if (st == PRATIQUE_OK)
        st = push(r, 1, P_ITEM, P_ITEM); /* the tag */
    return st == PRATIQUE_OK ? push(r, attr, P_ITEM, P_ITEM) : st;
}

static enum pratique_status bc_constants(struct reader *r)
{
    int32_t n;

    if (!take_integer(r, &n) || n < 0 || (uint64_t)n > r->in.n)
        return bad(r, "byte code counts more constants than there are bytes");
    return push(r, (uint64_t)n, P_BC_CONSTS, P_BC_CONSTS);
}

/* ---- the whole ---- */

/* Takes the next value off the stack: the last of a frame leaves it first, so chains cost nothing.
 */
static enum place next_place(struct reader *r)
{
    struct frame *f = &r->frames[r->depth - 1];
    enum place place = f->first;

    f->first = f->place;
    if (--f->left == 0)
        r->depth--;
    return place;
}

static enum pratique_status step(struct reader *r)
{
    enum place place = next_place(r);
    int32_t flags;

    r->items++;
    if (place == P_BC || place == P_BC_HEAD || place == P_BC_CONSTS)
        return bc_value(r, place);
    if (place == P_BC_CODE)
        return bc_constants(r);
    if (!take_integer(r, &flags))
        return bad(r, "it ends within a value");
    if (place == P_CLASS)
        return class_of(r, (uint32_t)flags);
    return item_of(r, place, (uint32_t)flags);
}

static enum pratique_status run(struct reader *r)
{
    enum pratique_status st = push(r, 1, P_ITEM, P_ITEM);

    while (st == PRATIQUE_OK && r->depth > 0) {
        if (r->items % 65536 == 65535 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
        st = step(r);
    }
    return st;
}

/* Version 2 or 3, the versions of R that wrote it and that may read it, and an encoding. */
static enum pratique_status header(struct reader *r, int32_t *version)
{
    int32_t writer, reader, n;
    struct span encoding;

    if (!take_integer(r, version) || !take_integer(r, &writer) || !take_integer(r, &reader))
        return bad(r, "the header is cut short");
    if (*version != 2 && *version != 3)
        return bad(r, "a version that is not known");
    if (*version == 3 &&
        (!take_integer(r, &n) || n < 0 || n > 64 || !take_bytes(r, (uint64_t)n, &encoding)))
        return bad(r, "the header is cut short");
    return PRATIQUE_OK;
}

static bool take_head(struct span *in, bool *workspace, enum notation *notation)
{
    struct span head;

    *workspace = in->n > 5 && span_starts(*in, SPAN_LITERAL("RD")) && memchr("XAB", in->p[2], 3) &&
                 (in->p[3] == '2' || in->p[3] == '3') && in->p[4] == '\n' && skip(in, 5);
    if (!take(in, 2, &head) || head.p[1] != '\n')
        return false;
    *notation = head.p[0] == 'X' ? XDR : head.p[0] == 'A' ? ASCII : NATIVE;
    return head.p[0] == 'X' || head.p[0] == 'A' || head.p[0] == 'B';
}

static bool looks_like(struct span in)
{
    bool workspace;
    enum notation notation;
    uint32_t version;

    if (!take_head(&in, &workspace, &notation))
        return false;
    if (workspace)
        return true;
    if (notation == ASCII)
        return in.n > 2 && (in.p[0] == '2' || in.p[0] == '3') && in.p[1] == '\n' &&
               isdigit(in.p[2]);
    return (notation == XDR ? take_u32be(&in, &version) : take_u32le(&in, &version)) &&
           (version == 2 || version == 3);
}

static enum pratique_status finish(struct reader *r, int32_t version)
{
    static const char *const names[] = { "XDR", "binary", "ASCII" };

    if (r->notation == ASCII)
        while (r->in.n > 0 && isspace(r->in.p[0]))
            (void)skip(&r->in, 1);
    scan_read(r->s, "R data", here(r), "%s, version %d, %" PRIu64 " vectors, %" PRIu64 " functions",
              names[r->notation], version, r->vectors, r->functions);
    return scan_rest(r->s, "R data", here(r), r->in);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .all = in, .in = in, .symbol = SPAN_EMPTY, .tag = SPAN_EMPTY };
    int32_t version = 0;
    enum pratique_status st;

    s->recognised = "R data";
    if (!take_head(&r.in, &r.workspace, &r.notation))
        return bad(&r, "no header");
    st = header(&r, &version);
    if (st == PRATIQUE_OK)
        st = run(&r);
    s->budget->work_done += here(&r);
    scan_unmap(s, r.frames, r.frames_size * sizeof *r.frames);
    scan_unmap(s, r.refs, r.refs_size * sizeof *r.refs);
    return st == PRATIQUE_OK ? finish(&r, version) : st;
}

const struct format format_rdata = {
    .name = "R data",
    .spec = "R Internals 1.8, Serialization Formats: versions 2 and 3",
    .looks_like = looks_like,
    .scan = scan,
};
