/*
 * How CPython 3.8 to 3.14 turns a source file's bytes into text: a UTF-8 BOM, a cookie (PEP 263)
 * in the first line or the second, else UTF-8. See Parser/tokenizer.c of CPython (from 3.13
 * Parser/tokenizer/), get_coding_spec() and after.
 *
 * There are two readings, and they can differ. An import compiles the bytes of the whole file:
 * line ends become '\n', then the codec decodes everything, the cookie's line too. `python
 * file.py` reads up to the cookie's line as it is, and the rest through the codec, line ends
 * last of all. For UTF-8 and for codecs that keep ASCII as it is both are the same. For those
 * with escapes or shifts we make both, and refuse a file where they disagree. In EBCDIC the
 * cookie's line is not readable, so that only the script's reading runs. A third reader is
 * tokenize.open(), with which build tools read setup.py: where its lines (ended by '\n' alone)
 * give it another encoding, the file is refused too.
 * Left out: a NUL that a codec makes ends the text for an import before 3.12; it is refused.
 */
#include "format/python/source.h"

#include <stdio.h>

#include "base/utf8.h"
#include "format/python/codec.h"

#define BOM SPAN_LITERAL("\xEF\xBB\xBF")

static const char no_nul[] = "source code cannot contain null bytes";

typedef struct span cut_line_fn(struct span *in, uint8_t *end);

/* Cuts a line off the front, as universal newlines end it; *end is '\0' at the end of all. */
static struct span cut_line(struct span *in, uint8_t *end)
{
    struct span line;
    size_t n = 0;

    while (n < in->n && in->p[n] != '\n' && in->p[n] != '\r')
        n++;
    (void)!take(in, n, &line);
    if (take_u8(in, end) && *end == '\r' && in->n && in->p[0] == '\n')
        (void)skip(in, 1);
    return line;
}

/* The same, ended by '\n' alone. */
static struct span cut_at_lf(struct span *in, uint8_t *end)
{
    struct span line;

    *end = '\n';
    if (take_line(in, &line))
        return line;
    *end = '\0';
    (void)!take(in, in->n, &line);
    return line;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

/* What follows the blanks at the start of a line. */
static struct span after_blanks(struct span line)
{
    size_t n = 0;

    while (n < line.n && is_blank(line.p[n]))
        n++;
    return span_from(line, n);
}

/* tokenize ends lines at '\n' alone, and takes one that begins with '\r' for blank. */
static bool is_blank_or_comment(struct span line)
{
    line = after_blanks(line);
    return line.n == 0 || line.p[0] == '#' || line.p[0] == '\r';
}

static bool is_name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
           c == '_' || c == '.';
}

/* The name behind "coding:" or "coding=", once that was found. */
static struct span name_after(struct span s)
{
    struct span name;
    size_t n = 0;

    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (n < s.n && is_name_byte(s.p[n]))
        n++;
    (void)!take(&s, n, &name);
    return name;
}

/* The encoding that a line names, or an empty span. */
static struct span cookie_of(struct span line)
{
    struct span s = after_blanks(line), word = SPAN_LITERAL("coding"), name = SPAN_EMPTY;
    size_t at = 0;

    if (s.n == 0 || s.p[0] != '#')
        return SPAN_EMPTY;
    while (name.n == 0 && (at = span_find(s, at, word)) != SIZE_MAX) {
        at += word.n;
        if (at < s.n && (s.p[at] == ':' || s.p[at] == '='))
            name = name_after(span_from(s, at + 1));
    }
    return name;
}

struct cookie {
    struct span name;
    size_t offset; /* of the name in the text, past a BOM */
    size_t head;   /* bytes up to the end of its line, the newline left out ('\n' of "\r\n") */
    bool second;   /* it is in the second line */
};

static struct cookie find_cookie(struct span text, cut_line_fn *cut)
{
    struct cookie k = { .name = SPAN_EMPTY };
    struct span rest = text;
    uint8_t end;

    for (int i = 0; i < 2 && k.name.n == 0; i++) {
        struct span line = cut(&rest, &end);

        k.name = cookie_of(line);
        k.second = i == 1;
        if (!end || !is_blank_or_comment(line))
            break;
    }
    if (k.name.n) {
        k.offset = (size_t)(k.name.p - text.p);
        k.head = text.n - rest.n - (end ? 1 : 0);
    }
    return k;
}

/* get_normal_name() of CPython: two names are known before any codec is looked for. */
static const char *normal_name(struct span name)
{
    static const char *const latin[] = { "latin-1", "iso-8859-1", "iso-latin-1" };
    char word[13] = "";

    for (size_t i = 0; i < 12 && i < name.n; i++) {
        uint8_t c = name.p[i];

        word[i] = (char)(c == '_' ? '-' : c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    if (strcmp(word, "utf-8") == 0 || strncmp(word, "utf-8-", 6) == 0)
        return "utf-8";
    for (size_t i = 0; i < ARRAY_LEN(latin); i++) {
        size_t n = strlen(latin[i]);

        if (strncmp(word, latin[i], n) == 0 && (word[n] == '\0' || word[n] == '-'))
            return "iso-8859-1";
    }
    return NULL;
}

/* Work on one source. */
struct opening {
    struct py_source *src;
    struct scan *s;
    struct span in; /* past the BOM */
    struct py_fault *fault;
    struct cookie cookie;
    const struct py_codec *codec;
};

/* Where a byte of text stands; columns count characters where the bytes are UTF-8. */
static void locate(struct span text, size_t at, size_t skipped, struct py_fault *fault)
{
    struct span rest = text, line;
    size_t start = 0;
    uint8_t end;

    fault->offset = at + skipped;
    fault->line = fault->column = 1;
    for (;;) {
        line = cut_line(&rest, &end);
        if (!end || text.n - rest.n > at)
            break;
        start = text.n - rest.n;
        fault->line++;
    }
    for (size_t i = 0; i < at - start && i < line.n; i++)
        fault->column += (line.p[i] & 0xC0) != 0x80;
}

/* A reason with a word of the file in it. */
static enum pratique_status refuse_name(struct opening *o, const char *fmt_head,
                                        const char *fmt_tail)
{
    struct span name = o->cookie.name;

    locate(o->in, o->cookie.offset, o->src->skipped, o->fault);
    snprintf(o->fault->reason, sizeof o->fault->reason, "%s%.*s%s", fmt_head,
             name.n > 60 ? 60 : (int)name.n, (const char *)name.p, fmt_tail);
    return PRATIQUE_E_FORMAT;
}

static enum pratique_status refuse_at(struct opening *o, size_t at, const char *why)
{
    locate(o->in, at, o->src->skipped, o->fault);
    snprintf(o->fault->reason, sizeof o->fault->reason, "%s", why);
    return PRATIQUE_E_FORMAT;
}

/* CPython's UnicodeDecodeError: bad bytes at `at` of the file's text. */
static void tell_bytes(struct span text, size_t skipped, const char *codec, size_t at, size_t bad,
                       const char *why, struct py_fault *fault)
{
    size_t n = sizeof fault->reason, here = at + skipped;

    locate(text, at, skipped, fault);
    if (bad == 1 && at < text.n)
        snprintf(fault->reason, n, "%s codec can't decode byte 0x%02x in position %zu: %s", codec,
                 text.p[at], here, why);
    else
        snprintf(fault->reason, n, "%s codec can't decode bytes in position %zu-%zu: %s", codec,
                 here, here + bad - (bad > 0), why);
}

/* The same of bytes that are not UTF-8, in a file or a string of it. */
static void tell_utf8(struct span text, size_t skipped, size_t at, struct py_fault *fault)
{
    size_t bad;
    const char *why = py_utf8_why(text, at, &bad);

    tell_bytes(text, skipped, "(unicode error) 'utf-8'", at, bad, why, fault);
}

static void use_input(struct opening *o)
{
    o->src->text = o->in;
    o->src->same = true;
}

static enum pratique_status open_utf8(struct opening *o)
{
    bool nul;
    size_t at = py_utf8_valid(o->in, &nul);

    use_input(o);
    if (nul || (at < o->in.n && memchr(o->in.p + at, 0, o->in.n - at)))
        return refuse_at(o, (size_t)((const uint8_t *)memchr(o->in.p, 0, o->in.n) - o->in.p),
                         no_nul);
    if (at == o->in.n)
        return PRATIQUE_OK;
    o->src->invalid = at;
    tell_utf8(o->in, o->src->skipped, at, o->fault);
    return PRATIQUE_OK;
}

static void free_decode(struct py_decode *d)
{
    scan_unmap(d->s, d->out, d->size);
    *d = (struct py_decode){ .s = d->s, .in = SPAN_EMPTY };
}

/* What a decoder that stopped means for the file; base: where its input stands in it. */
static enum pratique_status stopped(struct opening *o, const struct py_decode *d, size_t base)
{
    char codec[40];

    if (!d->why)
        return scan_fail_budget(o->s, base + d->at);
    snprintf(codec, sizeof codec, "'%s'", o->codec->title);
    tell_bytes(o->in, o->src->skipped, codec, base + d->at, d->bad, d->why, o->fault);
    return PRATIQUE_E_FORMAT;
}

/* The bytes an import decodes: line ends are '\n', and the last line has one. */
static uint8_t *translate(struct opening *o, size_t *n)
{
    uint8_t *p = scan_map(o->s, o->in.n + 1);
    size_t k = 0;

    if (!p)
        return NULL;
    for (size_t i = 0; i < o->in.n; i++) {
        uint8_t c = o->in.p[i];

        if (c == '\r' && i + 1 < o->in.n && o->in.p[i + 1] == '\n')
            continue;
        p[k++] = c == '\r' ? '\n' : c;
    }
    if (k > 0 && p[k - 1] != '\n')
        p[k++] = '\n';
    *n = k;
    return p;
}

/* The import's reading. What the decoder says of places is off by the '\r's that went. */
static enum pratique_status read_import(struct opening *o, struct py_decode *d)
{
    enum pratique_status st = PRATIQUE_OK;
    uint8_t *bytes = NULL;
    size_t n = 0;

    *d = (struct py_decode){ .s = o->s, .in = o->in };
    if (o->codec->flags & CODEC_STATEFUL) {
        bytes = translate(o, &n);
        if (!bytes)
            return scan_fail_budget(o->s, 0);
        d->in = span_of(bytes, n);
    }
    if (!o->codec->decode(d, o->codec))
        st = stopped(o, d, 0);
    scan_unmap(o->s, bytes, o->in.n + 1);
    return st;
}

/* Turns CRLF and CR into LF, in place. */
static size_t end_lines(uint8_t *p, size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n')
            continue;
        p[k++] = p[i] == '\r' ? '\n' : p[i];
    }
    return k;
}

/* The script's reading of what follows the cookie's line: *rest lies in d->out. */
static enum pratique_status read_script(struct opening *o, struct py_decode *d, struct span *rest)
{
    uint8_t end;

    *d = (struct py_decode){ .s = o->s, .in = span_from(o->in, o->cookie.head) };
    *rest = SPAN_EMPTY;
    if (o->codec->flags & CODEC_NO_SCRIPT)
        return refuse_name(o, "", " stream does not start with BOM");
    if (!o->codec->decode(d, o->codec))
        return stopped(o, d, o->cookie.head);
    d->n = end_lines(d->out, d->n);
    *rest = span_of(d->out, d->n);
    (void)cut_line(rest, &end);
    return PRATIQUE_OK;
}

/* Whether the import's reading is comments up to the cookie's line, and then `rest`. */
static bool same_reading(const struct opening *o, struct span text, struct span rest)
{
    for (int i = 0; i < 1 + o->cookie.second; i++) {
        struct span line;

        if (!take_line(&text, &line) || memchr(line.p, '\r', line.n) || !is_blank_or_comment(line))
            return false;
    }
    if (text.n == rest.n + 1 && text.p[rest.n] == '\n')
        text.n--; /* the one that an import adds */
    return span_equal(text, rest);
}

static void keep(struct opening *o, struct py_decode *d)
{
    o->src->text = span_of(d->out, d->n);
    o->src->copy = d->out;
    o->src->copy_n = d->size;
    *d = (struct py_decode){ .s = d->s, .in = SPAN_EMPTY };
}

/* The script's whole text: the lines up to the cookie's as comments, and the rest. */
static enum pratique_status keep_script(struct opening *o, struct span rest)
{
    size_t n = o->cookie.head;
    struct py_decode all = { .s = o->s, .in = o->in, .size = n + 1 + rest.n };

    all.out = scan_map(o->s, all.size);
    if (!all.out)
        return scan_fail_budget(o->s, 0);
    for (size_t i = 0; i < n; i++)
        all.out[i] = o->in.p[i] < 0x80 ? o->in.p[i] : '?';
    all.out[n] = '\n';
    memcpy(all.out + n + 1, rest.p, rest.n);
    all.n = all.size;
    keep(o, &all);
    return PRATIQUE_OK;
}

/* Only `python file.py` can run it: EBCDIC, or a codec that fails in the cookie's line. */
static enum pratique_status open_script(struct opening *o)
{
    enum pratique_status st;
    struct py_decode d;
    struct span rest;

    st = read_script(o, &d, &rest);
    if (st == PRATIQUE_OK)
        st = keep_script(o, rest);
    free_decode(&d);
    return st;
}

/* Whether a '\r' ends a line up to the cookie's: tokenize.open() decodes it before it is '\n'. */
static bool has_cr(const struct opening *o)
{
    for (size_t i = 0; i < o->cookie.head + 1 && i < o->in.n; i++)
        if (o->in.p[i] == '\r' && (i + 1 == o->in.n || o->in.p[i + 1] != '\n'))
            return true;
    return false;
}

static enum pratique_status compare_script(struct opening *o)
{
    struct py_decode d;
    struct span rest;
    enum pratique_status st = read_script(o, &d, &rest);

    if (st == PRATIQUE_OK && (has_cr(o) || !same_reading(o, o->src->text, rest)))
        st = refuse_name(o, "an import and a script read ", " differently here");
    else if (st == PRATIQUE_E_FORMAT)
        st = PRATIQUE_OK; /* the import's reading is the only one */
    free_decode(&d);
    return st;
}

static enum pratique_status open_import(struct opening *o)
{
    struct py_fault first;
    struct py_decode d;
    enum pratique_status st = read_import(o, &d);

    if (st == PRATIQUE_OK) {
        keep(o, &d);
        return o->codec->flags & CODEC_STATEFUL ? compare_script(o) : PRATIQUE_OK;
    }
    first = *o->fault;
    if (st == PRATIQUE_E_FORMAT && open_script(o) == PRATIQUE_OK) {
        free_decode(&d);
        return PRATIQUE_OK;
    }
    *o->fault = first;
    keep(o, &d);
    return st;
}

static enum pratique_status open_codec(struct opening *o)
{
    const uint8_t *nul = memchr(o->in.p, 0, o->in.n);
    enum pratique_status st;

    if (nul)
        return refuse_at(o, (size_t)(nul - o->in.p), no_nul);
    if (o->codec->flags & CODEC_ASCII && py_plain(o->in) == o->in.n) {
        use_input(o);
        return PRATIQUE_OK;
    }
    st = o->codec->flags & CODEC_EBCDIC ? open_script(o) : open_import(o);
    if (st == PRATIQUE_OK && o->src->text.n && memchr(o->src->text.p, 0, o->src->text.n))
        st = refuse_name(o, "source code cannot contain null bytes, as ", " makes here");
    return st;
}

static enum pratique_status open_cookie(struct opening *o)
{
    const char *name = normal_name(o->cookie.name);

    if (name)
        o->cookie.name = span_text(name);
    snprintf(o->src->encoding, sizeof o->src->encoding, "%.*s",
             o->cookie.name.n > 31 ? 31 : (int)o->cookie.name.n, (const char *)o->cookie.name.p);
    if (span_is(o->cookie.name, "utf-8"))
        return open_utf8(o);
    if (o->src->skipped)
        return refuse_name(o, "encoding problem: ", " with BOM");
    o->codec = py_codec_find(o->cookie.name);
    if (!o->codec)
        return refuse_name(o, "unknown encoding: ", "");
    if (!o->codec->decode)
        return refuse_name(o, "'", "' is not a text encoding");
    snprintf(o->src->encoding, sizeof o->src->encoding, "%s", o->codec->title);
    return open_codec(o);
}

static const struct py_codec *codec_named(struct span name)
{
    return py_codec_find(name.n ? name : SPAN_LITERAL("utf-8"));
}

/* Build tools read setup.py with tokenize.open(), for which '\r' ends no line. */
static bool tokenize_differs(const struct opening *o)
{
    struct span name = find_cookie(o->in, cut_at_lf).name;

    return !span_equal(name, o->cookie.name) && codec_named(name) != codec_named(o->cookie.name);
}

enum pratique_status py_source_open(struct py_source *src, struct scan *s, struct span in,
                                    struct py_fault *fault)
{
    struct opening o = { .src = src, .s = s, .in = in, .fault = fault };

    *src = (struct py_source){ .text = SPAN_EMPTY, .encoding = "utf-8", .invalid = SIZE_MAX };
    *fault = (struct py_fault){ .offset = PRATIQUE_NO_OFFSET };
    if (span_starts(in, BOM)) {
        src->skipped = BOM.n;
        o.in = span_from(in, BOM.n);
    }
    o.cookie = find_cookie(o.in, cut_line);
    if (tokenize_differs(&o))
        return refuse_at(&o, 0, "tokenize.open() reads another encoding, for want of newlines");
    return o.cookie.name.n ? open_cookie(&o) : open_utf8(&o);
}

void py_source_close(struct py_source *src, struct scan *s)
{
    scan_unmap(s, src->copy, src->copy_n);
    src->copy = NULL;
    src->copy_n = 0;
    src->text = SPAN_EMPTY;
}

enum pratique_status py_source_check(const struct py_source *src, const struct py_tree *tree,
                                     struct py_fault *fault)
{
    if (src->invalid == SIZE_MAX)
        return PRATIQUE_OK;
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct py_node *node = py_node(tree, i);
        struct span text = py_node_text(tree, node);
        size_t at;
        bool nul;

        if (node->kind != N_STR && node->kind != N_FTEXT)
            continue;
        at = py_utf8_valid(text, &nul);
        if (at < text.n) {
            tell_utf8(src->text, src->skipped, node->off + at, fault);
            return PRATIQUE_E_FORMAT;
        }
    }
    return PRATIQUE_OK;
}
