/*
 * Reads marshalled values into a list; see reader.h. Depth is bounded, and kept on a stack of our
 * own. A layout of code objects is tried as a whole: the caller tries the next.
 *
 * Spec: Python/marshal.c of CPython 2.7, and 3.0 to 3.15 (marshal versions 0 to 5).
 */
#include "format/marshal/reader.h"

#include "base/compiler.h"

#define DEPTH_MAX  1000
#define FLAG_REF   0x80
#define UNTIL_NULL UINT64_MAX /* a dict: its end is marked */

/* What is open: a container, and how many of its values are still to come. */
struct frame {
    uint32_t id, last; /* last: its latest child */
    uint64_t left;
    bool key; /* of a dict: a key is next */
};

struct stack {
    struct frame frame[DEPTH_MAX];
    size_t n;
};

static enum pratique_status fail(struct marshal *m, const char *why)
{
    m->why = why;
    m->offset = m->in.n - m->rest.n;
    return PRATIQUE_E_FORMAT;
}

/* Room for one more element of a list. */
static bool grow(struct scan *s, void **list, size_t n, size_t *size, size_t element)
{
    size_t more = *size ? *size * 2 : 256;
    void *p;

    if (n < *size)
        return true;
    p = *list ? scan_remap(s, *list, *size * element, more * element) : scan_map(s, more * element);
    if (!p)
        return false;
    *list = p;
    *size = more;
    return true;
}

static bool add_value(struct marshal *m, uint8_t type, uint32_t *id)
{
    void *list = m->values;
    bool ok = grow(m->s, &list, m->n, &m->size, sizeof *m->values);

    m->values = list;
    if (!ok)
        return false;
    *id = (uint32_t)m->n++;
    m->values[*id] = (struct marshal_value){
        .first = MARSHAL_NONE, .next = MARSHAL_NONE, .target = *id, .type = type
    };
    return true;
}

static bool add_ref(struct marshal *m, uint32_t id)
{
    void *list = m->refs;
    bool ok = grow(m->s, &list, m->refs_n, &m->refs_size, sizeof *m->refs);

    m->refs = list;
    if (ok)
        m->refs[m->refs_n++] = id;
    return ok;
}

static bool add_interned(struct marshal *m, uint32_t id)
{
    void *list = m->interned;
    bool ok = grow(m->s, &list, m->interned_n, &m->interned_size, sizeof *m->interned);

    m->interned = list;
    if (ok)
        m->interned[m->interned_n++] = id;
    return ok;
}

/* ---- one value ---- */

/* How many bytes a value of that type has behind its type; false: it is of another kind. */
static bool fixed_size(uint8_t type, uint64_t *n)
{
    switch (type) {
    case 'N':
    case 'T':
    case 'F':
    case 'S':
    case '.':
        *n = 0;
        return true;
    case 'i':
        *n = 4;
        return true;
    case 'I':
    case 'g':
        *n = 8;
        return true;
    case 'y':
        *n = 16;
        return true;
    default:
        return false;
    }
}

static bool take_count(struct marshal *m, uint32_t *n)
{
    return take_u32le(&m->rest, n) && *n <= INT32_MAX;
}

static enum pratique_status read_text(struct marshal *m, uint32_t id, bool narrow)
{
    struct marshal_value *v = &m->values[id];
    struct span text;
    uint8_t byte = 0;
    uint32_t n = 0;

    if (narrow ? !take_u8(&m->rest, &byte) : !take_count(m, &n))
        return fail(m, "the length of a string");
    n = narrow ? byte : n;
    v->off = (uint32_t)(m->in.n - m->rest.n);
    v->len = n;
    return take(&m->rest, n, &text) ? PRATIQUE_OK : fail(m, "a string that is not all there");
}

/* A long: its sign and its count of 15-bit digits, then the digits. */
static enum pratique_status read_long(struct marshal *m)
{
    uint32_t raw;
    uint64_t n;

    if (!take_u32le(&m->rest, &raw) || raw == 0x80000000)
        return fail(m, "the length of an integer");
    n = raw & 0x80000000 ? (uint64_t)(UINT32_MAX - raw) + 1 : raw;
    return skip(&m->rest, n * 2) ? PRATIQUE_OK : fail(m, "an integer that is not all there");
}

/* Numbers written as text: one of them, or a complex number's two. */
static enum pratique_status read_digits(struct marshal *m, unsigned parts)
{
    uint8_t n;

    for (unsigned i = 0; i < parts; i++)
        if (!take_u8(&m->rest, &n) || !skip(&m->rest, n))
            return fail(m, "a number that is not all there");
    return PRATIQUE_OK;
}

static enum pratique_status read_reference(struct marshal *m, uint32_t id, const uint32_t *list,
                                           size_t n)
{
    uint32_t index;

    if (!take_u32le(&m->rest, &index) || index >= n)
        return fail(m, "a reference to what is not there");
    m->values[id].target = list[index];
    return PRATIQUE_OK;
}

/* The counts that a code object starts with; what follows them is its code, a string. */
static enum pratique_status read_counts(struct marshal *m)
{
    static const unsigned counts[MARSHAL_LAYOUTS] = { 4, 5, 6, 5 };
    uint32_t n;

    for (unsigned i = 0; i < counts[m->layout]; i++)
        if (!take_u32le(&m->rest, &n) || n > INT32_MAX)
            return fail(m, "a code object's counts");
    return PRATIQUE_OK;
}

/* Objects of a code object before and after its first line. */
#define CODE_BEFORE 8

static unsigned code_after(const struct marshal *m)
{
    return m->layout == MARSHAL_311 ? 2 : 1;
}

static enum pratique_status open_frame(struct marshal *m, struct stack *stack, uint32_t id,
                                       uint64_t n)
{
    if (n == 0)
        return PRATIQUE_OK;
    if (n != UNTIL_NULL && n > m->rest.n)
        return fail(m, "more values than there are bytes");
    if (stack->n == DEPTH_MAX)
        return fail(m, "values within values, more than 1000 deep");
    stack->frame[stack->n++] =
        (struct frame){ .id = id, .last = MARSHAL_NONE, .left = n, .key = true };
    return PRATIQUE_OK;
}

static enum pratique_status read_container(struct marshal *m, struct stack *stack, uint32_t id)
{
    enum pratique_status st;
    uint32_t n = 0;
    uint8_t byte = 0;

    switch (m->values[id].type) {
    case ')':
        return take_u8(&m->rest, &byte) ? open_frame(m, stack, id, byte)
                                        : fail(m, "the length of a tuple");
    case '(':
    case '[':
    case '<':
    case '>':
        return take_count(m, &n) ? open_frame(m, stack, id, n)
                                 : fail(m, "the length of a container");
    case '{':
        return open_frame(m, stack, id, UNTIL_NULL);
    case ':': /* slice, 3.14 on */
        return open_frame(m, stack, id, 3);
    case 'c':
        m->codes++;
        st = read_counts(m);
        return st ? st : open_frame(m, stack, id, CODE_BEFORE + code_after(m));
    default:
        return fail(m, "a type that marshal does not have");
    }
}

static enum pratique_status read_body(struct marshal *m, struct stack *stack, uint32_t id)
{
    uint64_t n;

    if (fixed_size(m->values[id].type, &n))
        return skip(&m->rest, n) ? PRATIQUE_OK : fail(m, "a number that is not all there");
    switch (m->values[id].type) {
    case 's':
    case 't':
    case 'u':
    case 'a':
    case 'A':
        return read_text(m, id, false);
    case 'z':
    case 'Z':
        return read_text(m, id, true);
    case 'l':
        return read_long(m);
    case 'f':
        return read_digits(m, 1);
    case 'x':
        return read_digits(m, 2);
    case 'r':
        return read_reference(m, id, m->refs, m->refs_n);
    case 'R':
        return read_reference(m, id, m->interned, m->interned_n);
    default:
        return read_container(m, stack, id);
    }
}

/* Hangs a value into the container that is open. */
static void attach(struct marshal *m, struct stack *stack, uint32_t id)
{
    struct frame *f = stack->n ? &stack->frame[stack->n - 1] : NULL;

    if (!f)
        return;
    if (f->last == MARSHAL_NONE)
        m->values[f->id].first = id;
    else
        m->values[f->last].next = id;
    f->last = id;
    m->values[id].inside = m->values[f->id].inside || m->values[f->id].type == 'c';
    f->key = !f->key;
    if (f->left != UNTIL_NULL)
        f->left--;
}

static enum pratique_status read_value(struct marshal *m, struct stack *stack)
{
    struct frame *f = stack->n ? &stack->frame[stack->n - 1] : NULL;
    uint8_t type;
    uint32_t id;

    if (!take_u8(&m->rest, &type))
        return fail(m, "the end, where a value should be");
    if ((type & ~FLAG_REF) == '0') { /* NULL: a dict's end */
        if (!f || f->left != UNTIL_NULL || !f->key)
            return fail(m, "a NULL that ends nothing");
        f->left = 0;
        return PRATIQUE_OK;
    }
    if (!add_value(m, type & (uint8_t)~FLAG_REF, &id))
        return PRATIQUE_E_LIMIT;
    attach(m, stack, id);
    if ((type & FLAG_REF) && (type & ~FLAG_REF) != 'r' && !add_ref(m, id))
        return PRATIQUE_E_LIMIT;
    if ((type & ~FLAG_REF) == 't' && !add_interned(m, id))
        return PRATIQUE_E_LIMIT;
    return read_body(m, stack, id);
}

/* What CPython asks of each object of a code object: s a string of bytes, n a name, t a tuple. */
static bool part_fits(char want, uint8_t type)
{
    switch (want) {
    case 't':
        return type == '(' || type == ')';
    case 's':
        return memchr("stR", type, 3) != NULL;
    default:
        return memchr("stuaAzZ", type, 7) != NULL;
    }
}

static enum pratique_status check_code(struct marshal *m, uint32_t id)
{
    const char *want = m->layout == MARSHAL_311 ? "sttts"
                                                  "nnn"
                                                  "ss"
                                                : "sttttt"
                                                  "nn"
                                                  "s";
    uint32_t child = m->values[id].first;

    for (; *want && child < m->n; want++, child = m->values[child].next)
        if (!part_fits(*want, m->values[marshal_resolve(m, child)].type))
            return fail(m, "a code object whose parts are of other types");
    return PRATIQUE_OK;
}

/* Closes what is complete, and reads a code object's first line where it is due. */
static enum pratique_status settle(struct marshal *m, struct stack *stack)
{
    while (stack->n > 0) {
        const struct frame *f = &stack->frame[stack->n - 1];

        if (m->values[f->id].type == 'c' && f->left == code_after(m) && !skip(&m->rest, 4))
            return fail(m, "a code object's first line");
        if (f->left > 0)
            return PRATIQUE_OK;
        if (m->values[f->id].type == 'c' && check_code(m, f->id) != PRATIQUE_OK)
            return PRATIQUE_E_FORMAT;
        stack->n--;
    }
    return PRATIQUE_OK;
}

static enum pratique_status read_all(struct marshal *m, struct stack *stack)
{
    enum pratique_status st = PRATIQUE_OK;

    do {
        if (m->n % 65536 == 0 && !budget_time(m->s->budget))
            return PRATIQUE_E_LIMIT;
        st = read_value(m, stack);
        if (st == PRATIQUE_OK)
            st = settle(m, stack);
    } while (st == PRATIQUE_OK && stack->n > 0);
    return st;
}

enum pratique_status marshal_read(struct marshal *m, struct scan *s, struct span in,
                                  enum marshal_layout layout)
{
    struct stack *stack = scan_map(s, sizeof *stack);
    enum pratique_status st;

    *m = (struct marshal){ .s = s, .in = in, .rest = in, .layout = layout };
    if (!stack)
        return PRATIQUE_E_LIMIT;
    st = in.n < UINT32_MAX ? read_all(m, stack) : fail(m, "four gigabytes and more");
    scan_unmap(s, stack, sizeof *stack);
    return st;
}

void marshal_free(struct marshal *m)
{
    scan_unmap(m->s, m->values, m->size * sizeof *m->values);
    scan_unmap(m->s, m->refs, m->refs_size * sizeof *m->refs);
    scan_unmap(m->s, m->interned, m->interned_size * sizeof *m->interned);
    m->values = NULL;
    m->refs = m->interned = NULL;
}

/* ---- looking around ---- */

/* A reference's target is no reference: 'r' takes no place in the list, 'R' names strings. */
uint32_t marshal_resolve(const struct marshal *m, uint32_t id)
{
    return id < m->n ? m->values[id].target : MARSHAL_NONE;
}

uint32_t marshal_child(const struct marshal *m, uint32_t id, unsigned n)
{
    uint32_t child = id < m->n ? m->values[id].first : MARSHAL_NONE;

    while (n-- > 0 && child < m->n)
        child = m->values[child].next;
    return marshal_resolve(m, child);
}

struct span marshal_text(const struct marshal *m, uint32_t id)
{
    struct span text;

    if (id >= m->n || !memchr("stuaAzZ", m->values[id].type, 7))
        return SPAN_EMPTY;
    (void)span_sub(m->in, m->values[id].off, m->values[id].len, &text);
    return text;
}

struct span marshal_code_name(const struct marshal *m, uint32_t code)
{
    return marshal_text(m, marshal_child(m, code, m->layout == MARSHAL_311 ? 6 : 7));
}
