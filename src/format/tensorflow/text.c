/*
 * The text form of Protocol Buffers, as SavedModel, MetaGraph and GraphDef are written with
 * as_text=True. It is turned into the wire form of the fields that matter (schema.def), and that
 * is read as any other: one reader judges both.
 *
 * Spec: protobuf.dev/reference/protobuf/textformat-spec (2023). Extensions and expanded Any
 * messages that are not in the schema are skipped.
 */
#include <ctype.h>

#include "format/path.h"
#include "format/tensorflow/tensorflow.h"
#include "format/tensorflow/wire.h"

enum message {
    SAVED,
    META,
    INFO,
    COLLECTION_ENTRY,
    COLLECTION,
    BYTES_LIST,
    ANY_LIST,
    ANY,
    NAME_ENTRY,
    ASSET,
    TENSOR_INFO,
    OBJECTS,
    OBJECT,
    USER,
    GRAPH,
    LIBRARY,
    FUNCTION,
    GRADIENT,
    OPDEF,
    NODE,
    ATTR,
    VALUE,
    LIST,
    FUNC,
    TENSOR,
    VARIANT,
    TEXT,
    NUMBER,
    SKIPPED, /* not in the schema, whatever it is */
};

struct row {
    enum message message;
    const char *name;
    uint8_t number;
    enum message of;
};

static const struct row rows[] = {
#define FIELD(message, name, number, of) { message, name, number, of },
#include "format/tensorflow/schema.def"
#undef FIELD
};

static const struct row skipped = { SKIPPED, "", 0, SKIPPED };

#define DEPTH_MAX 200
#define LENGTH_N  5 /* bytes of a length: with leading zeroes, so that it can be filled in later */

/* A message that is open. */
struct frame {
    enum message message;
    size_t length; /* where its length goes in the output; 0 at the top, and where it is skipped */
    uint8_t closer;
    const struct row *list; /* of the list that is open within it; NULL: none */
};

struct reader {
    struct scan *s;
    struct span whole, in;
    uint8_t *out;
    size_t n, size;
    struct frame open[DEPTH_MAX + 1];
    size_t depth;
};

static enum pratique_status fail(struct reader *r, const char *why)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, r->whole.n - r->in.n, "text form of a graph: %s",
                     why);
}

static uint8_t peek(const struct reader *r)
{
    return r->in.n ? r->in.p[0] : 0;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(uint8_t c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
}

static void skip_blanks(struct span *in)
{
    while (in->n > 0 && (is_blank(in->p[0]) || in->p[0] == '#')) {
        struct span line;

        if (in->p[0] != '#')
            (void)skip(in, 1);
        else if (!take_line(in, &line))
            *in = SPAN_EMPTY;
    }
}

static struct span take_word(struct span *in)
{
    size_t n = 0;
    struct span word;

    while (n < in->n && is_word(in->p[n]))
        n++;
    (void)take(in, n, &word);
    return word;
}

/* ---- output; its size is enough for any input ---- */

static void put(struct reader *r, uint8_t byte)
{
    if (r->n < r->size)
        r->out[r->n++] = byte;
}

static void put_length(struct reader *r, size_t at, size_t length)
{
    for (unsigned i = 0; i < LENGTH_N && at + i < r->size; i++)
        r->out[at + i] = (uint8_t)((length >> (7 * i) & 0x7F) | (i < LENGTH_N - 1 ? 0x80 : 0));
}

/* A field of that number, whose length follows when it is known. */
static size_t begin(struct reader *r, uint8_t number)
{
    size_t at;

    put(r, (uint8_t)(number << 3 | PB_BYTES));
    at = r->n;
    for (unsigned i = 0; i < LENGTH_N; i++)
        put(r, 0);
    return at;
}

static void end(struct reader *r, size_t at)
{
    put_length(r, at, r->n - at - LENGTH_N);
}

/* ---- strings ---- */

static int digit(uint8_t c, unsigned base)
{
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;

    return d < (int)base ? d : -1;
}

/* A number of at most max digits off the front. */
static uint32_t take_digits(struct reader *r, unsigned base, unsigned max)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < max && r->in.n > 0 && digit(peek(r), base) >= 0; i++) {
        value = value * base + (uint32_t)digit(peek(r), base);
        (void)skip(&r->in, 1);
    }
    return value;
}

static void put_utf8(struct reader *r, uint32_t c)
{
    if (c < 0x80) {
        put(r, (uint8_t)c);
        return;
    }
    if (c >= 0x10000)
        put(r, (uint8_t)(0xF0 | (c >> 18 & 7))), put(r, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
    else if (c >= 0x800)
        put(r, (uint8_t)(0xE0 | c >> 12));
    put(r, (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3F) : 0xC0 | c >> 6));
    put(r, (uint8_t)(0x80 | (c & 0x3F)));
}

static void put_escape(struct reader *r)
{
    static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    uint8_t c = peek(r);
    const char *at;

    if (digit(c, 8) >= 0) {
        put(r, (uint8_t)take_digits(r, 8, 3));
        return;
    }
    (void)skip(&r->in, 1);
    at = c ? strchr(names, c) : NULL;
    if (c == 'x' || c == 'X')
        put(r, (uint8_t)take_digits(r, 16, 2));
    else if (c == 'u' || c == 'U')
        put_utf8(r, take_digits(r, 16, c == 'u' ? 4 : 8));
    else
        put(r, at ? (uint8_t)values[at - names] : c);
}

/* One literal in quotes; to be copied or not. */
static enum pratique_status read_literal(struct reader *r)
{
    uint8_t quote = peek(r);

    (void)skip(&r->in, 1);
    while (r->in.n > 0 && peek(r) != quote && peek(r) != '\n') {
        uint8_t c = peek(r);

        (void)skip(&r->in, 1);
        if (c == '\\')
            put_escape(r);
        else
            put(r, c);
    }
    if (peek(r) != quote || !skip(&r->in, 1))
        return fail(r, "a string without its end");
    return PRATIQUE_OK;
}

/* Literals in a row are one string. */
static enum pratique_status read_string(struct reader *r, const struct row *row)
{
    size_t before = r->n, at = begin(r, row->number);
    enum pratique_status st = PRATIQUE_OK;

    while (st == PRATIQUE_OK && (peek(r) == '"' || peek(r) == '\'')) {
        st = read_literal(r);
        skip_blanks(&r->in);
    }
    if (row->of == TEXT)
        end(r, at);
    else
        r->n = before;
    return st;
}

/* ---- fields ---- */

static const struct row *row_of(enum message message, struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].message == message && span_is(name, rows[i].name))
            return &rows[i];
    return &skipped;
}

static enum pratique_status open_message(struct reader *r, const struct row *row)
{
    bool known = row->of != TEXT && row->of != NUMBER && row->of != SKIPPED;
    uint8_t closer = peek(r) == '{' ? '}' : '>';

    if (r->depth >= DEPTH_MAX)
        return fail(r, "messages within messages, too deep");
    (void)skip(&r->in, 1);
    r->open[++r->depth] = (struct frame){ .message = known ? row->of : SKIPPED,
                                          .length = known ? begin(r, row->number) : 0,
                                          .closer = closer };
    return PRATIQUE_OK;
}

static enum pratique_status close_message(struct reader *r)
{
    struct frame *frame = &r->open[r->depth];

    if (r->depth == 0 || frame->closer != peek(r))
        return fail(r, "a bracket that closes nothing");
    (void)skip(&r->in, 1);
    if (frame->length)
        end(r, frame->length);
    r->depth--;
    return PRATIQUE_OK;
}

static enum pratique_status read_number(struct reader *r, const struct row *row)
{
    struct span word;

    if (peek(r) == '-' || peek(r) == '+') { /* a blank may follow the sign */
        (void)skip(&r->in, 1);
        skip_blanks(&r->in);
    }
    word = take_word(&r->in);
    if (word.n == 0)
        return fail(r, "a value that is none");
    if (row->of == NUMBER && word.n < 4) {
        put(r, (uint8_t)(row->number << 3 | PB_VARINT));
        put(r, (uint8_t)(word.n == 1 ? word.p[0] - '0' : 127) & 0x7F);
    }
    return PRATIQUE_OK;
}

static enum pratique_status read_value(struct reader *r, const struct row *row)
{
    uint8_t c = peek(r);

    if (c == '{' || c == '<')
        return open_message(r, row);
    if (c == '"' || c == '\'')
        return read_string(r, row);
    return read_number(r, row);
}

/* "[type.googleapis.com/x]" or "name". */
static enum pratique_status take_name(struct reader *r, struct span *name)
{
    struct span head = span_of(r->in.p, r->in.n < 1000 ? r->in.n : 1000);
    size_t close = peek(r) == '[' ? span_find(head, 0, SPAN_LITERAL("]")) : SIZE_MAX;

    *name = SPAN_EMPTY;
    if (close != SIZE_MAX && take(&r->in, close + 1, name))
        return PRATIQUE_OK;
    if (is_letter(peek(r)))
        *name = take_word(&r->in);
    return name->n ? PRATIQUE_OK : fail(r, "a field without a name");
}

static enum pratique_status read_field(struct reader *r)
{
    struct frame *frame = &r->open[r->depth];
    struct span name;
    const struct row *row;
    enum pratique_status st = take_name(r, &name);

    if (st != PRATIQUE_OK)
        return st;
    row = row_of(frame->message, name);
    skip_blanks(&r->in);
    if (peek(r) == ':')
        (void)skip(&r->in, 1);
    skip_blanks(&r->in);
    if (peek(r) != '[')
        return read_value(r, row);
    (void)skip(&r->in, 1);
    frame->list = row;
    return PRATIQUE_OK;
}

/* One thing: an end, a separator, an element, a field. */
static enum pratique_status read_next(struct reader *r)
{
    struct frame *frame = &r->open[r->depth];
    uint8_t c = peek(r);

    if (c == ',' || c == ';') {
        (void)skip(&r->in, 1);
        return PRATIQUE_OK;
    }
    if (frame->list && c == ']') {
        (void)skip(&r->in, 1);
        frame->list = NULL;
        return PRATIQUE_OK;
    }
    if (frame->list)
        return read_value(r, frame->list);
    return c == '}' || c == '>' ? close_message(r) : read_field(r);
}

static enum pratique_status read_all(struct reader *r)
{
    enum pratique_status st = PRATIQUE_OK;

    skip_blanks(&r->in);
    for (uint64_t n = 0; st == PRATIQUE_OK && r->in.n > 0; n++) {
        if (n % 0x10000 == 0 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, r->whole.n - r->in.n);
        st = read_next(r);
        skip_blanks(&r->in);
    }
    if (st == PRATIQUE_OK && (r->depth > 0 || r->open[0].list))
        st = fail(r, "a message without its end");
    return st;
}

/* ---- what a text is ---- */

#define HEAD_MAX 65536 /* bytes that are looked at */

static bool has(struct span head, const char *text)
{
    return span_find(head, 0, span_text(text)) != SIZE_MAX;
}

/* A field "op": a word of its own, then a colon. */
static bool has_operator(struct span head)
{
    size_t at = 0, end;

    for (; (at = span_find(head, at, SPAN_LITERAL("op"))) != SIZE_MAX; at++) {
        if (at > 0 && (isalnum(head.p[at - 1]) || head.p[at - 1] == '_'))
            continue;
        for (end = at + 2; end < head.n && isspace(head.p[end]);)
            end++;
        if (end < head.n && head.p[end] == ':')
            return true;
    }
    return false;
}

static enum tf_message message_of(struct span in)
{
    struct span head = span_of(in.p, in.n < HEAD_MAX ? in.n : HEAD_MAX), rest = head, word;

    skip_blanks(&rest);
    word = take_word(&rest);
    skip_blanks(&rest);
    if (rest.n == 0 || !memchr(":{<", rest.p[0], 3))
        return TF_NO_MESSAGE;
    if (span_is(word, "saved_model_schema_version") || span_is(word, "meta_graphs"))
        return TF_SAVED_MODEL;
    if (span_is(word, "meta_info_def") || span_is(word, "graph_def"))
        return TF_META_GRAPH;
    if (!span_is(word, "node") && !span_is(word, "library") && !span_is(word, "versions"))
        return TF_NO_MESSAGE;
    return has_operator(head) && has(head, "node") ? TF_GRAPH : TF_NO_MESSAGE;
}

static bool looks_like(struct span in)
{
    return in.n > 8 && message_of(in) != TF_NO_MESSAGE;
}

static bool named(struct span name)
{
    return span_is(path_base(name), "saved_model.pbtxt");
}

static enum message root_of(enum tf_message kind)
{
    return kind == TF_SAVED_MODEL ? SAVED : kind == TF_META_GRAPH ? META : GRAPH;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    enum tf_message kind = message_of(in);
    struct reader r = { .s = s, .whole = in, .in = in };
    enum pratique_status st;

    if (kind == TF_NO_MESSAGE)
        kind = TF_SAVED_MODEL;
    r.open[0].message = root_of(kind);
    s->recognised = kind == TF_SAVED_MODEL  ? "TensorFlow SavedModel"
                    : kind == TF_META_GRAPH ? "TensorFlow MetaGraph"
                                            : "TensorFlow graph";
    /* The shortest field is "s:''", four bytes that become six. */
    r.size = in.n * 2 + 64;
    r.out = scan_map(s, r.size);
    if (!r.out)
        return scan_fail_budget(s, 0);
    st = read_all(&r);
    if (st == PRATIQUE_OK)
        st = tf_read_message(s, span_of(r.out, r.n), kind, true);
    scan_unmap(s, r.out, r.size);
    return st;
}

const struct format format_tensorflow_text = {
    .name = "tensorflow text",
    .spec = "TensorFlow SavedModel, MetaGraphDef and GraphDef as text",
    .looks_like = looks_like,
    .scan = scan,
    .named = named,
};
