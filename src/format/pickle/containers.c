/*
 * Opcodes that make containers and put things into them. A list, a dict or a set
 * that the pickle made by itself is plain data; on anything else the same opcodes
 * call methods (append, extend, add, __setitem__), and that is told.
 */
#include "format/pickle/stack.h"

/* Makes a tuple of the items from at on. */
static bool make_tuple(struct machine *m, size_t at)
{
    const word *items = m->stack + at;
    size_t n = m->sp - at;
    enum tag tag = TAG_TUPLE;

    for (size_t i = 0; i < n; i++) {
        if (word_is_live(items[i]))
            tag = TAG_TUPLE_LIVE;
        if (UNLIKELY(word_tag(items[i]) == TAG_DTYPE))
            joblib_dtype_used(m, items[i]);
    }
    ring_keep(m, m->op_off, items, n, false);
    m->sp = at;
    return push_here(m, tag);
}

bool op_tuple_n(struct machine *m, size_t n)
{
    return m->sp - m->fence >= n ? make_tuple(m, m->sp - n) : underflow(m);
}

bool op_tuple(struct machine *m)
{
    size_t at;

    return mark_pop(m, &at) && make_tuple(m, at);
}

/* Attributes that opcodes look up on an object: a state must not hide them behind a callable. */
static bool is_method_name(struct span s)
{
    static const char *const names[] = { "append", "extend", "add", "update" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(s, names[i]))
            return true;
    return false;
}

static bool is_dunder(struct span s)
{
    return span_starts(s, SPAN_LITERAL("__")) && span_ends(s, SPAN_LITERAL("__"));
}

/* Where the text of a string opcode starts, counted from the opcode; 0: it has escapes. */
static uint64_t text_start(uint8_t op)
{
    switch (op) {
    case OP_SHORT_BINUNICODE:
    case OP_SHORT_BINSTRING:
        return 2;
    case OP_BINUNICODE:
    case OP_BINSTRING:
        return 5;
    case OP_BINUNICODE8:
        return 9;
    default:
        return 0;
    }
}

/*
 * True when the constant at off may name a dunder, or a method that opcodes call: by
 * its first letter, and only then by its text. It is asked of every key of every dict.
 */
static bool may_be_odd(const struct machine *m, uint64_t off, struct span *text)
{
    struct span in = span_from(m->in, off), first;
    uint64_t start = in.n ? text_start(in.p[0]) : 0;

    if (start && (!span_sub(in, start, 1, &first) || !memchr("_aeu", first.p[0], 4)))
        return false;
    *text = constant_bytes(m, off);
    return text->n > 2 && memchr("_aeu", text->p[0], 4);
}

/* What one key and its value make of a dict, should it become an object's state. */
static bool note_item(struct machine *m, uint64_t dict, word key, word value)
{
    enum tag tag = word_tag(value);
    bool live = tag == TAG_GLOBAL || tag == TAG_OBJECT || tag == TAG_PERSID || tag == TAG_EXTERN;
    struct span text;

    if (UNLIKELY(m->has_dtypes) && tag == TAG_TUPLE_LIVE && !joblib_field(m, dict, value))
        return false;
    if (word_tag(key) != TAG_STR)
        return !(live && word_is_live(key)) || odd_add(m, dict, ODD_DUNDER_LIVE, UINT64_MAX);
    if (!may_be_odd(m, word_payload(key), &text))
        return true;
    if (is_dunder(text))
        return odd_add(m, dict, live ? ODD_DUNDER_LIVE : ODD_DUNDER, word_payload(key));
    return !live || !is_method_name(text) || odd_add(m, dict, ODD_METHOD_LIVE, word_payload(key));
}

static bool note_items(struct machine *m, uint64_t dict, const word *items, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2)
        if (!note_item(m, dict, items[i], items[i + 1]))
            return false;
    ring_keep(m, dict, items, n < RING_ITEMS ? n : RING_ITEMS, true);
    if (UNLIKELY(m->wrappers))
        joblib_state(m, dict, items, n);
    return true;
}

bool op_dict(struct machine *m)
{
    size_t at, n;

    if (!mark_pop(m, &at))
        return false;
    n = m->sp - at;
    if (n % 2)
        return fault(m, "odd number of items for DICT");
    if (!note_items(m, m->op_off, m->stack + at, n))
        return false;
    m->sp = at;
    return push_here(m, TAG_DICT);
}

bool op_list(struct machine *m)
{
    size_t at;

    if (!mark_pop(m, &at))
        return false;
    ring_keep(m, m->op_off, m->stack + at, m->sp - at < RING_ITEMS ? m->sp - at : RING_ITEMS,
              m->sp - at > RING_ITEMS);
    m->sp = at;
    return push_here(m, TAG_LIST);
}

/* The object that items from at on go into, below them. */
static bool container_below(struct machine *m, size_t at, word *object)
{
    *object = 0;
    if (at > m->sp || at <= m->fence)
        return underflow(m);
    *object = m->stack[at - 1];
    return true;
}

static bool is_plain(word w)
{
    enum tag tag = word_tag(w);

    return tag == TAG_ATOM || tag == TAG_STR || tag == TAG_TUPLE || tag == TAG_TUPLE_LIVE;
}

static bool append_from(struct machine *m, size_t at)
{
    size_t n = m->sp - at;
    word object;

    if (!container_below(m, at, &object))
        return false;
    if (n && word_tag(object) == TAG_LIST)
        ring_keep(m, word_payload(object), m->stack + at, n < RING_ITEMS ? n : RING_ITEMS, true);
    else if (n && (is_plain(object) || word_tag(object) == TAG_DICT || word_tag(object) == TAG_SET))
        return fault(m, "APPEND to what is no list");
    else if (n && word_tag(object) != TAG_BYTES) /* a bytearray can be extended */
        tell_method(m, object, PK_APPEND, m->stack + at, n);
    m->sp = at;
    return true;
}

/* An object with items may become a state as well: a dunder set to what can be called shows. */
static uint32_t hides_dunder(const struct machine *m, const word *items, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        bool live = word_is_live(items[i + 1]) && word_tag(items[i + 1]) != TAG_TUPLE_LIVE;
        struct span text;

        if (live && word_tag(items[i]) == TAG_STR && may_be_odd(m, word_payload(items[i]), &text) &&
            is_dunder(text))
            return PK_STATE_DUNDER_LIVE;
    }
    return 0;
}

static bool setitem_from(struct machine *m, size_t at)
{
    size_t n = m->sp - at;
    word object;

    if (!container_below(m, at, &object))
        return false;
    if (n % 2)
        return fault(m, "odd number of items for SETITEMS");
    if (word_tag(object) == TAG_DICT) {
        if (!note_items(m, word_payload(object), m->stack + at, n))
            return false;
    } else if (n && (is_plain(object) || word_tag(object) == TAG_SET)) {
        return fault(m, "SETITEM on what has no items");
    } else if (n && word_tag(object) != TAG_LIST && word_tag(object) != TAG_BYTES) {
        tell_method(m, object, PK_SETITEM | hides_dunder(m, m->stack + at, n), m->stack + at, n);
    }
    m->sp = at;
    return true;
}

bool op_additems(struct machine *m)
{
    size_t at, n;
    word object;

    if (!mark_pop(m, &at) || !container_below(m, at, &object))
        return false;
    n = m->sp - at;
    if (n && (is_plain(object) || word_tag(object) == TAG_DICT || word_tag(object) == TAG_LIST ||
              word_tag(object) == TAG_BYTES))
        return fault(m, "ADDITEMS to what is no set");
    if (n && word_tag(object) != TAG_SET)
        tell_method(m, object, PK_ADD, m->stack + at, n);
    m->sp = at;
    return true;
}

bool op_appends(struct machine *m)
{
    size_t at;

    return mark_pop(m, &at) && append_from(m, at);
}

bool op_setitems(struct machine *m)
{
    size_t at;

    return mark_pop(m, &at) && setitem_from(m, at);
}

/* APPEND and SETITEM: the last n values, without a mark. */
bool op_append(struct machine *m)
{
    return m->sp >= 1 ? append_from(m, m->sp - 1) : underflow(m);
}

bool op_setitem(struct machine *m)
{
    return m->sp >= 2 ? setitem_from(m, m->sp - 2) : underflow(m);
}
