/*
 * JSON Lines (.jsonl, .ndjson): what retrieval and training read line by line, mostly without a
 * look. Each line is one JSON value in UTF-8. Told with its line: what is no JSON, a key given
 * twice, text that shows another way than it reads (bidirectional controls, tags, runs of
 * characters without width), control characters, and sizes that no honest line has.
 *
 * Spec: jsonlines.org; RFC 8259; Unicode 16.0, 23.2 (layout controls), UAX #9, 23.9 (tags).
 */
#include "format/table/jsonl.h"

#include <inttypes.h>
#include <strings.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "format/config/config.h"
#include "format/doc/doc.h"
#include "format/text/text.h"

#define LINE_MAX_BYTES ((size_t)64 << 20)
#define NUMBER_MAX     4300 /* digits: what Python's int() takes by default */
#define DEPTH_SHOWN    100  /* deeper than that is no record of data */
#define KEY_MAX        4096
#define RUN_MAX        8  /* characters without width in a row: more hide something */
#define TOLD_MAX       16 /* facts of a kind; the rest is counted */

struct reader {
    struct scan *s;
    struct span file;
    uint32_t line;
    uint64_t values;
    struct config_seen seen;
    struct {
        enum fact_kind kind;
        uint32_t told;
        uint64_t more;
    } kinds[8];
};

/* Adds a fact about a place in the line, or counts it when there were enough of its kind. */
static void tell(struct reader *r, enum fact_kind kind, struct span line, uint64_t at,
                 struct span subject, const char *detail)
{
    size_t i = 0;

    while (i + 1 < ARRAY_LEN(r->kinds) && r->kinds[i].told && r->kinds[i].kind != kind)
        i++;
    r->kinds[i].kind = kind;
    if (r->kinds[i].told == TOLD_MAX) {
        r->kinds[i].more++;
        return;
    }
    r->kinds[i].told++;
    facts_add(r->s->facts, &(struct fact){ .kind = kind,
                                           .where = r->s->where,
                                           .offset = (uint64_t)(line.p - r->file.p) + at,
                                           .line = r->line,
                                           .column = (uint32_t)at + 1,
                                           .subject = subject,
                                           .detail = span_text(detail) });
}

/* ---- texts ---- */

/* Turns the order of what follows round, whatever it is: no language needs it in a file. */
static bool is_override(uint32_t c)
{
    return c == 0x202D || c == 0x202E;
}

static bool is_embedding(uint32_t c)
{
    return c == 0x202A || c == 0x202B || (c >= 0x2066 && c <= 0x2068);
}

/* Without width and without a meaning to a reader; U+200D and U+200C join letters honestly. */
static bool is_invisible(uint32_t c)
{
    return c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x180E || c == 0x00AD ||
           (c >= 0x2061 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) ||
           (c >= 0xE0100 && c <= 0xE01EF);
}

/* Tags spell ASCII that nobody sees; behind a black flag they spell the flag of a region. */
static bool is_tag(uint32_t c)
{
    return c >= 0xE0000 && c <= 0xE007F;
}

static bool is_odd_control(uint32_t c)
{
    return c < 0x20 ? c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != '\b'
                    : c == 0x7F || (c >= 0x80 && c < 0xA0 && c != 0x85);
}

struct oddities {
    bool turned, hidden, control;
    unsigned run; /* of characters without width */
    bool flag;    /* tags follow a black flag */
};

static void look_at(struct oddities *o, uint32_t c)
{
    bool invisible = is_invisible(c);

    o->turned |= is_override(c);
    o->run = invisible ? o->run + 1 : 0;
    o->hidden |= o->run > RUN_MAX || (is_tag(c) && !o->flag);
    o->control |= is_odd_control(c);
    o->flag = c == 0x1F3F4 || (o->flag && is_tag(c));
}

/* What is odd about a text; embeddings that are not closed in it turn what follows. */
static struct oddities oddities_of(struct span text)
{
    struct oddities o = { 0 };
    unsigned open = 0;

    while (text.n > 0) {
        uint32_t c = text.p[0];
        size_t len = c < 0x80 ? 1 : utf8_decode(text, &c);

        look_at(&o, c);
        open += is_embedding(c);
        open -= open > 0 && (c == 0x202C || c == 0x2069);
        (void)skip(&text, len ? len : 1);
    }
    o.turned |= open > 0;
    return o;
}

static bool is_plain(struct span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < 0x20 || text.p[i] >= 0x7F)
            return false;
    return true;
}

static void judge_text(struct reader *r, struct span line, uint64_t at, struct span text)
{
    struct oddities o;

    if (is_plain(text))
        return;
    o = oddities_of(text);
    if (o.turned)
        tell(r, FACT_DATA_HIDDEN, line, at, text, "it shows in another order than it reads");
    else if (o.hidden)
        tell(r, FACT_DATA_HIDDEN, line, at, text, "characters that nobody sees spell something");
    if (o.control)
        tell(r, FACT_DATA_CONTROL, line, at, text, "a control character");
}

/* ---- lines ---- */

static void judge_value(struct reader *r, const struct doc *d, struct span line, doc_id id)
{
    uint64_t at = doc_offset(d, id);
    enum doc_kind kind = doc_kind(d, id);
    struct span key = doc_key(d, id), text = doc_text(d, id);

    if (doc_flags(d, id) & DOC_DUPLICATE)
        tell(r, FACT_DATA_DUPLICATE, line, at, key, "given twice in one object");
    if (key.n > KEY_MAX)
        tell(r, FACT_DATA_ABSURD, line, at, SPAN_LITERAL("key"), "a key of more than 4,096 bytes");
    if (kind == DOC_NUMBER && text.n > NUMBER_MAX)
        tell(r, FACT_DATA_ABSURD, line, at, SPAN_LITERAL("number"),
             "a number of more than 4,300 characters");
    judge_text(r, line, at, key);
    if (kind == DOC_STRING)
        judge_text(r, line, at, text);
}

static unsigned depth_of(const struct doc *d, doc_id id)
{
    unsigned depth = 0;

    for (; id != DOC_NONE && depth <= DEPTH_SHOWN; id = doc_parent(d, id))
        depth++;
    return depth;
}

/* Offsets in the line are none in the file: what readers of configurations tell has its place. */
static enum pratique_status judge_line(struct reader *r, struct doc *d, struct span line)
{
    bool deep = false;

    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(d, id)) {
        judge_value(r, d, line, id);
        deep = deep || (doc_first(d, id) == DOC_NONE && doc_kind(d, id) >= DOC_ARRAY &&
                        depth_of(d, id) > DEPTH_SHOWN);
    }
    if (deep)
        tell(r, FACT_DATA_ABSURD, line, 0, SPAN_LITERAL("depth"), "more than 100 levels");
    d->exact = false;
    d->line = r->line;
    return config_objects(d, &r->seen);
}

/* Broken lines are told and the rest is read: one of them spoils no other. */
static enum pratique_status read_line(struct reader *r, struct span line)
{
    struct doc d;
    enum pratique_status st;

    if (line.n > LINE_MAX_BYTES) {
        tell(r, FACT_DATA_ABSURD, line, 0, SPAN_LITERAL("line"), "a line of more than 64 MiB");
        return PRATIQUE_OK;
    }
    st = doc_json(&d, r->s, line);
    if (st == PRATIQUE_OK)
        st = judge_line(r, &d, line);
    else if (st == PRATIQUE_E_FORMAT)
        tell(r, FACT_DATA_BROKEN, line, r->s->error.offset < line.n ? r->s->error.offset : line.n,
             SPAN_LITERAL("JSON Lines"), r->s->error.msg);
    doc_free(&d);
    r->values++;
    if (st == PRATIQUE_E_FORMAT)
        r->s->error = (struct pratique_error){ 0 };
    return st == PRATIQUE_E_FORMAT ? PRATIQUE_OK : st;
}

static bool is_blank(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (!memchr(" \t\r\v\f", line.p[i], 5))
            return false;
    return true;
}

static bool next_line(struct span *in, struct span *line)
{
    if (take_line(in, line))
        return true;
    *line = *in;
    return in->n > 0 && skip(in, in->n);
}

static enum pratique_status read_lines(struct reader *r)
{
    struct span rest = r->file, line;
    enum pratique_status st = PRATIQUE_OK;

    if (span_starts(rest, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&rest, 3);
    while (st == PRATIQUE_OK && next_line(&rest, &line)) {
        r->line++;
        if (r->line % 1024 == 0 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, (uint64_t)(line.p - r->file.p));
        if (!is_blank(line))
            st = read_line(r, line);
    }
    return st;
}

static void tell_more(struct reader *r)
{
    for (size_t i = 0; i < ARRAY_LEN(r->kinds); i++)
        if (r->kinds[i].more)
            facts_add(r->s->facts, &(struct fact){ .kind = r->kinds[i].kind,
                                                   .where = r->s->where,
                                                   .offset = PRATIQUE_NO_OFFSET,
                                                   .count = r->kinds[i].more,
                                                   .subject = SPAN_EMPTY,
                                                   .detail = SPAN_LITERAL("on other lines") });
}

/* Read as text first: encodings, and names of calls where a policy asks for them. */
static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .file = in, .seen = { .s = s } };
    enum pratique_status st = format_text.scan(s, in);

    if (st == PRATIQUE_OK)
        st = read_lines(&r);
    config_seen_free(&r.seen);
    tell_more(&r);
    s->recognised = "JSON Lines";
    if (st == PRATIQUE_OK)
        scan_read(s, "JSON Lines", in.n, "%" PRIu64 " values on %u lines", r.values, r.line);
    return st;
}

static bool ends_as(struct span name, const char *end)
{
    size_t n = strlen(end);

    return name.n > n && strncasecmp((const char *)name.p + (name.n - n), end, n) == 0;
}

static bool named(struct span name)
{
    return ends_as(name, ".jsonl") || ends_as(name, ".ndjson") || ends_as(name, ".jsonlines");
}

static bool looks_like(struct span in)
{
    (void)in;
    return false; /* by name alone: any text of JSON values could be one */
}

const struct format format_jsonl = {
    .name = "jsonl",
    .spec = "jsonlines.org; RFC 8259",
    .looks_like = looks_like,
    .scan = scan,
    .named = named,
};
