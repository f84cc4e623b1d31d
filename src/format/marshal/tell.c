/*
 * What marshalled code is told to be; see marshal.h. Nothing is followed: which names a code object
 * has, and the texts beside them, say what it can reach, and the verdict puts them together
 * ("os" and "system"), so that no order of instructions hides one.
 */
#include "base/compiler.h"
#include "format/marshal/marshal.h"
#include "format/marshal/reader.h"
#include "format/rest.h"

#include <ctype.h>
#include <stdio.h>

/* Words of one fact: the verdict puts each together with each. */
#define WORDS_BYTES 480
#define WORD_MAX    64
/* More names than these are not put together; that there is code is told in any case. */
#define FACTS_MAX_N 8

struct words {
    const struct marshal *m;
    enum fact_kind kind;
    struct span subject;
    char text[WORDS_BYTES];
    size_t n;
    unsigned facts;
};

static void flush(struct words *w)
{
    if (w->n > 0 && w->facts++ < FACTS_MAX_N)
        scan_fact(w->m->s, w->kind, 0, w->subject, span_of(w->text, w->n));
    w->n = 0;
}

/* A name, perhaps with dots: what a program calls a module, a function, an attribute. */
static bool is_word(struct span word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!isalnum(word.p[i]) && word.p[i] != '_' && word.p[i] != '.')
            return false;
    return word.n > 1 && word.n <= WORD_MAX && !isdigit(word.p[0]);
}

static bool has_word(const struct words *w, struct span word)
{
    struct span all = span_of(w->text, w->n), rest;

    for (size_t at = span_find(all, 0, word); at != SIZE_MAX; at = span_find(all, at + 1, word)) {
        rest = span_from(all, at + word.n);
        if ((at == 0 || all.p[at - 1] == ' ') && (rest.n == 0 || rest.p[0] == ' '))
            return true;
    }
    return false;
}

static void add_word(struct words *w, struct span word)
{
    if (!is_word(word) || w->facts >= FACTS_MAX_N || has_word(w, word))
        return;
    if (w->n + 1 + word.n > sizeof w->text)
        flush(w);
    if (w->n > 0)
        w->text[w->n++] = ' ';
    memcpy(w->text + w->n, word.p, word.n);
    w->n += word.n;
}

static void add_children(struct words *w, uint32_t list)
{
    const struct marshal *m = w->m;
    uint32_t child = list < m->n ? m->values[list].first : MARSHAL_NONE;

    for (; child < m->n && w->facts < FACTS_MAX_N; child = m->values[child].next)
        add_word(w, marshal_text(m, marshal_resolve(m, child)));
}

/* The names of every code object, and the texts among its constants. */
static void tell_names(const struct marshal *m, enum fact_kind kind, struct span subject)
{
    struct words w = { .m = m, .kind = kind, .subject = subject };

    for (uint32_t id = 0; id < m->n; id++) {
        if (m->values[id].type != 'c')
            continue;
        add_children(&w, marshal_child(m, id, PART_NAMES));
        add_children(&w, marshal_child(m, id, PART_CONSTS));
    }
    flush(&w);
}

static const char *version(enum marshal_layout layout)
{
    static const char *const names[MARSHAL_LAYOUTS] = { "2", "3.0 to 3.7", "3.8 to 3.10",
                                                        "3.11 or later" };

    return names[layout];
}

/* The first names of a code object, for a reader of the report. */
static size_t list_names(const struct marshal *m, uint32_t code, char *text, size_t size)
{
    uint32_t names = marshal_child(m, code, PART_NAMES);
    uint32_t child = names < m->n ? m->values[names].first : MARSHAL_NONE;
    size_t n = 0;

    for (; child < m->n; child = m->values[child].next) {
        struct span name = marshal_text(m, marshal_resolve(m, child));

        if (n + name.n + 2 >= size)
            break;
        n += (size_t)snprintf(text + n, size - n, "%s%.*s", n ? ", " : "", (int)name.n,
                              (const char *)name.p);
    }
    return n;
}

static void tell_code(const struct marshal *m, uint32_t code, const char *how)
{
    struct span name = marshal_code_name(m, code);
    char names[256];
    size_t n = list_names(m, code, names, sizeof names);

    scan_factf(m->s, FACT_MARSHAL_CODE, 0, name, "%s, Python %s; %s%.*s", how, version(m->layout),
               n ? "it uses " : "it uses no names", (int)n, names);
}

/* How many outermost code objects are told one by one. */
#define CODES_MAX 16

static void tell_value(const struct marshal *m, const char *how)
{
    unsigned told = 0;

    for (uint32_t id = 0; id < m->n && told < CODES_MAX; id++)
        if (m->values[id].type == 'c' && !m->values[id].inside) {
            tell_code(m, id, how);
            told++;
        }
    if (m->codes > 0)
        tell_names(m, FACT_MARSHAL_NAMES, span_text(how));
}

/* How far each layout came: what the best of them says when none fits. */
struct attempt {
    bool fits;
    size_t end; /* of the value that was read */
    const char *why;
    uint64_t offset;
};

static void note(struct attempt *a, const struct marshal *m, enum pratique_status st)
{
    if (st == PRATIQUE_OK) {
        a->fits = true;
        a->end = m->in.n - m->rest.n;
    } else if (!a->why || m->offset > a->offset) {
        a->why = m->why;
        a->offset = m->offset;
    }
}

/* Hands what each layout makes of the bytes to tell; two may fit, and then both are told. */
static enum pratique_status try_layouts(struct scan *s, struct span in, const char *how,
                                        void (*tell)(const struct marshal *m, const char *how),
                                        struct attempt *a)
{
    for (unsigned layout = 0; layout < MARSHAL_LAYOUTS; layout++) {
        struct marshal m;
        enum pratique_status st = marshal_read(&m, s, in, (enum marshal_layout)layout);
        bool plain = st == PRATIQUE_OK && m.codes == 0;

        if (st == PRATIQUE_OK)
            tell(&m, how);
        if (st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT)
            note(a, &m, st);
        marshal_free(&m);
        if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
            return scan_fail_budget(s, 0);
        if (plain) /* without code, the layouts are one */
            break;
    }
    return PRATIQUE_OK;
}

enum pratique_status marshal_tell(struct scan *s, struct span in, const char *how)
{
    struct attempt a = { 0 };
    enum pratique_status st = try_layouts(s, in, how, tell_value, &a);

    if (st != PRATIQUE_OK)
        return st;
    if (!a.fits)
        return scan_fail(s, PRATIQUE_E_FORMAT, a.offset, "marshal, in %s: %s", how, a.why);
    scan_read(s, "marshal", a.end, "%s", how);
    return scan_rest(s, "marshal", a.end, span_from(in, a.end));
}

bool marshal_looks_like_code(struct span in)
{
    uint8_t type;
    uint32_t v;

    if (!take_u8(&in, &type) || (type & 0x7F) != 'c')
        return false;
    for (unsigned n = 1; n <= 6; n++) {
        struct span rest;

        if (!take_u32le(&in, &v) || v > INT32_MAX)
            return false;
        rest = in;
        if (n >= 4 && take_u8(&rest, &type) &&
            ((type & 0x7F) == 'r' || type == 'R' || (type & 0x7F) == 't' ||
             ((type & 0x7F) == 's' && take_u32le(&rest, &v) && v <= rest.n)))
            return true;
    }
    return false;
}

/* ---- .pyc ---- */

static void tell_pyc_names(const struct marshal *m, const char *how)
{
    tell_names(m, FACT_BYTECODE_NAMES, span_text(how));
}

/*
 * What precedes the code: the magic and the time (until 3.2), the size as well (3.3 to 3.6), flags
 * and a time and a size or a hash (3.7 on, PEP 552). The magics of 3.0 to 3.15 lie from 3000 up;
 * those of 1.5 to 2.7 from 20121 and from 50428 up; 2.7's is 62211.
 */
static size_t header_size(uint16_t magic)
{
    if (magic >= 3390 && magic < 20000)
        return 16;
    if (magic >= 3190 && magic < 3390)
        return 12;
    return 8;
}

enum pratique_status marshal_tell_pyc(struct scan *s, struct span in)
{
    struct attempt a = { 0 };
    struct span rest = in;
    uint16_t magic;
    enum pratique_status st;
    size_t head;

    if (!take_u16le(&rest, &magic))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "byte code: no magic");
    head = header_size(magic);
    if (in.n <= head)
        return scan_fail(s, PRATIQUE_E_FORMAT, in.n, "byte code: nothing behind the header");
    st = try_layouts(s, span_from(in, head), "byte code", tell_pyc_names, &a);
    if (st == PRATIQUE_OK && !a.fits)
        return scan_fail(s, PRATIQUE_E_FORMAT, head + a.offset, "byte code: %s", a.why);
    if (st == PRATIQUE_OK)
        scan_read(s, "pyc", head + a.end, "magic %u", (unsigned)magic);
    return st;
}
