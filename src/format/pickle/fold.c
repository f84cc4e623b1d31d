/*
 * Values as text, for reports: constants are read again from the input, fresh
 * containers from the ring. Nothing here decides anything.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "format/pickle/machine.h"

#define TEXT_SHOWN   160u /* bytes of one string */
#define NUMBER_SHOWN 40u  /* bytes of one number */
#define ITEMS_SHOWN  12u
#define DEPTH_SHOWN  4u

/* The opcode at off and its argument; the offset is of an opcode that ran, so both are there. */
static uint8_t opcode_at(const struct machine *m, uint64_t off, struct span *arg)
{
    struct span in = span_from(m->in, off);
    uint8_t op = 0;

    *arg = SPAN_EMPTY;
    if (take_u8(&in, &op))
        (void)opcode_take_arg(&in, op, arg);
    return op;
}

static int hex_digits(struct span in, size_t at, size_t n, uint32_t *out)
{
    *out = 0;
    if (at > in.n || n > in.n - at)
        return 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = in.p[at + i];
        uint32_t d = c >= '0' && c <= '9'   ? c - (uint32_t)'0'
                     : c >= 'a' && c <= 'f' ? c - (uint32_t)'a' + 10u
                     : c >= 'A' && c <= 'F' ? c - (uint32_t)'A' + 10u
                                            : 16u;

        if (d > 15)
            return 0;
        *out = *out << 4 | d;
    }
    return (int)n;
}

/* One backslash escape of a STRING: writes a byte, returns how much was read past the backslash. */
static size_t string_escape(struct span in, size_t at, uint8_t *out)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    uint32_t v = 0;
    const char *hit;
    size_t n = 0;

    if (at >= in.n)
        return 0;
    hit = strchr(from, in.p[at]);
    if (hit && *hit) {
        *out = (uint8_t)to[hit - from];
        return 1;
    }
    if (in.p[at] == 'x' && hex_digits(in, at + 1, 2, &v)) {
        *out = (uint8_t)v;
        return 3;
    }
    while (n < 3 && at + n < in.n && in.p[at + n] >= '0' && in.p[at + n] <= '7')
        v = v * 8 + (uint32_t)(in.p[at + n++] - '0');
    *out = (uint8_t)v;
    return n;
}

/* Escapes of STRING (PyBytes_DecodeEscape), after the quotes are gone. */
static struct span decode_string(const struct machine *m, struct span in)
{
    uint8_t *out;
    size_t n = 0;

    while (in.n && (in.p[in.n - 1] == ' ' || in.p[in.n - 1] == '\r'))
        in.n--;
    if (in.n >= 2 && (in.p[0] == '"' || in.p[0] == '\''))
        (void)span_sub(in, 1, in.n - 2, &in);
    if (!in.n || !memchr(in.p, '\\', in.n))
        return in;
    out = arena_alloc(m->scan->arena, in.n);
    if (!out)
        return SPAN_EMPTY;
    for (size_t i = 0; i < in.n;) {
        uint8_t c = in.p[i++];
        size_t used = c == '\\' ? string_escape(in, i, &c) : 0;

        out[n++] = c;
        i += used;
    }
    return span_of(out, n);
}

/* Escapes of UNICODE (raw-unicode-escape: \uXXXX and \UXXXXXXXX alone, other bytes Latin-1). */
static struct span decode_unicode(const struct machine *m, struct span in)
{
    uint8_t *out;
    size_t n = 0;

    while (n < in.n && in.p[n] < 0x80 && in.p[n] != '\\')
        n++;
    if (n == in.n)
        return in;
    n = 0;
    out = arena_array(m->scan->arena, in.n, 2);
    if (!out)
        return SPAN_EMPTY;
    for (size_t i = 0; i < in.n;) {
        uint32_t c = in.p[i];
        size_t wide = c == '\\' && i + 1 < in.n ? (in.p[i + 1] == 'u'   ? 4u
                                                   : in.p[i + 1] == 'U' ? 8u
                                                                        : 0u)
                                                : 0u;

        if (wide && hex_digits(in, i + 2, wide, &c))
            i += 2 + wide;
        else
            i++;
        if (c > 0x10FFFF)
            c = 0xFFFD;
        n += utf8_put(c, out + n);
    }
    return span_of(out, n);
}

struct span constant_bytes(const struct machine *m, uint64_t off)
{
    struct span arg;

    switch (opcode_at(m, off, &arg)) {
    case OP_STRING:
        return decode_string(m, arg);
    case OP_UNICODE:
        return decode_unicode(m, arg);
    default:
        return arg;
    }
}

/* A decimal text as a number; false when it is none or does not fit. */
static bool parse_decimal(struct span s, uint64_t *out)
{
    *out = 0;
    if (s.n && s.p[s.n - 1] == 'L')
        s.n--;
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || MUL_OVERFLOWS(*out, (uint64_t)10, out) ||
            ADD_OVERFLOWS(*out, (uint64_t)(s.p[i] - '0'), out))
            return false;
    }
    return true;
}

/* Little-endian two's complement; false when it is negative or does not fit. */
static bool parse_long(struct span s, uint64_t *out)
{
    *out = 0;
    if (s.n && s.p[s.n - 1] & 0x80)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (i >= 8 && s.p[i])
            return false;
        if (i < 8)
            *out |= (uint64_t)s.p[i] << (8 * i);
    }
    return true;
}

bool constant_uint(const struct machine *m, word w, uint64_t *out)
{
    struct span arg;

    *out = 0;
    if (word_tag(w) != TAG_ATOM)
        return false;
    switch (opcode_at(m, word_payload(w), &arg)) {
    case OP_BININT:
        return parse_long(arg, out);
    case OP_BININT1:
    case OP_BININT2:
        for (size_t i = 0; i < arg.n; i++)
            *out |= (uint64_t)arg.p[i] << (8 * i);
        return true;
    case OP_LONG1:
    case OP_LONG4:
        return parse_long(arg, out);
    case OP_INT:
    case OP_LONG:
        return parse_decimal(arg, out);
    default:
        return false;
    }
}

static void fold_quoted(struct buf *b, struct span s)
{
    size_t n = s.n < TEXT_SHOWN ? s.n : TEXT_SHOWN;

    (void)buf_putc(b, '"');
    (void)buf_add(b, s.p, n);
    (void)buf_puts(b, n < s.n ? "\"..." : "\"");
}

static void fold_double(struct buf *b, struct span arg)
{
    uint64_t bits = 0;
    double d;

    (void)take_u64be(&arg, &bits);
    memcpy(&d, &bits, sizeof d);
    (void)buf_printf(b, "%g", d);
}

static void fold_atom(const struct machine *m, struct buf *b, word w)
{
    struct span arg;
    uint64_t u;

    switch (opcode_at(m, word_payload(w), &arg)) {
    case OP_NONE:
        (void)buf_puts(b, "None");
        break;
    case OP_NEWTRUE:
        (void)buf_puts(b, "True");
        break;
    case OP_NEWFALSE:
        (void)buf_puts(b, "False");
        break;
    case OP_BINFLOAT:
        fold_double(b, arg);
        break;
    case OP_BININT: {
        uint32_t v = 0;

        (void)take_u32le(&arg, &v);
        (void)buf_printf(b, "%d", (int)v);
        break;
    }
    case OP_INT:
    case OP_LONG:
    case OP_FLOAT:
        (void)buf_add(b, arg.p, arg.n < NUMBER_SHOWN ? arg.n : NUMBER_SHOWN);
        break;
    default:
        if (constant_uint(m, w, &u))
            (void)buf_printf(b, "%llu", (unsigned long long)u);
        else
            (void)buf_puts(b, "<int>");
    }
}

static void fold_items(const struct machine *m, struct buf *b, word w, unsigned depth)
{
    enum tag tag = word_tag(w);
    const char *round = tag == TAG_LIST ? "[]" : tag == TAG_DICT || tag == TAG_SET ? "{}" : "()";
    bool more;
    size_t n;
    const word *items = ring_items(m, word_payload(w), &n, &more);
    size_t shown = n < ITEMS_SHOWN ? n : ITEMS_SHOWN;

    (void)buf_putc(b, round[0]);
    for (size_t i = 0; items && i < shown && depth < DEPTH_SHOWN; i++) {
        if (i)
            (void)buf_puts(b, tag == TAG_DICT && i % 2 ? ": " : ", ");
        fold_value(m, b, items[i], depth + 1);
    }
    if (tag == TAG_TUPLE && items && n == 1)
        (void)buf_putc(b, ',');
    if (!items ? tag >= TAG_TUPLE : more || shown < n)
        (void)buf_puts(b, n ? ", ..." : "...");
    (void)buf_putc(b, round[1]);
}

void fold_value(const struct machine *m, struct buf *b, word w, unsigned depth)
{
    struct span full;

    switch (word_tag(w)) {
    case TAG_ATOM:
        fold_atom(m, b, w);
        break;
    case TAG_BYTES:
        (void)buf_putc(b, 'b');
        FALLTHROUGH;
    case TAG_STR:
        fold_quoted(b, constant_bytes(m, word_payload(w)));
        break;
    case TAG_LIST:
    case TAG_DICT:
    case TAG_SET:
    case TAG_TUPLE:
    case TAG_TUPLE_LIVE:
        fold_items(m, b, w, depth);
        break;
    case TAG_GLOBAL:
        full = m->globals[word_payload(w)].full;
        (void)buf_add(b, full.p, full.n);
        break;
    case TAG_OBJECT:
        full = m->globals[word_payload(w)].full;
        (void)buf_printf(b, "<%.*s(...)>", (int)full.n, (const char *)full.p);
        break;
    case TAG_DTYPE:
        (void)buf_puts(b, "<numpy.dtype(...)>");
        break;
    case TAG_PERSID:
        (void)buf_puts(b, "<persistent id>");
        break;
    case TAG_EXTERN:
        (void)buf_puts(b, "<buffer>");
        break;
    case TAG_ABSENT:
        break;
    }
}

void fold_call(const struct machine *m, struct buf *b, struct span callee, const word *args,
               size_t n, bool known)
{
    (void)buf_add(b, callee.p, callee.n);
    (void)buf_putc(b, '(');
    for (size_t i = 0; known && i < n && i < ITEMS_SHOWN; i++) {
        if (i)
            (void)buf_puts(b, ", ");
        fold_value(m, b, args[i], 0);
    }
    if (!known || n > ITEMS_SHOWN)
        (void)buf_puts(b, "...");
    (void)buf_putc(b, ')');
}
