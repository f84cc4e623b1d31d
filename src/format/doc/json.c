/*
 * JSON into a tree, as Python's json module reads it. Strict about everything that module is
 * strict about: control characters in strings, commas too many, single quotes, comments.
 *
 * Spec: RFC 8259; docs.python.org/3/library/json.html (NaN, Infinity, -Infinity; encodings).
 * More than it: a UTF-8 sequence that is half of a surrogate pair passes, as with bytes there.
 */
#include "format/doc/doc.h"

#include <endian.h>

#include "base/digit.h"
#include "base/utf8.h"
#include "format/doc/parts.h"

enum expect {
    VALUE,
    FIRST_VALUE, /* or the array's end */
    KEY,
    FIRST_KEY, /* or the object's end */
    MORE,      /* a comma, or the container's end */
    NOTHING,
};

struct json {
    struct doc *d;
    struct span in;
    size_t at;
    enum expect expect;
    uint32_t chunk; /* containers since the clock was looked at */
};

static bool bad(struct json *j, const char *why)
{
    return doc_stop(j->d, PRATIQUE_E_FORMAT, j->at, why);
}

/* The byte at at, or a NUL, which is no part of any JSON, past the end. */
static uint8_t peek(const struct json *j)
{
    return j->at < j->in.n ? j->in.p[j->at] : 0;
}

static void skip_space(struct json *j)
{
    while (j->at < j->in.n) {
        uint8_t c = j->in.p[j->at];

        if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            return;
        j->at++;
    }
}

#define EACH(c) (UINT64_C(0x0101010101010101) * (c))

/* The high bit of each byte that is 0; of bytes above such a one perhaps as well. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* Moves on to the next byte of a string that does not stand for itself as ASCII. */
static void skip_plain(struct json *j)
{
    size_t i = j->at;

    for (; i + 8 <= j->in.n; i += 8) {
        uint64_t word, stop;

        memcpy(&word, j->in.p + i, 8);
        word = le64toh(word);
        stop = ((word - EACH(0x20)) & ~word & EACH(0x80)) | zero_bytes(word ^ EACH('"')) |
               zero_bytes(word ^ EACH('\\')) | (word & EACH(0x80));
        if (stop) {
            j->at = i + (size_t)__builtin_ctzll(stop) / 8;
            return;
        }
    }
    while (i < j->in.n && j->in.p[i] >= 0x20 && j->in.p[i] < 0x80 && j->in.p[i] != '"' &&
           j->in.p[i] != '\\')
        i++;
    j->at = i;
}

static bool skip_escape(struct json *j)
{
    struct span rest = span_from(j->in, j->at + 1);

    if (rest.n > 0 && rest.p[0] == 'u') {
        for (size_t i = 1; i < 5; i++)
            if (i >= rest.n || digit_hex(rest.p[i]) < 0)
                return bad(j, "a broken escape in a string");
        if (rest.p[1] == '0' && rest.p[2] == '0' && rest.p[3] >= '2' && rest.p[3] < '8')
            j->d->odd_escapes = true;
        j->at += 6;
        return true;
    }
    if (rest.n == 0 || !memchr("\"\\/bfnrt", rest.p[0], 8))
        return bad(j, "a broken escape in a string");
    j->at += 2;
    return true;
}

/* Half of a surrogate pair, as three bytes. */
static bool is_half(struct span in)
{
    return in.n >= 3 && in.p[0] == 0xED && in.p[1] >= 0xA0 && in.p[1] < 0xC0 && in.p[2] >= 0x80 &&
           in.p[2] < 0xC0;
}

/* Characters that are not ASCII, as many as there are. */
static bool skip_utf8(struct json *j)
{
    while (j->at < j->in.n && j->in.p[j->at] >= 0x80) {
        struct span rest = span_from(j->in, j->at);
        uint32_t c;
        size_t n = utf8_decode(rest, &c);

        if (n == 0 && is_half(rest))
            n = 3;
        if (n == 0)
            return bad(j, "bytes that are not UTF-8");
        j->at += n;
    }
    return true;
}

/* A string, from its quote on: start..start+n is between the quotes. */
static bool read_string(struct json *j, size_t *start, size_t *n, bool *escaped)
{
    *start = ++j->at;
    *escaped = false;
    for (;;) {
        uint8_t c;

        skip_plain(j);
        if (j->at >= j->in.n)
            return bad(j, "a string does not end");
        c = j->in.p[j->at];
        if (c == '"')
            break;
        if (c < 0x20)
            return bad(j, "a control character in a string");
        *escaped |= c == '\\';
        if (c == '\\' ? !skip_escape(j) : !skip_utf8(j))
            return false;
    }
    *n = j->at++ - *start;
    return true;
}

static size_t skip_digits(struct json *j)
{
    size_t start = j->at;

    while (j->at < j->in.n && j->in.p[j->at] >= '0' && j->in.p[j->at] <= '9')
        j->at++;
    return j->at - start;
}

static bool skip_exponent(struct json *j)
{
    j->at++;
    if (peek(j) == '+' || peek(j) == '-')
        j->at++;
    return skip_digits(j) > 0;
}

static bool read_number(struct json *j)
{
    size_t start = j->at, whole;
    bool zero;

    if (peek(j) == '-')
        j->at++;
    zero = peek(j) == '0';
    whole = skip_digits(j);
    if (whole == 0 || (zero && whole > 1))
        return bad(j, "a broken number");
    if (peek(j) == '.') {
        j->at++;
        if (skip_digits(j) == 0)
            return bad(j, "a broken number");
    }
    if ((peek(j) == 'e' || peek(j) == 'E') && !skip_exponent(j))
        return bad(j, "a broken number");
    return doc_add(j->d, DOC_NUMBER, start, j->at - start, 0);
}

static bool read_word(struct json *j)
{
    static const struct {
        struct span word;
        enum doc_kind kind;
    } words[] = {
        { { (const uint8_t *)"true", 4 }, DOC_TRUE },
        { { (const uint8_t *)"false", 5 }, DOC_FALSE },
        { { (const uint8_t *)"null", 4 }, DOC_NULL },
        { { (const uint8_t *)"NaN", 3 }, DOC_NUMBER },
        { { (const uint8_t *)"Infinity", 8 }, DOC_NUMBER },
        { { (const uint8_t *)"-Infinity", 9 }, DOC_NUMBER },
    };
    struct span rest = span_from(j->in, j->at);

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_starts(rest, words[i].word)) {
            j->at += words[i].word.n;
            return doc_add(j->d, words[i].kind, j->at - words[i].word.n, words[i].word.n, 0);
        }
    return bad(j, rest.n ? "a value is missing" : "it ends where a value is missing");
}

static bool open_container(struct json *j, enum doc_kind kind)
{
    j->expect = kind == DOC_OBJECT ? FIRST_KEY : FIRST_VALUE;
    if (++j->chunk % 4096 == 0 && !budget_time(j->d->s->budget))
        return doc_stop(j->d, PRATIQUE_E_LIMIT, j->at, "");
    return doc_open(j->d, kind, j->at++);
}

static void close_container(struct json *j, bool *ok)
{
    *ok = doc_close(j->d, j->at++);
    j->expect = j->d->depth > 0 ? MORE : NOTHING;
}

static bool read_value(struct json *j)
{
    size_t start, n;
    bool escaped;
    uint8_t c = peek(j);

    if (c == '{' || c == '[')
        return open_container(j, c == '{' ? DOC_OBJECT : DOC_ARRAY);
    j->expect = j->d->depth > 0 ? MORE : NOTHING;
    if (c == '"')
        return read_string(j, &start, &n, &escaped) &&
               doc_add(j->d, DOC_STRING, start, n, escaped ? DOC_ESCAPED : 0);
    if ((c >= '0' && c <= '9') || (c == '-' && j->at + 1 < j->in.n && j->in.p[j->at + 1] != 'I'))
        return read_number(j);
    return read_word(j);
}

static bool read_key(struct json *j)
{
    size_t start, n;
    bool escaped;

    if (peek(j) != '"')
        return bad(j, "a key in double quotes is missing");
    if (!read_string(j, &start, &n, &escaped))
        return false;
    j->d->key = (uint32_t)start;
    j->d->key_n = (uint32_t)n;
    j->d->key_flags = DOC_KEYED | (escaped ? DOC_KEY_ESCAPED : 0u);
    skip_space(j);
    if (peek(j) != ':')
        return bad(j, "a colon is missing");
    j->at++;
    j->expect = VALUE;
    return true;
}

/* What follows a value inside a container. */
static bool read_more(struct json *j)
{
    bool object = j->d->nodes[j->d->open[j->d->depth - 1]].kind == DOC_OBJECT, ok;

    if (peek(j) == ',') {
        j->at++;
        j->expect = object ? KEY : VALUE;
        return true;
    }
    if (peek(j) != (object ? '}' : ']'))
        return bad(j, "a comma or the end of a container is missing");
    close_container(j, &ok);
    return ok;
}

static bool step(struct json *j)
{
    bool ok = true;

    skip_space(j);
    if (j->expect == MORE)
        return read_more(j);
    if ((j->expect == FIRST_KEY && peek(j) == '}') ||
        (j->expect == FIRST_VALUE && peek(j) == ']')) {
        close_container(j, &ok);
        return ok;
    }
    return j->expect == KEY || j->expect == FIRST_KEY ? read_key(j) : read_value(j);
}

enum pratique_status doc_json(struct doc *d, struct scan *s, struct span in)
{
    struct json j = { .d = d, .expect = VALUE };

    doc_begin(d, s, in, "JSON");
    if (!doc_decode(d, &j.at))
        return doc_end(d);
    j.in = d->in;
    while (j.expect != NOTHING && step(&j))
        ;
    if (d->status == PRATIQUE_OK) {
        skip_space(&j);
        if (j.at < j.in.n)
            (void)bad(&j, "more behind the end of the document");
    }
    return doc_end(d);
}

bool doc_looks_like_json(struct span in)
{
    if (span_starts(in, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&in, 3);
    while (in.n > 0 && memchr(" \t\r\n", in.p[0], 4))
        (void)skip(&in, 1);
    return in.n > 0 && (in.p[0] == '{' || in.p[0] == '[');
}
