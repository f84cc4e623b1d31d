/*
 * The header of a .npy file: the literal of a Python dictionary, read without
 * Python. numpy.lib.format (NEP 1), _read_array_header and descr_to_dtype.
 *
 * ast.literal_eval() reads more than this: escapes in keys, joined strings,
 * comments, hexadecimal. numpy writes none of them, and each could give the
 * dtype another meaning than the one read here, so they are refused.
 */
#include "format/numpy/npy.h"

#define DEPTH_MAX 32

static const char not_written[] = "a dtype that numpy does not write";

struct reader {
    struct span in;
    const char *why; /* the first fault, or NULL */
    bool python2;
    unsigned depth;
};

struct dtype {
    uint64_t item;
    bool objects;
};

static bool fault(struct reader *r, const char *why)
{
    if (!r->why)
        r->why = why;
    return false;
}

static void skip_space(struct reader *r)
{
    while (r->in.n > 0 && memchr(" \t\n\r\f", r->in.p[0], 5))
        (void)skip(&r->in, 1);
}

/* What comes next, or -1 at the end. */
static int peek(struct reader *r)
{
    skip_space(r);
    return r->in.n > 0 ? r->in.p[0] : -1;
}

static bool accept(struct reader *r, char c)
{
    return peek(r) == (unsigned char)c && skip(&r->in, 1);
}

static bool expect(struct reader *r, char c)
{
    return accept(r, c) || fault(r, "punctuation is missing");
}

static bool enter(struct reader *r, char open)
{
    if (!expect(r, open))
        return false;
    return ++r->depth <= DEPTH_MAX || fault(r, "nested too deeply");
}

/* After an element: true when another one follows, false at close or on a fault. */
static bool more(struct reader *r, char close)
{
    if (accept(r, close)) {
        r->depth--;
        return false;
    }
    if (!expect(r, ','))
        return false;
    if (!accept(r, close))
        return true;
    r->depth--;
    return false;
}

/* 'text' or "text", perhaps u'text'. Escapes are left as they are, and told. */
static bool read_text(struct reader *r, struct span *text, bool *escaped)
{
    struct span rest;
    uint8_t quote;
    size_t n = 0;

    *text = SPAN_EMPTY;
    *escaped = false;
    if (!accept(r, 'u'))
        (void)accept(r, 'U');
    if (r->in.n == 0 || (r->in.p[0] != '\'' && r->in.p[0] != '"'))
        return fault(r, "a string is missing");
    (void)take_u8(&r->in, &quote);
    rest = r->in;
    while (n < rest.n && rest.p[n] != quote) {
        if (rest.p[n] == '\n' || rest.p[n] == '\r')
            return fault(r, "a string without its end");
        *escaped |= rest.p[n] == '\\';
        n += rest.p[n] == '\\' ? 2 : 1;
    }
    if (!take(&r->in, n, text) || !skip(&r->in, 1))
        return fault(r, "a string without its end");
    /* '' then ' opens a triple-quoted string; 'a' 'b' is one string. */
    if (peek(r) == '\'' || peek(r) == '"')
        return fault(r, "strings that Python joins");
    return true;
}

/* A string that means something here: it must be what it looks like. */
static bool read_word(struct reader *r, struct span *word)
{
    bool escaped;

    return read_text(r, word, &escaped) && (!escaped || fault(r, "an escape in a name"));
}

static bool read_number(struct reader *r, uint64_t *out)
{
    bool leading_zero = peek(r) == '0', any = false;

    *out = 0;
    for (; r->in.n > 0 && r->in.p[0] >= '0' && r->in.p[0] <= '9'; any = true) {
        uint8_t digit;

        if (any && leading_zero)
            return fault(r, "a number with a leading zero");
        (void)take_u8(&r->in, &digit);
        if (MUL_OVERFLOWS(*out, 10u, out) || ADD_OVERFLOWS(*out, (uint64_t)(digit - '0'), out) ||
            *out > INT64_MAX)
            return fault(r, "a number past 63 bits");
    }
    if (!any)
        return fault(r, "a number is missing");
    if (r->python2)
        (void)accept(r, 'L');
    return true;
}

/* (2, 3) or 2: multiplies the product by each. A zero makes it zero, whatever the rest. */
static bool read_shape(struct reader *r, bool may_be_bare, uint64_t *product)
{
    bool zero = false, over = false;
    uint64_t n;

    *product = 1;
    if (may_be_bare && peek(r) != '(')
        return read_number(r, product);
    if (!enter(r, '('))
        return false;
    if (accept(r, ')')) {
        r->depth--;
        return true;
    }
    for (bool first = true;; first = false) {
        if (!read_number(r, &n))
            return false;
        zero |= n == 0;
        over |= n != 0 && MUL_OVERFLOWS(*product, n, product);
        if (first && peek(r) == ')')
            return fault(r, "a shape that is no tuple");
        if (!more(r, ')'))
            break;
    }
    if (zero)
        *product = 0;
    return !r->why && ((zero || !over) || fault(r, "a shape whose product overflows"));
}

/* The names numpy gives types besides their codes; dtype.str never holds them. */
static const struct {
    const char *name;
    uint64_t item;
} aliases[] = {
    { "bool", 1 },      { "bool_", 1 },       { "int8", 1 },     { "uint8", 1 },
    { "int16", 2 },     { "uint16", 2 },      { "int32", 4 },    { "uint32", 4 },
    { "int64", 8 },     { "uint64", 8 },      { "int", 8 },      { "uint", 8 },
    { "float16", 2 },   { "float32", 4 },     { "float64", 8 },  { "half", 2 },
    { "single", 4 },    { "double", 8 },      { "float", 8 },    { "complex64", 8 },
    { "complex", 16 },  { "complex128", 16 }, { "byte", 1 },     { "ubyte", 1 },
    { "short", 2 },     { "ushort", 2 },      { "intc", 4 },     { "uintc", 4 },
    { "long", 8 },      { "ulong", 8 },       { "intp", 8 },     { "uintp", 8 },
    { "str", 0 },       { "bytes", 0 },       { "void", 0 },     { "longlong", 8 },
    { "ulonglong", 8 }, { "csingle", 8 },     { "cdouble", 16 },
};

/* One letter without a size. */
static uint64_t letter_size(uint8_t c)
{
    switch (c) {
    case '?':
    case 'b':
    case 'B':
        return 1;
    case 'h':
    case 'H':
    case 'e':
        return 2;
    case 'i':
    case 'I':
    case 'f':
        return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'd':
    case 'F':
    case 'p':
    case 'P':
        return 8;
    case 'g':
    case 'D':
        return 16;
    case 'G':
        return 32;
    default:
        return 0;
    }
}

static bool size_is_one_of(uint64_t n, const uint8_t *sizes)
{
    for (; *sizes; sizes++)
        if (*sizes == n)
            return true;
    return false;
}

/* A kind and its size in bytes: "f8", "U12" (characters of four bytes). */
static bool sized(uint8_t kind, uint64_t n, uint64_t *item)
{
    static const struct {
        uint8_t kind, sizes[8];
    } numbers[] = { { 'b', { 1 } },
                    { 'i', { 1, 2, 4, 8 } },
                    { 'u', { 1, 2, 4, 8 } },
                    { 'f', { 2, 4, 8, 12, 16 } },
                    { 'c', { 8, 16, 24, 32 } },
                    { 'm', { 8 } },
                    { 'M', { 8 } } };

    *item = n;
    if (kind == 'S' || kind == 'V' || kind == 'a')
        return n <= INT32_MAX;
    if (kind == 'U')
        return n <= INT32_MAX / 4 && !MUL_OVERFLOWS(n, 4u, item);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (numbers[i].kind == kind)
            return size_is_one_of(n, numbers[i].sizes);
    return false;
}

/* The unit of a date, "[ns]" or "[25s]": letters, digits and a slash. */
static bool is_unit(struct span s)
{
    if (s.n < 3 || s.p[0] != '[' || s.p[s.n - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              memchr("YMWD/", s.p[i], 5)))
            return false;
    return true;
}

/* "<f8", "|S5", "<M8[ns]": what dtype.str gives. */
static bool read_code(struct span code, uint64_t *item)
{
    struct reader number = { 0 };
    uint8_t kind;
    uint64_t n;

    if (code.n > 0 && memchr("<>|=", code.p[0], 4))
        (void)skip(&code, 1);
    if (!take_u8(&code, &kind))
        return false;
    if (code.n == 0) {
        *item = letter_size(kind);
        return *item > 0 || kind == 'S' || kind == 'U' || kind == 'V' || kind == 'a';
    }
    if (code.p[0] < '0' || code.p[0] > '9')
        return false;
    number.in = code;
    if (!read_number(&number, &n) || !sized(kind, n, item))
        return false;
    return number.in.n == 0 || ((kind == 'm' || kind == 'M') && is_unit(number.in));
}

/* 'O' stands in no other code; 'T' is a string type that numpy stores as objects. */
static bool names_object(struct span word)
{
    return (word.n > 0 && memchr(word.p, 'O', word.n)) || span_is(word, "T") ||
           span_find(word, 0, SPAN_LITERAL("object")) != SIZE_MAX ||
           span_find(word, 0, SPAN_LITERAL("StringDType")) != SIZE_MAX;
}

static bool read_type_word(struct reader *r, struct dtype *out)
{
    struct span word;

    *out = (struct dtype){ 0 };
    if (!read_word(r, &word))
        return false;
    if (names_object(word)) {
        out->objects = true;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (span_is(word, aliases[i].name)) {
            out->item = aliases[i].item;
            return true;
        }
    return read_code(word, &out->item) || fault(r, not_written);
}

static bool read_type(struct reader *r, struct dtype *out);

/*
 * Multiplies a type by the shape that follows it. To numpy a number behind a type of
 * no size is no shape but its size ("S", 5), and a shape behind one is an error.
 */
static bool read_repeat(struct reader *r, struct dtype *type)
{
    uint64_t times;

    if (!read_shape(r, true, &times))
        return false;
    if (type->item == 0 && !type->objects)
        return fault(r, not_written);
    return !MUL_OVERFLOWS(type->item, times, &type->item) || fault(r, "a dtype too large");
}

/* ('<f8', (2, 3)): an array in each element. */
static bool read_subarray(struct reader *r, struct dtype *out)
{
    return enter(r, '(') && read_type(r, out) && expect(r, ',') && read_repeat(r, out) &&
           ((!more(r, ')') && !r->why) || fault(r, "a dtype with more than a shape"));
}

/* 'x' or ('title', 'x'). */
static bool read_field_name(struct reader *r, struct span *name)
{
    bool escaped;

    if (peek(r) != '(')
        return read_text(r, name, &escaped);
    return enter(r, '(') && read_text(r, name, &escaped) && expect(r, ',') &&
           read_text(r, name, &escaped) &&
           ((!more(r, ')') && !r->why) || fault(r, "a field's name is no pair"));
}

/* Padding: a field without name is bytes without meaning ('|V4'), and numpy steps over it. */
static bool is_padding(struct reader *r)
{
    (void)peek(r);
    return span_starts(r->in, SPAN_LITERAL("'|V")) || span_starts(r->in, SPAN_LITERAL("\"|V"));
}

/* ('x', '<f4') or ('x', '<f4', (2,)). */
static bool read_field(struct reader *r, struct dtype *out)
{
    struct span name;

    if (!enter(r, '(') || !read_field_name(r, &name) || !expect(r, ','))
        return false;
    if (name.n == 0 && !is_padding(r))
        return fault(r, not_written);
    if (!read_type(r, out))
        return false;
    if (!more(r, ')'))
        return !r->why;
    if (!read_repeat(r, out))
        return false;
    return (!more(r, ')') && !r->why) || fault(r, "a field of more than three parts");
}

static bool read_fields(struct reader *r, struct dtype *out)
{
    *out = (struct dtype){ 0 };
    if (!enter(r, '['))
        return false;
    if (accept(r, ']')) {
        r->depth--;
        return true;
    }
    do {
        struct dtype field;

        if (!read_field(r, &field))
            return false;
        out->objects |= field.objects;
        if (ADD_OVERFLOWS(out->item, field.item, &out->item))
            return fault(r, "a dtype too large");
    } while (more(r, ']'));
    return !r->why;
}

/* Bounded by DEPTH_MAX, which enter() counts. */
static bool read_type(struct reader *r, struct dtype *out)
{
    switch (peek(r)) {
    case '[':
        return read_fields(r, out);
    case '(':
        return read_subarray(r, out);
    default:
        return read_type_word(r, out);
    }
}

static bool read_bool(struct reader *r, bool *out)
{
    skip_space(r);
    *out = span_starts(r->in, SPAN_LITERAL("True"));
    if (!*out && !span_starts(r->in, SPAN_LITERAL("False")))
        return fault(r, "fortran_order is no bool");
    return skip(&r->in, *out ? 4 : 5);
}

/* The text between two states of the reader, without the space before it. */
static struct span between(struct span before, struct span after)
{
    struct span text;

    (void)take(&before, before.n - after.n, &text);
    return text;
}

enum { KEY_DESCR = 1, KEY_ORDER = 2, KEY_SHAPE = 4, KEYS_ALL = 7 };

static bool read_value(struct reader *r, int key, struct npy_header *out)
{
    struct dtype type = { 0 };
    struct span before;

    skip_space(r);
    before = r->in;
    switch (key) {
    case KEY_DESCR:
        if (!read_type(r, &type))
            return false;
        if (before.p[0] == '(' && !type.objects) /* numpy counts its elements and then refuses */
            return fault(r, not_written);
        out->descr = between(before, r->in);
        out->item = type.item;
        out->objects = type.objects;
        return true;
    case KEY_SHAPE:
        if (!read_shape(r, false, &out->count))
            return false;
        out->shape = between(before, r->in);
        return true;
    default:
        return read_bool(r, &out->fortran);
    }
}

static int key_of(struct span word)
{
    return span_is(word, "descr")           ? KEY_DESCR
           : span_is(word, "fortran_order") ? KEY_ORDER
           : span_is(word, "shape")         ? KEY_SHAPE
                                            : 0;
}

static bool read_dict(struct reader *r, struct npy_header *out)
{
    int seen = 0;

    if (!enter(r, '{'))
        return false;
    do {
        struct span word;
        int key;

        if (!read_word(r, &word))
            return false;
        key = key_of(word);
        if (!key || (seen & key))
            return fault(r, "a key that is unknown or there twice");
        seen |= key;
        if (!expect(r, ':') || !read_value(r, key, out))
            return false;
    } while (more(r, '}'));
    return !r->why && (seen == KEYS_ALL || fault(r, "a key is missing"));
}

const char *npy_header_read(struct span text, bool python2, struct npy_header *out)
{
    struct reader r = { .in = text, .python2 = python2 };

    *out = (struct npy_header){ .descr = SPAN_EMPTY, .shape = SPAN_EMPTY };
    if (text.n > 0 && memchr(text.p, '\0', text.n))
        return "a zero byte";
    if (!read_dict(&r, out))
        return r.why ? r.why : "not a dictionary";
    if (peek(&r) != -1)
        return "text after the dictionary";
    if (out->objects)
        out->item = 0;
    if (MUL_OVERFLOWS(out->item, out->count, &out->bytes))
        return "a size that overflows";
    return NULL;
}
